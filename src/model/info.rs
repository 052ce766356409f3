//! Info records: what there is to know of a trace or a span without reading its payload.

use super::answer::Header;
use super::history::History;
use super::number::Number;
use super::shown_facts::ShownFacts;
use super::span::Span;
use super::time::Nanos;
use super::trace::{NOT_GIVEN, Trace};
use super::word::{SpanKind, Word};
use super::writer_process::WriterProcess;
use serde::Serialize;

/// What there is below a trace or a span, and what was said of it itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InfoCounts {
    /// The spans of a trace, or the spans that have this one as their parent.
    pub below: u64,
    pub scores: u64,
    pub annotations: u64,
    pub links: u64,
}

/// A `TraceInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceInfo<'a> {
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_trace_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_snapshot_id: Option<&'a str>,
    agent_name: &'a str,
    agent_version: &'a str,
    user_id: Number,
    auditing_id: Number,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    tags: &'a [String],
    started_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(flatten)]
    facts: ShownFacts<'a>,
    has_children: bool,
    counts: TraceCounts,
    #[serde(flatten)]
    history: History,
}

#[derive(Serialize)]
struct TraceCounts {
    spans: u64,
    scores: u64,
    annotations: u64,
    links: u64,
}

impl Header for TraceInfo<'_> {}

impl<'a> TraceInfo<'a> {
    /// Of a trace.
    pub fn of(trace: &'a Trace, writer: WriterProcess, counts: InfoCounts, history: History) -> Self {
        let InfoCounts { below: spans, scores, annotations, links } = counts;
        Self {
            trace_id: &trace.trace_id,
            session_id: trace.session_id.as_deref(),
            parent_trace_id: trace.parent_trace_id.as_deref(),
            config_snapshot_id: trace.config_snapshot_id.as_deref(),
            agent_name: trace.agent_name.as_deref().unwrap_or_default(),
            agent_version: trace.agent_version.as_deref().unwrap_or_default(),
            user_id: trace.user_id.unwrap_or(NOT_GIVEN),
            auditing_id: trace.auditing_id.unwrap_or(NOT_GIVEN),
            status: trace.status.as_str(),
            state: trace.shown_state(writer),
            tags: &trace.tags,
            started_at: trace.started_at.millis(),
            completed_at: trace.completed_at.map(Nanos::millis),
            duration_ms: trace.duration_ms(),
            end_user_id: trace.end_user_id.as_deref(),
            model: trace.model.as_deref(),
            facts: ShownFacts(&trace.facts),
            has_children: spans > 0,
            counts: TraceCounts { spans, scores, annotations, links },
            history,
        }
    }
}

/// A `SpanInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanInfo<'a> {
    trace_id: &'a str,
    span_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<&'a str>,
    kind: &'static str,
    name: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_type: Option<&'static str>,
    tags: &'a [String],
    started_at: i64,
    duration_ms: f64,
    #[serde(flatten)]
    facts: ShownFacts<'a>,
    has_children: bool,
    counts: SpanCounts,
    #[serde(flatten)]
    history: History,
}

#[derive(Serialize)]
struct SpanCounts {
    children: u64,
    scores: u64,
    annotations: u64,
    links: u64,
}

impl Header for SpanInfo<'_> {}

impl<'a> SpanInfo<'a> {
    /// Of a span.
    pub fn of(span: &'a Span, writer: WriterProcess, counts: InfoCounts, history: History) -> Self {
        let InfoCounts { below: children, scores, annotations, links } = counts;
        Self {
            trace_id: &span.trace_id,
            span_id: &span.span_id,
            parent_span_id: span.parent_span_id.as_deref(),
            kind: span.kind.unwrap_or(SpanKind::Custom).as_str(),
            name: span.name.as_deref().unwrap_or_default(),
            status: span.shown_status(writer).as_str(),
            state: span.shown_state(writer),
            tool_type: span.tool_type.map(Word::as_str),
            tags: span.tags.as_deref().unwrap_or_default(),
            started_at: span.begin().millis(),
            duration_ms: span.shown_duration_ms(),
            facts: ShownFacts(&span.facts),
            has_children: children > 0,
            counts: SpanCounts { children, scores, annotations, links },
            history,
        }
    }
}
