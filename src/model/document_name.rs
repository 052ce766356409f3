//! The document that a write is about, by the ids that callers give it.

use super::op::Op;

/// A document by the ids that callers give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentName<'a> {
    Trace(&'a str),
    Span {
        trace_id: &'a str,
        span_id: &'a str,
    },
    Session(&'a str),
    ConfigSnapshot(&'a str),
    Score(&'a str),
    Annotation(&'a str),
    /// The annotation of a trace or a span that has this identifier, if one is given.
    Identified {
        trace_id: &'a str,
        span_id: Option<&'a str>,
        identifier: Option<&'a str>,
    },
}

impl Op {
    /// The one document that a write is about; nothing of several together, and of links.
    pub fn document(&self) -> Option<DocumentName<'_>> {
        Some(match self {
            Self::StartTrace(start) => DocumentName::Trace(&start.trace.trace_id),
            Self::EnsureTrace(told) => DocumentName::Trace(&told.trace_id),
            Self::EndTrace(end) => DocumentName::Trace(&end.trace_id),
            Self::ChangeTrace(change) => DocumentName::Trace(&change.trace_id),
            Self::SetTraceScores(trace_id, _) => DocumentName::Trace(trace_id),
            Self::SetTraceTags(change) => DocumentName::Trace(&change.trace_id),
            Self::ChangeTags(change) => match &change.span_id {
                Some(span_id) => DocumentName::Span { trace_id: &change.trace_id, span_id },
                None => DocumentName::Trace(&change.trace_id),
            },
            Self::AddSpan(span) | Self::AddStep(span) => {
                DocumentName::Span { trace_id: &span.trace_id, span_id: &span.span_id }
            }
            Self::SaySpanWord(word) => DocumentName::Span { trace_id: &word.trace_id, span_id: &word.span_id },
            Self::UpsertSession(session) => DocumentName::Session(&session.session_id),
            Self::EnsureConfigSnapshot(snapshot) => DocumentName::ConfigSnapshot(&snapshot.snapshot_id),
            Self::AddScore(score) => DocumentName::Score(&score.id),
            Self::DeleteScore(id) => DocumentName::Score(id),
            Self::AddAnnotation(annotation) => DocumentName::Identified {
                trace_id: &annotation.trace_id,
                span_id: annotation.span_id.as_deref(),
                identifier: annotation.identifier.as_deref(),
            },
            Self::DeleteAnnotation(id) => DocumentName::Annotation(id),
            Self::AddLink(_) | Self::IfVersion(_) | Self::Batch(_) => return None,
        })
    }
}
