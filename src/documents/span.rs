//! Spans: written once, or again as the same span; read in the order of their start.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::bodies::Former;
use super::pending::Pending;
use super::pieces::owner::User;
use super::rows::Rows;
use super::rows::span::{SpanRow, StoredSpan};
use super::rows::state::Counted;
use super::span_word;
use super::trace::{self, SpanChange};
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::answer::ListPage;
use crate::model::derived::Derived;
use crate::model::query::{SpanCursor, SpanWindow};
use crate::model::receipt::Written;
use crate::model::span::Span;
use crate::model::span_order;
use crate::model::time::Nanos;
use crate::model::word::SpanState;
use crate::model::writer_process::WriterProcess;

/// Records a span, which makes its trace if need be; a known `(traceId, spanId)` is rewritten in its place.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<Receipt> {
    let changed_seq = pending.next_seq();
    let known = trace::of_span(rows, pending, tenant, span)?;
    let trace = known.id;
    let stored = pending.bodies.store_span(rows, &mut pending.numbers, trace, &span.body)?;
    let (id, body) = (pending.numbers.span + 1, Some(stored.entry));
    let mut row = SpanRow { id, trace, version: 1, changed_seq, engine: None, body };
    let (mut former, mut how) = (None, SpanChange::New);
    if rows.insert_span(&row, span)? {
        pending.numbers.span = row.id;
        pending.count(tenant, Counted::Span);
    } else {
        let before = rows
            .find_span(trace, &span.span_id)?
            .ok_or_else(|| Error::corrupt("a span is known and can't be found; restore the store from a backup"))?;
        former = before.row.body.map(|body| Former::read(rows, body)).transpose()?;
        how = SpanChange::Rewritten;
        span_word::forget_all(rows, pending, trace, before.row.id)?;
        row = SpanRow { id: before.row.id, version: before.row.version.saturating_add(1), ..row };
        rows.update_span(&row, span)?;
        if before.span.state == SpanState::Awaited {
            pending.count(tenant, Counted::Span);
        }
    }
    pending.bodies.count_uses(User::Span { trace, span: row.id }, former.as_ref(), &stored);
    if known.derived != Derived::NOTHING {
        trace::follow(rows, pending, tenant, &known, (&row, how), span)?;
    }
    Ok(Receipt::Written(Written { version: row.version }))
}

/// Adds all spans of a trace to an answer.
pub fn list(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let spans = found(assembler, trace_id, None)?;
    let documents = spans.iter().map(|found| {
        let writer = writer_process(assembler.rows, found)?;
        Ok((found.span.header(writer), FoldedBody::of_span(found)))
    });
    let documents = documents.collect::<Result<Vec<_>>>()?;
    assembler.push_spans(&documents)
}

/// Adds a page of a trace's spans to an answer.
pub fn page(assembler: &mut Assembler<'_>, trace_id: &str, window: &SpanWindow) -> Result<ListPage> {
    let spans = found(assembler, trace_id, window.cursor)?;
    let newest = match window.cursor {
        Some(cursor) => cursor.newest,
        None => spans.iter().map(|found| found.id).max().unwrap_or_default(),
    };
    let rest = &spans[window.cursor.map_or(0, |cursor| behind(&spans, cursor))..];
    let limit = window.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let mut shown = 0;
    for found in rest.iter().take(limit) {
        let writer = writer_process(assembler.rows, found)?;
        if assembler.push_if_room(&found.span.header(writer), &FoldedBody::of_span(found))? == Pushed::NoRoom {
            break;
        }
        shown += 1;
    }
    let has_more = rest.len() > shown;
    let last = rest[..shown].last().filter(|_| has_more);
    let cursor = |last: &StoredSpan| SpanCursor { millis: last.span.begin().millis(), span: last.id, newest };
    Ok(ListPage { total: None, has_more, next_cursor: last.map(|last| cursor(last).to_text()) })
}

/// The process that keeps a span running; of others nobody asks.
fn writer_process(rows: &mut dyn Rows, found: &StoredSpan) -> Result<WriterProcess> {
    match found.engine {
        Some(engine) if found.span.state == SpanState::Running => rows.writer_process(engine),
        _ => Ok(WriterProcess::Alive),
    }
}

/// Where the spans behind a cursor begin. Its span is not in its millisecond if it was rewritten to begin at another time:
/// then that millisecond is shown again, rather than left out.
fn behind(spans: &[StoredSpan], cursor: SpanCursor) -> usize {
    let mut together = spans.iter().take_while(|found| found.span.begin().millis() == cursor.millis);
    together.position(|found| found.id == cursor.span).map_or(0, |at| at + 1)
}

/// The spans of a trace in their order, all or from the millisecond of a cursor on.
fn found(assembler: &mut Assembler<'_>, trace_id: &str, cursor: Option<SpanCursor>) -> Result<Vec<StoredSpan>> {
    let newest = cursor.map_or(i64::MAX, |cursor| cursor.newest);
    let from = cursor.map_or(Nanos(i64::MIN), |cursor| Nanos::from_millis(cursor.millis));
    Ok(span_order::ordered(assembler.rows.spans(assembler.tenant, trace_id, from, newest)?, |found| &found.span))
}
