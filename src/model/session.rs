//! A session: its columns, its body, what a later upsert changes, and what its traces tell of it until the first one.

use super::answer::Header;
use super::body::Body;
use super::field::{FieldValue, Listed};
use super::fields::{self, Fields};
use super::number::Number;
use super::time::Nanos;
use super::trace::NOT_GIVEN;
use crate::error::{Error, Result};
use serde::Serialize;

/// A session as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub session_id: String,
    /// These two are not known only while its first trace does not tell them.
    pub user_id: Option<Number>,
    pub auditing_id: Option<Number>,
    pub end_user_id: Option<String>,
    pub created_at: Nanos,
    pub updated_at: Nanos,
    /// The number last given; readers see the traces recorded with the session if those are more.
    pub trace_count: i64,
    pub tags: Vec<String>,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl Session {
    /// From the text of a `Session`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("session", text)?;
        given.schema_version()?;
        let session = Self {
            session_id: given.required("sessionId", fields::id)?,
            user_id: Some(given.required("userId", fields::number)?),
            auditing_id: Some(given.required("auditingId", fields::number)?),
            end_user_id: given.optional("endUserId", fields::string)?,
            created_at: given.required("createdAt", fields::time)?,
            updated_at: given.required("updatedAt", fields::time)?,
            trace_count: given.required("traceCount", fields::whole)?,
            tags: given.required("tags", fields::strings)?,
            body: given.rest_text(),
        };
        if session.trace_count < 0 {
            return Err(Error::invalid("session.traceCount must not be negative"));
        }
        Ok(session)
    }

    /// One that traces name and nobody upserted.
    pub fn of_traces(session_id: &str, outline: SessionOutline) -> Self {
        Self {
            session_id: session_id.to_owned(),
            user_id: outline.user_id,
            auditing_id: outline.auditing_id,
            end_user_id: outline.end_user_id,
            created_at: outline.first_start,
            updated_at: outline.last_end.map_or(outline.last_start, |end| end.max(outline.last_start)),
            trace_count: 0,
            tags: Vec::new(),
            body: String::new(),
        }
    }

    /// Takes a later upsert in: the earliest `createdAt` and the latest `updatedAt` stay, `metadata` merges, other
    /// fields given replace.
    pub fn update(&mut self, later: &Self) -> Result<()> {
        let mut body = Body::parse(&self.body)?;
        for (key, value) in Fields::parse("session", &later.body)?.into_fields() {
            if key.name() == "metadata" { body.merge(&key, value)? } else { body.set(&key, value) }
        }
        *self = Self {
            created_at: self.created_at.min(later.created_at),
            updated_at: self.updated_at.max(later.updated_at),
            body: body.to_text(),
            end_user_id: later.end_user_id.clone().or_else(|| self.end_user_id.take()),
            ..later.clone()
        };
        Ok(())
    }

    /// The columns as the contract's document shows them.
    pub fn header(&self) -> SessionHeader<'_> {
        SessionHeader {
            schema_version: 1,
            session_id: &self.session_id,
            user_id: self.user_id.unwrap_or(NOT_GIVEN),
            auditing_id: self.auditing_id.unwrap_or(NOT_GIVEN),
            end_user_id: self.end_user_id.as_deref(),
            created_at: self.created_at.millis(),
            updated_at: self.updated_at.millis(),
            trace_count: self.trace_count,
            tags: &self.tags,
        }
    }
}

/// What the traces that name a session tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionOutline {
    /// These four of the first: the one with the least start, and of those the one written first.
    pub user_id: Option<Number>,
    pub auditing_id: Option<Number>,
    pub end_user_id: Option<String>,
    pub first_start: Nanos,
    pub last_start: Nanos,
    /// Of those that have ended.
    pub last_end: Option<Nanos>,
}

impl Listed for Session {
    fn value(&self, field: &str) -> FieldValue<'_> {
        match field {
            "userId" => self.user_id.map_or(FieldValue::Absent, FieldValue::Number),
            "endUserId" => FieldValue::of_text(self.end_user_id.as_deref()),
            "tags" => FieldValue::Texts(&self.tags),
            "updatedAt" => FieldValue::Time(self.updated_at),
            _ => FieldValue::Absent,
        }
    }
}

/// A session's columns in an answer; times in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionHeader<'a> {
    schema_version: u32,
    session_id: &'a str,
    user_id: Number,
    auditing_id: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_user_id: Option<&'a str>,
    created_at: i64,
    updated_at: i64,
    trace_count: i64,
    tags: &'a [String],
}

impl Header for SessionHeader<'_> {}
