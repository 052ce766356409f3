//! JSON as text: finds where tokens end, byte by byte, without recursion and without building values.
//!
//! Receives UTF-8 text of any origin; every function returns `Malformed` instead of running past the end.
//! It is lenient about the inside of numbers and strings, because it never needs their value.

use memchr::memchr2;
use std::borrow::Cow;

/// The text is not JSON, at this byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    pub at: usize,
}

impl From<Malformed> for crate::error::Error {
    fn from(malformed: Malformed) -> Self {
        Self::invalid(format!("malformed JSON at byte {}", malformed.at))
    }
}

/// The first byte at or after `at` that is no white space.
pub fn skip_space(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = text.get(at) {
        at += 1;
    }
    at
}

/// The byte after the string that opens at `at`.
pub fn skip_string(text: &[u8], at: usize) -> Result<usize, Malformed> {
    if text.get(at) != Some(&b'"') {
        return Err(Malformed { at });
    }
    let mut from = at + 1;
    loop {
        let Some(found) = text.get(from..).and_then(|rest| memchr2(b'"', b'\\', rest)) else {
            return Err(Malformed { at: text.len() });
        };
        let stop = from + found;
        if text[stop] == b'"' {
            return Ok(stop + 1);
        }
        from = stop + 2;
    }
}

/// The byte after the number, `true`, `false` or `null` that starts at `at`.
pub fn skip_scalar(text: &[u8], at: usize) -> Result<usize, Malformed> {
    let rest = &text[at.min(text.len())..];
    for word in [&b"true"[..], b"false", b"null"] {
        if rest.starts_with(word) {
            return Ok(at + word.len());
        }
    }
    let length = rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
    if length == 0 { Err(Malformed { at }) } else { Ok(at + length) }
}

/// The byte after the value that starts at `at`, whatever it holds; brackets are counted, not matched by kind.
pub fn skip_value(text: &[u8], at: usize) -> Result<usize, Malformed> {
    skip_shallow_value(text, at, usize::MAX)
}

/// Like `skip_value`; one with more than `most` containers inside each other is malformed.
pub fn skip_shallow_value(text: &[u8], at: usize, most: usize) -> Result<usize, Malformed> {
    match text.get(at) {
        Some(b'"') => skip_string(text, at),
        Some(b'{' | b'[') => skip_container(text, at, most),
        _ => skip_scalar(text, at),
    }
}

fn skip_container(text: &[u8], at: usize, most: usize) -> Result<usize, Malformed> {
    let mut depth = 0_usize;
    let mut from = at;
    while let Some(byte) = text.get(from) {
        match byte {
            b'"' => {
                from = skip_string(text, from)?;
                continue;
            }
            b'{' | b'[' if depth == most => return Err(Malformed { at: from }),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(from + 1);
                }
            }
            _ => {}
        }
        from += 1;
    }
    Err(Malformed { at: text.len() })
}

/// The start of the value behind the object key that opens at `at`, and the byte after the key.
pub fn skip_key(text: &[u8], at: usize) -> Result<(usize, usize), Malformed> {
    let key_end = skip_string(text, at)?;
    let colon = skip_space(text, key_end);
    if text.get(colon) != Some(&b':') {
        return Err(Malformed { at: colon });
    }
    Ok((skip_space(text, colon + 1), key_end))
}

/// The key of an object's field as it stands in a text: a JSON string.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key<'a>(Cow<'a, str>);

impl<'a> Key<'a> {
    /// A key that was found in a text, with its quotes.
    pub fn quoted(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The key of a field with this name, in which nothing needs an escape.
    pub fn named(name: &str) -> Self {
        Self(Cow::Owned(format!("\"{name}\"")))
    }

    /// The name between the quotes, with whatever escapes it has.
    pub fn name(&self) -> &str {
        &self.0[1..self.0.len() - 1]
    }

    /// The JSON string.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// A key of its own.
    pub fn into_owned(self) -> Key<'static> {
        Key(Cow::Owned(self.0.into_owned()))
    }
}

/// The JSON text of an object with these fields.
pub fn object_text<'a, 'k: 'a, 't>(fields: impl Iterator<Item = (&'a Key<'k>, &'t str)>) -> String {
    let mut text = String::from("{");
    for (key, value) in fields {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(key.text());
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_of_every_kind_of_value() {
        for value in ["1", "-1.5e+10", "true", "false", "null", r#""a\"b\\""#, r#"{"a":[1,{"b":"]}"}]}"#, "[]", "{}"] {
            let text = format!("{value} ,");
            assert_eq!(skip_value(text.as_bytes(), 0), Ok(value.len()), "{value}");
        }
    }

    #[test]
    fn refuses_what_never_ends() {
        for text in ["\"abc", "\"abc\\", "[1", "{\"a\"", "", "x", "\"\\"] {
            assert!(skip_value(text.as_bytes(), 0).is_err(), "{text}");
        }
    }
}
