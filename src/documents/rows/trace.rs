//! Rows of traces. One stands for a trace from the first word on it or its first span on.

use crate::error::Result;
use crate::model::derived::Derived;
use crate::model::facts::Facts;
use crate::model::time::Nanos;
use crate::model::trace::Trace;
use crate::model::usage::TraceSums;

/// What stands in the row of a trace beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct TraceRow {
    pub id: i64,
    /// How often something was said of it; 0 while only spans, scores and annotations have arrived.
    pub version: i64,
    /// The order of writing of its last change.
    pub changed_seq: i64,
    /// When the first was heard of it.
    pub created_at: Nanos,
    /// When something was last said of it.
    pub updated_at: Nanos,
    /// The number of the process that last wrote to it or to one of its spans; nothing if that has none.
    pub engine: Option<i64>,
    /// The order of writing of its start, or of its first word or span until it is started.
    pub seq: i64,
    /// Where its first root span stands among its spans, as long as that tells anything of it.
    pub root: Option<RootPlace>,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// Where a root span stands: the least place is the first's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootPlace {
    pub started_at: Nanos,
    /// The span's id: the order of first writing.
    pub span: i64,
}

/// A trace as it was read.
#[derive(Debug, Clone)]
pub struct StoredTrace {
    pub row: TraceRow,
    /// With an empty body, for which the entry stands, and an empty map of scores, if it has one.
    pub trace: Trace,
}

/// What a span must know of its trace.
#[derive(Debug, Clone, Copy)]
pub struct KnownTrace {
    pub id: i64,
    /// As in its row, like the others.
    pub version: i64,
    pub derived: Derived,
    pub root: Option<RootPlace>,
    pub started_at: Nanos,
    pub engine: Option<i64>,
    /// Whether it shows what its spans used together.
    pub is_summed: bool,
    /// Whether nobody sees it yet.
    pub is_awaited: bool,
}

/// Reads and writes the rows of traces.
pub trait TraceRows {
    /// What spans must know of the trace with this name.
    fn find_trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>>;

    /// The trace with this name.
    fn trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>>;

    /// The trace with this id.
    fn trace_by_id(&mut self, id: i64) -> Result<Option<StoredTrace>>;

    /// Writes which process last wrote to a trace.
    fn set_trace_engine(&mut self, id: i64, engine: Option<i64>) -> Result<()>;

    /// Writes a trace, and its tags; one that is awaited is in no list; `before` is what stood there, nothing if the row is new. Most changes leave all but
    /// version, last change, process, status, end, duration, tags, whether it has scores, facts, and body as they were. Of the body
    /// only its entry is written, and of the scores only whether there is a map.
    fn write_trace(&mut self, tenant: i64, before: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()>;

    /// What a trace shows of what its spans used together.
    fn trace_sums(&mut self, id: i64) -> Result<Option<TraceSums>>;

    /// Writes that, and the last change of the trace.
    fn write_trace_sums(&mut self, id: i64, changed_seq: i64, facts: &Facts) -> Result<()>;

    /// The entries of the bodies of a trace, of its spans and of their words, of its scores and annotations, in any order.
    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>>;
}
