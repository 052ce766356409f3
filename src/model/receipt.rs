//! What a write answers beside that it is committed.

use serde::Serialize;

/// The answer of one write; most have none, and nothing is sent across for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Receipt {
    #[default]
    Nothing,
    /// Of a document that was written.
    Written(Written),
    /// Of operations that were applied together, in their order.
    Batch(Vec<Receipt>),
}

/// A document as a write left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// How often it was changed, from 1.
    pub version: i64,
}
