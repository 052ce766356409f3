//! How the reference backend answers: by looking at everything.

use super::memory::Data;
use super::memory_pages::{meets, page, push, push_span, span_page, spans_in_order};
use super::told_span::ToldSpan;
use tracestore::model::Answer;
use tracestore::model::answer::Documents;
use tracestore::model::field::Noun;
use tracestore::model::history::History;
use tracestore::model::info::{SpanInfo, TraceInfo};
use tracestore::model::query::Wanted;
use tracestore::model::time::Nanos;
use tracestore::model::trace::Trace;
use tracestore::model::usage::{self, SpanUsage, TraceSums};
use tracestore::model::word::{SpanKind, SpanState, TraceStatus};
use tracestore::model::writer_process::WriterProcess;

impl Data {
    fn push_trace(&self, documents: &mut Documents, trace: &Trace) {
        let map = self.said.map(&trace.trace_id);
        let scores = if map.is_empty() { trace.scores.clone() } else { Some(map) };
        let trace = Trace { scores, ..self.summed(trace) };
        push(documents, &trace.header(WriterProcess::Alive), &trace.body);
    }

    /// A trace with what its spans used together, found anew.
    fn summed(&self, trace: &Trace) -> Trace {
        let of_trace = |told: &&ToldSpan| told.span.trace_id == trace.trace_id && told.span.state != SpanState::Awaited;
        let used = |told: &ToldSpan| SpanUsage {
            span_id: told.span.span_id.clone(),
            parent_span_id: told.span.parent_span_id.clone(),
            is_llm: told.span.kind == Some(SpanKind::Llm),
            facts: told.span.facts.clone(),
        };
        let (has_ended, derived) = (trace.status != TraceStatus::Running, trace.derived);
        let mut sums = TraceSums { has_ended, derived, facts: trace.facts.clone() };
        sums.take(&usage::sum(&self.spans.iter().filter(of_trace).map(used).collect::<Vec<_>>()));
        Trace { facts: sums.facts, ..trace.clone() }
    }

    pub fn answer(&self, wanted: &Wanted) -> Answer {
        let mut documents = Documents::default();
        match wanted {
            Wanted::Trace { trace_id } => {
                self.shown()
                    .filter(|(_, trace)| trace.trace_id == *trace_id)
                    .for_each(|(_, trace)| self.push_trace(&mut documents, trace));
            }
            Wanted::Spans { trace_id } => {
                for told in spans_in_order(&self.spans, trace_id, usize::MAX) {
                    push_span(&mut documents, told);
                }
            }
            Wanted::SpanPage { trace_id, window } => {
                documents.page = Some(span_page(&self.spans, &mut documents, trace_id, window));
            }
            Wanted::Session { session_id } => {
                let found = self.sessions().into_iter().filter(|(_, session)| session.session_id == *session_id);
                found.for_each(|(_, session)| push(&mut documents, &session.header(), &session.body));
            }
            Wanted::ConfigSnapshot { snapshot_id } => {
                self.snapshots
                    .iter()
                    .filter(|known| known.snapshot_id == *snapshot_id)
                    .for_each(|known| push(&mut documents, &known.header(), &known.body));
            }
            Wanted::List(list) if list.noun == Noun::Trace => {
                let found = self
                    .shown()
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
                let all = self.sessions();
                let found = all.iter().filter(|(_, session)| meets(session, &list.conditions));
                let found = found.map(|(seq, session)| (session.updated_at, *seq, session)).collect();
                documents.page = Some(page(found, &list.window, |session| {
                    push(&mut documents, &session.header(), &session.body);
                }));
            }
            part => self.push_part(&mut documents, part),
        }
        Answer::Documents(documents)
    }

    /// A part of a trace, its outline, or what was said of it.
    fn push_part(&self, documents: &mut Documents, wanted: &Wanted) {
        let shown = |trace_id: &str| spans_in_order(&self.spans, trace_id, usize::MAX);
        match wanted {
            Wanted::Span { trace_id, span_id } => {
                let found = shown(trace_id).into_iter().filter(|told| told.span.span_id == *span_id);
                found.for_each(|told| push_span(documents, told));
            }
            Wanted::RootSpans { trace_id } => {
                let roots = shown(trace_id).into_iter().filter(|told| told.span.parent_span_id.is_none());
                roots.for_each(|told| push_span(documents, told));
            }
            Wanted::TraceInfo { trace_id } => {
                for (_, trace) in self.shown().filter(|(_, trace)| trace.trace_id == *trace_id) {
                    let counts = self.said.counts(trace_id, None, shown(trace_id).len());
                    let history = self.history(trace_id, "");
                    push(documents, &TraceInfo::of(&self.summed(trace), WriterProcess::Alive, counts, history), "{}");
                }
            }
            Wanted::SpanInfo { trace_id, span_id } => {
                for told in shown(trace_id).iter().filter(|told| told.span.span_id == *span_id) {
                    let is_below = |below: &&&ToldSpan| below.span.parent_span_id.as_ref() == Some(span_id);
                    let below = shown(trace_id).iter().filter(is_below).count();
                    let counts = self.said.counts(trace_id, Some(span_id), below);
                    let history = self.history(trace_id, span_id);
                    push(documents, &SpanInfo::of(&told.span, WriterProcess::Alive, counts, history), "{}");
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

    fn history(&self, trace_id: &str, span_id: &str) -> History {
        let written = self.writing.get(&(trace_id.to_owned(), span_id.to_owned()));
        let unwritten = || (0, self.first_words[trace_id], self.first_words[trace_id]);
        let (version, created_at, updated_at) = written.copied().unwrap_or_else(unwritten);
        History::new(created_at, updated_at, version)
    }
}
