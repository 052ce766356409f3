//! Applies operations.

use super::pending::Pending;
use super::rows::Rows;
use super::{config_snapshot, session, span, span_word, trace};
use crate::error::Result;
use crate::model::{Op, Receipt, op};

/// Applies one operation; what failed midway is left for the caller to undo, in the rows and in `pending`.
pub fn apply(rows: &mut dyn Rows, pending: &mut Pending, op: &Op) -> Result<Receipt> {
    match op {
        Op::Batch(items) => apply_all(rows, pending, items),
        Op::SaySpanWord(word) => span_word::say(rows, pending, word),
        // The contract's writes answer nothing.
        op => apply_one(rows, pending, op).map(|_| Receipt::Nothing),
    }
}

fn apply_one(rows: &mut dyn Rows, pending: &mut Pending, op: &Op) -> Result<Receipt> {
    match op {
        Op::StartTrace(trace) => trace::start(rows, pending, trace),
        Op::EndTrace(end) => trace::change(rows, pending, &end.trace_id, |trace| trace.end(end)),
        Op::AddSpan(span) => span::add(rows, pending, span),
        Op::SaySpanWord(word) => span_word::say(rows, pending, word),
        Op::ChangeTrace(change) => {
            trace::change(rows, pending, &change.trace_id, |trace| trace.change_body(&change.fields))
        }
        Op::SetTraceTags(change) => trace::set_tags(rows, pending, change),
        Op::UpsertSession(session) => session::upsert(rows, pending, session),
        Op::EnsureConfigSnapshot(snapshot) => config_snapshot::ensure(rows, pending, snapshot),
        Op::Batch(items) => apply_all(rows, pending, items),
    }
}

/// Stops at the first that fails.
fn apply_all(rows: &mut dyn Rows, pending: &mut Pending, items: &[Op]) -> Result<Receipt> {
    let apply = |(at, item)| apply_one(rows, pending, item).map_err(|error| error.at(&op::item_place(at)));
    items.iter().enumerate().map(apply).collect::<Result<_>>().map(Receipt::Batch)
}
