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
    /// Of a span that may have been given its id on the way.
    #[serde(rename_all = "camelCase")]
    Span { span_id: String, version: i64 },
    /// Of something that was said, under the id that it has.
    Said { id: String, version: i64 },
    /// Whether there was anything to delete.
    Deleted { id: String, deleted: bool },
    /// Of operations that were applied together, in their order.
    Batch(Vec<Receipt>),
}

/// A document as a write left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// How often it was changed, from 1.
    pub version: i64,
}

impl Receipt {
    /// Of a document that has this version now.
    pub fn written(version: i64) -> Self {
        Self::Written(Written { version })
    }
}
