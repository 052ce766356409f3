//! Spans: written once, or again as the same span; read in the order of their start.

use super::assemble::Assembler;
use super::columns::word;
use super::pending::Pending;
use super::trace;
use crate::error::Result;
use crate::model::span::Span;
use crate::model::word::Word;
use rusqlite::{Connection, named_params};

/// Records a span, whether or not its trace has been started; a known `(traceId, spanId)` is rewritten in its place.
pub fn add(connection: &Connection, pending: &mut Pending, span: &Span) -> Result<()> {
    let Pending { numbers, bodies, .. } = pending;
    let trace = trace::id_for_spans(connection, &span.trace_id)?;
    let (manifest, entry) = bodies.encode_span(connection, numbers, trace, &span.body)?;
    if write(connection, include_str!("sql/span_insert.sql"), trace, span, entry)? > 0 {
        numbers.added.spans += 1;
        return Ok(());
    }
    let old: i64 = connection
        .prepare_cached(include_str!("sql/span_find.sql"))?
        .query_row((trace, &span.span_id), |row| row.get(0))?;
    write(connection, include_str!("sql/span_update.sql"), trace, span, entry)?;
    bodies.release_span(connection, trace, old, &manifest)
}

/// Adds all spans of a trace to an answer.
pub fn list(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let mut statement = assembler.connection.prepare_cached(include_str!("sql/span_list.sql"))?;
    let mut rows = statement.query([trace_id])?;
    let mut spans = Vec::new();
    while let Some(row) = rows.next()? {
        // By position, since looking columns up by name takes a tenth of reading a long trace.
        let tool_type: Option<String> = row.get(5)?;
        let span = Span {
            trace_id: trace_id.to_owned(),
            span_id: row.get(0)?,
            parent_span_id: row.get(1)?,
            kind: word(row, 2)?,
            name: row.get(3)?,
            status: word(row, 4)?,
            tool_type: tool_type.map(|word| Word::parse(&word)).transpose()?,
            started_at: row.get(6)?,
            duration_ms: row.get(7)?,
            body: String::new(),
        };
        spans.push((span, row.get(8)?));
    }
    assembler.push_spans(&spans)
}

fn write(connection: &Connection, statement: &str, trace: i64, span: &Span, entry: i64) -> Result<usize> {
    let changed = connection.prepare_cached(statement)?.execute(named_params! {
        ":trace": trace,
        ":span_id": span.span_id,
        ":parent_span_id": span.parent_span_id,
        ":kind": span.kind.as_str(),
        ":name": span.name,
        ":status": span.status.as_str(),
        ":tool_type": span.tool_type.map(Word::as_str),
        ":started_at": span.started_at,
        ":duration_ms": span.duration_ms,
        ":body": entry,
    })?;
    Ok(changed)
}
