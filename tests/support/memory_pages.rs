//! Pages of the reference backend: found by looking at everything.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use super::told_span::ToldSpan;
use serde_json::Value;
use tracestore::model::answer::{Documents, Header, ListPage};
use tracestore::model::field::Listed;
use tracestore::model::query::{Condition, Cursor, ListWindow, SpanCursor, SpanWindow, Total};
use tracestore::model::time::Nanos;
use tracestore::model::word::SpanState;
use tracestore::model::writer_process::WriterProcess;

pub fn push(documents: &mut Documents, header: &impl Header, body: &str) {
    documents.push(header, format!("[0,{body}]")).unwrap();
}

pub fn page<T>(mut found: Vec<(Nanos, i64, &T)>, request: &ListWindow, mut push: impl FnMut(&T)) -> ListPage {
    found.sort_by_key(|(time, seq, _)| std::cmp::Reverse((*time, *seq)));
    let total = (request.total == Total::Counted).then_some(found.len() as u64);
    if let Some(cursor) = request.cursor {
        found.retain(|(time, seq, _)| (*time, *seq) < (cursor.time, cursor.seq));
    }
    let offset = usize::try_from(request.offset).unwrap();
    let rest: Vec<_> = found.into_iter().skip(offset).collect();
    let limit = usize::try_from(request.limit).unwrap();
    rest.iter().take(limit).for_each(|(_, _, document)| push(document));
    let has_more = rest.len() > limit;
    let last = rest.iter().take(limit).next_back().filter(|_| has_more);
    ListPage { total, has_more, next_cursor: last.map(|(time, seq, _)| Cursor { time: *time, seq: *seq }.to_text()) }
}

pub fn meets(document: &impl Listed, conditions: &[Condition]) -> bool {
    conditions.iter().all(|condition| condition.holds(document))
}

/// By millisecond, each span after its ancestors in that, else by nanosecond and as written.
fn in_order(mut spans: Vec<&ToldSpan>) -> Vec<&ToldSpan> {
    spans.sort_by_key(|told| told.span.begin());
    let parent = |of: &ToldSpan| {
        let is_parent = |told: &&&ToldSpan| Some(&told.span.span_id) == of.span.parent_span_id.as_ref();
        let found = spans.iter().find(is_parent).copied();
        found.filter(|parent| parent.span.begin().millis() == of.span.begin().millis())
    };
    // The ancestors from the next one on; of a span that is its own ancestor none.
    let ancestors = |of: &ToldSpan| -> Vec<&ToldSpan> {
        let all: Vec<&ToldSpan> = std::iter::successors(parent(of), |told| parent(told)).take(spans.len()).collect();
        if all.iter().any(|told| told.span.span_id == of.span.span_id) { Vec::new() } else { all }
    };
    let mut ordered: Vec<&ToldSpan> = Vec::new();
    for span in &spans {
        let circle_or_root = |told: &&ToldSpan| ancestors(told).is_empty();
        let mut way = vec![*span];
        for ancestor in ancestors(span) {
            way.push(ancestor);
            if circle_or_root(&ancestor) {
                break;
            }
        }
        for span in way.into_iter().rev() {
            if !ordered.iter().any(|known| known.span.span_id == span.span.span_id) {
                ordered.push(span);
            }
        }
    }
    ordered
}

/// Behind the span of the cursor, of those that were there when the first page was read.
pub fn span_page(spans: &[ToldSpan], documents: &mut Documents, trace_id: &str, window: &SpanWindow) -> ListPage {
    let id = |of: &ToldSpan| spans.iter().position(|told| std::ptr::eq(told, of)).unwrap() as i64;
    let all = spans_in_order(spans, trace_id, window.cursor.map_or(usize::MAX, |cursor| cursor.newest as usize));
    let newest = window.cursor.map_or(spans.len() as i64, |cursor| cursor.newest);
    let rest = match window.cursor {
        Some(cursor) => all.into_iter().skip_while(|span| id(span) != cursor.span).skip(1).collect(),
        None => all,
    };
    let limit = window.limit.map_or(usize::MAX, |limit| limit as usize);
    let (shown, left) = rest.split_at(limit.min(rest.len()));
    for told in shown {
        push_span(documents, told);
    }
    let last = shown.last().filter(|_| !left.is_empty());
    let cursor = |last: &&ToldSpan| SpanCursor { millis: last.span.begin().millis(), span: id(last), newest };
    ListPage { total: None, has_more: !left.is_empty(), next_cursor: last.map(|last| cursor(last).to_text()) }
}

/// Of those written first that are shown.
pub fn spans_in_order<'a>(spans: &'a [ToldSpan], trace_id: &str, first_written: usize) -> Vec<&'a ToldSpan> {
    let written = spans.iter().take(first_written).filter(|told| told.span.trace_id == trace_id);
    in_order(written.filter(|told| told.span.state != SpanState::Awaited).collect())
}

pub fn push_span(documents: &mut Documents, told: &ToldSpan) {
    push(documents, &told.span.header(WriterProcess::Alive), &Value::Object(told.body()).to_string());
}
