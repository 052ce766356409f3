//! Expands one body to the JSON text that it stands for; its length is counted before a byte is allocated.

use super::marks::{DEFINE, DEFINED, GENERATION, REFERENCE, Wrong, reference};
use super::tables::Generation;
use crate::error::{Error, Result};
use memchr::memchr3;
use std::borrow::Cow;

/// A definition that holds references, in a definition, in a body.
const MAX_LEVELS: usize = 3;

/// The text of a body, borrowed where nothing stands for anything else.
///
/// `expanded` is the length that the frame announces: a text of any other length is `INTERNAL`. Nobody allocates more
/// than that, and a caller bounds it first.
pub fn expand<'a>(body: &'a [u8], expanded: usize, generation: &Generation) -> Result<Cow<'a, [u8]>> {
    expand_body(body, expanded, generation).map_err(|wrong| {
        let problem = match wrong {
            Wrong::Torn => "is torn",
            Wrong::Unknown => "refers to what is not defined",
            Wrong::Deep => "has too many levels",
            Wrong::Length => "has another length than announced",
        };
        Error::internal(format!("a write that was handed over {problem}; please report it"))
    })
}

fn expand_body<'a>(
    body: &'a [u8],
    expanded: usize,
    generation: &Generation,
) -> std::result::Result<Cow<'a, [u8]>, Wrong> {
    let body = body.strip_prefix(&[GENERATION]).unwrap_or(body);
    let mut length = Length { left: expanded };
    walk(body, generation, 0, &mut length)?;
    if length.left > 0 {
        return Err(Wrong::Length);
    }
    if body.len() == expanded {
        return Ok(Cow::Borrowed(body));
    }
    let mut text = Vec::with_capacity(expanded);
    walk(body, generation, 0, &mut text)?;
    Ok(Cow::Owned(text))
}

/// Where the pieces of a text go.
trait Sink {
    fn take(&mut self, piece: &[u8]) -> std::result::Result<(), Wrong>;
}

/// Counts down; fails as soon as there is more than announced, so that a bomb costs no more than the text it claims to be.
struct Length {
    left: usize,
}

impl Sink for Length {
    fn take(&mut self, piece: &[u8]) -> std::result::Result<(), Wrong> {
        self.left = self.left.checked_sub(piece.len()).ok_or(Wrong::Length)?;
        Ok(())
    }
}

impl Sink for Vec<u8> {
    fn take(&mut self, piece: &[u8]) -> std::result::Result<(), Wrong> {
        self.extend_from_slice(piece);
        Ok(())
    }
}

fn walk(text: &[u8], generation: &Generation, level: usize, sink: &mut impl Sink) -> std::result::Result<(), Wrong> {
    if level > MAX_LEVELS {
        return Err(Wrong::Deep);
    }
    let mut at = 0;
    let mut open = 0_usize;
    while let Some(found) = text.get(at..).and_then(|rest| memchr3(REFERENCE, DEFINE, DEFINED, rest)) {
        let mark = at + found;
        sink.take(&text[at..mark])?;
        at = mark + 1;
        match text[mark] {
            DEFINE => open += 1,
            // What stands for nothing would cost nothing, and could be repeated for ever.
            DEFINED if text[..mark].ends_with(&[DEFINE]) => return Err(Wrong::Torn),
            DEFINED => open = open.checked_sub(1).ok_or(Wrong::Torn)?,
            _ => {
                let (number, end) = reference(text, mark)?;
                let definition = generation.get(number).ok_or(Wrong::Unknown)?;
                if definition.is_empty() {
                    return Err(Wrong::Torn);
                }
                walk(definition, generation, level + 1, sink)?;
                at = end;
            }
        }
    }
    sink.take(text.get(at..).unwrap_or_default())?;
    if open == 0 { Ok(()) } else { Err(Wrong::Torn) }
}
