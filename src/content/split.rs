//! Chooses which parts of a JSON text become pieces: one pass, no recursion, the top eight levels at most.
//!
//! Agent loops resend the whole conversation each turn, so the elements of arrays (messages, tool definitions,
//! results) and long strings (system prompts, documents) recur; short values stay literal, because a reference would
//! cost as much as they do.

use crate::json::{self, Malformed};
use std::ops::Range;

/// An array element shorter than this stays in the literal text, bytes.
const MIN_ELEMENT: usize = 64;
/// An array element longer than this is cut further inside where that is possible, bytes.
const MAX_ELEMENT: usize = 16 * 1024;
/// A string in an object from this length on is a piece of its own, bytes with quotes.
const MIN_STRING: usize = 256;
/// Values below this many containers stay literal.
const MAX_LEVEL: usize = 8;
/// Containers inside containers that are kept; see `depth`.
pub const MAX_DEPTH: usize = 1001;

/// Why a text has no cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsplittable {
    Malformed(Malformed),
    /// More than `MAX_DEPTH` levels: `depth::clamp` it first.
    TooDeep,
}

impl From<Malformed> for Unsplittable {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

struct Frame {
    is_array: bool,
    start: usize,
    /// How many cuts there were when this container opened: those after it lie inside.
    mark: usize,
}

/// The byte ranges of `text` that become pieces, in order, none inside another.
///
/// Fails where the text is not one JSON value, so that what is stored can always be taken apart again.
pub fn cuts(text: &str) -> Result<Vec<Range<usize>>, Unsplittable> {
    let bytes = text.as_bytes();
    if let Some(at) = memchr::memchr(super::skeleton::MARK, bytes) {
        return Err(Malformed { at }.into());
    }
    let mut cuts = Vec::new();
    let mut stack: Vec<Frame> = Vec::new();
    let mut at = json::skip_space(bytes, 0);
    loop {
        let start = at;
        let mut end = match bytes.get(at) {
            Some(open @ (b'{' | b'[')) => {
                if stack.len() == MAX_DEPTH {
                    return Err(Unsplittable::TooDeep);
                }
                stack.push(Frame { is_array: *open == b'[', start, mark: cuts.len() });
                let inside = json::skip_space(bytes, at + 1);
                if bytes.get(inside) != Some(&closing(*open == b'[')) {
                    at = first_value(bytes, inside, *open == b'[')?;
                    continue;
                }
                stack.pop();
                inside + 1
            }
            Some(b'"') => {
                let end = json::skip_string(bytes, at)?;
                consider_string(&mut cuts, &stack, start..end);
                end
            }
            _ => json::skip_scalar(bytes, at)?,
        };
        loop {
            let Some(frame) = stack.last() else {
                let rest = json::skip_space(bytes, end);
                return if rest == bytes.len() { Ok(cuts) } else { Err(Malformed { at: rest }.into()) };
            };
            let next = json::skip_space(bytes, end);
            match bytes.get(next) {
                Some(b',') => {
                    at = first_value(bytes, json::skip_space(bytes, next + 1), frame.is_array)?;
                    break;
                }
                Some(close) if *close == closing(frame.is_array) => {
                    end = next + 1;
                    let (start, mark) = (frame.start, frame.mark);
                    stack.pop();
                    consider_element(&mut cuts, &stack, start..end, mark);
                }
                _ => return Err(Malformed { at: next }.into()),
            }
        }
    }
}

fn closing(is_array: bool) -> u8 {
    if is_array { b']' } else { b'}' }
}

/// Where the next value of the container starts: behind the key in an object.
fn first_value(bytes: &[u8], at: usize, is_array: bool) -> Result<usize, Malformed> {
    if is_array { Ok(at) } else { json::skip_key(bytes, at).map(|(value, _)| value) }
}

fn consider_string(cuts: &mut Vec<Range<usize>>, stack: &[Frame], range: Range<usize>) {
    let Some(parent) = stack.last() else { return };
    let least = if parent.is_array { MIN_ELEMENT } else { MIN_STRING };
    if stack.len() <= MAX_LEVEL && range.len() >= least {
        cuts.push(range);
    }
}

/// An element of middling size is one piece and swallows the cuts inside it; a larger one keeps them if it has any.
fn consider_element(cuts: &mut Vec<Range<usize>>, stack: &[Frame], range: Range<usize>, mark: usize) {
    let in_array = stack.last().is_some_and(|parent| parent.is_array);
    if !in_array || stack.len() > MAX_LEVEL || range.len() < MIN_ELEMENT {
        return;
    }
    if range.len() <= MAX_ELEMENT || cuts.len() == mark {
        cuts.truncate(mark);
        cuts.push(range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        cuts(text).unwrap().into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn cuts_messages_and_long_strings_and_leaves_the_rest() {
        let message = format!(r#"{{"role":"user","content":"{}"}}"#, "x".repeat(80));
        let system = format!("\"{}\"", "s".repeat(300));
        let text = format!(r#"{{"messages":[{message},{{"role":"user"}},{message}],"system":{system},"n":[1,2,3]}}"#);
        assert_eq!(pieces(&text), [message.as_str(), message.as_str(), system.as_str()]);
    }

    #[test]
    fn a_huge_element_is_cut_inside() {
        let part = format!("\"{}\"", "p".repeat(10_000));
        let text = format!(r#"[{{"parts":[{part},{part}]}}]"#);
        assert_eq!(pieces(&text), [part.as_str(), part.as_str()]);
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in ["", "[1,]", "{\"a\" 1}", "[1}", "{]", "1 2", "[\"a]", "{\"a\":}", "[,1]", "{,}", "{1:2}"] {
            assert!(matches!(cuts(text), Err(Unsplittable::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn says_when_it_is_too_deep() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(cuts(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(cuts(&deep(MAX_DEPTH + 1)), Err(Unsplittable::TooDeep));
    }
}
