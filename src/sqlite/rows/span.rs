//! Rows of spans.

use super::SqliteRows;
use crate::documents::rows::span::{KnownSpan, SpanRow, SpanRows, StoredSpan};
use crate::error::Result;
use crate::model::span::Span;
use crate::model::time::Nanos;
use crate::model::word::{SpanState, Word};
use crate::sqlite::columns::{Strings, optional_word, spelt, strings_text};
use rusqlite::{OptionalExtension, Row, named_params};

impl SpanRows for SqliteRows<'_> {
    fn insert_span(&mut self, row: &SpanRow, span: &Span) -> Result<bool> {
        let added = self.connection.prepare_cached(include_str!("sql/span_insert.sql"))?.execute(named_params! {
            ":id": row.id,
            ":trace": row.trace,
            ":span_id": span.span_id,
            ":version": row.version,
            ":changed_seq": row.changed_seq,
            ":created_at": row.created_at,
            ":updated_at": row.updated_at,
            ":state": state(span),
            ":engine": row.engine,
            ":parent_span_id": span.parent_span_id,
            ":kind": spelt(span.kind),
            ":name": span.name,
            ":status": spelt(span.status),
            ":tool_type": spelt(span.tool_type),
            ":started_at": span.started_at,
            ":until": span.until,
            ":duration_ms": span.duration_ms,
            ":tags": span.tags.as_deref().map(strings_text),
            ":body": row.body,
        })?;
        Ok(added > 0)
    }

    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<KnownSpan>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_find.sql"))?;
        let found = statement.query_row((trace, span_id), |row| {
            let span = from_row("", row)?;
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
        });
        Ok(found.optional()?)
    }

    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/span_update.sql"))?.execute(named_params! {
            ":id": row.id,
            ":version": row.version,
            ":changed_seq": row.changed_seq,
            ":updated_at": row.updated_at,
            ":state": state(span),
            ":engine": row.engine,
            ":parent_span_id": span.parent_span_id,
            ":kind": spelt(span.kind),
            ":name": span.name,
            ":status": spelt(span.status),
            ":tool_type": spelt(span.tool_type),
            ":started_at": span.started_at,
            ":until": span.until,
            ":duration_ms": span.duration_ms,
            ":tags": span.tags.as_deref().map(strings_text),
            ":body": row.body,
        })?;
        Ok(())
    }

    fn first_root(&mut self, trace: i64) -> Result<Option<StoredSpan>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_first_root.sql"))?;
        Ok(statement.query_row([trace], |row| stored("", row)).optional()?)
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
        body: String::new(),
    })
}

/// Most spans have ended, and take no room for it.
fn state(span: &Span) -> Option<&'static str> {
    (span.state != SpanState::Ended).then(|| span.state.as_str())
}
