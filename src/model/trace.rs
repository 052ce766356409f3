//! A trace: its columns, its body, and how later words change them.

use super::body::{Body, MERGED};
use super::derived::{Derived, TraceOrigin};
use super::fact::TRACE_FACTS;
use super::facts::Facts;
use super::field::{FieldValue, Listed};
use super::fields::{self, Fields};
use super::number::Number;
use super::score::{MapChange, ScoreMap};
use super::time::Nanos;
use super::usage::summed;
use super::word::{TraceStatus, Word};
use super::writer_process::WriterProcess;
use crate::error::{Error, Result};
use crate::json::Key;
use std::collections::HashSet;

/// Fields that only `startTrace` may give, because lists are ordered and filtered by them.
const FIXED: &[&str] = &[
    "traceId",
    "configSnapshotId",
    "sessionId",
    "parentTraceId",
    "agentName",
    "agentVersion",
    "userId",
    "auditingId",
    "endUserId",
    "startedAt",
    "startedAtNs",
];
/// Fields that only `endTrace` may give.
pub const ENDING: &[&str] = &["completedAt", "endedAtNs", "durationMs"];
/// What a number reads as until it is given.
pub const NOT_GIVEN: Number = Number::Whole(0);

/// A trace as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    pub trace_id: String,
    pub origin: TraceOrigin,
    /// Which of the fields below follow its spans.
    pub derived: Derived,
    pub config_snapshot_id: Option<String>,
    pub session_id: Option<String>,
    pub parent_trace_id: Option<String>,
    pub agent_name: Option<String>,
    pub agent_version: Option<String>,
    pub status: TraceStatus,
    pub user_id: Option<Number>,
    pub auditing_id: Option<Number>,
    pub end_user_id: Option<String>,
    pub model: Option<String>,
    pub started_at: Nanos,
    pub completed_at: Option<Nanos>,
    /// If it was given; else it is the time from start to end.
    pub duration_ms: Option<f64>,
    pub tags: Vec<String>,
    /// Shown, if only as an empty map; rows only say whether the caller gave one.
    pub scores: Option<ScoreMap>,
    /// What the body tells and what its spans used together, in columns.
    pub facts: Facts,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

/// What `startTrace` says.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceStart {
    pub trace: Trace,
    pub scores: MapChange,
}

impl TraceStart {
    /// A running trace from the text of a `TraceInput`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("trace", text)?;
        given.schema_version()?;
        given.derived_state();
        given.refuse(ENDING)?;
        let status: Option<TraceStatus> = given.optional("status", fields::word)?;
        if status.is_some_and(|status| status != TraceStatus::Running) {
            return Err(Error::invalid("trace.status must be running at the start"));
        }
        let trace_id = given.required("traceId", fields::id)?;
        let scores = MapChange::parse(&trace_id, given.take("scores").filter(|scores| *scores != "null"))?;
        let trace = Trace {
            trace_id,
            origin: TraceOrigin::Started,
            derived: Derived::SUMS.without(given_sums(given.iter().map(|(key, _)| key.name()))),
            config_snapshot_id: given.optional("configSnapshotId", fields::id)?,
            session_id: given.optional("sessionId", fields::id)?,
            parent_trace_id: given.optional("parentTraceId", fields::id)?,
            agent_name: Some(given.required("agentName", fields::string)?),
            agent_version: Some(given.required("agentVersion", fields::string)?),
            status: TraceStatus::Running,
            user_id: Some(given.required("userId", fields::number)?),
            auditing_id: Some(given.required("auditingId", fields::number)?),
            end_user_id: given.optional("endUserId", fields::string)?,
            model: None,
            started_at: given.exact_time("startedAt", "startedAtNs")?,
            completed_at: None,
            duration_ms: None,
            tags: given.optional("tags", fields::strings)?.unwrap_or_default(),
            scores: scores.shows(false).then(ScoreMap::new),
            facts: Facts::of(given.iter()).only(&TRACE_FACTS),
            body: given.rest_text(),
        };
        Ok(Self { trace, scores })
    }
}

impl Trace {
    /// Applies the later word: fields given replace, `metadata` merges, tags unite, others stay.
    pub fn end(&mut self, end: &TraceEnd) -> Result<()> {
        self.status = end.status;
        self.derived = self.derived.without(Derived::END);
        self.completed_at = end.completed_at.or(self.completed_at).or(Some(end.now));
        self.duration_ms = end.duration_ms.or(self.duration_ms);
        if end.clears_tags {
            self.tags.clear();
        }
        let mut known: HashSet<String> = self.tags.iter().cloned().collect();
        self.tags.extend(end.tags.iter().filter(|tag| known.insert((*tag).clone())).cloned());
        self.change_scores(&end.scores);
        self.change_body(&end.fields)
    }

    /// Whether there is a map from now on; what is in it, the scores say.
    pub fn change_scores(&mut self, change: &MapChange) {
        self.scores = change.shows(self.scores.is_some()).then(|| self.scores.take().unwrap_or_default());
    }

    /// Changes fields of the body; see `end`.
    pub fn change_body(&mut self, fields: &[(Key<'static>, String)]) -> Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        if fields.iter().any(|(key, _)| key.name() == "input") {
            self.derived = self.derived.without(Derived::INPUT);
        }
        let mut body = Body::parse(&self.body)?;
        for (key, value) in fields {
            if MERGED.contains(&key.name()) { body.merge(key, value)? } else { body.set(key, value) }
        }
        self.derived = self.derived.without(given_sums(fields.iter().map(|(key, _)| key.name())));
        self.set_body(&body);
        Ok(())
    }

    /// Replaces the body; sums stay until they are made anew.
    pub fn set_body(&mut self, body: &Body) {
        let mut facts = Facts::of(body.fields()).only(&TRACE_FACTS);
        for fact in summed(self.derived) {
            facts.set(*fact, self.facts.get(*fact).cloned());
        }
        self.facts = facts;
        self.body = body.to_text();
    }

    /// Whether what its spans used is its own.
    pub fn is_summed(&self) -> bool {
        self.derived.is_summed(self.status != TraceStatus::Running)
    }

    /// Milliseconds, if it was given or the trace has ended.
    pub fn duration_ms(&self) -> Option<f64> {
        self.duration_ms.or_else(|| Some(self.completed_at?.millis_since(self.started_at)))
    }

    /// Whether the process that kept it running is gone.
    pub fn shown_state(&self, writer: WriterProcess) -> Option<&'static str> {
        (self.status == TraceStatus::Running && writer == WriterProcess::Gone).then_some("aborted")
    }
}

/// Which sums a word gives, if only as `null`: they are none of the spans' any more.
pub fn given_sums<'a>(keys: impl Iterator<Item = &'a str>) -> Derived {
    keys.fold(Derived::NOTHING, |given, key| match key {
        "tokens" => given.with(Derived::TOKENS),
        "cost" => given.with(Derived::COST),
        _ => given,
    })
}

impl Listed for Trace {
    fn value(&self, field: &str) -> FieldValue<'_> {
        match field {
            "agentName" => FieldValue::of_text(self.agent_name.as_deref()),
            "sessionId" => FieldValue::of_text(self.session_id.as_deref()),
            "userId" => self.user_id.map_or(FieldValue::Absent, FieldValue::Number),
            "endUserId" => FieldValue::of_text(self.end_user_id.as_deref()),
            "status" => FieldValue::Text(self.status.as_str()),
            "tags" => FieldValue::Texts(&self.tags),
            "startedAt" => FieldValue::Time(self.started_at),
            _ => FieldValue::Absent,
        }
    }
}

/// What `endTrace` says.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceEnd {
    pub trace_id: String,
    /// When `endTrace` was called: the end of a trace that had none.
    pub now: Nanos,
    pub status: TraceStatus,
    pub completed_at: Option<Nanos>,
    pub duration_ms: Option<f64>,
    /// To be united with the trace's.
    pub tags: Vec<String>,
    /// The caller gave `null`.
    pub clears_tags: bool,
    pub scores: MapChange,
    /// Fields of the body with the JSON text of their values.
    pub fields: Vec<(Key<'static>, String)>,
}

impl TraceEnd {
    /// From `{"traceId", "now", "result"}`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut call = Fields::parse("endTrace", text)?;
        let trace_id = call.required("traceId", fields::id)?;
        let now = Nanos::from_millis(call.required("now", fields::whole)?);
        let result = call.take("result").ok_or_else(|| Error::invalid("endTrace.result is missing"))?;
        let mut given = Fields::parse("result", result)?;
        given.schema_version()?;
        given.derived_state();
        given.refuse(FIXED)?;
        let status = given.required("status", fields::word)?;
        if status == TraceStatus::Running {
            return Err(Error::invalid("result.status must be completed, failed or timeout, got running"));
        }
        let tags = given.take("tags");
        let scores = MapChange::parse(&trace_id, given.take("scores"))?;
        let exactly = given.peek("endedAtNs", fields::nanos)?;
        let completed_at = given.optional("completedAt", fields::time)?;
        let duration_ms = given.optional("durationMs", fields::real)?;
        let mut fields = given.into_owned();
        if completed_at.is_some() && exactly.is_none() {
            // It belongs to an end that is replaced.
            fields.push((Key::named("endedAtNs"), "null".to_owned()));
        }
        Ok(Self {
            trace_id,
            now,
            status,
            completed_at: exactly.or(completed_at),
            duration_ms,
            clears_tags: tags == Some("null"),
            tags: tags.filter(|tags| *tags != "null").map_or(Ok(Vec::new()), fields::strings)?,
            scores,
            fields,
        })
    }
}

/// A change of some fields of a trace's body: `setApiIO`.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceChange {
    pub trace_id: String,
    /// Fields of the body with the JSON text of their values.
    pub fields: Vec<(Key<'static>, String)>,
}

impl TraceChange {
    /// From `{"traceId", "io": {"apiInput", "apiOutput"}}`.
    pub fn api_io(text: &str) -> Result<Self> {
        let mut call = Fields::parse("setApiIO", text)?;
        let trace_id = call.required("traceId", fields::id)?;
        let io = call.take("io").ok_or_else(|| Error::invalid("setApiIO.io is missing"))?;
        let mut given = Fields::parse("io", io)?;
        let fields = ["apiInput", "apiOutput"]
            .iter()
            .filter_map(|key| given.take(key).map(|value| (Key::named(key), value.to_owned())));
        Ok(Self { trace_id, fields: fields.collect() })
    }
}

/// What `setTraceTags` says.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceTags {
    pub trace_id: String,
    pub tags: Vec<String>,
}

impl TraceTags {
    /// From `{"traceId", "tags"}`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut call = Fields::parse("setTraceTags", text)?;
        Ok(Self { trace_id: call.required("traceId", fields::id)?, tags: call.required("tags", fields::strings)? })
    }
}
