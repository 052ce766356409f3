//! Traces: started once, changed by later words, read one by one.

use super::assemble::{Assembler, Pushed};
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::state::Counted;
use super::rows::trace::{KnownTrace, StoredTrace, TraceRow};
use super::score;
use super::trace_row;
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::score::MapChange;
use crate::model::tag::TagChange;
use crate::model::trace::{Trace, TraceStart, TraceTags};
use std::collections::BTreeSet;

/// Records a running trace; spans that arrived before it are its own already. `ALREADY_EXISTS` if it was started before.
pub fn start(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, start: &TraceStart) -> Result<Receipt> {
    let trace = &start.trace;
    let seq = pending.next_seq();
    let (id, created_at) = match rows.find_trace(tenant, &trace.trace_id)? {
        Some(KnownTrace { is_started: true, .. }) => {
            return Err(Error::new(Code::AlreadyExists, format!("trace {:?} was started before", trace.trace_id)));
        }
        Some(KnownTrace { id, created_at, .. }) => (id, created_at),
        None => (trace_row::insert(rows, pending, tenant, &trace.trace_id, seq)?, pending.now),
    };
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &trace.body)?;
    let row =
        TraceRow { id, version: 1, changed_seq: seq, created_at, updated_at: pending.now, seq, body: stored.entry };
    rows.write_trace(tenant, None, &row, trace)?;
    pending.bodies.count_uses(User::Listed(Owner::Trace(id)), None, &stored);
    pending.facets.change(tenant, id, &BTreeSet::new(), &facets(trace));
    pending.count(tenant, Counted::Trace);
    score::change_map(rows, pending, tenant, id, &start.scores)?;
    Ok(Receipt::written(row.version))
}

/// Changes a trace with `change`, and its scores as `scores` says; `NOT_FOUND` if it was never started.
pub fn change(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    scores: &MapChange,
    change: impl FnOnce(&mut Trace) -> Result<()>,
) -> Result<Receipt> {
    let mut before = started(rows, tenant, trace_id)?;
    let former;
    (former, before.trace.body) = pending.bodies.take_listed(rows, before.row.body)?;
    let mut trace = before.trace.clone();
    change(&mut trace)?;
    let mut row = changed(pending, &before.row);
    if trace.body != before.trace.body {
        let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &trace.body)?;
        pending.bodies.count_uses(User::Listed(Owner::Trace(row.id)), Some(&former), &stored);
        row.body = stored.entry;
    }
    score::change_map(rows, pending, tenant, row.id, scores)?;
    write(rows, pending, tenant, &before, &row, &trace)
}

/// Replaces a trace's tags. `NOT_FOUND` if it was never started.
pub fn set_tags(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, change: &TraceTags) -> Result<Receipt> {
    change_columns(rows, pending, tenant, &change.trace_id, |trace| trace.tags.clone_from(&change.tags))
}

/// Adds tags to a trace and takes others away. `NOT_FOUND` if it was never started.
pub fn change_tags(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, change: &TagChange) -> Result<Receipt> {
    change_columns(rows, pending, tenant, &change.trace_id, |trace| change.apply(&mut trace.tags))
}

/// Adds scores to a trace's map. `NOT_FOUND` if it was never started.
pub fn set_scores(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
    scores: &MapChange,
) -> Result<Receipt> {
    let trace = started(rows, tenant, trace_id)?.row.id;
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
    let before = started(rows, tenant, trace_id)?;
    let mut trace = before.trace.clone();
    change(&mut trace);
    let row = changed(pending, &before.row);
    write(rows, pending, tenant, &before, &row, &trace)
}

/// Adds a trace to an answer, if it was started.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    if let Some(found) = assembler.rows.trace(assembler.tenant, trace_id)? {
        let found = with_scores(assembler, found)?;
        assembler.push(&found.trace.header(), found.row.body)?;
    }
    Ok(())
}

/// Adds a trace of a page to an answer, if there is room.
pub fn push_listed(assembler: &mut Assembler<'_>, id: i64) -> Result<Pushed> {
    let found = assembler.rows.trace_by_id(id)?.ok_or_else(|| {
        Error::corrupt(format!("trace {id} is listed and is not there; restore the store from a backup"))
    })?;
    let found = with_scores(assembler, found)?;
    assembler.push_if_room(&found.trace.header(), found.row.body)
}

/// With the map that its scores make.
fn with_scores(assembler: &mut Assembler<'_>, mut found: StoredTrace) -> Result<StoredTrace> {
    let scores = assembler.rows.score_map(found.row.id)?;
    if !scores.is_empty() {
        found.trace.scores = Some(scores);
    }
    Ok(found)
}

fn started(rows: &mut dyn Rows, tenant: i64, trace_id: &str) -> Result<StoredTrace> {
    let not_found = || Error::new(Code::NotFound, format!("trace {trace_id:?} was never started in this store"));
    rows.trace(tenant, trace_id)?.ok_or_else(not_found)
}

/// The row after one more change.
fn changed(pending: &mut Pending, before: &TraceRow) -> TraceRow {
    let (version, changed_seq) = (before.version.saturating_add(1), pending.next_seq());
    TraceRow { version, changed_seq, updated_at: pending.now, ..*before }
}

fn write(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    before: &StoredTrace,
    row: &TraceRow,
    trace: &Trace,
) -> Result<Receipt> {
    rows.write_trace(tenant, Some(before), row, trace)?;
    pending.facets.change(tenant, row.id, &facets(&before.trace), &facets(trace));
    Ok(Receipt::written(row.version))
}

fn facets(trace: &Trace) -> BTreeSet<Facet> {
    Facet::of(Noun::Trace, trace)
}
