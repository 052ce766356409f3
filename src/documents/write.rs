//! Applies operations.

use super::pending::Pending;
use super::rows::Rows;
use super::{config_snapshot, session, span, span_word, trace};
use crate::error::Result;
use crate::model::{Op, Receipt, TenantName, op};

/// Applies one operation to a tenant's documents; what failed midway is left for the caller to undo, in the rows and in
/// `pending`.
pub fn apply(rows: &mut dyn Rows, pending: &mut Pending, name: &TenantName, op: &Op) -> Result<Receipt> {
    let applied = pending.tenant(rows, name).and_then(|tenant| apply_to(rows, pending, tenant, op));
    applied.map_err(|error| name.in_error(error))
}

fn apply_to(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, op: &Op) -> Result<Receipt> {
    match op {
        Op::Batch(items) => apply_all(rows, pending, tenant, items),
        Op::SaySpanWord(_) | Op::EnsureTrace(_) => apply_one(rows, pending, tenant, op),
        // The contract's writes answer nothing.
        op => apply_one(rows, pending, tenant, op).map(|_| Receipt::Nothing),
    }
}

fn apply_one(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, op: &Op) -> Result<Receipt> {
    match op {
        Op::StartTrace(trace) => trace::start(rows, pending, tenant, trace),
        Op::EnsureTrace(told) => trace::ensure(rows, pending, tenant, told),
        Op::EndTrace(end) => trace::change(rows, pending, tenant, &end.trace_id, |trace| trace.end(end)),
        Op::AddSpan(span) => span::add(rows, pending, tenant, span),
        Op::SaySpanWord(word) => span_word::say(rows, pending, tenant, word),
        Op::ChangeTrace(change) => {
            trace::change(rows, pending, tenant, &change.trace_id, |trace| trace.change_body(&change.fields))
        }
        Op::SetTraceTags(change) => trace::set_tags(rows, pending, tenant, change),
        Op::UpsertSession(session) => session::upsert(rows, pending, tenant, session),
        Op::EnsureConfigSnapshot(snapshot) => config_snapshot::ensure(rows, pending, tenant, snapshot),
        Op::Batch(items) => apply_all(rows, pending, tenant, items),
    }
}

/// Stops at the first that fails.
fn apply_all(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, items: &[Op]) -> Result<Receipt> {
    let apply = |(at, item)| apply_one(rows, pending, tenant, item).map_err(|error| error.at(&op::item_place(at)));
    items.iter().enumerate().map(apply).collect::<Result<_>>().map(Receipt::Batch)
}
