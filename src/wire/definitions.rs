//! The texts that one instance has defined, in generations that never change under who holds one.

use std::sync::{Arc, OnceLock};

/// Definitions share chunks of so many, so that a generation that grows beside batches that hold it copies little.
const CHUNK: usize = 64;

/// A text that later writes refer to.
#[derive(Debug)]
pub struct Definition {
    /// As it was handed over.
    pub(super) text: Box<[u8]>,
    /// Quoted and escaped, once somebody has referred to it.
    pub(super) json: OnceLock<Box<[u8]>>,
}

/// The definitions up to some point of the stream.
#[derive(Debug, Clone, Default)]
pub struct Generation {
    chunks: Vec<Arc<Vec<Arc<Definition>>>>,
}

impl Generation {
    /// The definition with this number.
    pub fn get(&self, number: usize) -> Option<&Definition> {
        self.chunks.get(number / CHUNK)?.get(number % CHUNK).map(AsRef::as_ref)
    }

    /// Adds the next one; the bytes that it holds, as it came and, in time, escaped.
    pub(super) fn push(&mut self, text: &[u8]) -> usize {
        let definition = Arc::new(Definition { text: text.into(), json: OnceLock::new() });
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(definition),
            _ => self.chunks.push(Arc::new(vec![definition])),
        }
        2 * text.len()
    }
}
