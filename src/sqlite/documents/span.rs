//! Spans: written once, or again as the same span; read in the order of their start.

use super::assemble::{Assembler, Pushed};
use super::columns::{optional_word, word};
use super::pending::Pending;
use super::trace;
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::answer::ListPage;
use crate::model::query::{SpanCursor, SpanWindow};
use crate::model::receipt::Written;
use crate::model::span::Span;
use crate::model::span_order;
use crate::model::time::Nanos;
use crate::model::word::Word;
use crate::sqlite::counts::Counted;
use crate::sqlite::pieces::owner::User;
use crate::sqlite::tenant::NAMELESS;
use rusqlite::{Connection, OptionalExtension, named_params};

/// A span as it stands in its table.
struct FoundSpan {
    id: i64,
    /// With an empty body: the entry stands for it.
    span: Span,
    /// The entry of its body's manifest.
    body: i64,
}

/// Records a span, whether or not its trace has been started; a known `(traceId, spanId)` is rewritten in its place.
pub fn add(connection: &Connection, pending: &mut Pending, span: &Span) -> Result<Receipt> {
    let changed_seq = pending.next_seq();
    let trace = trace::id_for_spans(connection, pending, &span.trace_id, changed_seq)?;
    let stored = pending.bodies.store_span(connection, &mut pending.numbers, trace, &span.body)?;
    let id = pending.numbers.span + 1;
    let added = insert(connection, &Row { id, trace, changed_seq, body: stored.entry }, span)?;
    if added {
        pending.numbers.span = id;
        pending.count(NAMELESS, Counted::Span);
        pending.bodies.count_uses(User::Span { trace, span: id }, None, &stored);
        return Ok(Receipt::Written(Written { version: 1 }));
    }
    let (id, version, entry): (i64, i64, i64) = connection
        .prepare_cached(include_str!("sql/span_find.sql"))?
        .query_row((trace, &span.span_id), |row| row.try_into())
        .optional()?
        .ok_or_else(|| Error::corrupt("a span is known and can't be found; restore the file from a backup"))?;
    let former = pending.bodies.former_span(connection, entry)?;
    update(connection, &Row { id, trace, changed_seq, body: stored.entry }, span)?;
    pending.bodies.count_uses(User::Span { trace, span: id }, Some(&former), &stored);
    Ok(Receipt::Written(Written { version: version.saturating_add(1) }))
}

/// Adds all spans of a trace to an answer.
pub fn list(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let spans = found(assembler.connection, trace_id, None)?;
    let spans: Vec<(&Span, i64)> = spans.iter().map(|found| (&found.span, found.body)).collect();
    assembler.push_spans(&spans)
}

/// Adds a page of a trace's spans to an answer.
pub fn page(assembler: &mut Assembler<'_>, trace_id: &str, window: &SpanWindow) -> Result<ListPage> {
    let spans = found(assembler.connection, trace_id, window.cursor)?;
    let newest = match window.cursor {
        Some(cursor) => cursor.newest,
        None => spans.iter().map(|found| found.id).max().unwrap_or_default(),
    };
    let rest = &spans[window.cursor.map_or(0, |cursor| behind(&spans, cursor))..];
    let limit = window.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let mut shown = 0;
    for found in rest.iter().take(limit) {
        if assembler.push_if_room(&found.span.header(), found.body)? == Pushed::NoRoom {
            break;
        }
        shown += 1;
    }
    let has_more = rest.len() > shown;
    let last = rest[..shown].last().filter(|_| has_more);
    let cursor = |last: &FoundSpan| SpanCursor { millis: last.span.started_at.millis(), span: last.id, newest };
    Ok(ListPage { total: None, has_more, next_cursor: last.map(|last| cursor(last).to_text()) })
}

/// Where the spans behind a cursor begin. Its span is not in its millisecond if it was rewritten to begin at another time:
/// then that millisecond is shown again, rather than left out.
fn behind(spans: &[FoundSpan], cursor: SpanCursor) -> usize {
    let mut together = spans.iter().take_while(|found| found.span.started_at.millis() == cursor.millis);
    together.position(|found| found.id == cursor.span).map_or(0, |at| at + 1)
}

/// The spans of a trace in their order, all or from the millisecond of a cursor on.
fn found(connection: &Connection, trace_id: &str, cursor: Option<SpanCursor>) -> Result<Vec<FoundSpan>> {
    let newest = cursor.map_or(i64::MAX, |cursor| cursor.newest);
    let from = cursor.map_or(Nanos(i64::MIN), |cursor| Nanos::from_millis(cursor.millis));
    let mut statement = connection.prepare_cached(include_str!("sql/span_list.sql"))?;
    let mut rows = statement.query((NAMELESS, trace_id, newest, from))?;
    let mut spans = Vec::new();
    while let Some(row) = rows.next()? {
        spans.push(FoundSpan { span: from_row(trace_id, row)?, body: row.get(8)?, id: row.get(9)? });
    }
    Ok(span_order::ordered(spans, |found| &found.span))
}

/// The span, without its body, of a row whose first columns are those of `sql/span_list.sql`: by position, since looking
/// columns up by name takes a tenth of reading a long trace.
pub fn from_row(trace_id: &str, row: &rusqlite::Row<'_>) -> rusqlite::Result<Span> {
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
        body: String::new(),
    })
}

/// What is written of a span beside itself.
struct Row {
    id: i64,
    trace: i64,
    changed_seq: i64,
    body: i64,
}

/// False if the span is known.
fn insert(connection: &Connection, row: &Row, span: &Span) -> Result<bool> {
    let added = connection.prepare_cached(include_str!("sql/span_insert.sql"))?.execute(named_params! {
        ":id": row.id,
        ":trace": row.trace,
        ":span_id": span.span_id,
        ":changed_seq": row.changed_seq,
        ":parent_span_id": span.parent_span_id,
        ":kind": span.kind.as_str(),
        ":name": span.name,
        ":status": span.status.as_str(),
        ":tool_type": span.tool_type.map(Word::as_str),
        ":started_at": span.started_at,
        ":duration_ms": span.duration_ms,
        ":body": row.body,
    })?;
    Ok(added > 0)
}

fn update(connection: &Connection, row: &Row, span: &Span) -> Result<()> {
    connection.prepare_cached(include_str!("sql/span_update.sql"))?.execute(named_params! {
        ":id": row.id,
        ":changed_seq": row.changed_seq,
        ":parent_span_id": span.parent_span_id,
        ":kind": span.kind.as_str(),
        ":name": span.name,
        ":status": span.status.as_str(),
        ":tool_type": span.tool_type.map(Word::as_str),
        ":started_at": span.started_at,
        ":duration_ms": span.duration_ms,
        ":body": row.body,
    })?;
    Ok(())
}
