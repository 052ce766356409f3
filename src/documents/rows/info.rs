//! Counts of what belongs to a trace or a span.

use crate::error::Result;
use crate::model::info::InfoCounts;
use crate::model::link::LinkEnd;

/// Counts rows.
pub trait InfoRows {
    /// What belongs to a trace, or to one of its spans; `end` is what links call it.
    fn info_counts(&mut self, tenant: i64, trace: i64, span_id: Option<&str>, end: &LinkEnd) -> Result<InfoCounts>;
}
