//! Spans: written once, or again as the same span; read in the order of their start.

use super::assemble::{Assembler, Pushed};
use super::bodies::Former;
use super::pending::Pending;
use super::pieces::owner::User;
use super::rows::Rows;
use super::rows::span::{SpanRow, StoredSpan};
use super::rows::state::Counted;
use super::trace_row;
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use crate::model::answer::ListPage;
use crate::model::query::{SpanCursor, SpanWindow};
use crate::model::span::Span;
use crate::model::span_order;
use crate::model::tag::TagChange;
use crate::model::time::Nanos;

/// Records a span, whether or not its trace has been started; a known `(traceId, spanId)` is rewritten in its place.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, span: &Span) -> Result<Receipt> {
    let changed_seq = pending.next_seq();
    let trace = trace_row::known_or_new(rows, pending, tenant, &span.trace_id)?;
    let stored = pending.bodies.store_span(rows, &mut pending.numbers, trace, &span.body)?;
    let (id, now) = (pending.numbers.span + 1, pending.now);
    let mut row = SpanRow { id, trace, version: 1, changed_seq, created_at: now, updated_at: now, body: stored.entry };
    let mut former = None;
    if rows.insert_span(&row, span)? {
        pending.numbers.span = row.id;
        pending.count(tenant, Counted::Span);
    } else {
        let before = rows
            .find_span(trace, &span.span_id)?
            .ok_or_else(|| Error::corrupt("a span is known and can't be found; restore the store from a backup"))?;
        former = Some(Former::read(rows, before.body)?);
        let version = before.version.saturating_add(1);
        row = SpanRow { id: before.id, version, created_at: before.created_at, ..row };
        rows.update_span(&row, span)?;
    }
    pending.bodies.count_uses(User::Span { trace, span: row.id }, former.as_ref(), &stored);
    Ok(Receipt::written(row.version))
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
    let (before, mut span) = rows.span(tenant, trace_id, span_id)?.ok_or_else(not_found)?;
    change.apply(span.tags.get_or_insert_default());
    let (version, changed_seq) = (before.version.saturating_add(1), pending.next_seq());
    rows.update_span(&SpanRow { version, changed_seq, updated_at: pending.now, ..before }, &span)?;
    Ok(Receipt::written(version))
}

/// Adds a span to an answer, if it is there.
pub fn get(assembler: &mut Assembler<'_>, trace_id: &str, span_id: &str) -> Result<()> {
    if let Some((row, span)) = assembler.rows.span(assembler.tenant, trace_id, span_id)? {
        assembler.push(&span.header(), row.body)?;
    }
    Ok(())
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
    let spans: Vec<(&Span, i64)> = spans.iter().map(|found| (&found.span, found.body)).collect();
    assembler.push_spans(&spans)
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
        if assembler.push_if_room(&found.span.header(), found.body)? == Pushed::NoRoom {
            break;
        }
        shown += 1;
    }
    let has_more = rest.len() > shown;
    let last = rest[..shown].last().filter(|_| has_more);
    let cursor = |last: &StoredSpan| SpanCursor { millis: last.span.started_at.millis(), span: last.id, newest };
    Ok(ListPage { total: None, has_more, next_cursor: last.map(|last| cursor(last).to_text()) })
}

/// Where the spans behind a cursor begin. Its span is not in its millisecond if it was rewritten to begin at another time:
/// then that millisecond is shown again, rather than left out.
fn behind(spans: &[StoredSpan], cursor: SpanCursor) -> usize {
    let mut together = spans.iter().take_while(|found| found.span.started_at.millis() == cursor.millis);
    together.position(|found| found.id == cursor.span).map_or(0, |at| at + 1)
}

/// The spans of a trace in their order, all or from the millisecond of a cursor on.
fn found(assembler: &mut Assembler<'_>, trace_id: &str, cursor: Option<SpanCursor>) -> Result<Vec<StoredSpan>> {
    let newest = cursor.map_or(i64::MAX, |cursor| cursor.newest);
    let from = cursor.map_or(Nanos(i64::MIN), |cursor| Nanos::from_millis(cursor.millis));
    Ok(span_order::ordered(assembler.rows.spans(assembler.tenant, trace_id, from, newest)?, |found| &found.span))
}
