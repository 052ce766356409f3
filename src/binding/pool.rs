//! The pooled buffer of one instance: filled by JavaScript, drained here when its environment ends first.

use crate::wire::{BATCH_HEADER, BatchHeader};
use napi::bindgen_prelude::Buffer;

/// A buffer that starts with a `BatchHeader`.
pub struct Pool {
    /// Keeps the memory alive.
    _buffer: Buffer,
    start: *mut u8,
    capacity: usize,
}

impl Pool {
    /// Takes hold of the buffer.
    pub fn new(mut buffer: Buffer) -> Self {
        let (start, capacity) = (buffer.as_mut().as_mut_ptr(), buffer.len());
        Self { _buffer: buffer, start, capacity }
    }

    /// Whether this is the memory that a call got.
    pub fn is(&self, bytes: &[u8]) -> bool {
        std::ptr::eq(self.start, bytes.as_ptr())
    }

    /// Gives the complete frames to `use_frames`, with the time of their writing, and leaves the buffer empty.
    pub fn drain<T>(&mut self, use_frames: impl FnOnce(&[u8], i64) -> T) -> T {
        // SAFETY: `_buffer` keeps `capacity` bytes alive at `start`. JavaScript writes them on this same thread, so never
        // during this call.
        let bytes = unsafe { std::slice::from_raw_parts_mut(self.start, self.capacity) };
        let Some((header, frames)) = bytes.split_first_chunk_mut::<BATCH_HEADER>() else { return use_frames(&[], 0) };
        let BatchHeader { end, written_at } = BatchHeader::parse(*header);
        *header = [0; BATCH_HEADER];
        use_frames(frames.get(..end.saturating_sub(BATCH_HEADER)).unwrap_or_default(), written_at)
    }
}
