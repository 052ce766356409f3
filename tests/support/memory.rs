//! The reference backend: vectors, scans and clones; slow and easy to believe.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use super::told_span::ToldSpan;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use tracestore::error::{Code, Error, Result};
use tracestore::model::answer::{Documents, Header, ListPage};
use tracestore::model::config_snapshot::ConfigSnapshot;
use tracestore::model::counts::NounCounts;
use tracestore::model::derived::{RootSpan, TraceOrigin};
use tracestore::model::field::{Listed, Noun};
use tracestore::model::query::{Condition, Cursor, ListWindow, SpanCursor, SpanWindow, Total, Wanted};
use tracestore::model::receipt::Written;
use tracestore::model::session::Session;
use tracestore::model::span::Span;
use tracestore::model::span_word::{SpanWord, SpanWordKind};
use tracestore::model::tenant::{Tenant, TenantName, TenantPage, TenantWindow};
use tracestore::model::time::Nanos;
use tracestore::model::trace::Trace;
use tracestore::model::trace_told::TraceTold;
use tracestore::model::word::SpanState;
use tracestore::model::writer_process::WriterProcess;
use tracestore::model::{Answer, Op, Query, Receipt};
use tracestore::store::backend::{Backend, OpGroup, Reader, SizedOp, Warning, Writer};

/// Tenants, each a world of its own.
type Worlds = BTreeMap<TenantName, Data>;

#[derive(Clone, Default)]
struct Data {
    /// Traces and sessions with their place in the order of writing.
    traces: Vec<(i64, Trace)>,
    sessions: Vec<(i64, Session)>,
    spans: Vec<ToldSpan>,
    /// How often each trace, and each span of one, was changed.
    versions: HashMap<(String, String), i64>,
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
        let apply = |sized: &SizedOp| worlds.entry(sized.tenant.clone()).or_default().try_apply(&sized.op);
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
    fn try_apply(&mut self, op: &Op) -> Result<Receipt> {
        let mut next = self.clone();
        let receipt = next.apply(op)?;
        *self = next;
        Ok(receipt)
    }

    fn apply(&mut self, op: &Op) -> Result<Receipt> {
        match op {
            Op::Batch(items) => {
                items.iter().map(|item| self.apply_one(item)).collect::<Result<_>>().map(Receipt::Batch)
            }
            Op::SaySpanWord(_) | Op::EnsureTrace(_) => self.apply_one(op),
            op => self.apply_one(op).map(|_| Receipt::Nothing),
        }
    }

    fn apply_one(&mut self, op: &Op) -> Result<Receipt> {
        match op {
            Op::StartTrace(trace) => self.start(trace),
            Op::EnsureTrace(told) => self.ensure(told),
            Op::EndTrace(end) => {
                self.trace(&end.trace_id)?.end(end)?;
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
                let told = ToldSpan::of(span.as_ref().clone());
                match self.told(&span.trace_id, &span.span_id) {
                    Some(known) => *known = told,
                    None => self.spans.push(told),
                }
                if self.trace(&span.trace_id).is_err() {
                    self.seq += 1;
                    self.traces.push((self.seq, Trace::found(&span.trace_id, span.begin())));
                }
                self.follow_spans(&span.trace_id)?;
                Ok(self.written(&span.trace_id, &span.span_id))
            }
            Op::SaySpanWord(word) => {
                if self.trace(&word.trace_id).is_err() {
                    self.seq += 1;
                    self.traces.push((self.seq, Trace::awaiting_spans(&word.trace_id, word.now)));
                }
                let receipt = self.say(word);
                self.follow_spans(&word.trace_id)?;
                Ok(receipt)
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
                Ok(Receipt::Nothing)
            }
            Op::EnsureConfigSnapshot(snapshot) => {
                if !self.snapshots.iter().any(|known| known.snapshot_id == snapshot.snapshot_id) {
                    self.snapshots.push(snapshot.as_ref().clone());
                }
                Ok(Receipt::Nothing)
            }
            Op::Batch(_) => self.apply(op),
        }
    }

    fn start(&mut self, trace: &Trace) -> Result<Receipt> {
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
        Ok(self.written(&trace.trace_id, ""))
    }

    fn ensure(&mut self, told: &TraceTold) -> Result<Receipt> {
        match self.trace(&told.trace_id) {
            Ok(known) => known.ensure(told)?,
            Err(_) => self.traces.push((self.seq + 1, Trace::ensured(told)?)),
        }
        let receipt = self.written(&told.trace_id, "");
        self.follow_spans(&told.trace_id)?;
        Ok(receipt)
    }

    /// What the spans of a trace tell of it, found anew.
    fn follow_spans(&mut self, trace_id: &str) -> Result<()> {
        let is_shown = |told: &&ToldSpan| told.span.trace_id == trace_id && told.span.state != SpanState::Awaited;
        let shown: Vec<&ToldSpan> = self.spans.iter().filter(is_shown).collect();
        let Some(earliest) = shown.iter().map(|told| told.span.begin()).min() else { return Ok(()) };
        let roots = shown.iter().filter(|told| told.span.parent_span_id.is_none());
        let whole = |told: &&ToldSpan| Span { body: Value::Object(told.body()).to_string(), ..told.span.clone() };
        let root = roots.min_by_key(|told| told.span.begin()).map(whole);
        let root = root.as_ref().map(RootSpan::of).transpose()?;
        self.trace(trace_id)?.follow(root.as_ref(), Some(earliest));
        Ok(())
    }

    fn counts(&self) -> NounCounts {
        NounCounts {
            traces: self.traces.len() as u64,
            spans: self.spans.iter().filter(|told| told.span.state != SpanState::Awaited).count() as u64,
            sessions: self.sessions.len() as u64,
            config_snapshots: self.snapshots.len() as u64,
        }
    }

    fn written(&mut self, trace_id: &str, span_id: &str) -> Receipt {
        let version = self.versions.entry((trace_id.to_owned(), span_id.to_owned())).or_default();
        *version += 1;
        self.seq += 1;
        Receipt::Written(Written { version: *version })
    }

    fn say(&mut self, word: &SpanWord) -> Receipt {
        if self.told(&word.trace_id, &word.span_id).is_none() {
            self.spans.push(ToldSpan::of(Span::awaited(&word.trace_id, &word.span_id)));
        }
        let told = self.told(&word.trace_id, &word.span_id).unwrap();
        if word.kind == SpanWordKind::Start && told.span.state == SpanState::Ended {
            let version = self.versions[&(word.trace_id.clone(), word.span_id.clone())];
            return Receipt::Written(Written { version });
        }
        told.span.take(word);
        let fields = word
            .fields
            .iter()
            .map(|(key, value)| (serde_json::from_str(key.text()).unwrap(), serde_json::from_str(value).unwrap()));
        let words = if word.kind == SpanWordKind::Start { &mut told.starts } else { &mut told.others };
        words.push(fields.collect());
        self.written(&word.trace_id, &word.span_id)
    }

    fn told(&mut self, trace_id: &str, span_id: &str) -> Option<&mut ToldSpan> {
        self.spans.iter_mut().find(|told| told.span.trace_id == trace_id && told.span.span_id == span_id)
    }

    fn trace(&mut self, trace_id: &str) -> Result<&mut Trace> {
        let found = self.traces.iter_mut().find(|(_, trace)| trace.trace_id == trace_id);
        found.map(|(_, trace)| trace).ok_or_else(|| Error::new(Code::NotFound, ""))
    }

    fn answer(&self, wanted: &Wanted) -> Answer {
        let mut documents = Documents::default();
        match wanted {
            Wanted::Trace { trace_id } => {
                self.traces
                    .iter()
                    .filter(|(_, trace)| trace.trace_id == *trace_id)
                    .for_each(|(_, trace)| push(&mut documents, &trace.header(WriterProcess::Alive), &trace.body));
            }
            Wanted::Spans { trace_id } => {
                for span in self.spans_in_order(trace_id, usize::MAX) {
                    self.push_span(&mut documents, span);
                }
            }
            Wanted::SpanPage { trace_id, window } => {
                documents.page = Some(self.span_page(&mut documents, trace_id, window));
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
                documents.page = Some(page(found, &list.window, |trace| {
                    push(&mut documents, &trace.header(WriterProcess::Alive), &trace.body);
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
        }
        Answer::Documents(documents)
    }

    /// Behind the span of the cursor, of those that were there when the first page was read.
    fn span_page(&self, documents: &mut Documents, trace_id: &str, window: &SpanWindow) -> ListPage {
        let id = |of: &Span| self.spans.iter().position(|told| std::ptr::eq(&raw const told.span, of)).unwrap() as i64;
        let all = self.spans_in_order(trace_id, window.cursor.map_or(usize::MAX, |cursor| cursor.newest as usize));
        let newest = window.cursor.map_or(self.spans.len() as i64, |cursor| cursor.newest);
        let rest = match window.cursor {
            Some(cursor) => all.into_iter().skip_while(|span| id(span) != cursor.span).skip(1).collect(),
            None => all,
        };
        let limit = window.limit.map_or(usize::MAX, |limit| limit as usize);
        let (shown, left) = rest.split_at(limit.min(rest.len()));
        for span in shown {
            self.push_span(documents, span);
        }
        let last = shown.last().filter(|_| !left.is_empty());
        let cursor = |last: &&Span| SpanCursor { millis: last.begin().millis(), span: id(last), newest };
        ListPage { total: None, has_more: !left.is_empty(), next_cursor: last.map(|last| cursor(last).to_text()) }
    }

    /// By millisecond, each span after its ancestors in that, else by nanosecond and as written.
    fn spans_in_order(&self, trace_id: &str, first_written: usize) -> Vec<&Span> {
        let mut spans: Vec<&Span> = self
            .spans
            .iter()
            .take(first_written)
            .map(|told| &told.span)
            .filter(|span| span.trace_id == trace_id)
            .collect();
        spans.retain(|span| span.state != SpanState::Awaited);
        spans.sort_by_key(|span| span.started_at);
        let parent = |of: &Span| {
            let is_parent = |span: &&&Span| Some(&span.span_id) == of.parent_span_id.as_ref();
            let found = spans.iter().find(is_parent).copied();
            found.filter(|parent| parent.begin().millis() == of.begin().millis())
        };
        // The ancestors from the next one on; of a span that is its own ancestor none.
        let ancestors = |of: &Span| -> Vec<&Span> {
            let all: Vec<&Span> = std::iter::successors(parent(of), |span| parent(span)).take(spans.len()).collect();
            if all.iter().any(|span| span.span_id == of.span_id) { Vec::new() } else { all }
        };
        let mut ordered: Vec<&Span> = Vec::new();
        for span in &spans {
            let circle_or_root = |span: &&Span| ancestors(span).is_empty();
            let mut way = vec![*span];
            for ancestor in ancestors(span) {
                way.push(ancestor);
                if circle_or_root(&ancestor) {
                    break;
                }
            }
            for span in way.into_iter().rev() {
                if !ordered.iter().any(|known| known.span_id == span.span_id) {
                    ordered.push(span);
                }
            }
        }
        ordered
    }

    fn push_span(&self, documents: &mut Documents, span: &Span) {
        let told = self.spans.iter().find(|told| std::ptr::eq(&raw const told.span, span)).unwrap();
        push(documents, &span.header(WriterProcess::Alive), &Value::Object(told.body()).to_string());
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

fn push(documents: &mut Documents, header: &impl Header, body: &str) {
    documents.push(header, format!("[0,{body}]")).unwrap();
}

fn page<T>(mut found: Vec<(Nanos, i64, &T)>, request: &ListWindow, mut push: impl FnMut(&T)) -> ListPage {
    found.sort_by_key(|(time, seq, _)| std::cmp::Reverse((*time, *seq)));
    let total = (request.total == Total::Counted).then_some(found.len() as u64);
    if let Some(cursor) = request.cursor {
        found.retain(|(time, seq, _)| (*time, *seq) < (cursor.time, cursor.seq));
    }
    let offset = usize::try_from(request.offset).unwrap();
    let rest: Vec<_> = found.into_iter().skip(offset).collect();
    let limit = usize::try_from(request.limit).unwrap();
    rest.iter().take(limit).for_each(|(_, _, document)| push(document));
    let has_more = rest.len() > limit;
    let last = rest.iter().take(limit).next_back().filter(|_| has_more);
    ListPage { total, has_more, next_cursor: last.map(|(time, seq, _)| Cursor { time: *time, seq: *seq }.to_text()) }
}

fn meets(document: &impl Listed, conditions: &[Condition]) -> bool {
    conditions.iter().all(|condition| condition.holds(document))
}
