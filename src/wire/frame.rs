//! How a batch of writes is framed on its way from JavaScript.
//!
//! A frame is the text's length (u32, little endian), an op code and the JSON text. A batch starts with four bytes
//! that hold the offset of its end, so that a pooled buffer can be drained without asking JavaScript.

/// Bytes in front of a batch's first frame.
pub const BATCH_HEADER: usize = 4;
const FRAME_HEADER: usize = 5;

/// A frame of a batch: op code and text.
pub type Frame<'a> = (u8, &'a [u8]);

/// The frames of a batch without its four-byte header; a torn frame ends it.
pub fn frames(batch: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut rest = batch;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (&code, after) = after.split_first()?;
        let text = after.get(..length)?;
        rest = &after[length..];
        Some((code, text))
    })
}

/// A frame, for tests and tools that write without the TypeScript side.
pub fn frame(code: u8, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME_HEADER + text.len());
    bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.push(code);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_a_torn_one_ends_the_batch() {
        let mut batch = frame(3, "{}");
        batch.extend(frame(7, "[1]"));
        let whole: Vec<_> = frames(&batch).collect();
        assert_eq!(whole, [(3, &b"{}"[..]), (7, &b"[1]"[..])]);
        let torn: Vec<_> = frames(&batch[..batch.len() - 1]).collect();
        assert_eq!(torn.len(), 1);
    }
}
