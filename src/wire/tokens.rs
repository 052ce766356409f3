//! Takes a body apart: plain JSON text, texts as they are, references.

use crate::error::Error;
use memchr::memchr3;

const REFERENCE: u8 = 1;
const DEFINED: u8 = 2;
const TEXT: u8 = 3;
const DROP: u8 = 4;

const REFERENCE_DIGITS: usize = 3;
const LENGTH_DIGITS: usize = 5;

/// A part of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Json(&'a [u8]),
    /// A string without quotes and escapes.
    Text {
        text: &'a [u8],
        is_defined: bool,
    },
    Reference(usize),
}

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It ends inside of something, or has a digit that is none.
    Torn,
    /// A reference to what isn't defined.
    Unknown,
    /// Not the length that was announced.
    Length,
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        let problem = match wrong {
            Wrong::Torn => "is torn",
            Wrong::Unknown => "refers to what is not defined",
            Wrong::Length => "has another length than announced",
        };
        Self::internal(format!("a write that was handed over {problem}; please report it"))
    }
}

/// Whether a body drops all definitions before it, and the rest of it.
pub(super) fn dropping(body: &[u8]) -> (bool, &[u8]) {
    body.strip_prefix(&[DROP]).map_or((false, body), |rest| (true, rest))
}

/// The parts of a body, in their order; it ends at the first that is wrong.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    /// `body` without its mark of a new generation.
    pub(super) fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    fn marked(&mut self, mark: u8) -> Result<Token<'a>, Wrong> {
        let after = &self.rest[1..];
        if mark == REFERENCE {
            let (number, rest) = number(after, REFERENCE_DIGITS)?;
            self.rest = rest;
            return Ok(Token::Reference(number));
        }
        let (units, rest) = number(after, LENGTH_DIGITS)?;
        let (text, rest) = rest.split_at_checked(end_of(rest, units)?).ok_or(Wrong::Torn)?;
        self.rest = rest;
        Ok(Token::Text { text, is_defined: mark == DEFINED })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        let &first = self.rest.first()?;
        if matches!(first, REFERENCE | DEFINED | TEXT) {
            let token = self.marked(first);
            if token.is_err() {
                self.rest = &[];
            }
            return Some(token);
        }
        let end = memchr3(REFERENCE, DEFINED, TEXT, self.rest).unwrap_or(self.rest.len());
        let (json, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Ok(Token::Json(json)))
    }
}

/// A number of so many digits of six bits, and what follows it.
fn number(bytes: &[u8], digits: usize) -> Result<(usize, &[u8]), Wrong> {
    let (digits, rest) = bytes.split_at_checked(digits).ok_or(Wrong::Torn)?;
    let number = digits.iter().try_fold(0_usize, |number, digit| {
        let value = digit.checked_sub(0x30).filter(|value| *value < 64)?;
        Some(number << 6 | usize::from(value))
    });
    Ok((number.ok_or(Wrong::Torn)?, rest))
}

/// So many bytes are counted at once: no sum of theirs passes a byte.
const CHUNK: usize = 64;

/// Where a text of so many UTF-16 units ends.
fn end_of(bytes: &[u8], units: usize) -> Result<usize, Wrong> {
    let (mut at, mut left) = (0, units);
    // A chunk that ends inside a character has one unit more than bytes.
    while left > CHUNK
        && let Some(chunk) = bytes.get(at..at + CHUNK)
    {
        let units: u8 = chunk.iter().map(|byte| units_of(*byte)).sum();
        left = left.checked_sub(usize::from(units)).ok_or(Wrong::Torn)?;
        at += CHUNK;
    }
    while left > 0 {
        let byte = bytes.get(at).ok_or(Wrong::Torn)?;
        left = left.checked_sub(usize::from(units_of(*byte))).ok_or(Wrong::Torn)?;
        at += 1;
    }
    while bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at += 1;
    }
    Ok(at)
}

/// How many UTF-16 units the character has that this byte of UTF-8 begins; none if it begins none.
const fn units_of(byte: u8) -> u8 {
    (byte & 0xC0 != 0x80) as u8 + (byte >= 0xF0) as u8
}
