//! The bodies of a batch with the definitions that they refer to, as a queue holds them.

use super::expand;
use super::tables::{Generation, Tables};
use crate::error::Result;
use std::borrow::Cow;
use std::sync::Arc;

/// One operation as it was handed over.
#[derive(Debug)]
pub struct EncodedOp {
    pub code: u8,
    pub bytes: Vec<u8>,
    /// Bytes of the text that it stands for, as announced.
    pub expanded: usize,
    generation: Arc<Generation>,
}

impl EncodedOp {
    /// Takes a frame's body over; every body of an instance must come here, in order, whatever becomes of it.
    pub fn enter(tables: &mut Tables, code: u8, expanded: usize, bytes: &[u8]) -> Self {
        Self { code, bytes: bytes.to_vec(), expanded, generation: tables.enter(bytes) }
    }

    /// The JSON text; `INTERNAL` if it isn't what was announced.
    pub fn text(&self) -> Result<Cow<'_, [u8]>> {
        expand(&self.bytes, self.expanded, &self.generation)
    }
}

/// The operations that were handed over together.
#[derive(Debug, Default)]
pub struct EncodedBatch(pub Vec<EncodedOp>);

impl EncodedBatch {
    /// Bytes for the bounds of queue and group: of the whole texts, and of the definitions that are held for them.
    pub fn bytes(&self) -> usize {
        let texts: usize = self.0.iter().map(|body| body.expanded).fold(0, usize::saturating_add);
        let mut held = 0_usize;
        let mut last: Option<&Arc<Generation>> = None;
        for body in &self.0 {
            if last.is_none_or(|last| !Arc::ptr_eq(last, &body.generation)) {
                held = held.max(body.generation.bytes());
            }
            last = Some(&body.generation);
        }
        texts.saturating_add(held)
    }
}

#[cfg(test)]
mod tests;
