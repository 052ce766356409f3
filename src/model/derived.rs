//! What the spans of a trace tell of it where nobody said so: its name, its start, whose it is, its end.

use super::body::Body;
use super::fields;
use super::fields::Fields;
use super::number::Number;
use super::span::Span;
use super::time::Nanos;
use super::word::{SpanStatus, TraceStatus};
use crate::error::Result;
use crate::json::Key;

/// By what a trace is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraceOrigin {
    /// Only spans of it have arrived.
    Found,
    /// `ensureTrace` told of it.
    Ensured,
    /// `startTrace` did.
    Started,
}

/// Which fields of a trace follow its spans, as bits: those that nobody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived(pub u16);

impl Derived {
    pub const NOTHING: Self = Self(0);
    pub const AGENT_NAME: Self = Self(1);
    pub const SESSION: Self = Self(2);
    pub const USER: Self = Self(4);
    pub const END_USER: Self = Self(8);
    pub const START: Self = Self(16);
    /// Status, end and duration.
    pub const END: Self = Self(32);
    pub const MODEL: Self = Self(64);
    /// Of this the spans tell nothing: it reads as empty.
    pub const INPUT: Self = Self(128);
    /// There is no span yet; the start is when this was heard.
    pub const NO_SPAN: Self = Self(256);
    /// Everything that can.
    pub const ALL: Self = Self(255);

    /// Whether all of these fields do.
    pub fn has(self, fields: Self) -> bool {
        self.0 & fields.0 == fields.0
    }

    /// With these fields as well.
    #[must_use]
    pub fn with(self, fields: Self) -> Self {
        Self(self.0 | fields.0)
    }

    /// Without these fields: they were given.
    #[must_use]
    pub fn without(self, fields: Self) -> Self {
        Self(self.0 & !fields.0)
    }
}

/// What the first root span of a trace tells: the one with the least start, and of those the one written first.
#[derive(Debug, Clone, PartialEq)]
pub struct RootSpan {
    pub name: String,
    pub started_at: Nanos,
    pub session_id: Option<String>,
    pub user_id: Option<Number>,
    pub end_user_id: Option<String>,
    pub model: Option<String>,
    /// Its end, and what that makes of the trace; nothing while it runs.
    pub ended: Option<(Nanos, TraceStatus)>,
}

impl RootSpan {
    /// From a span with its body.
    pub fn of(span: &Span) -> Result<Self> {
        let body = Fields::parse("span", &span.body)?;
        let attributes = body.peek("genAiAttributes", Body::parse).ok().flatten().unwrap_or_default();
        let attribute = |name: &str| attributes.get(&Key::named(name)).and_then(|text| fields::string(text).ok());
        let status = match span.status.unwrap_or(SpanStatus::Ok) {
            SpanStatus::Ok => TraceStatus::Completed,
            SpanStatus::Error => TraceStatus::Failed,
        };
        // What isn't of its type tells nothing.
        let text = |name: &str| body.peek(name, fields::string).ok().flatten();
        Ok(Self {
            name: span.name.clone().unwrap_or_default(),
            started_at: span.begin(),
            session_id: text("sessionId")
                .or_else(|| attribute("gen_ai.conversation.id"))
                .filter(|id| fields::is_id(id)),
            user_id: body.peek("userId", fields::number).ok().flatten(),
            end_user_id: text("endUserId"),
            model: attribute("gen_ai.response.model").or_else(|| attribute("gen_ai.request.model")),
            ended: span.ended_at().map(|end| (end, status)),
        })
    }
}
