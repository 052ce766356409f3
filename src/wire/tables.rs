//! The texts that one instance has defined, in generations that never change under who holds one.

use super::batch::{EncodedBatch, Frame, frames};
use super::tokens::{Token, Tokens, dropping};
use std::mem;
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
    bytes: usize,
}

impl Generation {
    /// The definition with this number.
    pub fn get(&self, number: usize) -> Option<&Definition> {
        self.chunks.get(number / CHUNK)?.get(number % CHUNK).map(AsRef::as_ref)
    }

    /// Bytes that the definitions hold: each as it came and, in time, escaped.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes += 2 * text.len();
        let definition = Arc::new(Definition { text: text.into(), json: OnceLock::new() });
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(definition),
            _ => self.chunks.push(Arc::new(vec![definition])),
        }
    }
}

/// The table of an instance: belongs to its handle, and is given every batch in the order of handing over.
#[derive(Debug, Default)]
pub struct Tables {
    current: Arc<Generation>,
}

impl Tables {
    /// Takes over the frames of a batch with what they refer to, and enters what they define.
    ///
    /// Malformed bodies define what they define before they go wrong; expanding them says what is wrong.
    pub fn enter(&mut self, batch: &[u8]) -> EncodedBatch {
        let mut encoded = EncodedBatch::default();
        for Frame { code, expanded, body } in frames(batch) {
            let (drops, rest) = dropping(body);
            if drops {
                encoded.seal(mem::take(&mut self.current));
            }
            for token in Tokens::new(rest).map_while(Result::ok) {
                if let Token::Text { text, is_defined: true } = token {
                    Arc::make_mut(&mut self.current).push(text);
                }
            }
            encoded.push(code, expanded, rest);
        }
        encoded.seal(Arc::clone(&self.current));
        encoded
    }

    /// Lets go of all definitions; the next write must say that it begins anew.
    pub fn clear(&mut self) {
        self.current = Arc::default();
    }
}
