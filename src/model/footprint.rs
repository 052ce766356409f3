//! How much memory an answer takes in JavaScript, told from its texts before they are handed over.
//!
//! The figures are V8's on 64 bits, measured on Node 20 and rounded up. Texts are shared by all copies of a piece;
//! objects, lists and numbers are there once for each.

use crate::error::{Code, Error, Result};
use crate::json;

/// Bytes of an object or a list beside its members.
const CONTAINER: u64 = 48;
/// Of one more member.
const SLOT: u64 = 8;
/// Of a member of an object with so many that V8 keeps them in a table: when it parses it, and when it copies it.
const TABLE_SLOT: u64 = 72;
const MANY_PARSED: u64 = 128;
const MANY_COPIED: u64 = 1000;
/// Of a text beside its characters.
const TEXT: u64 = 24;
/// Of a number beside its slot, unless it is whole and has so many digits.
const BOXED_NUMBER: u64 = 16;
const FEW_DIGITS: usize = 9;
/// Of what `lib/read/copy.ts` remembers of each object and list of a piece that is copied.
const PLAN: u64 = 420;
/// Of what `lib/read/rebuild.ts` keeps of each piece, and of the parts of a document that are no text of ours.
const PIECE: u64 = 80;
const DOCUMENT: u64 = 512;

/// Bytes of a part of an answer: V8 takes no string of 512 MiB, and what is parsed is let go part by part.
pub const PART_BYTES: usize = 16 << 20;

/// The most characters of a JavaScript string.
const LONGEST_TEXT: usize = (1 << 29) - 24;

/// What the value of a JSON text takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Bytes that each copy takes: objects, lists and numbers.
    copy: u64,
    /// Bytes that the value itself takes beside these: texts, and tables that its copies don't have.
    once: u64,
    containers: u64,
}

impl Footprint {
    /// Of a text that is one value, as far as brackets and quotes tell; of another one it is some number.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let width = bytes_a_character(text);
        let mut found = Self { copy: SLOT, ..Self::default() };
        let mut commas: Vec<u64> = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    let end = json::skip_string(bytes, at).unwrap_or(bytes.len());
                    found.once += TEXT + (end - at) as u64 * width;
                    at = end;
                    continue;
                }
                b'{' | b'[' => commas.push(0),
                b',' => {
                    if let Some(commas) = commas.last_mut() {
                        *commas += 1;
                    }
                }
                b'}' | b']' => found.close(*byte, commas.pop().unwrap_or_default() + 1),
                b'-' | b'0'..=b'9' => {
                    let is_digit = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                    let length = bytes[at..].iter().take_while(is_digit).count();
                    found.copy += boxed(&bytes[at..at + length]);
                    at += length;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        found
    }

    fn close(&mut self, bracket: u8, members: u64) {
        let is_object = bracket == b'}';
        let slot = if is_object && members > MANY_COPIED { TABLE_SLOT } else { SLOT };
        self.copy += CONTAINER + members * slot;
        if is_object && members > MANY_PARSED {
            self.once += members * (TABLE_SLOT - slot);
        }
        self.containers += 1;
    }

    /// Bytes of the value itself.
    fn first(self) -> u64 {
        self.copy + self.once
    }
}

fn boxed(number: &[u8]) -> u64 {
    let is_small = number.len() <= FEW_DIGITS && number.iter().all(u8::is_ascii_digit);
    if is_small { 0 } else { BOXED_NUMBER }
}

/// What an answer takes so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnswerSize {
    /// Of the documents, once they are rebuilt.
    pub rebuilt: u64,
    /// Of the texts that they are rebuilt from, all together and the longest.
    texts: u64,
    longest_text: u64,
}

impl AnswerSize {
    /// Bytes of the documents, and of the part that is parsed last beside them.
    pub fn bytes(self) -> u64 {
        self.rebuilt.saturating_add(self.texts.min(self.longest_text.max(PART_BYTES as u64)))
    }

    /// Counts a piece, which the document that is the first to use it gets as it is.
    pub fn add_piece(&mut self, text: &str, footprint: Footprint) -> Result<()> {
        self.add(PIECE + footprint.first());
        self.add_text(text)
    }

    /// Counts what it takes to copy a piece at all, once.
    pub fn add_plan(&mut self, footprint: Footprint) {
        self.add(footprint.containers * PLAN);
    }

    /// Counts one more use of a piece.
    pub fn add_copy(&mut self, footprint: Footprint) {
        self.add(footprint.copy);
    }

    /// Counts what a document has of its own.
    pub fn add_document(&mut self, header: &str, node: &str) -> Result<()> {
        self.add(DOCUMENT + Footprint::of(header).first() + Footprint::of(node).first());
        self.add_text(header)?;
        self.add_text(node)
    }

    fn add(&mut self, bytes: u64) {
        self.rebuilt = self.rebuilt.saturating_add(bytes);
    }

    fn add_text(&mut self, text: &str) -> Result<()> {
        let length = text.len() as u64 * bytes_a_character(text);
        self.texts = self.texts.saturating_add(length);
        self.longest_text = self.longest_text.max(length);
        require_string(text)
    }
}

fn bytes_a_character(text: &str) -> u64 {
    if text.is_ascii() { 1 } else { 2 }
}

fn require_string(text: &str) -> Result<()> {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return Ok(());
    }
    Err(Error::new(Code::TooLarge, "one value is longer than a string of JavaScript can be"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (u64, u64) {
        let found = Footprint::of(text);
        (found.copy, found.once)
    }

    #[test]
    fn copies_share_their_texts() {
        assert_eq!(of(r#""text""#), (SLOT, TEXT + 6));
        assert_eq!(of(r#""té\"xt""#), (SLOT, TEXT + 9 * 2), "two bytes a character, told by those of UTF-8");
        assert_eq!(of(r#"{"a":[1,{}],"b":"x"}"#), (SLOT + 3 * CONTAINER + 5 * SLOT, 3 * (TEXT + 3)));
    }

    #[test]
    fn numbers_that_are_boxed_count() {
        assert_eq!(of("123456789"), (SLOT, 0));
        for number in ["1234567890", "-1", "1.5", "1e9"] {
            assert_eq!(of(number), (SLOT + BOXED_NUMBER, 0), "{number}");
        }
    }

    #[test]
    fn objects_with_many_members_are_tables() {
        let object = |members: u64| {
            let fields: Vec<String> = (0..members).map(|_| r#""k":1"#.to_owned()).collect();
            let (copy, once) = of(&format!("{{{}}}", fields.join(",")));
            (copy - SLOT - CONTAINER, once - members * (TEXT + 3))
        };
        assert_eq!(object(128), (128 * SLOT, 0));
        assert_eq!(object(129), (129 * SLOT, 129 * (TABLE_SLOT - SLOT)));
        assert_eq!(object(1001), (1001 * TABLE_SLOT, 0));
    }

    #[test]
    fn what_is_no_json_is_counted_to_its_end() {
        for text in ["", "\"", "{", "]]", "}", ",", "\"\\", "-", "1e", "{,,"] {
            Footprint::of(text);
        }
    }
}
