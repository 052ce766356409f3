//! Traces: started once, changed by later words, read one by one.

use super::assemble::Assembler;
use super::columns::{Strings, strings_text, word};
use super::pending::Pending;
use crate::error::{Code, Error, Result};
use crate::model::field::Noun;
use crate::model::trace::{Trace, TraceTags};
use crate::sqlite::entries::read::Entries;
use crate::sqlite::facets::facet::Facet;
use crate::sqlite::pieces::piece::{Owner, Use};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::{BTreeSet, HashSet};

/// A started trace as it stands in its table.
pub struct TraceRow {
    pub id: i64,
    pub seq: i64,
    /// With an empty body: the column stands for it.
    pub trace: Trace,
    pub body: Vec<u8>,
}

impl TraceRow {
    /// From a row with `sql/trace_columns.sql`.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
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

/// Records a running trace; spans that arrived before it are its own already.
pub fn start(connection: &Connection, pending: &mut Pending, trace: &Trace) -> Result<()> {
    let id = match find(connection, &trace.trace_id)? {
        Some((_, Some(_))) => {
            return Err(Error::new(Code::AlreadyExists, format!("trace {:?} was started before", trace.trace_id)));
        }
        Some((id, None)) => id,
        None => insert(connection, &trace.trace_id)?,
    };
    let seq = pending.numbers.next_seq();
    let (_, body) = pending.bodies.write_body(connection, &mut pending.numbers, Owner::Trace(id), &trace.body)?;
    update(connection, id, seq, trace, &body)?;
    pending.facets.change(id, &BTreeSet::new(), &Facet::of(Noun::Trace, trace));
    pending.numbers.added.traces += 1;
    add_tags(connection, id, seq, trace)
}

/// Changes a trace with `change`; `NOT_FOUND` if it was never started.
pub fn change(
    connection: &Connection,
    pending: &mut Pending,
    trace_id: &str,
    change: impl FnOnce(&mut Trace) -> Result<()>,
) -> Result<()> {
    let TraceRow { id, seq, mut trace, body } = load(connection, trace_id)?.ok_or_else(|| not_found(trace_id))?;
    let manifest;
    (manifest, trace.body) = pending.bodies.read_body(connection, &body)?;
    let before = trace.clone();
    change(&mut trace)?;
    if trace.body == before.body {
        update(connection, id, seq, &trace, &body)?;
    } else {
        let owner = Owner::Trace(id);
        let (changed, body) = pending.bodies.write_body(connection, &mut pending.numbers, owner, &trace.body)?;
        update(connection, id, seq, &trace, &body)?;
        pending.bodies.release(Use::Body(owner), &manifest, &changed);
    }
    pending.facets.change(id, &Facet::of(Noun::Trace, &before), &Facet::of(Noun::Trace, &trace));
    if trace.tags != before.tags {
        remove_tags(connection, seq, &before)?;
        add_tags(connection, id, seq, &trace)?;
    }
    Ok(())
}

/// Replaces a trace's tags; its body is not touched.
pub fn set_tags(connection: &Connection, pending: &mut Pending, change: &TraceTags) -> Result<()> {
    let TraceRow { id, seq, mut trace, .. } =
        load(connection, &change.trace_id)?.ok_or_else(|| not_found(&change.trace_id))?;
    remove_tags(connection, seq, &trace)?;
    let facets = Facet::of(Noun::Trace, &trace);
    trace.tags.clone_from(&change.tags);
    pending.facets.change(id, &facets, &Facet::of(Noun::Trace, &trace));
    connection.prepare_cached(include_str!("sql/trace_set_tags.sql"))?.execute((id, strings_text(&trace.tags)))?;
    add_tags(connection, id, seq, &trace)
}

/// The id of a trace, started or not; a row is made for spans that arrive before their trace.
pub fn id_for_spans(connection: &Connection, trace_id: &str) -> Result<i64> {
    match find(connection, trace_id)? {
        Some((id, _)) => Ok(id),
        None => insert(connection, trace_id),
    }
}

/// The pieces that a trace's documents use.
pub fn pieces(entries: &mut Entries<'_>, id: i64) -> Result<HashSet<i64>> {
    let connection = entries.connection;
    let body: Option<Vec<u8>> =
        connection.prepare_cached(include_str!("sql/trace_body.sql"))?.query_row([id], |row| row.get(0))?;
    let mut pieces =
        body.map_or_else(|| Ok(HashSet::new()), |body| entries.manifest_of(&body).map(|own| own.pieces()))?;
    let mut statement = connection.prepare_cached(include_str!("sql/span_bodies.sql"))?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        pieces.extend(entries.manifest(row.get(0)?)?.pieces());
    }
    Ok(pieces)
}

/// Adds a trace to an answer, if it was started.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    if let Some(found) = load(assembler.connection, trace_id)? {
        assembler.push(&found.trace.header(), &found.body)?;
    }
    Ok(())
}

/// The started trace of a row.
pub fn by_row(connection: &Connection, id: i64) -> Result<TraceRow> {
    let sql = concat!("select ", include_str!("sql/trace_columns.sql"), "from trace t where t.id = ?1");
    Ok(connection.prepare_cached(sql)?.query_row([id], TraceRow::from_row)?)
}

fn find(connection: &Connection, trace_id: &str) -> Result<Option<(i64, Option<i64>)>> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_find.sql"))?;
    Ok(statement.query_row([trace_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn insert(connection: &Connection, trace_id: &str) -> Result<i64> {
    connection.prepare_cached(include_str!("sql/trace_insert.sql"))?.execute([trace_id])?;
    Ok(connection.last_insert_rowid())
}

fn load(connection: &Connection, trace_id: &str) -> Result<Option<TraceRow>> {
    let sql = concat!(
        "select ",
        include_str!("sql/trace_columns.sql"),
        "from trace t where t.trace_id = ?1 and t.seq is not null"
    );
    Ok(connection.prepare_cached(sql)?.query_row([trace_id], TraceRow::from_row).optional()?)
}

fn update(connection: &Connection, id: i64, seq: i64, trace: &Trace, body: &[u8]) -> Result<()> {
    connection.prepare_cached(include_str!("sql/trace_update.sql"))?.execute(named_params! {
        ":id": id,
        ":seq": seq,
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
        ":body": body,
    })?;
    Ok(())
}

fn add_tags(connection: &Connection, id: i64, seq: i64, trace: &Trace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_insert.sql"))?;
    for tag in &trace.tags {
        statement.execute((tag, trace.started_at, seq, id))?;
    }
    Ok(())
}

fn remove_tags(connection: &Connection, seq: i64, trace: &Trace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_delete.sql"))?;
    for tag in trace.tags.iter().collect::<HashSet<_>>() {
        statement.execute((tag, trace.started_at, seq))?;
    }
    Ok(())
}

fn not_found(trace_id: &str) -> Error {
    Error::new(Code::NotFound, format!("trace {trace_id:?} was never started in this store"))
}
