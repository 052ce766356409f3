//! Everything that can be written.

use super::annotation::Annotation;
use super::config_snapshot::ConfigSnapshot;
use super::fields::{self, Fields};
use super::link::Link;
use super::score::{MapChange, Score};
use super::session::Session;
use super::span::Span;
use super::span_word::{SpanWord, SpanWordKind};
use super::tag::TagChange;
use super::trace::{TraceChange, TraceEnd, TraceStart, TraceTags};
use super::trace_told::TraceTold;
use crate::error::{Error, Result};
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    StartTrace(Box<TraceStart>),
    EnsureTrace(Box<TraceTold>),
    EndTrace(Box<TraceEnd>),
    AddSpan(Box<Span>),
    /// A span that carries a step: as `AddSpan`, and the caller hears what came of it.
    AddStep(Box<Span>),
    /// `startSpan`, `updateSpan`, `endSpan` or `addEvents`.
    SaySpanWord(Box<SpanWord>),
    /// `setApiIO`.
    ChangeTrace(TraceChange),
    /// Of the trace with this id.
    SetTraceScores(String, MapChange),
    SetTraceTags(TraceTags),
    /// `updateTraceTags` or `updateSpanTags`.
    ChangeTags(TagChange),
    UpsertSession(Box<Session>),
    EnsureConfigSnapshot(Box<ConfigSnapshot>),
    AddScore(Box<Score>),
    /// By its id.
    DeleteScore(String),
    AddAnnotation(Box<Annotation>),
    /// By its id.
    DeleteAnnotation(String),
    AddLink(Box<Link>),
    /// Only if the document that it is about has a version.
    IfVersion(Box<Conditional>),
    /// Several, all or nothing; an error names the one that failed by its place.
    Batch(Vec<BatchItem>),
}

/// The names of the operations in the order of their codes on the wire, from 1: the list that both languages read.
pub fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../lib/write/operations.json")).unwrap_or_default());
    &NAMES
}

impl Op {
    /// Reads one operation; `code` is its place in `names`, from 1.
    pub fn parse(code: u8, text: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(text).map_err(|_| Error::invalid("the operation is not UTF-8"))?;
        let name = usize::from(code).checked_sub(1).and_then(|at| names().get(at));
        let name = name.ok_or_else(|| Error::internal(format!("unknown operation code {code}")))?;
        Self::named(name, text)
    }

    /// Reads the operation with this name.
    pub fn named(name: &str, text: &str) -> Result<Self> {
        match name {
            "startTrace" => TraceStart::parse(text).map(|start| Self::StartTrace(Box::new(start))),
            "ensureTrace" => TraceTold::parse(text).map(|told| Self::EnsureTrace(Box::new(told))),
            "endTrace" => TraceEnd::parse(text).map(|end| Self::EndTrace(Box::new(end))),
            "addSpan" => Span::parse(text).map(|span| Self::AddSpan(Box::new(span))),
            "addStep" => Span::parse(text).map(|span| Self::AddStep(Box::new(span))),
            "startSpan" => span_word(SpanWordKind::Start, text),
            "updateSpan" => span_word(SpanWordKind::Update, text),
            "endSpan" => span_word(SpanWordKind::End, text),
            "addEvents" => span_word(SpanWordKind::Events, text),
            "setApiIO" => TraceChange::api_io(text).map(Self::ChangeTrace),
            "upsertSession" => Session::parse(text).map(|session| Self::UpsertSession(Box::new(session))),
            "ensureConfigSnapshot" => {
                ConfigSnapshot::parse(text).map(|snapshot| Self::EnsureConfigSnapshot(Box::new(snapshot)))
            }
            "setTraceScores" => {
                MapChange::of_call(text).map(|(trace_id, change)| Self::SetTraceScores(trace_id, change))
            }
            "setTraceTags" => TraceTags::parse(text).map(Self::SetTraceTags),
            "updateTraceTags" => TagChange::of_trace(text).map(Self::ChangeTags),
            "updateSpanTags" => TagChange::of_span(text).map(Self::ChangeTags),
            "addScore" => Score::parse(text).map(|score| Self::AddScore(Box::new(score))),
            "deleteScore" => id_of("deleteScore", text).map(Self::DeleteScore),
            "addAnnotation" => Annotation::parse(text).map(|annotation| Self::AddAnnotation(Box::new(annotation))),
            "deleteAnnotation" => id_of("deleteAnnotation", text).map(Self::DeleteAnnotation),
            "addLink" => Link::parse(text).map(|link| Self::AddLink(Box::new(link))),
            "ifVersion" => Conditional::parse(text).map(|conditional| Self::IfVersion(Box::new(conditional))),
            "batchCreate" => BatchItem::parse_all(text).map(Self::Batch),
            _ => Err(Error::internal(format!("unknown operation {name}"))),
        }
    }

    /// Whether the caller hears what came of it; the contract's writes answer nothing.
    pub fn is_answered(&self) -> bool {
        match self {
            Self::IfVersion(conditional) => conditional.op.is_answered(),
            Self::EnsureTrace(_)
            | Self::AddStep(_)
            | Self::SaySpanWord(_)
            | Self::ChangeTags(_)
            | Self::AddScore(_)
            | Self::DeleteScore(_)
            | Self::AddAnnotation(_)
            | Self::DeleteAnnotation(_)
            | Self::AddLink(_)
            | Self::Batch(_) => true,
            Self::StartTrace(_)
            | Self::EndTrace(_)
            | Self::AddSpan(_)
            | Self::ChangeTrace(_)
            | Self::SetTraceScores(..)
            | Self::SetTraceTags(_)
            | Self::UpsertSession(_)
            | Self::EnsureConfigSnapshot(_) => false,
        }
    }
}

/// A write that is only made if its document has a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    /// 0 if the document isn't there, or nobody said a word on a trace.
    pub version: i64,
    pub op: Op,
}

impl Conditional {
    /// From `{"ifVersion", "method", "document"}`, or with what the method takes in the place of the document.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("write", text)?;
        let version = given.required("ifVersion", fields::whole)?;
        let method = given.required("method", fields::string)?;
        let op = match given.take("document") {
            Some(document) => Op::named(&method, document)?,
            None => Op::named(&method, &given.rest_text())?,
        };
        match op {
            Op::Batch(_) | Op::IfVersion(_) | Op::AddLink(_) => Err(Error::invalid("this write has no ifVersion")),
            op => Ok(Self { version, op }),
        }
    }
}

/// The lists in the order in which they are written, each with the operation that its documents are.
const LISTS: &[(&str, &str)] = &[
    ("sessions", "upsertSession"),
    ("configSnapshots", "ensureConfigSnapshot"),
    ("traces", "startTrace"),
    ("spans", "addSpan"),
    ("steps", "addStep"),
    ("scores", "addScore"),
    ("annotations", "addAnnotation"),
    ("links", "addLink"),
];

/// A write of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchItem {
    list: &'static str,
    at: usize,
    pub op: Op,
}

impl BatchItem {
    /// From `{"sessions": […], …}`, each list with what its operation takes.
    pub fn parse_all(text: &str) -> Result<Vec<Self>> {
        let mut given = Fields::parse("batch", text)?;
        let mut items = Vec::new();
        for (list, operation) in LISTS {
            let wrong = |_| Error::invalid("must be an array");
            let read = |text: &str| serde_json::from_str(text).map_err(wrong);
            let documents: Vec<Box<RawValue>> = given.optional(list, read)?.unwrap_or_default();
            for (at, document) in documents.iter().enumerate() {
                let op = Op::named(operation, document.get()).map_err(|error| error.at(&format!("{list}[{at}]")))?;
                items.push(Self { list, at, op });
            }
        }
        given.into_fields().is_empty().then_some(items).ok_or_else(|| Error::invalid("an unknown list in a batch"))
    }

    /// Of any operations, for tests and tools.
    pub fn all(ops: impl IntoIterator<Item = Op>) -> Vec<Self> {
        ops.into_iter().enumerate().map(|(at, op)| Self { list: "items", at, op }).collect()
    }

    /// How errors name it.
    pub fn place(&self) -> String {
        format!("{}[{}]", self.list, self.at)
    }
}

fn span_word(kind: SpanWordKind, text: &str) -> Result<Op> {
    SpanWord::parse(kind, text).map(|word| Op::SaySpanWord(Box::new(word)))
}

/// From `{"id"}`.
fn id_of(method: &'static str, text: &str) -> Result<String> {
    Fields::parse(method, text)?.required("id", fields::id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn every_operation_of_the_list_is_read() {
        assert_eq!(names().len(), 23);
        for (name, code) in names().iter().zip(1..).filter(|(name, _)| *name != "batchCreate") {
            let error = Op::parse(code, b"{}").unwrap_err();
            assert_eq!(error.code, Code::InvalidArgument, "{name}: {error}");
        }
        assert_eq!(Op::parse(0, b"{}").unwrap_err().code, Code::Internal);
        assert_eq!(Op::parse(99, b"{}").unwrap_err().code, Code::Internal);
    }

    #[test]
    fn a_condition_takes_the_document_or_the_arguments() {
        let tags = r#"{"ifVersion":3,"method":"setTraceTags","traceId":"t","tags":["a"]}"#;
        let Op::IfVersion(conditional) = Op::named("ifVersion", tags).unwrap() else { panic!("another write") };
        assert!(matches!((conditional.version, &conditional.op), (3, Op::SetTraceTags(_))));
        let score = r#"{"ifVersion":0,"method":"addScore","document":{"id":"s","traceId":"t","name":"n"}}"#;
        assert!(Op::named("ifVersion", score).is_ok());
        let batch = r#"{"ifVersion":0,"method":"batchCreate","document":{}}"#;
        assert_eq!(Op::named("ifVersion", batch).unwrap_err().code, Code::InvalidArgument);
    }

    #[test]
    fn an_item_is_named_by_its_list_and_its_place_there() {
        let score = r#"{"id":"s","traceId":"t","name":"n"}"#;
        let link = r#"{"from":{"traceId":"t"},"to":{"url":"u"},"type":"child_of"}"#;
        let items = BatchItem::parse_all(&format!(r#"{{"links":[{link}],"scores":[{score},{score}]}}"#)).unwrap();
        assert_eq!(items.iter().map(BatchItem::place).collect::<Vec<_>>(), ["scores[0]", "scores[1]", "links[0]"]);
        let error = BatchItem::parse_all(&format!(r#"{{"scores":[{score},{{}}]}}"#)).unwrap_err();
        assert!(error.message.starts_with("scores[1]: score.id"), "{error}");
        assert!(BatchItem::parse_all(r#"{"others":[]}"#).is_err());
    }
}
