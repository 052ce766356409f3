//! What the spans of a trace tell of it where nobody said so: its name, its start, whose it is, its end.

use super::fact::Fact;
use super::fields;
use super::number::Number;
use super::span::Span;
use super::time::Nanos;
use super::word::{SpanStatus, TraceStatus};

/// By what a trace is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraceOrigin {
    /// Only changes of spans that have not begun have arrived: nobody sees it.
    Awaited,
    /// Only spans of it have arrived, or what is said of it or of them.
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
    /// From its end on the sum of its spans'.
    pub const TOKENS: Self = Self(512);
    /// Likewise.
    pub const COST: Self = Self(1024);
    /// What all spans tell together.
    pub const SUMS: Self = Self(Self::TOKENS.0 | Self::COST.0);
    /// Everything that can.
    pub const ALL: Self = Self(255 | Self::SUMS.0);

    /// Whether all of these fields do.
    pub fn has(self, fields: Self) -> bool {
        self.0 & fields.0 == fields.0
    }

    /// Whether a trace, which has ended or not, shows what its spans used together.
    pub fn is_summed(self, has_ended: bool) -> bool {
        has_ended && self.and(Self::SUMS) != Self::NOTHING
    }

    /// Whether it must hear of each span.
    pub fn follows_spans(self) -> bool {
        self.without(Self::SUMS) != Self::NOTHING
    }

    /// With these fields as well.
    #[must_use]
    pub fn with(self, fields: Self) -> Self {
        Self(self.0 | fields.0)
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
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
    /// From a span with its facts.
    pub fn of(span: &Span) -> Self {
        let status = match span.status.unwrap_or(SpanStatus::Ok) {
            SpanStatus::Ok => TraceStatus::Completed,
            SpanStatus::Error => TraceStatus::Failed,
        };
        let text = |fact| span.facts.text(fact).map(str::to_owned);
        let session = text(Fact::SessionId).or_else(|| text(Fact::ConversationId));
        Self {
            name: span.name.clone().unwrap_or_default(),
            started_at: span.begin(),
            session_id: session.filter(|id| fields::is_id(id)),
            user_id: span.facts.number(Fact::UserId),
            end_user_id: text(Fact::EndUserId),
            model: text(Fact::ResponseModel).or_else(|| text(Fact::RequestModel)),
            ended: span.ended_at().map(|end| (end, status)),
        }
    }
}
