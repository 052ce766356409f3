//! The reference backend: vectors, scans and clones; slow and easy to believe.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use super::memory_said::SaidAfterwards;
use super::memory_sessions::UpsertedSessions;
use super::told_span::{LaterWord, ToldSpan};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use tracestore::error::{Code, Error, Result};
use tracestore::model::config_snapshot::ConfigSnapshot;
use tracestore::model::counts::NounCounts;
use tracestore::model::derived::{RootSpan, TraceOrigin};
use tracestore::model::document_name::DocumentName;
use tracestore::model::fields::ColumnChange;
use tracestore::model::span::Span;
use tracestore::model::span_word::{SpanWord, SpanWordKind};
use tracestore::model::tenant::{Tenant, TenantName, TenantPage, TenantWindow};
use tracestore::model::time::Nanos;
use tracestore::model::trace::{Trace, TraceStart};
use tracestore::model::trace_told::TraceTold;
use tracestore::model::word::SpanState;
use tracestore::model::{Answer, Op, Query, Receipt};
use tracestore::store::backend::{Backend, OpGroup, Reader, SentOp, Warning, Writer};

/// Tenants, each a world of its own.
type Worlds = BTreeMap<TenantName, Data>;

#[derive(Clone, Default)]
pub struct Data {
    /// With their place in the order of writing.
    pub traces: Vec<(i64, Trace)>,
    pub upserted: UpsertedSessions,
    pub spans: Vec<ToldSpan>,
    /// How often each trace, and each span of one, was changed, and when first and last.
    pub writing: HashMap<(String, String), (i64, Nanos, Nanos)>,
    /// When each trace was first spoken of.
    pub first_words: HashMap<String, Nanos>,
    pub said: SaidAfterwards,
    /// When the operation that is applied was made.
    now: Nanos,
    pub snapshots: Vec<ConfigSnapshot>,
    /// The order of writing: each change takes a place in it.
    seq: i64,
}

/// A store in memory; every connection sees the same.
#[derive(Default)]
pub struct Memory(Arc<Mutex<Worlds>>);

struct Connection(Arc<Mutex<Worlds>>);

impl Backend for Memory {
    fn open_writer(&self, _: Duration) -> Result<Box<dyn Writer>> {
        Ok(Box::new(Connection(Arc::clone(&self.0))))
    }
    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(Connection(Arc::clone(&self.0))))
    }
    fn reads_on_writer(&self) -> bool {
        false
    }
    fn require_power(&self) {}
    fn check_place(&self) -> Result<()> {
        Ok(())
    }
}

impl Writer for Connection {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        let mut worlds = self.0.lock().unwrap();
        let apply = |sent: &SentOp| worlds.entry(sent.tenant.clone()).or_default().try_apply(sent);
        group.ops.iter().map(apply).collect()
    }
    fn tidy(&mut self) -> Option<Warning> {
        None
    }
    fn close(&mut self) {}
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        let worlds = self.0.lock().unwrap();
        match query {
            Query::Documents { tenant, wanted, .. } => {
                let nothing = Data::default();
                Ok(worlds.get(tenant).unwrap_or(&nothing).answer(wanted))
            }
            Query::Tenants(window) => Ok(Answer::Tenants(tenants(&worlds, window))),
            Query::Info => Err(Error::new(Code::Unsupported, "no file")),
        }
    }
}

impl Reader for Connection {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        Writer::answer(self, query)
    }
}

impl Data {
    /// As a whole or not at all.
    fn try_apply(&mut self, sent: &SentOp) -> Result<Receipt> {
        let mut next = self.clone();
        next.now = sent.at;
        let receipt = next.apply_one(&sent.op)?;
        let receipt = if sent.op.is_answered() { receipt } else { Receipt::Nothing };
        *self = next;
        Ok(receipt)
    }

    fn apply_one(&mut self, op: &Op) -> Result<Receipt> {
        match op {
            Op::StartTrace(start) => self.start(start),
            Op::EnsureTrace(told) => self.ensure(told),
            Op::EndTrace(end) => {
                self.trace(&end.trace_id)?.end(end)?;
                self.said.change_map(&end.trace_id, &end.scores, self.now);
                Ok(self.written(&end.trace_id, ""))
            }
            Op::ChangeTrace(change) => {
                self.trace(&change.trace_id)?.change_body(&change.fields)?;
                Ok(self.written(&change.trace_id, ""))
            }
            Op::SetTraceTags(change) => {
                self.trace(&change.trace_id)?.tags.clone_from(&change.tags);
                Ok(self.written(&change.trace_id, ""))
            }
            Op::AddSpan(span) => Ok(self.add_span(span)),
            Op::AddStep(span) => {
                let Receipt::Written(written) = self.add_span(span) else { panic!("another receipt") };
                Ok(Receipt::Span { span_id: span.span_id.clone(), version: written.version })
            }
            Op::SaySpanWord(word) => {
                if self.heard(&word.trace_id).is_none() {
                    self.seq += 1;
                    self.traces.push((self.seq, Trace::awaiting_spans(&word.trace_id, word.now)));
                }
                let receipt = self.say(word);
                self.follow_spans(&word.trace_id);
                Ok(receipt)
            }
            Op::UpsertSession(session) => {
                self.seq += 1;
                self.upserted.upsert(self.seq, session)
            }
            Op::EnsureConfigSnapshot(snapshot) => {
                if !self.snapshots.iter().any(|known| known.snapshot_id == snapshot.snapshot_id) {
                    self.snapshots.push(snapshot.as_ref().clone());
                }
                Ok(Receipt::written(1))
            }
            Op::Batch(items) => {
                items.iter().map(|item| self.apply_one(&item.op)).collect::<Result<_>>().map(Receipt::Batch)
            }
            later => self.apply_later(later),
        }
    }

    /// What is said of traces and spans that may be there or not.
    fn apply_later(&mut self, op: &Op) -> Result<Receipt> {
        let now = self.now;
        match op {
            Op::SetTraceScores(trace_id, change) => {
                self.trace(trace_id)?.change_scores(change);
                self.said.change_map(trace_id, change, self.now);
                Ok(self.written(trace_id, ""))
            }
            Op::ChangeTags(change) => match &change.span_id {
                None => {
                    change.apply(&mut self.trace(&change.trace_id)?.tags);
                    Ok(self.written(&change.trace_id, ""))
                }
                Some(span_id) => {
                    let known = self.told(&change.trace_id, span_id);
                    let shown = known.filter(|told| told.span.state != SpanState::Awaited);
                    let told = shown.ok_or_else(|| Error::new(Code::NotFound, ""))?;
                    change.apply(told.span.tags.get_or_insert_default());
                    Ok(self.written(&change.trace_id, span_id))
                }
            },
            Op::AddScore(score) => Ok(self.said_of(&score.trace_id).add_score(score, now)),
            Op::DeleteScore(id) => Ok(self.said.delete_score(id)),
            Op::AddAnnotation(annotation) => Ok(self.said_of(&annotation.trace_id).add_annotation(annotation, now)),
            Op::DeleteAnnotation(id) => Ok(self.said.delete_annotation(id)),
            Op::AddLink(link) => Ok(self.said.add_link(link, now)),
            Op::IfVersion(conditional) => {
                if self.version(conditional.op.document().unwrap()) != conditional.version {
                    return Err(Error::new(Code::Conflict, ""));
                }
                self.apply_one(&conditional.op)
            }
            other => panic!("{other:?} is applied elsewhere"),
        }
    }

    fn add_span(&mut self, span: &Span) -> Receipt {
        self.said.give_links(&span.trace_id, &span.span_id, &span.links, self.now);
        match self.told(&span.trace_id, &span.span_id) {
            Some(known) => *known = known.rewritten(span.clone()),
            None => self.spans.push(ToldSpan::of(span.clone())),
        }
        if self.heard(&span.trace_id).is_none() {
            self.seq += 1;
            self.traces.push((self.seq, Trace::found(&span.trace_id, span.begin())));
        }
        self.follow_spans(&span.trace_id);
        self.written(&span.trace_id, &span.span_id)
    }

    fn start(&mut self, start: &TraceStart) -> Result<Receipt> {
        let trace = &start.trace;
        let seq = self.seq + 1;
        match self.traces.iter_mut().find(|(_, known)| known.trace_id == trace.trace_id) {
            Some((_, known)) if known.origin == TraceOrigin::Started => {
                return Err(Error::new(Code::AlreadyExists, ""));
            }
            Some((place, known)) => {
                *place = seq;
                known.start_known(trace)?;
            }
            None => self.traces.push((seq, trace.clone())),
        }
        self.said.change_map(&trace.trace_id, &start.scores, self.now);
        Ok(self.written(&trace.trace_id, ""))
    }

    fn ensure(&mut self, told: &TraceTold) -> Result<Receipt> {
        let seq = self.seq + 1;
        match self.heard(&told.trace_id) {
            Some((place, known)) => {
                if known.is_awaited() {
                    *place = seq;
                }
                known.ensure(told)?;
            }
            None => self.traces.push((seq, Trace::ensured(told)?)),
        }
        self.said.change_map(&told.trace_id, &told.scores, self.now);
        let receipt = self.written(&told.trace_id, "");
        self.follow_spans(&told.trace_id);
        Ok(receipt)
    }

    /// What the spans of a trace tell of it, found anew.
    fn follow_spans(&mut self, trace_id: &str) {
        let is_shown = |told: &&ToldSpan| told.span.trace_id == trace_id && told.span.state != SpanState::Awaited;
        let shown: Vec<&ToldSpan> = self.spans.iter().filter(is_shown).collect();
        let Some(earliest) = shown.iter().map(|told| told.span.begin()).min() else { return };
        let roots = shown.iter().filter(|told| told.span.parent_span_id.is_none());
        let root = roots.min_by_key(|told| told.span.begin()).map(|told| RootSpan::of(&told.span));
        let seq = self.seq + 1;
        let (place, trace) = self.heard(trace_id).unwrap();
        if trace.is_awaited() {
            *place = seq;
        }
        trace.follow(root.as_ref(), Some(earliest));
        self.seq = seq;
    }

    fn counts(&self) -> NounCounts {
        NounCounts {
            traces: self.shown().count() as u64,
            spans: self.spans.iter().filter(|told| told.span.state != SpanState::Awaited).count() as u64,
            sessions: self.sessions().len() as u64,
            config_snapshots: self.snapshots.len() as u64,
        }
    }

    fn written(&mut self, trace_id: &str, span_id: &str) -> Receipt {
        let now = self.now;
        self.first_words.entry(trace_id.to_owned()).or_insert(now);
        let writing = self.writing.entry((trace_id.to_owned(), span_id.to_owned()));
        let (version, created_at, updated_at) = writing.or_insert((0, now, now));
        *version += 1;
        *updated_at = now;
        // A trace is as old as the first word on it.
        if span_id.is_empty() {
            *created_at = self.first_words[trace_id];
        }
        self.seq += 1;
        Receipt::written(*version)
    }

    fn say(&mut self, word: &SpanWord) -> Receipt {
        if self.told(&word.trace_id, &word.span_id).is_none() {
            self.spans.push(ToldSpan::of(Span::awaited(&word.trace_id, &word.span_id)));
        }
        let told = self.told(&word.trace_id, &word.span_id).unwrap();
        if word.kind == SpanWordKind::Start && told.span.state == SpanState::Ended {
            let (version, ..) = self.writing[&(word.trace_id.clone(), word.span_id.clone())];
            return Receipt::written(version);
        }
        told.span.take(word);
        let links = match &word.links {
            _ if word.kind == SpanWordKind::Start && !told.span.links.is_empty() => None,
            ColumnChange::Keep => None,
            ColumnChange::Clear => Some(Vec::new()),
            ColumnChange::Set(links) => Some(links.clone()),
        };
        if let Some(links) = links {
            told.span.links.clone_from(&links);
            self.said.give_links(&word.trace_id, &word.span_id, &links, self.now);
        }
        let told = self.told(&word.trace_id, &word.span_id).unwrap();
        let fields = word
            .fields
            .iter()
            .map(|(key, value)| (serde_json::from_str(key.text()).unwrap(), serde_json::from_str(value).unwrap()))
            .collect();
        match (word.kind, &word.added_events) {
            (SpanWordKind::Start, _) => told.starts.push(fields),
            (_, Some(events)) => told.others.push(LaterWord::AddedEvents(serde_json::from_str(events).unwrap())),
            _ => told.others.push(LaterWord::Fields(fields)),
        }
        self.written(&word.trace_id, &word.span_id)
    }

    fn told(&mut self, trace_id: &str, span_id: &str) -> Option<&mut ToldSpan> {
        self.spans.iter_mut().find(|told| told.span.trace_id == trace_id && told.span.span_id == span_id)
    }

    fn trace(&mut self, trace_id: &str) -> Result<&mut Trace> {
        let found = self.heard(trace_id).map(|(_, trace)| trace).filter(|trace| !trace.is_awaited());
        found.ok_or_else(|| Error::new(Code::NotFound, ""))
    }

    /// A trace, shown or not.
    fn heard(&mut self, trace_id: &str) -> Option<&mut (i64, Trace)> {
        self.traces.iter_mut().find(|(_, trace)| trace.trace_id == trace_id)
    }

    pub fn shown(&self) -> impl Iterator<Item = &(i64, Trace)> {
        self.traces.iter().filter(|(_, trace)| !trace.is_awaited())
    }

    /// Something is said of a trace, which may not have been heard of.
    fn said_of(&mut self, trace_id: &str) -> &mut SaidAfterwards {
        let now = self.now;
        self.first_words.entry(trace_id.to_owned()).or_insert(now);
        self.seq += 1;
        let seq = self.seq;
        if self.heard(trace_id).is_none() {
            self.traces.push((seq, Trace::awaiting_spans(trace_id, now)));
        }
        let (place, trace) = self.heard(trace_id).unwrap();
        if trace.is_awaited() {
            *place = seq;
            trace.show(now);
        }
        &mut self.said
    }

    fn version(&self, target: DocumentName<'_>) -> i64 {
        let written = |trace_id: &str, span_id: &str| {
            self.writing.get(&(trace_id.to_owned(), span_id.to_owned())).map(|(version, ..)| *version)
        };
        let version = match target {
            DocumentName::Trace(trace_id) => written(trace_id, ""),
            DocumentName::Span { trace_id, span_id } => written(trace_id, span_id),
            DocumentName::Session(session_id) => self.upserted.version(session_id),
            DocumentName::ConfigSnapshot(id) => self.snapshots.iter().any(|known| known.snapshot_id == id).then_some(1),
            DocumentName::Score(id) => self.said.scores.iter().find(|told| told.it.id == id).map(|told| told.version),
            DocumentName::Annotation(id) => {
                self.said.annotations.iter().find(|told| told.it.id == id).map(|told| told.version)
            }
            DocumentName::Identified { trace_id, span_id, identifier } => {
                self.said.identified(trace_id, span_id, identifier).map(|told| told.version)
            }
        };
        version.unwrap_or_default()
    }
}

fn tenants(worlds: &Worlds, window: &TenantWindow) -> TenantPage {
    let behind = worlds.iter().filter(|(name, _)| window.after.as_ref().is_none_or(|after| *name > after));
    let all = behind.map(|(name, data)| Tenant { tenant_id: name.clone(), counts: data.counts() });
    let mut found = all.filter(|tenant| tenant.counts != NounCounts::default());
    let tenants = found.by_ref().take(window.limit as usize).collect();
    TenantPage { tenants, has_more: found.next().is_some() }
}
