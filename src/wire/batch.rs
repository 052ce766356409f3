//! A batch of writes as a queue holds it, with what it refers to.

use super::definitions::Generation;
use super::expand::expand;
use crate::error::Result;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// The operations that were handed over together, with the definitions that they refer to.
#[derive(Debug, Default)]
pub struct EncodedBatch {
    ops: Vec<EncodedOp>,
    /// The bodies, and names of tenants, one after the other.
    bodies: Vec<u8>,
    generations: Vec<Arc<Generation>>,
    bytes: usize,
    /// Where the name of the tenant is whose the next operations are.
    tenant: Range<usize>,
}

#[derive(Debug)]
struct EncodedOp {
    tenant: Range<usize>,
    code: u8,
    expanded: usize,
    body: Range<usize>,
    /// Which of the generations its references are about.
    generation: usize,
}

/// An operation with its text in full.
#[derive(Debug, PartialEq, Eq)]
pub struct WholeOp<'a> {
    /// The name of the tenant whose it is, as it came.
    pub tenant: &'a [u8],
    pub code: u8,
    /// JSON.
    pub text: Cow<'a, [u8]>,
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

    /// Bytes for the bounds of queue and group: of the whole texts, and of what they define. Batches that refer to the same
    /// definitions hold them together, so that each counts those that it brought.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The operations, expanded one at a time; `INTERNAL` where a text isn't what was announced.
    pub fn texts(&self) -> impl Iterator<Item = Result<WholeOp<'_>>> {
        self.ops.iter().map(|op| {
            let generation = &self.generations[op.generation];
            let text = expand(&self.bodies[op.body.clone()], op.expanded, generation)?;
            Ok(WholeOp { tenant: &self.bodies[op.tenant.clone()], code: op.code, text })
        })
    }

    pub(super) fn push(&mut self, code: u8, expanded: usize, body: &[u8]) {
        let body = self.keep(body);
        self.bytes = self.bytes.saturating_add(expanded);
        let (tenant, generation) = (self.tenant.clone(), self.generations.len());
        self.ops.push(EncodedOp { tenant, code, expanded, body, generation });
    }

    /// The next operations are this tenant's.
    pub(super) fn turn_to(&mut self, tenant: &[u8]) {
        self.tenant = self.keep(tenant);
        self.bytes = self.bytes.saturating_add(tenant.len());
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bodies.len();
        self.bodies.extend_from_slice(bytes);
        start..self.bodies.len()
    }

    /// Counts what the operations define.
    pub(super) fn add_defined(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The operations since the last call refer to this generation.
    pub(super) fn seal(&mut self, generation: Arc<Generation>) {
        self.generations.push(generation);
    }
}
