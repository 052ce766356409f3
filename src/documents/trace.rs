//! Traces: there from their first span or word on, changed by later ones, read one by one.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::span::{KnownSpan, SpanRow};
use super::rows::trace::{KnownTrace, RootPlace, StoredTrace, TraceRow};
use super::score;
use super::trace_row;
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::derived::{Derived, RootSpan, TraceOrigin};
use crate::model::facts::Facts;
use crate::model::score::MapChange;
use crate::model::span::Span;
use crate::model::tag::TagChange;
use crate::model::trace::{Trace, TraceStart, TraceTags};
use crate::model::trace_told::TraceTold;
use crate::model::usage;
use crate::model::word::TraceStatus;
use crate::model::writer_process::WriterProcess;

/// Records a running trace, or completes what is known of it; `ALREADY_EXISTS` if it was started before.
pub fn start(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, start: &TraceStart) -> Result<Receipt> {
    let TraceStart { trace, scores } = start;
    match rows.trace(tenant, &trace.trace_id)? {
        None => {
            let row = trace_row::insert(rows, pending, tenant, trace, None, 1)?;
            score::change_map(rows, pending, tenant, row.id, scores)?;
            Ok(Receipt::written(row.version))
        }
        Some(known) if known.trace.origin == TraceOrigin::Started => {
            Err(Error::new(Code::AlreadyExists, format!("trace {:?} was started before", trace.trace_id)))
        }
        Some(known) => {
            let row = changed(pending, &known.row);
            let row = TraceRow { seq: row.changed_seq, root: None, ..row };
            change_known(rows, pending, tenant, (known, row), scores, |known| known.start_known(trace))
        }
    }
}

/// Makes a trace or completes it, whatever is known of it.
pub fn ensure(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, told: &TraceTold) -> Result<Receipt> {
    if let Some(known) = rows.trace(tenant, &told.trace_id)? {
        let row = trace_row::shown(changed(pending, &known.row), &known.trace);
        return change_known(rows, pending, tenant, (known, row), &told.scores, |known| known.ensure(told));
    }
    let trace = Trace::ensured(told)?;
    let row = trace_row::insert(rows, pending, tenant, &trace, None, 1)?;
    score::change_map(rows, pending, tenant, row.id, &told.scores)?;
    Ok(Receipt::written(row.version))
}

/// Changes a trace with `change`, and its scores as `scores` says; `NOT_FOUND` if nothing of it has arrived.
pub fn change(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    scores: &MapChange,
    change: impl FnOnce(&mut Trace) -> Result<()>,
) -> Result<Receipt> {
    let known = known(rows, tenant, trace_id)?;
    let row = changed(pending, &known.row);
    change_known(rows, pending, tenant, (known, row), scores, change)
}

/// Replaces a trace's tags. `NOT_FOUND` if nothing of it has arrived.
pub fn set_tags(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, change: &TraceTags) -> Result<Receipt> {
    change_columns(rows, pending, tenant, &change.trace_id, |trace| trace.tags.clone_from(&change.tags))
}

/// Adds tags to a trace and takes others away. `NOT_FOUND` if nothing of it has arrived.
pub fn change_tags(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, change: &TagChange) -> Result<Receipt> {
    change_columns(rows, pending, tenant, &change.trace_id, |trace| change.apply(&mut trace.tags))
}

/// Adds scores to a trace's map. `NOT_FOUND` if nothing of it has arrived.
pub fn set_scores(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    scores: &MapChange,
) -> Result<Receipt> {
    let trace = known(rows, tenant, trace_id)?.row.id;
    score::change_map(rows, pending, tenant, trace, scores)?;
    change_columns(rows, pending, tenant, trace_id, |trace| trace.change_scores(scores))
}

/// Changes a trace whose body is not touched.
fn change_columns(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    change: impl FnOnce(&mut Trace),
) -> Result<Receipt> {
    let before = known(rows, tenant, trace_id)?;
    let mut trace = before.trace.clone();
    change(&mut trace);
    let row = changed(pending, &before.row);
    trace_row::write(rows, pending, tenant, Some(&before), &row, &trace)?;
    Ok(Receipt::written(row.version))
}

/// How a span was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanChange {
    New,
    Rewritten,
}

/// Lets a trace follow a span that was written, where it follows its spans in anything.
pub fn follow(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    known: &KnownTrace,
    (row, how): (&SpanRow, SpanChange),
    span: &Span,
) -> Result<()> {
    let started_at = span.begin();
    let place = RootPlace { started_at, span: row.id };
    let leads = span.parent_span_id.is_none() && known.root.is_none_or(|root| place <= root);
    let led = known.root.is_some_and(|root| root.span == place.span);
    let (root, earliest) = match how {
        SpanChange::New if leads => (Some((place, RootSpan::of(span))), None),
        _ if known.root.is_some() && !leads && !led => return Ok(()),
        SpanChange::New if known.derived.has(Derived::NO_SPAN) => (None, Some(started_at)),
        SpanChange::New if known.started_at <= started_at => return Ok(()),
        SpanChange::New => (None, Some(started_at)),
        SpanChange::Rewritten => (first_root(rows, row.trace)?, rows.earliest_start(row.trace)?),
    };
    let Some(before) = rows.trace_by_id(row.trace)? else { return Ok(()) };
    let mut trace = before.trace.clone();
    trace.follow(root.as_ref().map(|(_, root)| root), earliest);
    let row = TraceRow { changed_seq: row.changed_seq, root: root.map(|(place, _)| place), ..before.row };
    let row = trace_row::shown(row, &before.trace);
    trace_row::write(rows, pending, tenant, Some(&before), &row, &trace)
}

fn first_root(rows: &mut dyn Rows, trace: i64) -> Result<Option<(RootPlace, RootSpan)>> {
    let Some(KnownSpan { row, span }) = rows.first_root(trace)? else { return Ok(None) };
    Ok(Some((RootPlace { started_at: span.begin(), span: row.id }, RootSpan::of(&span))))
}

/// Sums up what the spans of the traces used of which this was noted; the transaction is about to commit.
pub fn settle_sums(rows: &mut dyn Rows, pending: &mut Pending) -> Result<()> {
    for id in pending.sums.take() {
        let Some(before) = rows.trace_sums(id)? else { continue };
        let mut after = before.clone();
        after.take(&if before.is_summed() { usage::sum(&rows.span_usages(id)?) } else { Facts::default() });
        if after != before {
            rows.write_trace_sums(id, pending.next_seq(), &after.facts)?;
        }
    }
    Ok(())
}

/// Adds a trace to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    if let Some(found) = find(assembler.rows, assembler.tenant, trace_id)? {
        let found = with_scores(assembler, found)?;
        let writer = writer_process(assembler.rows, &found)?;
        assembler.push(&found.trace.header(writer), found.row.body)?;
    }
    Ok(())
}

/// Adds a trace of a page to an answer, if there is room.
pub fn push_listed(assembler: &mut Assembler<'_>, id: i64) -> Result<Pushed> {
    let found = assembler.rows.trace_by_id(id)?.ok_or_else(|| {
        Error::corrupt(format!("trace {id} is listed and is not there; restore the store from a backup"))
    })?;
    let found = with_scores(assembler, found)?;
    let writer = writer_process(assembler.rows, &found)?;
    assembler.push_if_room(&found.trace.header(writer), &FoldedBody::whole(found.row.body))
}

/// With the map that its scores make.
fn with_scores(assembler: &mut Assembler<'_>, mut found: StoredTrace) -> Result<StoredTrace> {
    let scores = assembler.rows.score_map(found.row.id)?;
    if !scores.is_empty() {
        found.trace.scores = Some(scores);
    }
    Ok(found)
}

/// The process that keeps a trace running; of one that ended nobody asks.
pub fn writer_process(rows: &mut dyn Rows, found: &StoredTrace) -> Result<WriterProcess> {
    match found.row.engine {
        Some(engine) if found.trace.status == TraceStatus::Running => rows.writer_process(engine),
        _ => Ok(WriterProcess::Alive),
    }
}

fn known(rows: &mut dyn Rows, tenant: i64, trace_id: &str) -> Result<StoredTrace> {
    let not_found =
        || Error::new(Code::NotFound, format!("trace {trace_id:?} was never started in this store, and has no spans"));
    find(rows, tenant, trace_id)?.ok_or_else(not_found)
}

/// A trace that is shown.
pub fn find(rows: &mut dyn Rows, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>> {
    Ok(rows.trace(tenant, trace_id)?.filter(|found| !found.trace.is_awaited()))
}

fn change_known(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    (mut before, mut row): (StoredTrace, TraceRow),
    scores: &MapChange,
    change: impl FnOnce(&mut Trace) -> Result<()>,
) -> Result<Receipt> {
    let former;
    (former, before.trace.body) = pending.bodies.take_listed(rows, before.row.body)?;
    let mut trace = before.trace.clone();
    change(&mut trace)?;
    if trace.body != before.trace.body {
        let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &trace.body)?;
        pending.bodies.count_uses(User::Listed(Owner::Trace(row.id)), Some(&former), &stored);
        row.body = stored.entry;
    }
    trace_row::write(rows, pending, tenant, Some(&before), &row, &trace)?;
    // Only now: a score may show a trace that nobody saw.
    score::change_map(rows, pending, tenant, row.id, scores)?;
    Ok(Receipt::written(row.version))
}

/// The row after one more word.
fn changed(pending: &mut Pending, before: &TraceRow) -> TraceRow {
    let (version, changed_seq) = (before.version.saturating_add(1), pending.next_seq());
    TraceRow { version, changed_seq, updated_at: pending.now, engine: pending.engine, ..*before }
}
