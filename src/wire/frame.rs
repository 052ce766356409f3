//! How a batch of writes is framed.

/// Bytes in front of the first frame in JavaScript's buffer.
pub const BATCH_HEADER: usize = 4;

/// The code of a frame that says whose the operations behind it are.
pub const TENANT: u8 = 0;

/// One operation, or whose the next ones are, as it is handed over.
pub(super) struct Frame<'a> {
    pub(super) code: u8,
    /// Bytes of the text that the body stands for, as announced.
    pub(super) expanded: usize,
    pub(super) body: &'a [u8],
}

/// The frames of a batch without its header; a torn frame ends it.
pub(super) fn frames(batch: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut rest = batch;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (expanded, after) = after.split_first_chunk()?;
        let (&code, after) = after.split_first()?;
        let (body, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        Some(Frame { code, expanded: u32::from_le_bytes(*expanded) as usize, body })
    })
}

/// A frame with its text in full, for tests and tools that write without the TypeScript side.
pub fn frame(code: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
    [&length[..], &length, &[code], text.as_bytes()].concat()
}
