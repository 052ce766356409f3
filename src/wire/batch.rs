//! A batch of writes: its frames as they are handed over, and as a queue holds them with what they refer to.

use super::expand::expand;
use super::tables::Generation;
use crate::error::Result;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Bytes in front of the first frame in JavaScript's buffer.
pub const BATCH_HEADER: usize = 4;

/// One operation as it is handed over.
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

/// The operations that were handed over together, with the definitions that they refer to.
#[derive(Debug, Default)]
pub struct EncodedBatch {
    ops: Vec<EncodedOp>,
    /// The bodies, one after the other.
    bodies: Vec<u8>,
    generations: Vec<Arc<Generation>>,
    bytes: usize,
}

#[derive(Debug)]
struct EncodedOp {
    code: u8,
    expanded: usize,
    body: Range<usize>,
    /// Which of the generations its references are about.
    generation: usize,
}

impl EncodedBatch {
    /// How many operations there are.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Bytes for the bounds of queue and group: of the whole texts, and of the definitions that are held for them.
    pub fn bytes(&self) -> usize {
        let held = self.generations.iter().map(|generation| generation.bytes()).max().unwrap_or(0);
        self.bytes.saturating_add(held)
    }

    /// The operations: code and JSON text, expanded one at a time; `INTERNAL` where it isn't what was announced.
    pub fn texts(&self) -> impl Iterator<Item = Result<(u8, Cow<'_, [u8]>)>> {
        self.ops.iter().map(|op| {
            let generation = &self.generations[op.generation];
            Ok((op.code, expand(&self.bodies[op.body.clone()], op.expanded, generation)?))
        })
    }

    pub(super) fn push(&mut self, code: u8, expanded: usize, body: &[u8]) {
        let start = self.bodies.len();
        self.bodies.extend_from_slice(body);
        self.bytes = self.bytes.saturating_add(expanded);
        let body = start..self.bodies.len();
        self.ops.push(EncodedOp { code, expanded, body, generation: self.generations.len() });
    }

    /// The operations since the last call refer to this generation.
    pub(super) fn seal(&mut self, generation: Arc<Generation>) {
        self.generations.push(generation);
    }
}
