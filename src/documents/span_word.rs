//! Span words: each changes its span's columns and keeps what it gives of the body beside those before it.
//!
//! No word reads what earlier ones gave: reading folds them. So a word costs what it carries; but what a trace that nobody
//! started follows of its first root span is read anew when a word changes that.

use super::given_keys::GivenKeys;
use super::link;
use super::pending::Pending;
use super::pieces::owner::User;
use super::rows::Rows;
use super::rows::span::{KnownSpan, SpanRow};
use super::rows::span_word::SpanWordRow;
use super::rows::state::{Counted, next};
use super::trace::{self, SpanChange};
use super::trace_row;
use crate::error::Result;
use crate::json::object_text;
use crate::model::Receipt;
use crate::model::span::Span;
use crate::model::span_word::{SpanWord, SpanWordKind};
use crate::model::word::SpanState;

/// So many earlier words are looked at for those that a new one covers: those of a stream of updates are among the last.
const LOOKED_AT: u32 = 64;

/// Takes in one word, whether or not its trace or its span was started.
pub fn say(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, word: &SpanWord) -> Result<Receipt> {
    let changed_seq = pending.next_seq();
    let known = trace_row::of_word(rows, pending, tenant, word)?;
    let trace = known.id;
    let before = rows.find_span(trace, &word.span_id)?;
    let is_new = before.is_none();
    let KnownSpan { mut row, mut span } = before.unwrap_or_else(|| awaited(pending, trace, word));
    if span.is_deaf_to(word) {
        return Ok(Receipt::written(row.version));
    }
    let was_awaited = span.state == SpanState::Awaited;
    span.take(word);
    row.version = row.version.saturating_add(1);
    row.changed_seq = changed_seq;
    row.updated_at = pending.now;
    row.engine = pending.engine.filter(|_| span.state == SpanState::Running);
    keep(rows, pending, &mut row, word)?;
    link::say(rows, pending, tenant, word)?;
    if is_new {
        rows.insert_span(&row, &span)?;
    } else {
        rows.update_span(&row, &span)?;
    }
    if was_awaited && span.state != SpanState::Awaited {
        pending.count(tenant, Counted::Span);
    }
    if known.is_summed && span.state != SpanState::Awaited {
        pending.sums.note(trace);
    }
    let is_followed = known.derived.follows_spans() && span.state != SpanState::Awaited;
    if is_followed && (was_awaited || word.tells_of_trace()) {
        trace::follow(rows, pending, tenant, &known, (&row, SpanChange::Rewritten), &span)?;
    }
    Ok(Receipt::written(row.version))
}

/// Lets the words of a span go, which was written as a whole, but for the events that were added to it since a word gave
/// all of them.
pub fn forget(rows: &mut dyn Rows, pending: &mut Pending, trace: i64, span: i64) -> Result<()> {
    let mut all_given = false;
    for word in rows.span_words(trace, span, u32::MAX)? {
        let keys = GivenKeys::from_bytes(&word.keys)?;
        all_given |= keys.give_events() && word.place > 0;
        if all_given || !keys.add_events() {
            let_go(rows, pending, &word)?;
        }
    }
    Ok(())
}

/// A span without a row.
fn awaited(pending: &mut Pending, trace: i64, word: &SpanWord) -> KnownSpan {
    let (id, now) = (next(&mut pending.numbers.span), pending.now);
    KnownSpan {
        row: SpanRow {
            id,
            trace,
            version: 0,
            changed_seq: 0,
            created_at: now,
            updated_at: now,
            engine: None,
            body: None,
        },
        span: Span::awaited(&word.trace_id, &word.span_id),
    }
}

/// Keeps what a word gives of the body: as the span's first body, or as a word of its own.
fn keep(rows: &mut dyn Rows, pending: &mut Pending, row: &mut SpanRow, word: &SpanWord) -> Result<()> {
    if let Some(events) = &word.added_events {
        return keep_beside(rows, pending, row, word.kind, &GivenKeys::of_added_events(), events);
    }
    if word.fields.is_empty() {
        return Ok(());
    }
    let is_first_body = word.kind == SpanWordKind::Start && row.body.is_none();
    let keys = GivenKeys::of(&word.fields)?;
    if !is_first_body && !make_room(rows, pending, row, word.kind, &keys)? {
        return Ok(());
    }
    let body = object_text(word.fields.iter().map(|(key, value)| (key, value.as_str())));
    if is_first_body {
        let stored = pending.bodies.store_span(rows, &mut pending.numbers, row.trace, &body)?;
        pending.bodies.count_uses(User::Span { trace: row.trace, span: row.id }, None, &stored);
        row.body = Some(stored.entry);
        return Ok(());
    }
    keep_beside(rows, pending, row, word.kind, &keys, &body)
}

fn keep_beside(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    row: &SpanRow,
    kind: SpanWordKind,
    keys: &GivenKeys,
    body: &str,
) -> Result<()> {
    let entry = pending.bodies.store_word(rows, &mut pending.numbers, row, body)?;
    // Of two starts the earlier is folded later.
    let place = if kind == SpanWordKind::Start { -row.changed_seq } else { row.changed_seq };
    let keys = keys.to_bytes();
    rows.insert_span_word(&SpanWordRow { trace: row.trace, span: row.id, place, keys, body: entry })
}

/// Lets earlier words go that the new one covers; false if it is a start of which nothing would show.
fn make_room(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    row: &SpanRow,
    kind: SpanWordKind,
    keys: &GivenKeys,
) -> Result<bool> {
    for earlier in rows.span_words(row.trace, row.id, LOOKED_AT)? {
        let known = GivenKeys::from_bytes(&earlier.keys)?;
        match kind {
            SpanWordKind::Start if known.cover(keys) => return Ok(false),
            SpanWordKind::Start => {}
            _ if keys.cover(&known) => let_go(rows, pending, &earlier)?,
            _ => {}
        }
    }
    Ok(true)
}

fn let_go(rows: &mut dyn Rows, pending: &mut Pending, word: &SpanWordRow) -> Result<()> {
    pending.bodies.let_word_go(rows, User::Span { trace: word.trace, span: word.span }, word.body)?;
    rows.remove_span_word(word)
}
