//! Turns a manifest into a node: the form in which the TypeScript side rebuilds a document from shared pieces.
//!
//! A node is JSON text: `7` is piece 7 of the answer; `[0,x]` is the literal value x; `[1,"k",node,…,{…}]` is an object
//! whose fields named before it are replaced (the placeholder 0 inside the literal keeps the order of keys);
//! `[2,node,…]` is an array. Parts without holes stay literal however deep they are, so a reader walks only the
//! containers on the way to a piece.

use super::depth::MAX_DEPTH;
use super::manifest::{Hole, Manifest};
use super::split::MAX_LEVEL;
use crate::error::{Error, Result};
use crate::json::{self, Malformed};
use std::ops::Range;

/// Appends the node of a manifest whose hole `i` is piece `ordinals[i]` of the answer.
///
/// It goes no deeper than holes lie, `split::MAX_LEVEL` containers, whatever the text is; bytes that are no manifest's are
/// refused or give some node, in time that grows with their length.
pub fn write_node(manifest: &Manifest, ordinals: &[usize], out: &mut String) -> Result<()> {
    let mut writer =
        NodeWriter { text: &manifest.literal, holes: &manifest.holes, ordinals, filled: 0, replaced: Vec::new() };
    let start = writer.space(0);
    writer.value(start, 0, out).and_then(|end| writer.end(end)).map_err(damaged)
}

fn damaged(malformed: Malformed) -> Error {
    Error::corrupt(format!("a stored document is no JSON at byte {}", malformed.at))
}

/// One pass over the literal text, in which nothing stands where a hole is.
struct NodeWriter<'a> {
    text: &'a str,
    holes: &'a [Hole],
    ordinals: &'a [usize],
    /// Holes that were passed.
    filled: usize,
    /// Where the values lie that nodes replace, of the objects that are open.
    replaced: Vec<Range<usize>>,
}

type Walked<T> = std::result::Result<T, Malformed>;

impl NodeWriter<'_> {
    /// Appends the node of the value at `start`; the byte after the value.
    fn value(&mut self, start: usize, level: usize, out: &mut String) -> Walked<usize> {
        if self.next_hole() == Some(start) {
            self.fill(out);
            return Ok(start);
        }
        let (begin, before) = (out.len(), self.filled);
        let end = match self.text.as_bytes().get(start) {
            Some(b'{') if level < MAX_LEVEL => self.object(start, level, out)?,
            Some(b'[') if level < MAX_LEVEL => self.array(start, level, out)?,
            // Who wrote it cut it off there, and who reads it goes down level by level.
            _ => json::skip_shallow_value(self.text.as_bytes(), start, MAX_DEPTH)?,
        };
        if self.next_hole().is_some_and(|hole| hole < end) {
            return Err(Malformed { at: start });
        }
        if self.filled == before {
            out.truncate(begin);
            out.push_str("[0,");
            out.push_str(&self.text[start..end]);
            out.push(']');
        }
        Ok(end)
    }

    fn object(&mut self, start: usize, level: usize, out: &mut String) -> Walked<usize> {
        let bytes = self.text.as_bytes();
        let mine = self.replaced.len();
        out.push_str("[1,");
        let mut at = json::skip_space(bytes, start + 1);
        while bytes.get(at) != Some(&b'}') {
            let (value, key_end) = json::skip_key(bytes, at)?;
            let value = self.up_to_hole(value);
            if value < key_end {
                return Err(Malformed { at: value });
            }
            let (begin, before) = (out.len(), self.filled);
            out.push_str(&self.text[at..key_end]);
            out.push(',');
            let end = self.value(value, level + 1, out)?;
            if self.filled == before {
                out.truncate(begin);
            } else {
                out.push(',');
                self.replaced.push(value..end);
            }
            at = self.next_item(end, b'}')?;
        }
        let mut copied = start;
        for value in self.replaced.drain(mine..) {
            out.push_str(&self.text[copied..value.start]);
            out.push('0');
            copied = value.end;
        }
        out.push_str(&self.text[copied..=at]);
        out.push(']');
        Ok(at + 1)
    }

    fn array(&mut self, start: usize, level: usize, out: &mut String) -> Walked<usize> {
        let bytes = self.text.as_bytes();
        out.push_str("[2");
        let mut at = self.space(start + 1);
        while self.next_hole() == Some(at) || bytes.get(at) != Some(&b']') {
            out.push(',');
            let end = self.value(at, level + 1, out)?;
            at = self.next_item(end, b']')?;
        }
        out.push(']');
        Ok(at + 1)
    }

    /// The start of the next item, or the closing bracket.
    fn next_item(&self, end: usize, closing: u8) -> Walked<usize> {
        let at = json::skip_space(self.text.as_bytes(), end);
        if self.next_hole().is_some_and(|hole| hole <= at) {
            return Err(Malformed { at });
        }
        match self.text.as_bytes().get(at) {
            Some(b',') => Ok(self.space(at + 1)),
            Some(close) if *close == closing => Ok(at),
            _ => Err(Malformed { at }),
        }
    }

    /// The start of the next value: there may be space in front of a hole, and behind it.
    fn space(&self, at: usize) -> usize {
        self.up_to_hole(json::skip_space(self.text.as_bytes(), at))
    }

    fn up_to_hole(&self, at: usize) -> usize {
        self.next_hole().map_or(at, |hole| at.min(hole))
    }

    fn next_hole(&self) -> Option<usize> {
        self.holes.get(self.filled).map(|hole| hole.at)
    }

    fn fill(&mut self, out: &mut String) {
        out.push_str(itoa::Buffer::new().format(self.ordinals[self.filled]));
        self.filled += 1;
    }

    /// Nothing but space may follow the text's value, and no hole.
    fn end(&self, end: usize) -> Walked<()> {
        let at = json::skip_space(self.text.as_bytes(), end);
        if at == self.text.len() && self.next_hole().is_none() { Ok(()) } else { Err(Malformed { at }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node_of(text: &str) -> String {
        let mut count = 0;
        let manifest = Manifest::of(text, |_, _| {
            count += 1;
            Ok(count)
        })
        .unwrap();
        let ordinals: Vec<usize> = (0..manifest.holes.len()).collect();
        let mut out = String::new();
        write_node(&manifest, &ordinals, &mut out).unwrap();
        serde_json::from_str::<serde_json::Value>(&out).unwrap();
        out
    }

    #[test]
    fn a_text_without_holes_is_one_literal() {
        assert_eq!(node_of(r#"{"a":[1,"x"]}"#), r#"[0,{"a":[1,"x"]}]"#);
    }

    #[test]
    fn only_the_way_to_a_hole_is_spelt_out() {
        let long = format!("\"{}\"", "x".repeat(300));
        let text = format!(r#"{{"a":1, "in":{{"messages":[{long} ,2,{long}]}},"__proto__":{long},"z":{{"q":[]}}}}"#);
        assert_eq!(
            node_of(&text),
            r#"[1,"in",[1,"messages",[2,0,[0,2],1],{"messages":0}],"__proto__",2,{"a":1, "in":0,"__proto__":0,"z":{"q":[]}}]"#
        );
    }
}
