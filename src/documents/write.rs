//! Applies operations.

use super::pending::Pending;
use super::rows::Rows;
use super::{annotation, config_snapshot, link, score, session, span, span_word, trace, version};
use crate::error::Result;
use crate::model::op::BatchItem;
use crate::model::score::MapChange;
use crate::model::{Op, Receipt, TenantName};

/// Applies one operation to a tenant's documents; what failed midway is left for the caller to undo, in the rows and in
/// `pending`.
pub fn apply(rows: &mut dyn Rows, pending: &mut Pending, name: &TenantName, op: &Op) -> Result<Receipt> {
    let applied = pending.tenant(rows, name).and_then(|tenant| apply_one(rows, pending, tenant, op));
    let receipt = applied.map_err(|error| name.in_error(error))?;
    Ok(if op.is_answered() { receipt } else { Receipt::Nothing })
}

/// Writes what the operations of a transaction left for its end; it is about to commit. `bytes_in` counts the JSON that it
/// took in.
pub fn settle(rows: &mut dyn Rows, pending: &mut Pending, bytes_in: u64) -> Result<()> {
    trace::settle_sums(rows, pending)?;
    pending.store(rows, bytes_in)
}

fn apply_one(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, op: &Op) -> Result<Receipt> {
    match op {
        Op::StartTrace(start) => trace::start(rows, pending, tenant, start),
        Op::EnsureTrace(told) => trace::ensure(rows, pending, tenant, told),
        Op::EndTrace(end) => trace::change(rows, pending, tenant, &end.trace_id, &end.scores, |trace| trace.end(end)),
        Op::AddSpan(span) => span::add(rows, pending, tenant, span),
        Op::AddStep(span) => span::add_step(rows, pending, tenant, span),
        Op::SaySpanWord(word) => span_word::say(rows, pending, tenant, word),
        Op::ChangeTrace(change) => {
            trace::change(rows, pending, tenant, &change.trace_id, &MapChange::Silent, |trace| {
                trace.change_body(&change.fields)
            })
        }
        Op::SetTraceScores(trace_id, scores) => trace::set_scores(rows, pending, tenant, trace_id, scores),
        Op::SetTraceTags(change) => trace::set_tags(rows, pending, tenant, change),
        Op::ChangeTags(change) => match &change.span_id {
            Some(span_id) => span::change_tags(rows, pending, tenant, span_id, change),
            None => trace::change_tags(rows, pending, tenant, change),
        },
        Op::UpsertSession(session) => session::upsert(rows, pending, tenant, session),
        Op::EnsureConfigSnapshot(snapshot) => config_snapshot::ensure(rows, pending, tenant, snapshot),
        Op::AddScore(score) => score::add(rows, pending, tenant, score),
        Op::DeleteScore(id) => score::delete(rows, pending, tenant, id),
        Op::AddAnnotation(annotation) => annotation::add(rows, pending, tenant, annotation),
        Op::DeleteAnnotation(id) => annotation::delete(rows, pending, tenant, id),
        Op::AddLink(link) => link::add(rows, pending, tenant, link),
        Op::IfVersion(conditional) => {
            if let Some(document) = conditional.op.document() {
                version::require(rows, tenant, document, conditional.version)?;
            }
            apply_one(rows, pending, tenant, &conditional.op)
        }
        Op::Batch(items) => apply_all(rows, pending, tenant, items),
    }
}

/// Stops at the first that fails.
fn apply_all(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, items: &[BatchItem]) -> Result<Receipt> {
    let apply = |item: &BatchItem| apply_one(rows, pending, tenant, &item.op).map_err(|error| error.at(&item.place()));
    items.iter().map(apply).collect::<Result<_>>().map(Receipt::Batch)
}
