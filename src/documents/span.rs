//! Spans: written once, or again as the same span; read in the order of their start.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::bodies::Former;
use super::link;
use super::pending::Pending;
use super::pieces::owner::User;
use super::rows::Rows;
use super::rows::span::{KnownSpan, SpanRow, StoredSpan};
use super::rows::state::Counted;
use super::trace::{self, SpanChange};
use super::{span_word, trace_row};
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::answer::ListPage;
use crate::model::query::{SpanCursor, SpanWindow};
use crate::model::span::Span;
use crate::model::span_order;
use crate::model::tag::TagChange;
use crate::model::time::Nanos;
use crate::model::word::SpanState;
use crate::model::writer_process::WriterProcess;

/// Records a span, which makes its trace if need be; a known `(traceId, spanId)` is rewritten in its place.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<Receipt> {
    write(rows, pending, tenant, span).map(Receipt::written)
}

/// The same of a span that carries a step, of which the caller may not know the id.
pub fn add_step(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<Receipt> {
    let version = write(rows, pending, tenant, span)?;
    Ok(Receipt::Span { span_id: span.span_id.clone(), version })
}

fn write(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<i64> {
    let changed_seq = pending.next_seq();
    let known = trace_row::of_span(rows, pending, tenant, span)?;
    let trace = known.id;
    let stored = pending.bodies.store_span(rows, &mut pending.numbers, trace, &span.body)?;
    let (id, body, now) = (pending.numbers.span + 1, Some(stored.entry), pending.now);
    let (created_at, updated_at) = (now, now);
    let mut row = SpanRow { id, trace, version: 1, changed_seq, created_at, updated_at, engine: None, body };
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
        span_word::forget(rows, pending, trace, before.row.id)?;
        let version = before.row.version.saturating_add(1);
        row = SpanRow { id: before.row.id, version, created_at: before.row.created_at, ..row };
        rows.update_span(&row, span)?;
        if before.span.state == SpanState::Awaited {
            pending.count(tenant, Counted::Span);
        }
    }
    pending.bodies.count_uses(User::Span { trace, span: row.id }, former.as_ref(), &stored);
    if matches!(how, SpanChange::Rewritten) || !span.links.is_empty() {
        link::give(rows, pending, tenant, (&span.trace_id, &span.span_id), &span.links)?;
    }
    if known.is_summed {
        pending.sums.note(trace);
    }
    if known.derived.follows_spans() {
        trace::follow(rows, pending, tenant, &known, (&row, how), span)?;
    }
    Ok(row.version)
}

/// Adds tags to a span and takes others away; its body is not touched. `NOT_FOUND` if it is not there.
pub fn change_tags(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    span_id: &str,
    change: &TagChange,
) -> Result<Receipt> {
    let trace_id = &change.trace_id;
    let not_found = || Error::new(Code::NotFound, format!("there is no span {span_id:?} of trace {trace_id:?}"));
    let KnownSpan { row: before, mut span } = shown(rows, tenant, trace_id, span_id)?.ok_or_else(not_found)?;
    trace_row::heard_of(rows, pending, tenant, trace_id)?;
    change.apply(span.tags.get_or_insert_default());
    let (version, changed_seq) = (before.version.saturating_add(1), pending.next_seq());
    let engine = pending.engine.filter(|_| span.state == SpanState::Running);
    rows.update_span(&SpanRow { version, changed_seq, updated_at: pending.now, engine, ..before }, &span)?;
    Ok(Receipt::written(version))
}

/// A span that is shown, by the names that callers give.
pub fn shown(rows: &mut dyn Rows, tenant: i64, trace_id: &str, span_id: &str) -> Result<Option<KnownSpan>> {
    let Some(trace) = rows.find_trace(tenant, trace_id)? else { return Ok(None) };
    let found = rows.find_span(trace.id, span_id)?.filter(|known| known.span.state != SpanState::Awaited);
    Ok(found.map(|known| KnownSpan { span: Span { trace_id: trace_id.to_owned(), ..known.span }, ..known }))
}

/// Adds a span to an answer, if it is there.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str, span_id: &str) -> Result<()> {
    let Some(KnownSpan { row, mut span }) = shown(assembler.rows, assembler.tenant, trace_id, span_id)? else {
        return Ok(());
    };
    span.links = link::of_span(assembler.rows, assembler.tenant, trace_id, span_id)?;
    let words = assembler.rows.span_words(row.trace, row.id, u32::MAX)?;
    let words = words.iter().rev().map(|word| (word.place, word.body)).collect();
    push_all(assembler, &[StoredSpan { id: row.id, span, engine: row.engine, body: row.body, words }])
}

/// Adds the spans of a trace that have no parent to an answer.
pub fn list_roots(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let mut spans = found(assembler, trace_id, None)?;
    spans.retain(|found| found.span.parent_span_id.is_none());
    push_all(assembler, &spans)
}

/// Adds all spans of a trace to an answer.
pub fn list(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let spans = found(assembler, trace_id, None)?;
    push_all(assembler, &spans)
}

fn push_all(assembler: &mut Assembler<'_>, spans: &[StoredSpan]) -> Result<()> {
    let documents = spans.iter().map(|found| {
        let writer = writer_process(assembler.rows, &found.span, found.engine)?;
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
        let writer = writer_process(assembler.rows, &found.span, found.engine)?;
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
pub fn writer_process(rows: &mut dyn Rows, span: &Span, engine: Option<i64>) -> Result<WriterProcess> {
    match engine {
        Some(engine) if span.state == SpanState::Running => rows.writer_process(engine),
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
    let mut spans = assembler.rows.spans(assembler.tenant, trace_id, from, newest)?;
    let mut links = link::of_spans(assembler.rows, assembler.tenant, trace_id)?;
    for StoredSpan { span, .. } in &mut spans {
        span.links = links.remove(&span.span_id).unwrap_or_default();
    }
    Ok(span_order::ordered(spans, |found| &found.span))
}
