//! Rows of traces. One stands for a trace from its first word on: its start, or what is said of it before.

use crate::error::Result;
use crate::model::time::Nanos;
use crate::model::trace::Trace;

/// What stands in the row of a started trace beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct TraceRow {
    pub id: i64,
    /// How often it was changed.
    pub version: i64,
    /// The order of writing of its last change.
    pub changed_seq: i64,
    /// When it was first spoken of.
    pub created_at: Nanos,
    /// When it was changed.
    pub updated_at: Nanos,
    /// The order of writing of its start.
    pub seq: i64,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// A started trace as it was read.
#[derive(Debug, Clone)]
pub struct StoredTrace {
    pub row: TraceRow,
    /// With an empty body, for which the entry stands, and an empty map of scores, if it has one.
    pub trace: Trace,
}

/// A trace that has a row.
#[derive(Debug, Clone, Copy)]
pub struct KnownTrace {
    pub id: i64,
    /// Else only others have spoken of it: its spans, scores, annotations.
    pub is_started: bool,
    /// 0 until it is started.
    pub version: i64,
    /// When it was first spoken of.
    pub created_at: Nanos,
}

/// A trace that is not started.
#[derive(Debug, Clone, Copy)]
pub struct NewTrace<'a> {
    pub id: i64,
    pub trace_id: &'a str,
    /// The place in the order of writing of what was said of it.
    pub changed_seq: i64,
    pub created_at: Nanos,
}

/// Reads and writes the rows of traces.
pub trait TraceRows {
    /// The trace with this name, started or not.
    fn find_trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>>;

    /// The trace with this name, if it was started.
    fn trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>>;

    /// The trace with this id, if it was started.
    fn trace_by_id(&mut self, id: i64) -> Result<Option<StoredTrace>>;

    /// Makes the row of a trace that has none and is not started: it has no columns yet, and no list shows it.
    fn insert_trace(&mut self, tenant: i64, row: &NewTrace<'_>) -> Result<()>;

    /// Writes a trace whose row is there, and its tags; `before` is what stood there, nothing if it starts only now. A
    /// started one changes in nothing but version, last change, status, end, duration, tags, whether it has scores, and body.
    /// Of the body only its entry is written, and of the scores only whether there is a map.
    fn write_trace(&mut self, tenant: i64, before: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()>;

    /// The entries of the bodies of a trace, if it was started, of its spans, scores and annotations, in any order.
    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>>;
}
