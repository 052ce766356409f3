//! Traces: started once, changed by later words, read one by one.

use super::assemble::Assembler;
use super::columns::{Strings, strings_text, word};
use super::pending::Pending;
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::receipt::Written;
use crate::model::trace::{Trace, TraceTags};
use crate::sqlite::counts::Counted;
use crate::sqlite::facets::facet::Facet;
use crate::sqlite::numbers::next;
use crate::sqlite::pieces::owner::{Owner, User};
use crate::sqlite::tenant::NAMELESS;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::{BTreeSet, HashSet};

/// A started trace as it stands in its table.
pub struct TraceRow {
    pub id: i64,
    pub version: i64,
    pub seq: i64,
    /// With an empty body: the entry stands for it.
    pub trace: Trace,
    /// The entry of its body's manifest.
    pub body: i64,
}

impl TraceRow {
    /// From a row with `sql/trace_columns.sql`.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            version: row.get("version")?,
            seq: row.get("seq")?,
            trace: Trace {
                trace_id: row.get("trace_id")?,
                config_snapshot_id: row.get("config_snapshot_id")?,
                session_id: row.get("session_id")?,
                parent_trace_id: row.get("parent_trace_id")?,
                agent_name: row.get("agent_name")?,
                agent_version: row.get("agent_version")?,
                status: word(row, "status")?,
                user_id: row.get("user_id")?,
                auditing_id: row.get("auditing_id")?,
                started_at: row.get("started_at")?,
                completed_at: row.get("completed_at")?,
                duration_ms: row.get("duration_ms")?,
                tags: row.get::<_, Strings>("tags")?.0,
                body: String::new(),
            },
            body: row.get("body")?,
        })
    }
}

/// What a change of a trace's row writes beside the trace.
struct Change {
    id: i64,
    version: i64,
    changed_seq: i64,
    seq: i64,
    body: i64,
}

/// Records a running trace; spans that arrived before it are its own already. `ALREADY_EXISTS` if it was started before.
pub fn start(connection: &Connection, pending: &mut Pending, trace: &Trace) -> Result<Receipt> {
    let seq = pending.next_seq();
    let id = match find(connection, &trace.trace_id)? {
        Some((_, Some(_))) => {
            return Err(Error::new(Code::AlreadyExists, format!("trace {:?} was started before", trace.trace_id)));
        }
        Some((id, None)) => id,
        None => insert(connection, pending, &trace.trace_id, seq)?,
    };
    let stored = pending.bodies.store_listed(connection, &mut pending.numbers, &trace.body)?;
    let change = Change { id, version: 1, changed_seq: seq, seq, body: stored.entry };
    update(connection, &change, trace)?;
    pending.bodies.count_uses(User::Listed(Owner::Trace(id)), None, &stored);
    pending.facets.change(NAMELESS, id, &BTreeSet::new(), &Facet::of(Noun::Trace, trace));
    pending.count(NAMELESS, Counted::Trace);
    add_tags(connection, id, seq, trace)?;
    Ok(Receipt::Written(Written { version: change.version }))
}

/// Changes a trace with `change`; `NOT_FOUND` if it was never started.
pub fn change(
    connection: &Connection,
    pending: &mut Pending,
    trace_id: &str,
    change: impl FnOnce(&mut Trace) -> Result<()>,
) -> Result<Receipt> {
    let TraceRow { id, version, seq, mut trace, body } =
        load(connection, trace_id)?.ok_or_else(|| not_found(trace_id))?;
    let former;
    (former, trace.body) = pending.bodies.take_listed(connection, body)?;
    let before = trace.clone();
    change(&mut trace)?;
    let mut row = Change { id, version: version.saturating_add(1), changed_seq: pending.next_seq(), seq, body };
    if trace.body != before.body {
        let stored = pending.bodies.store_listed(connection, &mut pending.numbers, &trace.body)?;
        pending.bodies.count_uses(User::Listed(Owner::Trace(id)), Some(&former), &stored);
        row.body = stored.entry;
    }
    update(connection, &row, &trace)?;
    pending.facets.change(NAMELESS, id, &Facet::of(Noun::Trace, &before), &Facet::of(Noun::Trace, &trace));
    if trace.tags != before.tags {
        remove_tags(connection, seq, &before)?;
        add_tags(connection, id, seq, &trace)?;
    }
    Ok(Receipt::Written(Written { version: row.version }))
}

/// Replaces a trace's tags; its body is not touched. `NOT_FOUND` if it was never started.
pub fn set_tags(connection: &Connection, pending: &mut Pending, change: &TraceTags) -> Result<Receipt> {
    let TraceRow { id, version, seq, mut trace, .. } =
        load(connection, &change.trace_id)?.ok_or_else(|| not_found(&change.trace_id))?;
    let version = version.saturating_add(1);
    remove_tags(connection, seq, &trace)?;
    let facets = Facet::of(Noun::Trace, &trace);
    trace.tags.clone_from(&change.tags);
    pending.facets.change(NAMELESS, id, &facets, &Facet::of(Noun::Trace, &trace));
    let columns = (id, version, pending.next_seq(), strings_text(&trace.tags));
    connection.prepare_cached(include_str!("sql/trace_set_tags.sql"))?.execute(columns)?;
    add_tags(connection, id, seq, &trace)?;
    Ok(Receipt::Written(Written { version }))
}

/// The id of a trace, started or not; a row is made for spans that arrive before their trace, at this place in the order
/// of writing.
pub fn id_for_spans(connection: &Connection, pending: &mut Pending, trace_id: &str, seq: i64) -> Result<i64> {
    match find(connection, trace_id)? {
        Some((id, _)) => Ok(id),
        None => insert(connection, pending, trace_id, seq),
    }
}

/// Adds a trace to an answer, if it was started.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    if let Some(found) = load(assembler.connection, trace_id)? {
        assembler.push(&found.trace.header(), found.body)?;
    }
    Ok(())
}

/// The started trace of a row.
pub fn by_row(connection: &Connection, id: i64) -> Result<TraceRow> {
    let sql = concat!("select ", include_str!("sql/trace_columns.sql"), "from trace t where t.id = ?1");
    let found = connection.prepare_cached(sql)?.query_row([id], TraceRow::from_row).optional()?;
    found
        .ok_or_else(|| Error::corrupt(format!("trace {id} is listed and is not there; restore the file from a backup")))
}

fn find(connection: &Connection, trace_id: &str) -> Result<Option<(i64, Option<i64>)>> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_find.sql"))?;
    Ok(statement.query_row((NAMELESS, trace_id), |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn insert(connection: &Connection, pending: &mut Pending, trace_id: &str, seq: i64) -> Result<i64> {
    let id = next(&mut pending.numbers.trace);
    let columns = (id, NAMELESS, trace_id, seq);
    connection.prepare_cached(include_str!("sql/trace_insert.sql"))?.execute(columns)?;
    Ok(id)
}

fn load(connection: &Connection, trace_id: &str) -> Result<Option<TraceRow>> {
    let sql = concat!(
        "select ",
        include_str!("sql/trace_columns.sql"),
        "from trace t where t.tenant = ?1 and t.trace_id = ?2 and t.seq is not null"
    );
    Ok(connection.prepare_cached(sql)?.query_row((NAMELESS, trace_id), TraceRow::from_row).optional()?)
}

fn update(connection: &Connection, row: &Change, trace: &Trace) -> Result<()> {
    connection.prepare_cached(include_str!("sql/trace_update.sql"))?.execute(named_params! {
        ":id": row.id,
        ":version": row.version,
        ":changed_seq": row.changed_seq,
        ":seq": row.seq,
        ":config_snapshot_id": trace.config_snapshot_id,
        ":session_id": trace.session_id,
        ":parent_trace_id": trace.parent_trace_id,
        ":agent_name": trace.agent_name,
        ":agent_version": trace.agent_version,
        ":status": crate::model::word::Word::as_str(trace.status),
        ":user_id": trace.user_id,
        ":auditing_id": trace.auditing_id,
        ":started_at": trace.started_at,
        ":completed_at": trace.completed_at,
        ":duration_ms": trace.duration_ms,
        ":tags": strings_text(&trace.tags),
        ":body": row.body,
    })?;
    Ok(())
}

fn add_tags(connection: &Connection, id: i64, seq: i64, trace: &Trace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_insert.sql"))?;
    for tag in &trace.tags {
        statement.execute((NAMELESS, tag, trace.started_at, seq, id))?;
    }
    Ok(())
}

fn remove_tags(connection: &Connection, seq: i64, trace: &Trace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_delete.sql"))?;
    for tag in trace.tags.iter().collect::<HashSet<_>>() {
        statement.execute((NAMELESS, tag, trace.started_at, seq))?;
    }
    Ok(())
}

fn not_found(trace_id: &str) -> Error {
    Error::new(Code::NotFound, format!("trace {trace_id:?} was never started in this store"))
}
