//! Everything that can be written.

use super::config_snapshot::ConfigSnapshot;
use super::fields::Fields;
use super::session::Session;
use super::span::Span;
use super::span_word::{SpanWord, SpanWordKind};
use super::trace::{Trace, TraceChange, TraceEnd, TraceTags};
use super::trace_told::TraceTold;
use crate::error::{Error, Result};
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    StartTrace(Box<Trace>),
    EnsureTrace(Box<TraceTold>),
    EndTrace(Box<TraceEnd>),
    AddSpan(Box<Span>),
    /// `startSpan`, `updateSpan` or `endSpan`.
    SaySpanWord(Box<SpanWord>),
    /// `setApiIO` or `setTraceScores`.
    ChangeTrace(TraceChange),
    SetTraceTags(TraceTags),
    UpsertSession(Box<Session>),
    EnsureConfigSnapshot(Box<ConfigSnapshot>),
    /// Several, all or nothing; an error names the one that failed as `items[n]`.
    Batch(Vec<Op>),
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

    fn named(name: &str, text: &str) -> Result<Self> {
        match name {
            "startTrace" => Trace::start(text).map(|trace| Self::StartTrace(Box::new(trace))),
            "ensureTrace" => TraceTold::parse(text).map(|told| Self::EnsureTrace(Box::new(told))),
            "endTrace" => TraceEnd::parse(text).map(|end| Self::EndTrace(Box::new(end))),
            "addSpan" => Span::parse(text).map(|span| Self::AddSpan(Box::new(span))),
            "startSpan" => span_word(SpanWordKind::Start, text),
            "updateSpan" => span_word(SpanWordKind::Update, text),
            "endSpan" => span_word(SpanWordKind::End, text),
            "setApiIO" => TraceChange::api_io(text).map(Self::ChangeTrace),
            "upsertSession" => Session::parse(text).map(|session| Self::UpsertSession(Box::new(session))),
            "ensureConfigSnapshot" => {
                ConfigSnapshot::parse(text).map(|snapshot| Self::EnsureConfigSnapshot(Box::new(snapshot)))
            }
            "setTraceScores" => TraceChange::scores(text).map(Self::ChangeTrace),
            "setTraceTags" => TraceTags::parse(text).map(Self::SetTraceTags),
            "batch" => batch(text).map(Self::Batch),
            _ => Err(Error::internal(format!("unknown operation {name}"))),
        }
    }
}

fn span_word(kind: SpanWordKind, text: &str) -> Result<Op> {
    SpanWord::parse(kind, text).map(|word| Op::SaySpanWord(Box::new(word)))
}

/// From `{"items": [["startTrace", …], …]}`: names of operations with what each takes; none of them is a batch itself.
fn batch(text: &str) -> Result<Vec<Op>> {
    let items: Vec<(String, Box<RawValue>)> = Fields::parse("batch", text)?.required("items", |items| {
        serde_json::from_str(items).map_err(|_| Error::invalid("must be an array of pairs of a name and what it takes"))
    })?;
    let parse = |(name, text): &(String, Box<RawValue>)| match name.as_str() {
        "batch" => Err(Error::invalid("a batch in a batch")),
        name => Op::named(name, text.get()),
    };
    items.iter().enumerate().map(|(at, item)| parse(item).map_err(|error| error.at(&item_place(at)))).collect()
}

/// How errors name an item of a batch.
pub fn item_place(at: usize) -> String {
    format!("items[{at}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn every_operation_of_the_list_is_read() {
        assert_eq!(names().len(), 13);
        for (name, code) in names().iter().zip(1..) {
            let error = Op::parse(code, b"{}").unwrap_err();
            assert_eq!(error.code, Code::InvalidArgument, "{name}: {error}");
        }
        assert_eq!(Op::parse(0, b"{}").unwrap_err().code, Code::Internal);
        assert_eq!(Op::parse(99, b"{}").unwrap_err().code, Code::Internal);
    }

    #[test]
    fn a_batch_names_the_item_that_is_wrong() {
        let tags = r#"["setTraceTags",{"traceId":"t","tags":[]}]"#;
        let whole = Op::parse(9, format!(r#"{{"items":[{tags},{tags}]}}"#).as_bytes()).unwrap();
        assert!(matches!(whole, Op::Batch(items) if items.len() == 2));
        for wrong in [r#"["setTraceTags",{"traceId":7,"tags":[]}]"#, r#"["batch",{"items":[]}]"#, r#"["nothing",{}]"#] {
            let error = Op::parse(9, format!(r#"{{"items":[{tags},{wrong}]}}"#).as_bytes()).unwrap_err();
            assert!(error.message.contains("items[1]"), "{error}");
        }
    }
}
