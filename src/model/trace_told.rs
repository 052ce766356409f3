//! A trace that is told in parts: found by its spans, completed by `ensureTrace` and by a late `startTrace`.

use super::body::Body;
use super::derived::{Derived, RootSpan, TraceOrigin};
use super::facts::Facts;
use super::fields::{self, Fields};
use super::number::Number;
use super::score::MapChange;
use super::time::Nanos;
use super::trace::{ENDING, Trace, given_sums};
use super::word::TraceStatus;
use crate::error::{Error, Result};
use crate::json::Key;
use std::collections::HashSet;

impl Trace {
    /// A trace of which only a span is known, or nothing at all.
    pub fn found(trace_id: &str, started_at: Nanos) -> Self {
        Self {
            trace_id: trace_id.to_owned(),
            origin: TraceOrigin::Found,
            derived: Derived::ALL,
            config_snapshot_id: None,
            session_id: None,
            parent_trace_id: None,
            agent_name: None,
            agent_version: None,
            status: TraceStatus::Running,
            user_id: None,
            auditing_id: None,
            end_user_id: None,
            model: None,
            started_at,
            completed_at: None,
            duration_ms: None,
            tags: Vec::new(),
            scores: None,
            facts: Facts::default(),
            body: "{}".to_owned(),
        }
    }

    /// A trace of which something was heard before its first span, and nothing that shows it.
    pub fn awaiting_spans(trace_id: &str, now: Nanos) -> Self {
        let derived = Derived::ALL.with(Derived::NO_SPAN);
        Self { origin: TraceOrigin::Awaited, derived, ..Self::found(trace_id, now) }
    }

    /// Whether nobody sees it yet.
    pub fn is_awaited(&self) -> bool {
        self.origin == TraceOrigin::Awaited
    }

    /// Something was said of it that shows it, if it isn't shown: it began now as far as one knows.
    pub fn show(&mut self, now: Nanos) {
        if self.is_awaited() {
            self.origin = TraceOrigin::Found;
            self.started_at = now;
        }
    }

    /// A trace of which `ensureTrace` is the first to tell.
    pub fn ensured(told: &TraceTold) -> Result<Self> {
        let mut trace = Self::awaiting_spans(&told.trace_id, told.now);
        trace.ensure(told)?;
        Ok(trace)
    }

    /// Takes over what its first root span tells, or without one the earliest start of its spans, where nobody said so.
    pub fn follow(&mut self, root: Option<&RootSpan>, earliest: Option<Nanos>) {
        let derived = self.derived;
        if derived.has(Derived::AGENT_NAME) {
            self.agent_name = root.map(|root| root.name.clone());
        }
        if derived.has(Derived::SESSION) {
            self.session_id = root.and_then(|root| root.session_id.clone());
        }
        if derived.has(Derived::USER) {
            self.user_id = root.and_then(|root| root.user_id);
        }
        if derived.has(Derived::END_USER) {
            self.end_user_id = root.and_then(|root| root.end_user_id.clone());
        }
        if derived.has(Derived::MODEL) {
            self.model = root.and_then(|root| root.model.clone());
        }
        if let (true, Some(start)) = (derived.has(Derived::START), root.map(|root| root.started_at).or(earliest)) {
            self.started_at = start;
        }
        if derived.has(Derived::END) {
            let ended = root.and_then(|root| root.ended);
            self.status = ended.map_or(TraceStatus::Running, |(_, status)| status);
            self.completed_at = ended.map(|(end, _)| end);
            self.duration_ms = None;
        }
        self.derived = derived.without(Derived::NO_SPAN);
        self.origin = self.origin.max(TraceOrigin::Found);
    }

    /// Becomes the trace that `startTrace` tells: what it gives replaces, what others said stays, and an end that was told
    /// stays an end.
    pub fn start_known(&mut self, started: &Self) -> Result<()> {
        let is_ended = !self.derived.has(Derived::END);
        let known = |field: &Option<String>, fields| if self.derived.has(fields) { None } else { field.clone() };
        let mut body = Body::parse(&self.body)?;
        body.take_in(&started.body)?;
        let mut tags = started.tags.clone();
        tags.extend(self.tags.iter().filter(|tag| !started.tags.contains(tag)).cloned());
        *self = Self {
            config_snapshot_id: started.config_snapshot_id.clone().or_else(|| self.config_snapshot_id.clone()),
            session_id: started.session_id.clone().or_else(|| known(&self.session_id, Derived::SESSION)),
            parent_trace_id: started.parent_trace_id.clone().or_else(|| self.parent_trace_id.clone()),
            end_user_id: started.end_user_id.clone().or_else(|| known(&self.end_user_id, Derived::END_USER)),
            status: if is_ended { self.status } else { started.status },
            completed_at: self.completed_at.filter(|_| is_ended),
            duration_ms: self.duration_ms.filter(|_| is_ended),
            tags,
            scores: started.scores.clone().or_else(|| self.scores.clone()),
            derived: started.derived.and(self.derived),
            facts: self.facts.clone(),
            ..started.clone()
        };
        self.set_body(&body);
        Ok(())
    }

    /// Takes over what `ensureTrace` tells: until the trace has ended it corrects, then it only completes.
    pub fn ensure(&mut self, told: &TraceTold) -> Result<()> {
        self.show(told.now);
        self.origin = self.origin.max(TraceOrigin::Ensured);
        let may_correct = self.status == TraceStatus::Running;
        let derived = self.derived;
        let mut given = Derived::NOTHING;
        let mut take = |to: &mut Option<String>, from: &Option<String>, fields: Derived| {
            let is_open = may_correct || to.is_none() || fields != Derived::NOTHING && derived.has(fields);
            if from.is_some() && is_open {
                to.clone_from(from);
                given = given.with(fields);
            }
        };
        take(&mut self.config_snapshot_id, &told.config_snapshot_id, Derived::NOTHING);
        take(&mut self.parent_trace_id, &told.parent_trace_id, Derived::NOTHING);
        take(&mut self.agent_version, &told.agent_version, Derived::NOTHING);
        take(&mut self.agent_name, &told.agent_name, Derived::AGENT_NAME);
        take(&mut self.session_id, &told.session_id, Derived::SESSION);
        take(&mut self.end_user_id, &told.end_user_id, Derived::END_USER);
        if let Some(user) = told.user_id.filter(|_| may_correct || self.user_id.is_none() || derived.has(Derived::USER))
        {
            self.user_id = Some(user);
            given = given.with(Derived::USER);
        }
        if may_correct || self.auditing_id.is_none() {
            self.auditing_id = told.auditing_id.or(self.auditing_id);
        }
        if let Some(start) = told.started_at.filter(|_| may_correct || derived.has(Derived::START)) {
            self.started_at = start;
            given = given.with(Derived::START);
        }
        self.derived = derived.without(given).without(told.sums);
        let mut known: HashSet<String> = self.tags.iter().cloned().collect();
        self.tags.extend(told.tags.iter().filter(|tag| known.insert((*tag).clone())).cloned());
        self.change_scores(&told.scores);
        let mut body = Body::parse(&self.body)?;
        if may_correct {
            body.take_in(&told.body)?;
        } else {
            body.complete(&told.body)?;
        }
        if body.get(&Key::named("input")).is_some() {
            self.derived = self.derived.without(Derived::INPUT);
        }
        self.set_body(&body);
        Ok(())
    }
}

/// What `ensureTrace` says.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceTold {
    pub trace_id: String,
    /// When it was called: the start of a trace that has neither a start nor spans.
    pub now: Nanos,
    pub config_snapshot_id: Option<String>,
    pub session_id: Option<String>,
    pub parent_trace_id: Option<String>,
    pub agent_name: Option<String>,
    pub agent_version: Option<String>,
    pub user_id: Option<Number>,
    pub auditing_id: Option<Number>,
    pub end_user_id: Option<String>,
    pub started_at: Option<Nanos>,
    /// To be united with the trace's.
    pub tags: Vec<String>,
    pub scores: MapChange,
    /// Which sums it gives.
    pub sums: Derived,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl TraceTold {
    /// From `{"trace", "now"}`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut call = Fields::parse("ensureTrace", text)?;
        let now = Nanos::from_millis(call.required("now", fields::whole)?);
        let trace = call.take("trace").ok_or_else(|| Error::invalid("ensureTrace.trace is missing"))?;
        let mut given = Fields::parse("trace", trace)?;
        given.schema_version()?;
        given.refuse(ENDING)?;
        given.derived_state();
        given.take("clockSkew");
        given.refuse(&["status"])?;
        let exactly = given.peek("startedAtNs", fields::nanos)?;
        let trace_id = given.required("traceId", fields::id)?;
        let scores = MapChange::parse(&trace_id, given.take("scores").filter(|scores| *scores != "null"))?;
        Ok(Self {
            trace_id,
            now,
            config_snapshot_id: given.optional("configSnapshotId", fields::id)?,
            session_id: given.optional("sessionId", fields::id)?,
            parent_trace_id: given.optional("parentTraceId", fields::id)?,
            agent_name: given.optional("agentName", fields::string)?,
            agent_version: given.optional("agentVersion", fields::string)?,
            user_id: given.optional("userId", fields::number)?,
            auditing_id: given.optional("auditingId", fields::number)?,
            end_user_id: given.optional("endUserId", fields::string)?,
            started_at: exactly.or(given.optional("startedAt", fields::time)?),
            tags: given.optional("tags", fields::strings)?.unwrap_or_default(),
            scores,
            sums: given_sums(given.iter().map(|(key, _)| key.name())),
            body: given.rest_text(),
        })
    }
}
