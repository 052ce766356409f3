//! Rows of spans.

use super::SqliteRows;
use crate::documents::rows::span::{KnownSpan, SpanRow, SpanRows, StoredSpan};
use crate::error::Result;
use crate::model::fact::FACTS;
use crate::model::facts::Facts;
use crate::model::span::Span;
use crate::model::time::Nanos;
use crate::model::usage::{SUMMED, SpanUsage};
use crate::model::word::{SpanState, Word};
use crate::sqlite::columns::{Strings, facts, optional_word, spelt, strings_text};
use rusqlite::{CachedStatement, OptionalExtension, Row, ToSql};

impl SpanRows for SqliteRows<'_> {
    fn insert_span(&mut self, row: &SpanRow, span: &Span) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_insert.sql"))?;
        Ok(execute(&mut statement, row, span)? > 0)
    }

    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<KnownSpan>> {
        let sql = concat!(
            include_str!("sql/span_known.sql"),
            include_str!("sql/span_facts.sql"),
            include_str!("sql/span_find.sql")
        );
        Ok(self.connection.prepare_cached(sql)?.query_row((trace, span_id), known).optional()?)
    }

    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_update.sql"))?;
        execute(&mut statement, row, span).map(drop)
    }

    fn first_root(&mut self, trace: i64) -> Result<Option<KnownSpan>> {
        let sql = concat!(
            include_str!("sql/span_known.sql"),
            include_str!("sql/span_facts.sql"),
            include_str!("sql/span_first_root.sql")
        );
        Ok(self.connection.prepare_cached(sql)?.query_row([trace], known).optional()?)
    }

    fn span_usages(&mut self, trace: i64) -> Result<Vec<SpanUsage>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_usages.sql"))?;
        let used = statement.query_map([trace], |row| {
            Ok(SpanUsage {
                span_id: row.get(0)?,
                parent_span_id: row.get(1)?,
                is_llm: row.get(2)?,
                facts: facts(row, 3, SUMMED.iter().flat_map(|(_, facts)| *facts).copied())?,
            })
        })?;
        Ok(used.collect::<rusqlite::Result<_>>()?)
    }

    fn earliest_start(&mut self, trace: i64) -> Result<Option<Nanos>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_earliest.sql"))?;
        Ok(statement.query_row([trace], |row| row.get(0))?)
    }

    fn spans(&mut self, tenant: i64, trace_id: &str, from: Nanos, newest: i64) -> Result<Vec<StoredSpan>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_list.sql"))?;
        let mut rows = statement.query((tenant, trace_id, newest, from))?;
        let mut spans = Vec::new();
        while let Some(row) = rows.next()? {
            spans.push(stored(trace_id, row)?);
        }
        let mut words = self.words_by_span(tenant, trace_id)?;
        if !words.is_empty() {
            for found in &mut spans {
                found.words = words.remove(&found.id).unwrap_or_default();
            }
        }
        Ok(spans)
    }
}

/// Runs a statement that numbers its parameters as `sql/span_insert.sql` does, and says how many rows it changed.
fn execute(statement: &mut CachedStatement<'_>, row: &SpanRow, span: &Span) -> Result<usize> {
    let tags = span.tags.as_deref().map(strings_text);
    let columns: [&dyn ToSql; FIRST_FACT - 1] = [
        &row.id,
        &row.trace,
        &span.span_id,
        &row.version,
        &row.changed_seq,
        &row.created_at,
        &row.updated_at,
        &state(span),
        &row.engine,
        &span.parent_span_id,
        &spelt(span.kind),
        &span.name,
        &spelt(span.status),
        &spelt(span.tool_type),
        &span.started_at,
        &span.until,
        &span.duration_ms,
        &tags,
        &row.body,
    ];
    // Most spans have few facts.
    statement.clear_bindings();
    for (column, number) in columns.iter().zip(1..) {
        statement.raw_bind_parameter(number, column)?;
    }
    for (fact, value) in span.facts.iter() {
        statement.raw_bind_parameter(FIRST_FACT + fact as usize, value)?;
    }
    Ok(statement.raw_execute()?)
}

/// The number of the parameter for the first fact.
const FIRST_FACT: usize = 20;

/// From a row with `sql/span_known.sql` and `sql/span_facts.sql`.
fn known(row: &Row<'_>) -> rusqlite::Result<KnownSpan> {
    let span = Span { facts: facts(row, 19, FACTS.iter().map(|entry| entry.fact))?, ..from_row("", row)? };
    let row = SpanRow {
        id: row.get(13)?,
        trace: row.get(14)?,
        version: row.get(15)?,
        changed_seq: row.get(16)?,
        created_at: row.get(17)?,
        updated_at: row.get(18)?,
        engine: row.get(11)?,
        body: row.get(12)?,
    };
    Ok(KnownSpan { row, span })
}

/// From a row of `sql/span_list.sql`, without its words.
fn stored(trace_id: &str, row: &Row<'_>) -> rusqlite::Result<StoredSpan> {
    let span = from_row(trace_id, row)?;
    Ok(StoredSpan { span, engine: row.get(11)?, body: row.get(12)?, id: row.get(13)?, words: Vec::new() })
}

/// The span, without its body, of a row whose first columns are those of `sql/span_list.sql`: by position, since looking
/// columns up by name takes a tenth of reading a long trace.
pub fn from_row(trace_id: &str, row: &Row<'_>) -> rusqlite::Result<Span> {
    Ok(Span {
        trace_id: trace_id.to_owned(),
        span_id: row.get(0)?,
        state: optional_word(row, 1)?.unwrap_or(SpanState::Ended),
        parent_span_id: row.get(2)?,
        kind: optional_word(row, 3)?,
        name: row.get(4)?,
        status: optional_word(row, 5)?,
        tool_type: optional_word(row, 6)?,
        started_at: row.get(7)?,
        until: row.get(8)?,
        duration_ms: row.get(9)?,
        tags: row.get::<_, Option<Strings>>(10)?.map(|tags| tags.0),
        links: Vec::new(),
        facts: Facts::default(),
        body: String::new(),
    })
}

/// Most spans have ended, and take no room for it.
fn state(span: &Span) -> Option<&'static str> {
    (span.state != SpanState::Ended).then(|| span.state.as_str())
}
