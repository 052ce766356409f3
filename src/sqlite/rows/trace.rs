//! Rows of traces, and their tags, which have a table for lists.

use super::SqliteRows;
use crate::documents::rows::trace::{KnownTrace, RootPlace, StoredTrace, TraceRow, TraceRows};
use crate::error::Result;
use crate::model::derived::{Derived, TraceOrigin};
use crate::model::fact::{Fact, TRACE_FACTS};
use crate::model::facts::Facts;
use crate::model::score::ScoreMap;
use crate::model::time::Nanos;
use crate::model::trace::Trace;
use crate::model::usage::{SUMMED, TraceSums};
use crate::model::word::Word;
use crate::sqlite::columns::{Strings, facts, strings_text, word};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};
use std::collections::HashSet;

impl TraceRows for SqliteRows<'_> {
    fn find_trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_find.sql"))?;
        let known = |row: &Row<'_>| {
            let derived = Derived(row.get("derived")?);
            Ok(KnownTrace {
                id: row.get("id")?,
                version: row.get("version")?,
                derived,
                root: root(row)?,
                started_at: start(row)?,
                engine: row.get("engine")?,
                is_awaited: row.get_ref("started_at")? == ValueRef::Null,
                is_summed: derived.is_summed(row.get("has_ended")?),
            })
        };
        Ok(statement.query_row((tenant, trace_id), known).optional()?)
    }

    fn trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>> {
        let sql = concat!(
            "select ",
            include_str!("sql/trace_columns.sql"),
            "from trace t where t.tenant = ?1 and t.trace_id = ?2"
        );
        Ok(self.connection.prepare_cached(sql)?.query_row((tenant, trace_id), from_row).optional()?)
    }

    fn trace_by_id(&mut self, id: i64) -> Result<Option<StoredTrace>> {
        let sql = concat!("select ", include_str!("sql/trace_columns.sql"), "from trace t where t.id = ?1");
        Ok(self.connection.prepare_cached(sql)?.query_row([id], from_row).optional()?)
    }

    fn set_trace_engine(&mut self, id: i64, engine: Option<i64>) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/trace_set_engine.sql"))?.execute((id, engine))?;
        Ok(())
    }

    fn write_trace(&mut self, tenant: i64, before: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()> {
        match before {
            None => insert(self.connection, tenant, row, trace)?,
            Some(before) if stays(before, row, trace) => change(self.connection, before, row, trace)?,
            Some(_) => update(self.connection, row, trace)?,
        }
        if let Some(before) = before {
            let place = |row: &TraceRow, trace: &Trace| (trace.started_at, row.seq);
            if before.trace.tags == trace.tags && place(&before.row, &before.trace) == place(row, trace) {
                return Ok(());
            }
            remove_tags(self.connection, tenant, before)?;
        }
        add_tags(self.connection, tenant, row, trace)
    }

    fn trace_sums(&mut self, id: i64) -> Result<Option<TraceSums>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_sums.sql"))?;
        let sums = statement.query_row([id], |row| {
            let facts = facts(row, 2, SUMMED.iter().flat_map(|(_, facts)| *facts).copied())?;
            Ok(TraceSums { has_ended: row.get(0)?, derived: Derived(row.get(1)?), facts })
        });
        Ok(sums.optional()?)
    }

    fn write_trace_sums(&mut self, id: i64, changed_seq: i64, facts: &Facts) -> Result<()> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_set_sums.sql"))?;
        statement.execute((
            id,
            changed_seq,
            facts.get(Fact::InputTokens),
            facts.get(Fact::OutputTokens),
            facts.get(Fact::TotalTokens),
            facts.get(Fact::Cost),
            facts.get(Fact::Currency),
        ))?;
        Ok(())
    }

    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_bodies.sql"))?;
        let bodies = statement.query_map([id], |row| row.get(0))?;
        Ok(bodies.collect::<rusqlite::Result<_>>()?)
    }
}

/// From a row with `sql/trace_columns.sql`.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredTrace> {
    Ok(StoredTrace {
        row: TraceRow {
            id: row.get("id")?,
            version: row.get("version")?,
            changed_seq: row.get("changed_seq")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            engine: row.get("engine")?,
            seq: row.get("seq")?,
            root: root(row)?,
            body: row.get("body")?,
        },
        trace: Trace {
            trace_id: row.get("trace_id")?,
            origin: origin(row)?,
            derived: Derived(row.get("derived")?),
            config_snapshot_id: row.get("config_snapshot_id")?,
            session_id: row.get("session_id")?,
            parent_trace_id: row.get("parent_trace_id")?,
            agent_name: row.get("agent_name")?,
            agent_version: row.get("agent_version")?,
            status: word(row, "status")?,
            user_id: row.get("user_id")?,
            auditing_id: row.get("auditing_id")?,
            end_user_id: row.get("end_user_id")?,
            model: row.get("model")?,
            started_at: start(row)?,
            completed_at: row.get("completed_at")?,
            duration_ms: row.get("duration_ms")?,
            tags: row.get::<_, Strings>("tags")?.0,
            scores: row.get::<_, Option<bool>>("has_scores")?.map(|_| ScoreMap::new()),
            facts: facts(row, row.as_ref().column_index("message_id")?, TRACE_FACTS.into_iter())?,
            body: String::new(),
        },
    })
}

/// One that is awaited has none, and so is in no list.
fn shown_start(trace: &Trace) -> Option<Nanos> {
    (!trace.is_awaited()).then_some(trace.started_at)
}

fn start(row: &Row<'_>) -> rusqlite::Result<Nanos> {
    Ok(row.get::<_, Option<Nanos>>("started_at")?.unwrap_or(Nanos(0)))
}

fn root(row: &Row<'_>) -> rusqlite::Result<Option<RootPlace>> {
    let Some(span) = row.get("root")? else { return Ok(None) };
    Ok(Some(RootPlace { started_at: row.get("root_started_at")?, span }))
}

/// By their numbers in the column.
const ORIGINS: [TraceOrigin; 4] =
    [TraceOrigin::Awaited, TraceOrigin::Found, TraceOrigin::Ensured, TraceOrigin::Started];

fn origin(row: &Row<'_>) -> rusqlite::Result<TraceOrigin> {
    let number: usize = row.get("origin")?;
    ORIGINS.get(number).copied().ok_or(rusqlite::Error::IntegralValueOutOfRange(0, i64::try_from(number).unwrap_or(0)))
}

fn insert(connection: &Connection, tenant: i64, row: &TraceRow, trace: &Trace) -> Result<()> {
    let columns = (row.id, tenant, &trace.trace_id, row.seq, row.created_at, shown_start(trace), row.body);
    connection.prepare_cached(include_str!("sql/trace_insert.sql"))?.execute(columns)?;
    update(connection, row, trace)
}

fn update(connection: &Connection, row: &TraceRow, trace: &Trace) -> Result<()> {
    let columns = named_params! {
        ":id": row.id,
        ":version": row.version,
        ":changed_seq": row.changed_seq,
        ":updated_at": row.updated_at,
        ":engine": row.engine,
        ":seq": row.seq,
        ":origin": trace.origin as i64,
        ":derived": trace.derived.0,
        ":root": row.root.map(|root| root.span),
        ":root_started_at": row.root.map(|root| root.started_at),
        ":config_snapshot_id": trace.config_snapshot_id,
        ":session_id": trace.session_id,
        ":parent_trace_id": trace.parent_trace_id,
        ":agent_name": trace.agent_name,
        ":agent_version": trace.agent_version,
        ":status": trace.status.as_str(),
        ":user_id": trace.user_id,
        ":auditing_id": trace.auditing_id,
        ":end_user_id": trace.end_user_id,
        ":model": trace.model,
        ":started_at": shown_start(trace),
        ":completed_at": trace.completed_at,
        ":duration_ms": trace.duration_ms,
        ":tags": strings_text(&trace.tags),
        ":has_scores": trace.scores.is_some().then_some(1),
        ":body": row.body,
    };
    execute(
        connection,
        concat!(include_str!("sql/trace_update.sql"), include_str!("sql/trace_set_facts.sql")),
        columns,
        &trace.facts,
    )
}

/// Runs a statement with these parameters and one for each fact.
fn execute(connection: &Connection, sql: &str, columns: &[(&str, &dyn ToSql)], facts: &Facts) -> Result<()> {
    let told = FACT_PARAMETERS.map(|(name, fact)| (name, facts.get(fact)));
    let told = told.iter().map(|(name, value)| (*name, value as &dyn ToSql));
    let parameters: Vec<_> = columns.iter().copied().chain(told).collect();
    connection.prepare_cached(sql)?.execute(parameters.as_slice())?;
    Ok(())
}

const FACT_PARAMETERS: [(&str, Fact); TRACE_FACTS.len()] = [
    (":message_id", Fact::MessageId),
    (":status_reason", Fact::StatusReason),
    (":error_type", Fact::ErrorType),
    (":error_code", Fact::ErrorCode),
    (":recoverable", Fact::Recoverable),
    (":input_tokens", Fact::InputTokens),
    (":output_tokens", Fact::OutputTokens),
    (":total_tokens", Fact::TotalTokens),
    (":cost", Fact::Cost),
    (":currency", Fact::Currency),
];

/// Whether nothing changes but what most later words change.
fn stays(before: &StoredTrace, row: &TraceRow, trace: &Trace) -> bool {
    let place = |row: &TraceRow, trace: &Trace| (row.seq, row.root, trace.origin, trace.derived, trace.started_at);
    let same = |field: fn(&Trace) -> &Option<String>| field(&before.trace) == field(trace);
    let users = |trace: &Trace| (trace.user_id, trace.auditing_id);
    place(&before.row, &before.trace) == place(row, trace)
        && users(&before.trace) == users(trace)
        && same(|trace| &trace.config_snapshot_id)
        && same(|trace| &trace.session_id)
        && same(|trace| &trace.parent_trace_id)
        && same(|trace| &trace.agent_name)
        && same(|trace| &trace.agent_version)
        && same(|trace| &trace.end_user_id)
        && same(|trace| &trace.model)
}

/// Of what has an index only status and end are written, and only if they changed.
fn change(connection: &Connection, before: &StoredTrace, row: &TraceRow, trace: &Trace) -> Result<()> {
    let columns = named_params! {
        ":id": row.id,
        ":version": row.version,
        ":changed_seq": row.changed_seq,
        ":updated_at": row.updated_at,
        ":engine": row.engine,
        ":duration_ms": trace.duration_ms,
        ":tags": strings_text(&trace.tags),
        ":has_scores": trace.scores.is_some().then_some(1),
        ":body": row.body,
    };
    execute(
        connection,
        concat!(include_str!("sql/trace_change.sql"), include_str!("sql/trace_set_facts.sql")),
        columns,
        &trace.facts,
    )?;
    let end = |trace: &Trace| (trace.status, trace.completed_at);
    if end(&before.trace) != end(trace) {
        let columns = (row.id, trace.status.as_str(), trace.completed_at);
        connection.prepare_cached(include_str!("sql/trace_set_end.sql"))?.execute(columns)?;
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
