//! The row of a trace, which it has from the first word on it: its start, or what arrives before that.

use super::pending::Pending;
use super::rows::Rows;
use super::rows::state::next;
use super::rows::trace::NewTrace;
use crate::error::Result;

/// The id of a trace, started or not; a row is made for what arrives before its trace.
pub fn known_or_new(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace_id: &str) -> Result<i64> {
    if let Some(known) = rows.find_trace(tenant, trace_id)? {
        return Ok(known.id);
    }
    let seq = pending.next_seq();
    insert(rows, pending, tenant, trace_id, seq)
}

/// Makes the row of a trace that has none, at this place in the order of writing.
pub fn insert(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace_id: &str, seq: i64) -> Result<i64> {
    let id = next(&mut pending.numbers.trace);
    rows.insert_trace(tenant, &NewTrace { id, trace_id, changed_seq: seq, created_at: pending.now })?;
    Ok(id)
}
