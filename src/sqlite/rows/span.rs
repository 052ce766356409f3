//! Rows of spans.

use super::SqliteRows;
use crate::documents::rows::span::{SpanRow, SpanRows, StoredSpan};
use crate::error::Result;
use crate::model::span::Span;
use crate::model::time::Nanos;
use crate::model::word::Word;
use crate::sqlite::columns::{Strings, optional_word, strings_text, word};
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
            ":parent_span_id": span.parent_span_id,
            ":kind": span.kind.as_str(),
            ":name": span.name,
            ":status": span.status.as_str(),
            ":tool_type": span.tool_type.map(Word::as_str),
            ":started_at": span.started_at,
            ":duration_ms": span.duration_ms,
            ":tags": span.tags.as_deref().map(strings_text),
            ":body": row.body,
        })?;
        Ok(added > 0)
    }

    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<SpanRow>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_find.sql"))?;
        Ok(statement.query_row((trace, span_id), span_row).optional()?)
    }

    fn span(&mut self, tenant: i64, trace_id: &str, span_id: &str) -> Result<Option<(SpanRow, Span)>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_get.sql"))?;
        let found =
            statement.query_row((tenant, trace_id, span_id), |row| Ok((span_row(row)?, from_row(trace_id, row)?)));
        Ok(found.optional()?)
    }

    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/span_update.sql"))?.execute(named_params! {
            ":id": row.id,
            ":version": row.version,
            ":changed_seq": row.changed_seq,
            ":updated_at": row.updated_at,
            ":parent_span_id": span.parent_span_id,
            ":kind": span.kind.as_str(),
            ":name": span.name,
            ":status": span.status.as_str(),
            ":tool_type": span.tool_type.map(Word::as_str),
            ":started_at": span.started_at,
            ":duration_ms": span.duration_ms,
            ":tags": span.tags.as_deref().map(strings_text),
            ":body": row.body,
        })?;
        Ok(())
    }

    fn spans(&mut self, tenant: i64, trace_id: &str, from: Nanos, newest: i64) -> Result<Vec<StoredSpan>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_list.sql"))?;
        let mut rows = statement.query((tenant, trace_id, newest, from))?;
        let mut spans = Vec::new();
        while let Some(row) = rows.next()? {
            spans.push(StoredSpan { span: from_row(trace_id, row)?, body: row.get(9)?, id: row.get(10)? });
        }
        Ok(spans)
    }
}

fn span_row(row: &Row<'_>) -> rusqlite::Result<SpanRow> {
    Ok(SpanRow {
        id: row.get("id")?,
        trace: row.get("trace")?,
        version: row.get("version")?,
        changed_seq: row.get("changed_seq")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        body: row.get("body")?,
    })
}

/// The span, without its body, of a row whose first columns are those of `sql/span_list.sql`: by position, since looking
/// columns up by name takes a tenth of reading a long trace.
pub fn from_row(trace_id: &str, row: &Row<'_>) -> rusqlite::Result<Span> {
    Ok(Span {
        trace_id: trace_id.to_owned(),
        span_id: row.get(0)?,
        parent_span_id: row.get(1)?,
        kind: word(row, 2)?,
        name: row.get(3)?,
        status: word(row, 4)?,
        tool_type: optional_word(row, 5)?,
        started_at: row.get(6)?,
        duration_ms: row.get(7)?,
        tags: row.get::<_, Option<Strings>>(8)?.map(|tags| tags.0),
        body: String::new(),
    })
}
