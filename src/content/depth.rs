//! Cuts a JSON text off below `MAX_DEPTH` levels, where neither Node nor a reader could follow it.

use crate::json::{self, Malformed};

/// Containers inside containers that are kept: 1,000 in a payload, and the document around it.
pub const MAX_DEPTH: usize = 1001;

/// What stands in place of a container that lies too deep.
pub const MARKER: &str = r#""[nested deeper than 1000 levels]""#;

/// The same text with every container below `MAX_DEPTH` levels replaced by `MARKER`.
pub fn clamp(text: &str) -> Result<String, Malformed> {
    let bytes = text.as_bytes();
    let mut kept = String::with_capacity(text.len().min(1 << 20));
    let mut depth = 0_usize;
    let mut copied = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = json::skip_string(bytes, at)?;
                continue;
            }
            b'{' | b'[' if depth == MAX_DEPTH => {
                kept.push_str(&text[copied..at]);
                kept.push_str(MARKER);
                at = json::skip_value(bytes, at)?;
                copied = at;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1).ok_or(Malformed { at })?,
            _ => {}
        }
        at += 1;
    }
    kept.push_str(&text[copied..]);
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_shallow_enough_and_marks_the_rest() {
        let deep = |levels: usize, core: &str| "[".repeat(levels) + core + &"]".repeat(levels);
        assert_eq!(clamp(&deep(MAX_DEPTH, "1")).unwrap(), deep(MAX_DEPTH, "1"));
        assert_eq!(clamp(&deep(100_000, "{\"a\":1}")).unwrap(), deep(MAX_DEPTH, MARKER));
    }
}
