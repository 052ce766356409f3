//! A span: its columns and its body.

use super::answer::Header;
use super::fields::{self, Fields};
use super::time::Nanos;
use super::word::{SpanKind, SpanStatus, ToolType, Word};
use crate::error::Result;
use serde::Serialize;

/// A span as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub trace_id: String,
    pub span_id: String,
    pub parent_span_id: Option<String>,
    pub kind: SpanKind,
    pub name: String,
    pub status: SpanStatus,
    pub tool_type: Option<ToolType>,
    pub started_at: Nanos,
    pub duration_ms: f64,
    /// Nothing if none were ever given.
    pub tags: Option<Vec<String>>,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl Span {
    /// From the text of a `SpanInput`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("span", text)?;
        given.schema_version()?;
        Ok(Self {
            trace_id: given.required("traceId", fields::id)?,
            span_id: given.required("spanId", fields::id)?,
            parent_span_id: given.optional("parentSpanId", fields::id)?,
            kind: given.required("kind", fields::word)?,
            name: given.required("name", fields::string)?,
            status: given.required("status", fields::word)?,
            tool_type: given.optional("toolType", fields::word)?,
            started_at: given.exact_time("startedAt", "startedAtNs")?,
            duration_ms: given.required("durationMs", fields::real)?,
            tags: given.optional("tags", fields::strings)?,
            body: given.rest_text(),
        })
    }

    /// The columns as the contract's document shows them.
    pub fn header(&self) -> SpanHeader<'_> {
        SpanHeader {
            schema_version: 1,
            span_id: &self.span_id,
            trace_id: &self.trace_id,
            parent_span_id: self.parent_span_id.as_deref(),
            kind: self.kind.as_str(),
            name: &self.name,
            status: self.status.as_str(),
            started_at: self.started_at.millis(),
            duration_ms: self.duration_ms,
            tool_type: self.tool_type.map(Word::as_str),
            tags: self.tags.as_deref(),
        }
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
    started_at: i64,
    duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
}

impl Header for SpanHeader<'_> {}
