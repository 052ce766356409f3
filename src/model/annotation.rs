//! An annotation: any value that somebody attaches to a trace or a span.

use super::answer::Header;
use super::fields::{self, Fields};
use super::history::History;
use crate::error::{Error, Result};
use serde::Serialize;

/// An annotation as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    pub id: String,
    pub trace_id: String,
    /// Of a span; else it is the trace's own.
    pub span_id: Option<String>,
    /// Of the annotations of one trace or span, the same identifier again replaces.
    pub identifier: Option<String>,
    pub kind: Option<String>,
    pub author: Option<String>,
    /// The JSON text of an object with the value and all other fields.
    pub body: String,
}

impl Annotation {
    /// From the text of an `AnnotationInput` with the id that it gets if it replaces none.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("annotation", text)?;
        given.refuse(&["createdAt", "updatedAt", "version"])?;
        let annotation = Self {
            id: given.required("id", fields::id)?,
            trace_id: given.required("traceId", fields::id)?,
            span_id: given.optional("spanId", fields::id)?,
            identifier: given.optional("identifier", fields::id)?,
            kind: given.optional("kind", fields::string)?,
            author: given.optional("author", fields::string)?,
            body: given.rest_text(),
        };
        match given.take("value") {
            Some(_) => Ok(annotation),
            None => Err(Error::invalid("annotation.value is missing")),
        }
    }

    /// The columns as an `Annotation` shows them.
    pub fn header(&self, history: History) -> AnnotationHeader<'_> {
        AnnotationHeader {
            id: &self.id,
            trace_id: &self.trace_id,
            span_id: self.span_id.as_deref(),
            identifier: self.identifier.as_deref(),
            kind: self.kind.as_deref(),
            author: self.author.as_deref(),
            history,
        }
    }
}

/// An annotation's columns in an answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnotationHeader<'a> {
    id: &'a str,
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(flatten)]
    history: History,
}

impl Header for AnnotationHeader<'_> {}
