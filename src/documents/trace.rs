//! Traces: started once, changed by later words, read one by one.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::state::{Counted, next};
use super::rows::trace::{KnownTrace, StoredTrace, TraceRow, UnstartedRow};
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::receipt::Written;
use crate::model::trace::{Trace, TraceTags};
use crate::model::word::TraceStatus;
use crate::model::writer_process::WriterProcess;
use std::collections::BTreeSet;

/// Records a running trace; spans that arrived before it are its own already. `ALREADY_EXISTS` if it was started before.
pub fn start(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace: &Trace) -> Result<Receipt> {
    let seq = pending.next_seq();
    let id = match rows.find_trace(tenant, &trace.trace_id)? {
        Some(KnownTrace { is_started: true, .. }) => {
            return Err(Error::new(Code::AlreadyExists, format!("trace {:?} was started before", trace.trace_id)));
        }
        Some(KnownTrace { id, .. }) => id,
        None => insert(rows, pending, tenant, &trace.trace_id, seq)?,
    };
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &trace.body)?;
    let row = TraceRow { id, version: 1, changed_seq: seq, engine: pending.engine, seq, body: stored.entry };
    rows.write_trace(tenant, None, &row, trace)?;
    pending.bodies.count_uses(User::Listed(Owner::Trace(id)), None, &stored);
    pending.facets.change(tenant, id, &BTreeSet::new(), &facets(trace));
    pending.count(tenant, Counted::Trace);
    Ok(Receipt::Written(Written { version: row.version }))
}

/// Changes a trace with `change`; `NOT_FOUND` if it was never started.
pub fn change(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace_id: &str,
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
    write(rows, pending, tenant, &before, &row, &trace)
}

/// Replaces a trace's tags; its body is not touched. `NOT_FOUND` if it was never started.
pub fn set_tags(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, change: &TraceTags) -> Result<Receipt> {
    let before = started(rows, tenant, &change.trace_id)?;
    let mut trace = before.trace.clone();
    trace.tags.clone_from(&change.tags);
    let row = changed(pending, &before.row);
    write(rows, pending, tenant, &before, &row, &trace)
}

/// The id of a trace, started or not; a row is made for spans that arrive before their trace, at this place in the order
/// of writing.
pub fn id_for_spans(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace_id: &str, seq: i64) -> Result<i64> {
    match rows.find_trace(tenant, trace_id)? {
        Some(known) => {
            if known.engine != pending.engine {
                rows.set_trace_engine(known.id, pending.engine)?;
            }
            Ok(known.id)
        }
        None => insert(rows, pending, tenant, trace_id, seq),
    }
}

/// Adds a trace to an answer, if it was started.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    if let Some(found) = assembler.rows.trace(assembler.tenant, trace_id)? {
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
    let writer = writer_process(assembler.rows, &found)?;
    assembler.push_if_room(&found.trace.header(writer), &FoldedBody::whole(found.row.body))
}

/// The process that keeps a trace running; of one that ended nobody asks.
fn writer_process(rows: &mut dyn Rows, found: &StoredTrace) -> Result<WriterProcess> {
    match found.row.engine {
        Some(engine) if found.trace.status == TraceStatus::Running => rows.writer_process(engine),
        _ => Ok(WriterProcess::Alive),
    }
}

fn insert(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, trace_id: &str, seq: i64) -> Result<i64> {
    let id = next(&mut pending.numbers.trace);
    rows.insert_trace(tenant, trace_id, &UnstartedRow { id, changed_seq: seq, engine: pending.engine })?;
    Ok(id)
}

fn started(rows: &mut dyn Rows, tenant: i64, trace_id: &str) -> Result<StoredTrace> {
    let not_found = || Error::new(Code::NotFound, format!("trace {trace_id:?} was never started in this store"));
    rows.trace(tenant, trace_id)?.ok_or_else(not_found)
}

/// The row after one more change.
fn changed(pending: &mut Pending, before: &TraceRow) -> TraceRow {
    let version = before.version.saturating_add(1);
    TraceRow { version, changed_seq: pending.next_seq(), engine: pending.engine, ..*before }
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
    Ok(Receipt::Written(Written { version: row.version }))
}

fn facets(trace: &Trace) -> BTreeSet<Facet> {
    Facet::of(Noun::Trace, trace)
}
