//! What scores and annotations share: a row of their own, and a body that is their trace's.

use super::pending::Pending;
use super::pieces::owner::User;
use super::rows::Rows;
use super::rows::said::SaidRow;
use super::rows::state::next;
use super::trace_row;
use crate::documents::bodies::Former;
use crate::error::Result;

/// Stores a body for what is said of a trace, known or not; `before` is the row that it takes the place of. Returns the
/// row that is to be written.
pub fn store(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    before: Option<&SaidRow>,
    body: &str,
) -> Result<SaidRow> {
    let trace = trace_row::of_said(rows, pending, tenant, trace_id)?;
    let stored = pending.bodies.store_span(rows, &mut pending.numbers, trace, body)?;
    let now = pending.now;
    let row = if let Some(before) = before {
        // It may have been said of another trace.
        let_go(rows, pending, before)?;
        SaidRow { trace, version: before.version.saturating_add(1), updated_at: now, body: stored.entry, ..*before }
    } else {
        let id = next(&mut pending.numbers.said);
        SaidRow { id, trace, version: 1, created_at: now, updated_at: now, body: stored.entry }
    };
    pending.bodies.count_uses(user(&row), None, &stored);
    Ok(row)
}

/// Lets go of the body of a row that is removed or replaced.
pub fn let_go(rows: &mut dyn Rows, pending: &mut Pending, row: &SaidRow) -> Result<()> {
    let former = Former::read(rows, row.body)?;
    pending.bodies.let_go(user(row), &former);
    Ok(())
}

fn user(row: &SaidRow) -> User {
    User::Said { trace: row.trace, said: row.id }
}
