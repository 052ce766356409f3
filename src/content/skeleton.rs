//! Turns a manifest into a node: the form in which the TypeScript side rebuilds a document from shared pieces.
//!
//! A node is JSON text: `7` is piece 7 of the answer; `[0,x]` is the literal value x; `[1,{…},"k",node,…]` is an object
//! whose fields named after it are replaced (the placeholder 0 inside the literal keeps the order of keys);
//! `[2,node,…]` is an array. Parts without holes stay literal however deep they are, so a reader walks only the
//! containers on the way to a piece.

use super::manifest::Manifest;
use super::split::MARK;
use crate::error::{Error, Result};
use crate::json::{self, Malformed};
use std::fmt::Write as _;

/// Appends the node of a manifest whose hole `i` is piece `ordinals[i]` of the answer.
///
/// Recursion is bounded, because holes lie at most `split::MAX_LEVEL` containers deep.
pub fn write_node(manifest: &Manifest, ordinals: &[usize], out: &mut String) -> Result<()> {
    let marked = marked_text(manifest, ordinals);
    let bytes = marked.as_bytes();
    let start = json::skip_space(bytes, 0);
    let end = value_end(bytes, start).map_err(damaged)?;
    node(&marked, start, end, out, 0).map_err(damaged)
}

fn damaged(malformed: Malformed) -> Error {
    Error::corrupt(format!("a stored document is no JSON at byte {}", malformed.at))
}

/// The literal text with every hole filled by its ordinal between two marks.
fn marked_text(manifest: &Manifest, ordinals: &[usize]) -> String {
    let mut text = String::with_capacity(manifest.literal.len() + ordinals.len() * 6);
    let mut copied = 0;
    for (hole, ordinal) in manifest.holes.iter().zip(ordinals) {
        text.push_str(&manifest.literal[copied..hole.at]);
        let _ = write!(text, "\u{1}{ordinal}\u{1}");
        copied = hole.at;
    }
    text.push_str(&manifest.literal[copied..]);
    text
}

fn value_end(bytes: &[u8], start: usize) -> std::result::Result<usize, Malformed> {
    if bytes.get(start) != Some(&MARK) {
        return json::skip_value(bytes, start);
    }
    let inside = &bytes[start + 1..];
    memchr::memchr(MARK, inside).map(|length| start + length + 2).ok_or(Malformed { at: start })
}

fn node(text: &str, start: usize, end: usize, out: &mut String, level: usize) -> std::result::Result<(), Malformed> {
    let value = &text[start..end];
    match value.as_bytes().first() {
        Some(&MARK) => out.push_str(&value[1..value.len() - 1]),
        Some(b'{') if has_hole(value) && level < 64 => object(text, start, end, out, level)?,
        Some(b'[') if has_hole(value) && level < 64 => array(text, start, end, out, level)?,
        _ if has_hole(value) => return Err(Malformed { at: start }),
        _ => {
            out.push_str("[0,");
            out.push_str(value);
            out.push(']');
        }
    }
    Ok(())
}

fn has_hole(value: &str) -> bool {
    memchr::memchr(MARK, value.as_bytes()).is_some()
}

fn object(text: &str, start: usize, end: usize, out: &mut String, level: usize) -> std::result::Result<(), Malformed> {
    let bytes = text.as_bytes();
    let mut replaced = String::new();
    out.push_str("[1,{");
    let mut at = json::skip_space(bytes, start + 1);
    while at < end - 1 {
        let (value, key_end) = json::skip_key(bytes, at)?;
        let stop = value_end(bytes, value)?;
        let key = &text[at..key_end];
        out.push_str(key);
        out.push(':');
        if has_hole(&text[value..stop]) {
            out.push('0');
            let _ = write!(replaced, ",{key},");
            node(text, value, stop, &mut replaced, level + 1)?;
        } else {
            out.push_str(&text[value..stop]);
        }
        at = next_item(bytes, stop)?;
        if at < end - 1 {
            out.push(',');
        }
    }
    out.push('}');
    out.push_str(&replaced);
    out.push(']');
    Ok(())
}

fn array(text: &str, start: usize, end: usize, out: &mut String, level: usize) -> std::result::Result<(), Malformed> {
    let bytes = text.as_bytes();
    out.push_str("[2");
    let mut at = json::skip_space(bytes, start + 1);
    while at < end - 1 {
        let stop = value_end(bytes, at)?;
        out.push(',');
        node(text, at, stop, out, level + 1)?;
        at = next_item(bytes, stop)?;
    }
    out.push(']');
    Ok(())
}

/// The start of the next item, or the closing bracket.
fn next_item(bytes: &[u8], stop: usize) -> std::result::Result<usize, Malformed> {
    let at = json::skip_space(bytes, stop);
    match bytes.get(at) {
        Some(b',') => Ok(json::skip_space(bytes, at + 1)),
        Some(b'}' | b']') => Ok(at),
        _ => Err(Malformed { at }),
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
            r#"[1,{"a":1,"in":0,"__proto__":0,"z":{"q":[]}},"in",[1,{"messages":0},"messages",[2,0,[0,2],1]],"__proto__",2]"#
        );
    }
}
