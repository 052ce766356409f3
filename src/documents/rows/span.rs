//! Rows of spans. A span is its trace's, and so needs no tenant.

use crate::error::Result;
use crate::model::span::Span;
use crate::model::time::Nanos;
use crate::model::usage::SpanUsage;

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
    /// The number of the process that last wrote to it, while it runs; nothing if that has none.
    pub engine: Option<i64>,
    /// The entry of the manifest of its first body; nothing before its start.
    pub body: Option<i64>,
}

/// A span that has a row.
#[derive(Debug, Clone)]
pub struct KnownSpan {
    pub row: SpanRow,
    /// With its facts, with an empty body, for which the entry stands, and without its links, which have rows of their own.
    pub span: Span,
}

/// A span as it is read.
#[derive(Debug, Clone)]
pub struct StoredSpan {
    pub id: i64,
    /// Without facts, with an empty body, for which the entries stand, and without its links, which have rows of their own.
    pub span: Span,
    pub engine: Option<i64>,
    /// The entry of the manifest of its first body.
    pub body: Option<i64>,
    /// Those of its span words, with their places, in the order of these.
    pub words: Vec<(i64, i64)>,
}

/// Reads and writes the rows of spans.
pub trait SpanRows {
    /// Makes a row unless the trace has a span of this name; false if it has. Of the body only its entry is written.
    fn insert_span(&mut self, row: &SpanRow, span: &Span) -> Result<bool>;

    /// The trace's span with this name; it knows its trace by the row alone, not by name.
    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<KnownSpan>>;

    /// Writes all columns of a span that has a row.
    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()>;

    /// The first root span of a trace that is shown, by start, then id.
    fn first_root(&mut self, trace: i64) -> Result<Option<KnownSpan>>;

    /// What the spans of a trace that are shown used, in the order of their ids.
    fn span_usages(&mut self, trace: i64) -> Result<Vec<SpanUsage>>;

    /// The least start of a trace's spans that are shown.
    fn earliest_start(&mut self, trace: i64) -> Result<Option<Nanos>>;

    /// The spans of a trace, started or not, that start at `from` or later, of those up to the id `newest`; by start,
    /// then id. Not those that are only awaited.
    fn spans(&mut self, tenant: i64, trace_id: &str, from: Nanos, newest: i64) -> Result<Vec<StoredSpan>>;
}
