//! A span word: what `startSpan`, `updateSpan`, `endSpan` and `addEvents` say of a span.

use super::fact::ROOT_FACTS;
use super::facts::FactChanges;
use super::fields::{self, ColumnChange, Fields};
use super::link::SpanLink;
use super::time::Nanos;
use super::word::{SpanKind, SpanStatus, ToolType};
use crate::error::{Error, Result};
use crate::json::Key;

/// Which of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanWordKind {
    Start,
    Update,
    End,
    /// Adds events, and changes no field.
    Events,
}

/// What one word says.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanWord {
    pub kind: SpanWordKind,
    pub trace_id: String,
    pub span_id: String,
    /// When it was said.
    pub now: Nanos,
    /// A start that has no end.
    pub is_event: bool,
    /// Of an end, if it is given.
    pub ended_at: Option<Nanos>,
    pub parent_span_id: ColumnChange<String>,
    pub span_kind: Option<SpanKind>,
    pub name: Option<String>,
    pub status: Option<SpanStatus>,
    pub tool_type: ColumnChange<ToolType>,
    pub tags: ColumnChange<Vec<String>>,
    pub links: ColumnChange<Vec<SpanLink>>,
    pub started_at: Option<Nanos>,
    pub duration_ms: Option<f64>,
    /// What those fields tell.
    pub facts: FactChanges,
    /// Fields of the body with the JSON text of their values; `null` clears. A start clears nothing.
    pub fields: Vec<(Key<'static>, String)>,
    /// The JSON text of a list of events, unless that is empty.
    pub added_events: Option<String>,
}

impl SpanWord {
    /// From `{"now", "span"}` of a start; from `{"traceId", "spanId", "now"}` and `"changes"`, `"end"` or `"events"` of the
    /// others.
    pub fn parse(kind: SpanWordKind, text: &str) -> Result<Self> {
        let place = match kind {
            SpanWordKind::Start => "span",
            SpanWordKind::Update => "changes",
            SpanWordKind::End => "end",
            SpanWordKind::Events => return Self::parse_events(text),
        };
        let mut call = Fields::parse("call", text)?;
        let now = Nanos::from_millis(call.required("now", fields::whole)?);
        let document = call.take(place).ok_or_else(|| Error::invalid(format!("{place} is missing")))?;
        let mut given = Fields::parse(place, document)?;
        given.schema_version()?;
        given.derived_state();
        given.take("clockSkew");
        if kind != SpanWordKind::Start {
            given.refuse(&["traceId", "spanId", "isEvent"])?;
        }
        let ids = if kind == SpanWordKind::Start { &mut given } else { &mut call };
        let (trace_id, span_id) = (ids.required("traceId", fields::id)?, ids.required("spanId", fields::id)?);
        let mut word = Self {
            kind,
            trace_id,
            span_id,
            now,
            is_event: given.peek("isEvent", |text| Ok(text == "true"))?.unwrap_or_default(),
            ended_at: if kind == SpanWordKind::End { given.instant("endedAt", "endedAtNs")? } else { None },
            parent_span_id: given.change("parentSpanId", fields::id)?,
            span_kind: given.optional("kind", fields::word)?,
            name: given.optional("name", fields::string)?,
            status: given.optional("status", fields::word)?,
            tool_type: given.change("toolType", fields::word)?,
            tags: given.change("tags", fields::strings)?,
            links: given.change("links", SpanLink::parse_all)?,
            started_at: given.instant("startedAt", "startedAtNs")?,
            duration_ms: given.optional("durationMs", fields::real)?,
            facts: FactChanges::of(given.iter()),
            fields: given.into_owned(),
            added_events: None,
        };
        if kind == SpanWordKind::Start {
            word.require_start()?;
        }
        Ok(word)
    }

    fn parse_events(text: &str) -> Result<Self> {
        let mut call = Fields::parse("call", text)?;
        let events = call.required("events", fields::list)?;
        Ok(Self {
            kind: SpanWordKind::Events,
            trace_id: call.required("traceId", fields::id)?,
            span_id: call.required("spanId", fields::id)?,
            now: Nanos::from_millis(call.required("now", fields::whole)?),
            is_event: false,
            ended_at: None,
            parent_span_id: ColumnChange::Keep,
            span_kind: None,
            name: None,
            status: None,
            tool_type: ColumnChange::Keep,
            tags: ColumnChange::Keep,
            links: ColumnChange::Keep,
            started_at: None,
            duration_ms: None,
            facts: FactChanges::default(),
            fields: Vec::new(),
            added_events: Some(events).filter(|events| events != "[]"),
        })
    }

    fn require_start(&mut self) -> Result<()> {
        let missing = [
            ("kind", self.span_kind.is_none()),
            ("name", self.name.is_none()),
            ("startedAt", self.started_at.is_none()),
        ];
        if let Some((field, _)) = missing.iter().find(|(_, is_missing)| *is_missing) {
            return Err(Error::invalid(format!("span.{field} is missing")));
        }
        self.fields.retain(|(_, value)| value != "null");
        Ok(())
    }

    /// Whether it changes anything that a trace may follow of its first root span.
    pub fn tells_of_trace(&self) -> bool {
        let columns = self.parent_span_id != ColumnChange::Keep
            || self.name.is_some()
            || self.status.is_some()
            || self.started_at.is_some()
            || self.duration_ms.is_some();
        matches!(self.kind, SpanWordKind::Start | SpanWordKind::End) || columns || self.facts.touches(&ROOT_FACTS)
    }

    /// Whether it says that something went wrong.
    pub fn gives_error(&self) -> bool {
        self.fields.iter().any(|(key, value)| key.name() == "error" && value != "null")
    }
}
