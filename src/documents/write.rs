//! Applies operations.

use super::pending::Pending;
use super::rows::Rows;
use super::{annotation, config_snapshot, link, score, session, span, trace, version};
use crate::error::Result;
use crate::model::op::BatchItem;
use crate::model::score::MapChange;
use crate::model::{Op, Receipt};

/// Applies one operation; what failed midway is left for the caller to undo, in the rows and in `pending`.
pub fn apply(rows: &mut dyn Rows, pending: &mut Pending, op: &Op) -> Result<Receipt> {
    let receipt = apply_one(rows, pending, op)?;
    Ok(if op.is_answered() { receipt } else { Receipt::Nothing })
}

fn apply_one(rows: &mut dyn Rows, pending: &mut Pending, op: &Op) -> Result<Receipt> {
    match op {
        Op::StartTrace(start) => trace::start(rows, pending, start),
        Op::EndTrace(end) => trace::change(rows, pending, &end.trace_id, &end.scores, |trace| trace.end(end)),
        Op::AddSpan(span) => span::add(rows, pending, span),
        Op::ChangeTrace(change) => trace::change(rows, pending, &change.trace_id, &MapChange::Silent, |trace| {
            trace.change_body(&change.fields)
        }),
        Op::SetTraceScores(trace_id, scores) => trace::set_scores(rows, pending, trace_id, scores),
        Op::SetTraceTags(change) => trace::set_tags(rows, pending, change),
        Op::ChangeTags(change) => match &change.span_id {
            Some(span_id) => span::change_tags(rows, pending, span_id, change),
            None => trace::change_tags(rows, pending, change),
        },
        Op::UpsertSession(session) => session::upsert(rows, pending, session),
        Op::EnsureConfigSnapshot(snapshot) => config_snapshot::ensure(rows, pending, snapshot),
        Op::AddScore(score) => score::add(rows, pending, score),
        Op::DeleteScore(id) => score::delete(rows, pending, id),
        Op::AddAnnotation(annotation) => annotation::add(rows, pending, annotation),
        Op::DeleteAnnotation(id) => annotation::delete(rows, pending, id),
        Op::AddLink(link) => link::add(rows, pending, link),
        Op::IfVersion(conditional) => {
            if let Some(document) = conditional.op.document() {
                version::require(rows, document, conditional.version)?;
            }
            apply_one(rows, pending, &conditional.op)
        }
        Op::Batch(items) => apply_all(rows, pending, items),
    }
}

/// Stops at the first that fails.
fn apply_all(rows: &mut dyn Rows, pending: &mut Pending, items: &[BatchItem]) -> Result<Receipt> {
    let apply = |item: &BatchItem| apply_one(rows, pending, &item.op).map_err(|error| error.at(&item.place()));
    items.iter().map(apply).collect::<Result<_>>().map(Receipt::Batch)
}
