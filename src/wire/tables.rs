//! The definitions of one instance, in generations that never change under who holds one.

use super::marks::{DEFINE, DEFINED, GENERATION, REFERENCE, REFERENCE_BYTES};
use memchr::memchr3;
use std::sync::Arc;

/// A definition in a definition: an object and its texts.
const MAX_LEVELS: usize = 2;

/// Definitions share chunks of so many, so that a generation that grows beside batches that hold it copies little.
const CHUNK: usize = 64;

/// The text of a definition, as it was handed over: with marks, and with references to earlier ones.
pub type Definition = Arc<[u8]>;

/// The definitions up to some point of the stream.
#[derive(Debug, Clone, Default)]
pub struct Generation {
    chunks: Vec<Arc<Vec<Definition>>>,
    bytes: usize,
}

impl Generation {
    /// The definition with this number.
    pub fn get(&self, number: usize) -> Option<&Definition> {
        self.chunks.get(number / CHUNK)?.get(number % CHUNK)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// Whether nothing is defined.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Bytes that the definitions hold, for the bound of the queue.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes += text.len();
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(text.into()),
            _ => self.chunks.push(Arc::new(vec![text.into()])),
        }
    }
}

/// The table of an instance: belongs to its handle, and is given every body in the order of handing over.
#[derive(Debug, Default)]
pub struct Tables {
    current: Arc<Generation>,
}

impl Tables {
    /// Enters the definitions of a body; answers with the generation that its references are about.
    ///
    /// Malformed bodies define what they define before they go wrong; expanding them says what is wrong.
    pub fn enter(&mut self, body: &[u8]) -> Arc<Generation> {
        if body.first() == Some(&GENERATION) {
            self.current = Arc::default();
        }
        let mut open = [0_usize; MAX_LEVELS];
        let mut levels = 0;
        let mut at = 0;
        while let Some(found) = body.get(at..).and_then(|rest| memchr3(REFERENCE, DEFINE, DEFINED, rest)) {
            let mark = at + found;
            at = mark + 1;
            match body[mark] {
                REFERENCE => at = mark + REFERENCE_BYTES,
                DEFINE if levels < MAX_LEVELS => {
                    open[levels] = at;
                    levels += 1;
                }
                DEFINED if levels > 0 => {
                    levels -= 1;
                    let text = body.get(open[levels]..mark).unwrap_or_default();
                    Arc::make_mut(&mut self.current).push(text);
                }
                _ => break,
            }
        }
        Arc::clone(&self.current)
    }
}
