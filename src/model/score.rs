//! A score of a trace or a span, and the map that a trace's own scores are to the contract.

use super::answer::Header;
use super::field::{FieldValue, Listed};
use super::fields::{self, Fields};
use super::history::History;
use super::number::Number;
use crate::error::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// The contract's `scores`: the last value of each name.
pub type ScoreMap = BTreeMap<String, f64>;

/// A score as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub id: String,
    pub trace_id: String,
    /// Of a span; else it is the trace's own.
    pub span_id: Option<String>,
    pub name: String,
    pub value: Option<f64>,
    pub label: Option<String>,
    pub source: Option<String>,
    pub author: Option<String>,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl Score {
    /// From the text of a `ScoreInput` that has an id.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("score", text)?;
        given.refuse(&["createdAt", "updatedAt", "version"])?;
        Ok(Self {
            id: given.required("id", fields::id)?,
            trace_id: given.required("traceId", fields::id)?,
            span_id: given.optional("spanId", fields::id)?,
            name: given.required("name", fields::string)?,
            value: given.optional("value", fields::real)?,
            label: given.optional("label", fields::string)?,
            source: given.optional("source", fields::string)?,
            author: given.optional("author", fields::string)?,
            body: given.rest_text(),
        })
    }

    /// Whether it is one of the trace's map.
    pub fn is_mapped(&self) -> bool {
        self.span_id.is_none() && self.value.is_some()
    }

    /// The columns as a `Score` shows them.
    pub fn header(&self, history: History) -> ScoreHeader<'_> {
        ScoreHeader {
            id: &self.id,
            trace_id: &self.trace_id,
            span_id: self.span_id.as_deref(),
            name: &self.name,
            value: self.value,
            label: self.label.as_deref(),
            source: self.source.as_deref(),
            author: self.author.as_deref(),
            history,
        }
    }
}

impl Listed for Score {
    fn value(&self, field: &str) -> FieldValue<'_> {
        let text = match field {
            "traceId" => Some(&self.trace_id),
            "name" => Some(&self.name),
            "spanId" => self.span_id.as_ref(),
            "label" => self.label.as_ref(),
            "source" => self.source.as_ref(),
            "author" => self.author.as_ref(),
            _ => None,
        };
        match field {
            "value" => self.value.map_or(FieldValue::Absent, |value| FieldValue::Number(Number::Real(value))),
            _ => text.map_or(FieldValue::Absent, |text| FieldValue::Text(text)),
        }
    }
}

/// A score's columns in an answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreHeader<'a> {
    id: &'a str,
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(flatten)]
    history: History,
}

impl Header for ScoreHeader<'_> {}

/// What a word on a trace says of its map.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum MapChange {
    #[default]
    Silent,
    /// The map goes, and with it the scores in it.
    Cleared,
    /// Scores of the trace itself, each with its value.
    Given(Vec<Score>),
}

impl MapChange {
    /// From `[[id, name, value], …]` or `null`, if it was given.
    pub fn parse(trace_id: &str, text: Option<&str>) -> Result<Self> {
        match text {
            None => Ok(Self::Silent),
            Some("null") => Ok(Self::Cleared),
            Some(text) => {
                let wrong = |_| Error::invalid("scores: must be an array of ids, names and numbers");
                let given: Vec<(String, String, f64)> = serde_json::from_str(text).map_err(wrong)?;
                Ok(Self::Given(given.into_iter().map(|score| mapped(trace_id, score)).collect()))
            }
        }
    }

    /// From `{"traceId", "scores"}`.
    pub fn of_call(text: &str) -> Result<(String, Self)> {
        let mut call = Fields::parse("setTraceScores", text)?;
        let trace_id = call.required("traceId", fields::id)?;
        let change = Self::parse(&trace_id, call.take("scores"))?;
        Ok((trace_id, change))
    }

    /// Whether the trace has a map after the change, if only an empty one.
    pub fn shows(&self, before: bool) -> bool {
        match self {
            Self::Silent => before,
            Self::Cleared => false,
            Self::Given(_) => true,
        }
    }
}

fn mapped(trace_id: &str, (id, name, value): (String, String, f64)) -> Score {
    Score {
        id,
        trace_id: trace_id.to_owned(),
        span_id: None,
        name,
        value: Some(value),
        label: None,
        source: None,
        author: None,
        body: "{}".to_owned(),
    }
}
