//! A trace's columns as the contract's document shows them.

use super::answer::Header;
use super::derived::Derived;
use super::fact::Fact;
use super::number::Number;
use super::score::ScoreMap;
use super::time::Nanos;
use super::trace::{NOT_GIVEN, Trace};
use super::word::Word;
use super::writer_process::WriterProcess;
use serde::Serialize;

impl Trace {
    /// The columns as the contract's document shows them.
    pub fn header(&self, writer: WriterProcess) -> TraceHeader<'_> {
        TraceHeader {
            schema_version: 1,
            trace_id: &self.trace_id,
            config_snapshot_id: self.config_snapshot_id.as_deref(),
            session_id: self.session_id.as_deref(),
            parent_trace_id: self.parent_trace_id.as_deref(),
            agent_name: self.agent_name.as_deref().unwrap_or_default(),
            agent_version: self.agent_version.as_deref().unwrap_or_default(),
            status: self.status.as_str(),
            state: self.shown_state(writer),
            input: self.derived.has(Derived::INPUT).then(EmptyInput::default),
            user_id: self.user_id.unwrap_or(NOT_GIVEN),
            auditing_id: self.auditing_id.unwrap_or(NOT_GIVEN),
            end_user_id: self.end_user_id.as_deref(),
            model: self.model.as_deref(),
            started_at: self.started_at.millis(),
            completed_at: self.completed_at.map(Nanos::millis),
            duration_ms: self.duration_ms(),
            clock_skew: self.completed_at.is_some_and(|end| end < self.started_at).then_some(true),
            tags: &self.tags,
            scores: self.scores.as_ref(),
            tokens: self.sum_of_tokens(),
            cost: self.sum_of_costs(),
        }
    }

    /// One that was given is in the body.
    fn sum_of_tokens(&self) -> Option<TokenSum> {
        let number = |fact| self.facts.number(fact).filter(|_| self.derived.has(Derived::TOKENS));
        Some(TokenSum {
            input: number(Fact::InputTokens)?,
            output: number(Fact::OutputTokens)?,
            total: number(Fact::TotalTokens)?,
        })
    }

    fn sum_of_costs(&self) -> Option<CostSum<'_>> {
        let total = self.facts.number(Fact::Cost).filter(|_| self.derived.has(Derived::COST))?;
        Some(CostSum { total, currency: self.facts.text(Fact::Currency)? })
    }
}

/// A trace's columns in an answer; times in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceHeader<'a> {
    schema_version: u32,
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_snapshot_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_trace_id: Option<&'a str>,
    agent_name: &'a str,
    agent_version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<EmptyInput>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    user_id: Number,
    auditing_id: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    started_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_skew: Option<bool>,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<&'a ScoreMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<TokenSum>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostSum<'a>>,
}

impl Header for TraceHeader<'_> {}

#[derive(Serialize)]
struct TokenSum {
    input: Number,
    output: Number,
    total: Number,
}

#[derive(Serialize)]
struct CostSum<'a> {
    total: Number,
    currency: &'a str,
}

/// What the input reads as until it is given.
#[derive(Default, Serialize)]
struct EmptyInput {
    prompt: &'static str,
    parameters: Nothing,
}

#[derive(Default, Serialize)]
struct Nothing {}
