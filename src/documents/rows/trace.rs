//! Rows of traces. One stands for a trace from its first word on: its start, or a span that arrives before it.

use crate::error::Result;
use crate::model::trace::Trace;

/// What stands in the row of a started trace beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct TraceRow {
    pub id: i64,
    /// How often it was changed.
    pub version: i64,
    /// The order of writing of its last change.
    pub changed_seq: i64,
    /// The number of the process that last wrote to it or to one of its spans; nothing if that has none.
    pub engine: Option<i64>,
    /// The order of writing of its start.
    pub seq: i64,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// A started trace as it was read.
#[derive(Debug, Clone)]
pub struct StoredTrace {
    pub row: TraceRow,
    /// With an empty body: the entry stands for it.
    pub trace: Trace,
}

/// What stands in the row of a trace of which only spans have arrived.
#[derive(Debug, Clone, Copy)]
pub struct UnstartedRow {
    pub id: i64,
    /// The order of writing of its first span.
    pub changed_seq: i64,
    pub engine: Option<i64>,
}

/// A trace that has a row.
#[derive(Debug, Clone, Copy)]
pub struct KnownTrace {
    pub id: i64,
    /// Else only spans of it have arrived.
    pub is_started: bool,
    /// As in its row.
    pub engine: Option<i64>,
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
    fn insert_trace(&mut self, tenant: i64, trace_id: &str, row: &UnstartedRow) -> Result<()>;

    /// Writes which process last wrote to a trace.
    fn set_trace_engine(&mut self, id: i64, engine: Option<i64>) -> Result<()>;

    /// Writes a trace whose row is there, and its tags; `before` is what stood there, nothing if it starts only now. A
    /// started one changes in nothing but version, last change, process, status, end, duration, tags and body. Of the body only its
    /// entry is written.
    fn write_trace(&mut self, tenant: i64, before: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()>;

    /// The entries of the bodies of a trace, if it was started, of its spans and of their words, in any order.
    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>>;
}
