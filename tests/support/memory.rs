//! The reference backend: vectors, scans and clones; slow and easy to believe.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use super::memory_pages::{meets, page, push, span_page, spans_in_order};
use super::memory_said::SaidAfterwards;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use tracestore::error::{Code, Error, Result};
use tracestore::model::answer::Documents;
use tracestore::model::config_snapshot::ConfigSnapshot;
use tracestore::model::counts::NounCounts;
use tracestore::model::document_name::DocumentName;
use tracestore::model::field::Noun;
use tracestore::model::history::History;
use tracestore::model::info::{SpanInfo, TraceInfo};
use tracestore::model::query::Wanted;
use tracestore::model::session::Session;
use tracestore::model::span::Span;
use tracestore::model::tenant::{Tenant, TenantName, TenantPage, TenantWindow};
use tracestore::model::time::Nanos;
use tracestore::model::trace::Trace;
use tracestore::model::{Answer, Op, Query, Receipt};
use tracestore::store::backend::{Backend, OpGroup, Reader, SentOp, Warning, Writer};

/// Tenants, each a world of its own.
type Worlds = BTreeMap<TenantName, Data>;

#[derive(Clone, Default)]
struct Data {
    /// Traces and sessions with their place in the order of writing.
    traces: Vec<(i64, Trace)>,
    sessions: Vec<(i64, Session)>,
    spans: Vec<Span>,
    /// How often each trace, and each span of one, was changed, and when first and last.
    writing: HashMap<(String, String), (i64, Nanos, Nanos)>,
    /// When each trace was first spoken of.
    first_words: HashMap<String, Nanos>,
    session_versions: HashMap<String, i64>,
    said: SaidAfterwards,
    /// When the operation that is applied was made.
    now: Nanos,
    snapshots: Vec<ConfigSnapshot>,
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
            Op::StartTrace(start) => {
                let trace = &start.trace;
                if self.trace(&trace.trace_id).is_ok() {
                    return Err(Error::new(Code::AlreadyExists, ""));
                }
                self.traces.push((self.seq + 1, trace.clone()));
                self.said.change_map(&trace.trace_id, &start.scores, self.now);
                Ok(self.written(&trace.trace_id, ""))
            }
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
            Op::AddSpan(span) => {
                let same = |known: &&mut Span| known.trace_id == span.trace_id && known.span_id == span.span_id;
                match self.spans.iter_mut().find(same) {
                    Some(known) => *known = span.as_ref().clone(),
                    None => self.spans.push(span.as_ref().clone()),
                }
                Ok(self.written(&span.trace_id, &span.span_id))
            }
            Op::UpsertSession(session) => {
                self.seq += 1;
                match self.sessions.iter_mut().find(|(_, known)| known.session_id == session.session_id) {
                    Some((seq, known)) => {
                        known.update(session)?;
                        *seq = self.seq;
                    }
                    None => self.sessions.push((self.seq, session.as_ref().clone())),
                }
                let version = self.session_versions.entry(session.session_id.clone()).or_default();
                *version += 1;
                Ok(Receipt::written(*version))
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
                    let is_it = |span: &&mut Span| span.trace_id == change.trace_id && span.span_id == *span_id;
                    let span = self.spans.iter_mut().find(is_it).ok_or_else(|| Error::new(Code::NotFound, ""))?;
                    change.apply(span.tags.get_or_insert_default());
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

    fn counts(&self) -> NounCounts {
        NounCounts {
            traces: self.traces.len() as u64,
            spans: self.spans.len() as u64,
            sessions: self.sessions.len() as u64,
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

    fn trace(&mut self, trace_id: &str) -> Result<&mut Trace> {
        let found = self.traces.iter_mut().find(|(_, trace)| trace.trace_id == trace_id);
        found.map(|(_, trace)| trace).ok_or_else(|| Error::new(Code::NotFound, ""))
    }

    /// Something is said of a trace, which may not have been heard of.
    fn said_of(&mut self, trace_id: &str) -> &mut SaidAfterwards {
        self.first_words.entry(trace_id.to_owned()).or_insert(self.now);
        &mut self.said
    }

    fn version(&self, target: DocumentName<'_>) -> i64 {
        let written = |trace_id: &str, span_id: &str| {
            self.writing.get(&(trace_id.to_owned(), span_id.to_owned())).map(|(version, ..)| *version)
        };
        let version = match target {
            DocumentName::Trace(trace_id) => written(trace_id, ""),
            DocumentName::Span { trace_id, span_id } => written(trace_id, span_id),
            DocumentName::Session(session_id) => self.session_versions.get(session_id).copied(),
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

    fn history(&self, trace_id: &str, span_id: &str) -> History {
        let (version, created_at, updated_at) = self.writing[&(trace_id.to_owned(), span_id.to_owned())];
        History::new(created_at, updated_at, version)
    }

    fn push_trace(&self, documents: &mut Documents, trace: &Trace) {
        let map = self.said.map(&trace.trace_id);
        let scores = if map.is_empty() { trace.scores.clone() } else { Some(map) };
        let trace = Trace { scores, ..trace.clone() };
        push(documents, &trace.header(), &trace.body);
    }

    fn answer(&self, wanted: &Wanted) -> Answer {
        let mut documents = Documents::default();
        match wanted {
            Wanted::Trace { trace_id } => {
                self.traces
                    .iter()
                    .filter(|(_, trace)| trace.trace_id == *trace_id)
                    .for_each(|(_, trace)| self.push_trace(&mut documents, trace));
            }
            Wanted::Spans { trace_id } => {
                for span in spans_in_order(&self.spans, trace_id, usize::MAX) {
                    push(&mut documents, &span.header(), &span.body);
                }
            }
            Wanted::SpanPage { trace_id, window } => {
                documents.page = Some(span_page(&self.spans, &mut documents, trace_id, window));
            }
            Wanted::Session { session_id } => {
                self.sessions
                    .iter()
                    .filter(|(_, session)| session.session_id == *session_id)
                    .for_each(|(_, session)| self.push_session(&mut documents, session));
            }
            Wanted::ConfigSnapshot { snapshot_id } => {
                self.snapshots
                    .iter()
                    .filter(|known| known.snapshot_id == *snapshot_id)
                    .for_each(|known| push(&mut documents, &known.header(), &known.body));
            }
            Wanted::List(list) if list.noun == Noun::Trace => {
                let found = self
                    .traces
                    .iter()
                    .filter(|(_, trace)| meets(trace, &list.conditions))
                    .map(|(seq, trace)| (trace.started_at, *seq, trace))
                    .collect();
                documents.page = Some(page(found, &list.window, |trace| self.push_trace(&mut documents, trace)));
            }
            Wanted::List(list) if list.noun == Noun::Score => {
                let found = self.said.scores.iter().filter(|told| meets(&told.it, &list.conditions));
                let found = found.map(|told| (Nanos(0), told.place, told)).collect();
                documents.page = Some(page(found, &list.window, |told| {
                    push(&mut documents, &told.it.header(told.history()), &told.it.body);
                }));
            }
            Wanted::List(list) => {
                let found = self
                    .sessions
                    .iter()
                    .filter(|(_, session)| meets(session, &list.conditions))
                    .map(|(seq, session)| (session.updated_at, *seq, session))
                    .collect();
                documents.page = Some(page(found, &list.window, |session| self.push_session(&mut documents, session)));
            }
            part => self.push_part(&mut documents, part),
        }
        Answer::Documents(documents)
    }

    /// A part of a trace, its outline, or what was said of it.
    fn push_part(&self, documents: &mut Documents, wanted: &Wanted) {
        match wanted {
            Wanted::Span { trace_id, span_id } => {
                let found = self.spans.iter().filter(|span| span.trace_id == *trace_id && span.span_id == *span_id);
                found.for_each(|span| push(documents, &span.header(), &span.body));
            }
            Wanted::RootSpans { trace_id } => {
                let spans = spans_in_order(&self.spans, trace_id, usize::MAX);
                let roots = spans.iter().filter(|span| span.parent_span_id.is_none());
                roots.for_each(|span| push(documents, &span.header(), &span.body));
            }
            Wanted::TraceInfo { trace_id } => {
                for (_, trace) in self.traces.iter().filter(|(_, trace)| trace.trace_id == *trace_id) {
                    let below = self.spans.iter().filter(|span| span.trace_id == *trace_id).count();
                    let counts = self.said.counts(trace_id, None, below);
                    push(documents, &TraceInfo::of(trace, counts, self.history(trace_id, "")), "{}");
                }
            }
            Wanted::SpanInfo { trace_id, span_id } => {
                let of_trace = || self.spans.iter().filter(|span| span.trace_id == *trace_id);
                for span in of_trace().filter(|span| span.span_id == *span_id) {
                    let below = of_trace().filter(|span| span.parent_span_id.as_ref() == Some(span_id)).count();
                    let counts = self.said.counts(trace_id, Some(span_id), below);
                    push(documents, &SpanInfo::of(span, counts, self.history(trace_id, span_id)), "{}");
                }
            }
            Wanted::Annotations { trace_id, span_id } => {
                let of_trace = self.said.annotations.iter().filter(|told| told.it.trace_id == *trace_id);
                for told in of_trace.filter(|told| span_id.is_none() || told.it.span_id == *span_id) {
                    push(documents, &told.it.header(told.history()), &told.it.body);
                }
            }
            Wanted::Links { end, direction } => {
                for told in self.said.links_of(end, *direction) {
                    push(documents, &told.it.header(told.history()).unwrap(), "{}");
                }
            }
            other => panic!("{other:?} is answered elsewhere"),
        }
    }

    fn push_session(&self, documents: &mut Documents, session: &Session) {
        let recorded =
            self.traces.iter().filter(|(_, trace)| trace.session_id.as_ref() == Some(&session.session_id)).count();
        let mut session = session.clone();
        session.trace_count = session.trace_count.max(i64::try_from(recorded).unwrap());
        push(documents, &session.header(), &session.body);
    }
}

fn tenants(worlds: &Worlds, window: &TenantWindow) -> TenantPage {
    let behind = worlds.iter().filter(|(name, _)| window.after.as_ref().is_none_or(|after| *name > after));
    let all = behind.map(|(name, data)| Tenant { tenant_id: name.clone(), counts: data.counts() });
    let mut found = all.filter(|tenant| tenant.counts != NounCounts::default());
    let tenants = found.by_ref().take(window.limit as usize).collect();
    TenantPage { tenants, has_more: found.next().is_some() }
}
