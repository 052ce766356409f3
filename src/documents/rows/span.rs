//! Rows of spans. A span is its trace's, and so needs no tenant.

use crate::error::Result;
use crate::model::span::Span;
use crate::model::time::Nanos;

/// What stands in the row of a span beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct SpanRow {
    /// The order of first writing.
    pub id: i64,
    /// The id of its trace's row.
    pub trace: i64,
    /// How often it was written.
    pub version: i64,
    /// The order of writing of its last change.
    pub changed_seq: i64,
    pub created_at: Nanos,
    pub updated_at: Nanos,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// A span as it was read.
#[derive(Debug, Clone)]
pub struct StoredSpan {
    pub id: i64,
    /// With an empty body: the entry stands for it.
    pub span: Span,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// Reads and writes the rows of spans.
pub trait SpanRows {
    /// Makes a row unless the trace has a span of this name; false if it has. Of the body only its entry is written.
    fn insert_span(&mut self, row: &SpanRow, span: &Span) -> Result<bool>;

    /// The span of a trace, started or not, with this name; with an empty body.
    fn span(&mut self, tenant: i64, trace_id: &str, span_id: &str) -> Result<Option<(SpanRow, Span)>>;

    /// The row of a trace's span with this name.
    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<SpanRow>>;

    /// Writes all columns of a span that has a row.
    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()>;

    /// The spans of a trace, started or not, that start at `from` or later, of those up to the id `newest`; by start,
    /// then id.
    fn spans(&mut self, tenant: i64, trace_id: &str, from: Nanos, newest: i64) -> Result<Vec<StoredSpan>>;
}
