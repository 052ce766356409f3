//! A span: its columns and its body, and how later words change the columns.

use super::answer::Header;
use super::facts::Facts;
use super::fields::{self, Fields};
use super::link::{SpanLink, SpanLinkHeader};
use super::span_word::{SpanWord, SpanWordKind};
use super::time::Nanos;
use super::word::{SpanKind, SpanState, SpanStatus, ToolType, Word};
use super::writer_process::WriterProcess;
use crate::error::{Error, Result};
use serde::Serialize;

/// What an aborted span reads as its error, unless it was given one.
const ABORTED: &str = "the process that recorded this span is gone, and never said how it ended";

/// A span as a backend keeps it. What may be unknown has not been said yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub trace_id: String,
    pub span_id: String,
    pub state: SpanState,
    pub parent_span_id: Option<String>,
    pub kind: Option<SpanKind>,
    pub name: Option<String>,
    pub status: Option<SpanStatus>,
    pub tool_type: Option<ToolType>,
    /// Of a span that is shown always known.
    pub started_at: Option<Nanos>,
    /// When the last word about it was said, while it runs; later its end, if that was told.
    pub until: Option<Nanos>,
    /// If it was given; else it is the time from the start until then.
    pub duration_ms: Option<f64>,
    /// Nothing if none were ever given.
    pub tags: Option<Vec<String>>,
    pub links: Vec<SpanLink>,
    /// What the body tells, in columns. Not read where spans are listed.
    pub facts: Facts,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl Span {
    /// From the text of a `SpanInput`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("span", text)?;
        given.schema_version()?;
        given.derived_state();
        given.take("clockSkew");
        let started_at = given.instant("startedAt", "startedAtNs")?;
        let started_at = started_at.ok_or_else(|| Error::invalid("span.startedAt is missing"))?;
        Ok(Self {
            trace_id: given.required("traceId", fields::id)?,
            span_id: given.required("spanId", fields::id)?,
            state: SpanState::Ended,
            parent_span_id: given.optional("parentSpanId", fields::id)?,
            kind: Some(given.required("kind", fields::word)?),
            name: Some(given.required("name", fields::string)?),
            status: Some(given.required("status", fields::word)?),
            tool_type: given.optional("toolType", fields::word)?,
            started_at: Some(started_at),
            until: given.optional("endedAtNs", fields::nanos)?,
            duration_ms: Some(given.required("durationMs", fields::real)?),
            tags: given.optional("tags", fields::strings)?,
            links: given.optional("links", SpanLink::parse_all)?.unwrap_or_default(),
            facts: Facts::of(given.iter()),
            body: given.rest_text(),
        })
    }

    /// A span of which nothing is known but its name.
    pub fn awaited(trace_id: &str, span_id: &str) -> Self {
        Self {
            trace_id: trace_id.to_owned(),
            span_id: span_id.to_owned(),
            state: SpanState::Awaited,
            parent_span_id: None,
            kind: None,
            name: None,
            status: None,
            tool_type: None,
            started_at: None,
            until: None,
            duration_ms: None,
            tags: None,
            links: Vec::new(),
            facts: Facts::default(),
            body: String::new(),
        }
    }

    /// When it began; the epoch of one that is not shown and has not said so.
    pub fn begin(&self) -> Nanos {
        self.started_at.unwrap_or(Nanos(0))
    }

    /// When it ended, if it has.
    pub fn ended_at(&self) -> Option<Nanos> {
        // One that lies before the start is told by no duration.
        let skewed = self.until.filter(|end| *end < self.begin());
        let given = self.duration_ms.map(|duration| self.begin().later_by_millis(duration));
        skewed.or(given).or(self.until).filter(|_| self.state == SpanState::Ended)
    }

    /// Whether a word would change nothing: a start that comes after the end.
    pub fn is_deaf_to(&self, word: &SpanWord) -> bool {
        word.kind == SpanWordKind::Start && self.state == SpanState::Ended
    }

    /// Changes the columns by a later word.
    pub fn take(&mut self, word: &SpanWord) {
        match word.kind {
            SpanWordKind::Start => self.start(word),
            SpanWordKind::Update | SpanWordKind::Events => {
                self.replace(word);
                if self.state != SpanState::Ended {
                    self.until = Some(word.now);
                }
            }
            SpanWordKind::End => self.end(word),
        }
    }

    /// What is known stays.
    fn start(&mut self, word: &SpanWord) {
        fill(&mut self.parent_span_id, word.parent_span_id.value());
        fill(&mut self.tool_type, word.tool_type.value());
        fill(&mut self.tags, word.tags.value());
        fill(&mut self.kind, word.span_kind.as_ref());
        fill(&mut self.name, word.name.as_ref());
        fill(&mut self.status, word.status.as_ref());
        fill(&mut self.started_at, word.started_at.as_ref());
        fill(&mut self.duration_ms, word.duration_ms.as_ref());
        word.facts.complete(&mut self.facts);
        self.state = if word.is_event { SpanState::Ended } else { SpanState::Running };
        self.until = if word.is_event { self.started_at } else { Some(word.now) };
    }

    fn replace(&mut self, word: &SpanWord) {
        word.parent_span_id.apply(&mut self.parent_span_id);
        word.tool_type.apply(&mut self.tool_type);
        word.tags.apply(&mut self.tags);
        replace(&mut self.kind, word.span_kind.as_ref());
        replace(&mut self.name, word.name.as_ref());
        replace(&mut self.status, word.status.as_ref());
        replace(&mut self.started_at, word.started_at.as_ref());
        replace(&mut self.duration_ms, word.duration_ms.as_ref());
        word.facts.apply(&mut self.facts);
    }

    fn end(&mut self, word: &SpanWord) {
        if word.ended_at.is_some() {
            self.until = word.ended_at;
            self.duration_ms = None;
        } else if self.state != SpanState::Ended {
            self.until = Some(word.now);
        }
        self.replace(word);
        if word.status.is_none() && word.gives_error() {
            self.status = Some(SpanStatus::Error);
        }
        self.started_at = self.started_at.or(self.until);
        self.state = SpanState::Ended;
    }

    /// Whether it runs or was aborted; nothing once it has ended.
    pub fn shown_state(&self, writer: WriterProcess) -> Option<&'static str> {
        let runs = self.state == SpanState::Running;
        runs.then_some(if writer == WriterProcess::Gone { "aborted" } else { "running" })
    }

    /// One that was aborted went wrong.
    pub fn shown_status(&self, writer: WriterProcess) -> SpanStatus {
        let is_aborted = self.state == SpanState::Running && writer == WriterProcess::Gone;
        if is_aborted { SpanStatus::Error } else { self.status.unwrap_or(SpanStatus::Ok) }
    }

    /// Milliseconds, as given or up to its end or the last word about it.
    pub fn shown_duration_ms(&self) -> f64 {
        let told = || self.until.map_or(0.0, |end| end.millis_since(self.begin()));
        self.duration_ms.unwrap_or_else(told)
    }

    /// The columns as the contract's document shows them.
    pub fn header(&self, writer: WriterProcess) -> SpanHeader<'_> {
        let is_aborted = self.state == SpanState::Running && writer == WriterProcess::Gone;
        let started_at = self.begin();
        let end = self.until.filter(|_| self.state == SpanState::Ended);
        let clock_skew = end.is_some_and(|end| end < started_at);
        SpanHeader {
            schema_version: 1,
            span_id: &self.span_id,
            trace_id: &self.trace_id,
            parent_span_id: self.parent_span_id.as_deref(),
            kind: self.kind.unwrap_or(SpanKind::Custom).as_str(),
            name: self.name.as_deref().unwrap_or_default(),
            status: self.shown_status(writer).as_str(),
            state: self.shown_state(writer),
            error: is_aborted.then_some(ABORTED),
            started_at: started_at.millis(),
            duration_ms: self.shown_duration_ms(),
            tool_type: self.tool_type.map(Word::as_str),
            tags: self.tags.as_deref(),
            links: self.links.iter().map(SpanLink::header).collect(),
            started_at_ns: started_at.finer_text(),
            ended_at_ns: end.and_then(|end| if clock_skew { Some(end.0.to_string()) } else { end.finer_text() }),
            clock_skew: clock_skew.then_some(true),
        }
    }
}

fn fill<T: Clone>(column: &mut Option<T>, given: Option<&T>) {
    if column.is_none() {
        *column = given.cloned();
    }
}

fn replace<T: Clone>(column: &mut Option<T>, given: Option<&T>) {
    if given.is_some() {
        *column = given.cloned();
    }
}

/// A span's columns in an answer; times in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanHeader<'a> {
    schema_version: u32,
    span_id: &'a str,
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<&'a str>,
    kind: &'static str,
    name: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// One in the body takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    started_at: i64,
    duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<SpanLinkHeader<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at_ns: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at_ns: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_skew: Option<bool>,
}

impl Header for SpanHeader<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(kind: SpanWordKind, text: &str) -> SpanWord {
        SpanWord::parse(kind, text).unwrap()
    }

    fn start(more: &str) -> SpanWord {
        let span = format!(
            r#"{{"traceId":"t","spanId":"s","kind":"tool","name":"n","startedAt":"1970-01-01T00:00:01.000Z"{more}}}"#
        );
        word(SpanWordKind::Start, &format!(r#"{{"now":3000,"span":{span}}}"#))
    }

    fn end(now: i64, fields: &str) -> SpanWord {
        word(SpanWordKind::End, &format!(r#"{{"traceId":"t","spanId":"s","now":{now},"end":{fields}}}"#))
    }

    fn after(words: &[SpanWord]) -> serde_json::Value {
        let mut span = Span::awaited("t", "s");
        for word in words.iter().filter(|word| !span.clone().is_deaf_to(word)).collect::<Vec<_>>() {
            if !span.is_deaf_to(word) {
                span.take(word);
            }
        }
        serde_json::to_value(span.header(WriterProcess::Alive)).unwrap()
    }

    #[test]
    fn a_running_span_lasts_until_its_last_word() {
        let span = after(&[start("")]);
        assert_eq!(
            (&span["state"], &span["status"], &span["durationMs"]),
            (&"running".into(), &"ok".into(), &2000.0.into())
        );
        let ended = after(&[start(""), end(5000, "{}")]);
        assert_eq!((ended.get("state"), &ended["durationMs"]), (None, &4000.0.into()));
    }

    #[test]
    fn a_later_end_replaces_what_it_gives() {
        let first = end(5000, r#"{"endedAt":"1970-01-01T00:00:02.000Z","error":"e"}"#);
        let span = after(&[start(""), first.clone(), end(9000, r#"{"name":"m"}"#)]);
        assert_eq!(
            (&span["durationMs"], &span["status"], &span["name"]),
            (&1000.0.into(), &"error".into(), &"m".into())
        );
        let span = after(&[start(""), first, end(9000, r#"{"durationMs":7,"status":"ok"}"#)]);
        assert_eq!((&span["durationMs"], &span["status"]), (&7.0.into(), &"ok".into()));
    }

    #[test]
    fn an_end_alone_has_no_length_and_an_event_no_end() {
        let span = after(&[end(5000, "{}"), start("")]);
        assert_eq!((&span["kind"], &span["name"]), (&"custom".into(), &"".into()));
        assert_eq!((&span["startedAt"], &span["durationMs"]), (&5000.into(), &0.0.into()));
        let event = after(&[start(r#","isEvent":true"#)]);
        assert_eq!((event.get("state"), &event["durationMs"]), (None, &0.0.into()));
    }
}
