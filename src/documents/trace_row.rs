//! The row of a trace, which is made by whatever is heard of it first: a word on it, a span, or what is said of either.

use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::state::{Counted, next};
use super::rows::trace::{KnownTrace, RootPlace, StoredTrace, TraceRow};
use super::session_notes::TraceShare;
use crate::error::Result;
use crate::model::derived::{Derived, RootSpan};
use crate::model::field::Noun;
use crate::model::span::Span;
use crate::model::span_word::SpanWord;
use crate::model::trace::Trace;
use std::collections::BTreeSet;

/// The trace of a span that is about to be written; it is made if this is the first that is heard of it.
pub fn of_span(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<KnownTrace> {
    if let Some(known) = heard_of(rows, pending, tenant, &span.trace_id)? {
        return Ok(known);
    }
    let started_at = span.begin();
    let mut trace = Trace::found(&span.trace_id, started_at);
    let root = span.parent_span_id.is_none();
    trace.follow(root.then(|| RootSpan::of(span)).as_ref(), Some(started_at));
    let place = root.then(|| RootPlace { started_at, span: pending.numbers.span + 1 });
    let row = insert(rows, pending, tenant, &trace, place, 0)?;
    // It follows this span already.
    Ok(KnownTrace {
        id: row.id,
        version: row.version,
        derived: Derived::NOTHING,
        root: place,
        started_at,
        engine: row.engine,
        is_summed: trace.is_summed(),
        is_awaited: trace.is_awaited(),
    })
}

/// The same of a word about a span.
pub fn of_word(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, word: &SpanWord) -> Result<KnownTrace> {
    if let Some(known) = heard_of(rows, pending, tenant, &word.trace_id)? {
        return Ok(known);
    }
    let trace = Trace::awaiting_spans(&word.trace_id, word.now);
    let row = insert(rows, pending, tenant, &trace, None, 0)?;
    Ok(KnownTrace {
        id: row.id,
        version: row.version,
        derived: trace.derived,
        root: None,
        started_at: word.now,
        engine: row.engine,
        is_summed: trace.is_summed(),
        is_awaited: trace.is_awaited(),
    })
}

/// A trace of which something was heard; this process is the last that writes to it.
pub fn heard_of(rows: &mut dyn Rows, pending: &Pending, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>> {
    let known = rows.find_trace(tenant, trace_id)?;
    if let Some(known) = known.filter(|known| known.engine != pending.engine) {
        rows.set_trace_engine(known.id, pending.engine)?;
    }
    Ok(known)
}

/// The id of the trace that a score or an annotation is about. It makes nobody the trace's last writer.
pub fn of_said(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace_id: &str) -> Result<i64> {
    let Some(known) = rows.find_trace(tenant, trace_id)? else {
        let mut trace = Trace::awaiting_spans(trace_id, pending.now);
        trace.show(pending.now);
        return Ok(insert(rows, pending, tenant, &trace, None, 0)?.id);
    };
    if known.is_awaited
        && let Some(before) = rows.trace_by_id(known.id)?
    {
        let mut trace = before.trace.clone();
        trace.show(pending.now);
        let row = shown(TraceRow { changed_seq: pending.next_seq(), ..before.row }, &before.trace);
        write(rows, pending, tenant, Some(&before), &row, &trace)?;
    }
    Ok(known.id)
}

/// The changed row of a trace, which takes its place in the order of writing when it is first shown.
pub fn shown(row: TraceRow, before: &Trace) -> TraceRow {
    if before.is_awaited() { TraceRow { seq: row.changed_seq, ..row } } else { row }
}

/// Makes the row of a trace that has none; `root` is its first root span.
pub fn insert(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace: &Trace,
    root: Option<RootPlace>,
    version: i64,
) -> Result<TraceRow> {
    let seq = pending.next_seq();
    let id = next(&mut pending.numbers.trace);
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &trace.body)?;
    let (created_at, updated_at) = (pending.now, pending.now);
    let (changed_seq, engine, body) = (seq, pending.engine, stored.entry);
    let row = TraceRow { id, version, changed_seq, created_at, updated_at, engine, seq, root, body };
    write(rows, pending, tenant, None, &row, trace)?;
    pending.bodies.count_uses(User::Listed(Owner::Trace(id)), None, &stored);
    Ok(row)
}

/// Writes the row of a trace, and all that follows its columns; `before` is what stood there.
pub fn write(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    before: Option<&StoredTrace>,
    row: &TraceRow,
    trace: &Trace,
) -> Result<()> {
    rows.write_trace(tenant, before, row, trace)?;
    let facets = |trace: &Trace| {
        if trace.is_awaited() { BTreeSet::new() } else { Facet::of(Noun::Trace, trace) }
    };
    let left = before.map_or_else(BTreeSet::new, |before| facets(&before.trace));
    pending.facets.change(tenant, row.id, &left, &facets(trace));
    if before.is_none_or(|before| before.trace.is_awaited()) && !trace.is_awaited() {
        pending.count(tenant, Counted::Trace);
    }
    if before.is_some_and(|before| before.trace.is_summed()) != trace.is_summed() {
        pending.sums.note(row.id);
    }
    let before = before.and_then(|before| TraceShare::of(&before.row, &before.trace));
    pending.sessions.note(tenant, before.as_ref(), TraceShare::of(row, trace).as_ref());
    Ok(())
}
