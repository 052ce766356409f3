//! Rows of traces, and their tags, which have a table for lists.

use super::SqliteRows;
use crate::documents::rows::trace::{KnownTrace, StoredTrace, TraceRow, TraceRows, UnstartedRow};
use crate::error::Result;
use crate::model::trace::Trace;
use crate::model::word::Word;
use crate::sqlite::columns::{Strings, strings_text, word};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::HashSet;

impl TraceRows for SqliteRows<'_> {
    fn find_trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_find.sql"))?;
        let known = |row: &Row<'_>| Ok(KnownTrace { id: row.get(0)?, is_started: row.get(1)?, engine: row.get(2)? });
        Ok(statement.query_row((tenant, trace_id), known).optional()?)
    }

    fn trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>> {
        let sql = concat!(
            "select ",
            include_str!("sql/trace_columns.sql"),
            "from trace t where t.tenant = ?1 and t.trace_id = ?2 and t.seq is not null"
        );
        Ok(self.connection.prepare_cached(sql)?.query_row((tenant, trace_id), from_row).optional()?)
    }

    fn trace_by_id(&mut self, id: i64) -> Result<Option<StoredTrace>> {
        let sql = concat!(
            "select ",
            include_str!("sql/trace_columns.sql"),
            "from trace t where t.id = ?1 and t.seq is not null"
        );
        Ok(self.connection.prepare_cached(sql)?.query_row([id], from_row).optional()?)
    }

    fn insert_trace(&mut self, tenant: i64, trace_id: &str, row: &UnstartedRow) -> Result<()> {
        let columns = (row.id, tenant, trace_id, row.changed_seq, row.engine);
        self.connection.prepare_cached(include_str!("sql/trace_insert.sql"))?.execute(columns)?;
        Ok(())
    }

    fn set_trace_engine(&mut self, id: i64, engine: Option<i64>) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/trace_set_engine.sql"))?.execute((id, engine))?;
        Ok(())
    }

    fn write_trace(&mut self, tenant: i64, before: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()> {
        match before {
            None => start(self.connection, row, trace)?,
            Some(before) => {
                change(self.connection, before, row, trace)?;
                if before.trace.tags == trace.tags {
                    return Ok(());
                }
                remove_tags(self.connection, tenant, before)?;
            }
        }
        add_tags(self.connection, tenant, row, trace)
    }

    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_bodies.sql"))?;
        let bodies = statement.query_map([id], |row| row.get(0))?;
        Ok(bodies.collect::<rusqlite::Result<_>>()?)
    }
}

/// From a row of a started trace with `sql/trace_columns.sql`.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredTrace> {
    Ok(StoredTrace {
        row: TraceRow {
            id: row.get("id")?,
            version: row.get("version")?,
            changed_seq: row.get("changed_seq")?,
            engine: row.get("engine")?,
            seq: row.get("seq")?,
            body: row.get("body")?,
        },
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
            end_user_id: row.get("end_user_id")?,
            started_at: row.get("started_at")?,
            completed_at: row.get("completed_at")?,
            duration_ms: row.get("duration_ms")?,
            tags: row.get::<_, Strings>("tags")?.0,
            body: String::new(),
        },
    })
}

fn start(connection: &Connection, row: &TraceRow, trace: &Trace) -> Result<()> {
    connection.prepare_cached(include_str!("sql/trace_start.sql"))?.execute(named_params! {
        ":id": row.id,
        ":version": row.version,
        ":changed_seq": row.changed_seq,
        ":engine": row.engine,
        ":seq": row.seq,
        ":config_snapshot_id": trace.config_snapshot_id,
        ":session_id": trace.session_id,
        ":parent_trace_id": trace.parent_trace_id,
        ":agent_name": trace.agent_name,
        ":agent_version": trace.agent_version,
        ":status": trace.status.as_str(),
        ":user_id": trace.user_id,
        ":auditing_id": trace.auditing_id,
            ":end_user_id": trace.end_user_id,
        ":started_at": trace.started_at,
        ":completed_at": trace.completed_at,
        ":duration_ms": trace.duration_ms,
        ":tags": strings_text(&trace.tags),
        ":body": row.body,
    })?;
    Ok(())
}

/// Of what has an index only the status is written, and only if it changed.
fn change(connection: &Connection, before: &StoredTrace, row: &TraceRow, trace: &Trace) -> Result<()> {
    connection.prepare_cached(include_str!("sql/trace_change.sql"))?.execute(named_params! {
        ":id": row.id,
        ":version": row.version,
        ":changed_seq": row.changed_seq,
        ":engine": row.engine,
        ":completed_at": trace.completed_at,
        ":duration_ms": trace.duration_ms,
        ":tags": strings_text(&trace.tags),
        ":body": row.body,
    })?;
    if before.trace.status != trace.status {
        let columns = (row.id, trace.status.as_str());
        connection.prepare_cached(include_str!("sql/trace_set_status.sql"))?.execute(columns)?;
    }
    Ok(())
}

fn add_tags(connection: &Connection, tenant: i64, row: &TraceRow, trace: &Trace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_insert.sql"))?;
    for tag in &trace.tags {
        statement.execute((tenant, tag, trace.started_at, row.seq, row.id))?;
    }
    Ok(())
}

fn remove_tags(connection: &Connection, tenant: i64, StoredTrace { row, trace }: &StoredTrace) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/trace_tag_delete.sql"))?;
    for tag in trace.tags.iter().collect::<HashSet<_>>() {
        statement.execute((tenant, tag, trace.started_at, row.seq))?;
    }
    Ok(())
}
