//! What stands in the row of a score or an annotation beside its fields.

use crate::model::history::History;
use crate::model::time::Nanos;

/// A row of something that is said of a trace or one of its spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidRow {
    /// The order in which it was first said, among scores, annotations and links.
    pub id: i64,
    /// The id of its trace's row.
    pub trace: i64,
    /// How often it was written.
    pub version: i64,
    pub created_at: Nanos,
    pub updated_at: Nanos,
    /// The entry of its body's manifest.
    pub body: i64,
}

impl SaidRow {
    /// What is told of its writing.
    pub fn history(&self) -> History {
        History::new(self.created_at, self.updated_at, self.version)
    }
}
