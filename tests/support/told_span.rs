//! A span of the reference: every word is kept, and all are joined when it is read.

use super::rebuild::with_added;
use serde_json::{Map, Value};
use tracestore::model::span::Span;

/// A span, and all that was said of its body.
#[derive(Clone)]
pub struct ToldSpan {
    pub span: Span,
    /// As a whole, by `addSpan`.
    whole: Map<String, Value>,
    pub starts: Vec<Map<String, Value>>,
    pub others: Vec<LaterWord>,
}

/// What a later word gives of a body.
#[derive(Clone)]
pub enum LaterWord {
    Fields(Map<String, Value>),
    AddedEvents(Vec<Value>),
}

impl ToldSpan {
    /// With what stands in a span.
    pub fn of(span: Span) -> Self {
        let whole = if span.body.is_empty() { Map::new() } else { serde_json::from_str(&span.body).unwrap() };
        Self { span, whole, starts: Vec::new(), others: Vec::new() }
    }

    /// With another span in its place: of what was said of it the events stay that still show and were added.
    pub fn rewritten(&self, span: Span) -> Self {
        let added = LaterWord::AddedEvents(self.added_events());
        Self { others: vec![added], ..Self::of(span) }
    }

    /// Field by field: what an update or an end gave last, else what the first start gave that has it.
    pub fn body(&self) -> Map<String, Value> {
        let mut body = self.whole.clone();
        let others = self.others.iter().filter_map(|word| match word {
            LaterWord::Fields(fields) => Some(fields),
            LaterWord::AddedEvents(_) => None,
        });
        for word in self.starts.iter().rev().chain(others) {
            for (key, value) in word {
                let known = body.get(key).and_then(Value::as_object).cloned();
                let merges = ["metadata", "genAiAttributes", "attributes"].contains(&key.as_str());
                match (known, value) {
                    (_, Value::Null) => drop(body.remove(key)),
                    (Some(mut known), Value::Object(more)) if merges => {
                        known.extend(more.clone());
                        body.insert(key.clone(), Value::Object(known));
                    }
                    _ => drop(body.insert(key.clone(), value.clone())),
                }
            }
        }
        let added = self.added_events();
        if !added.is_empty() {
            let events = with_added(body.get("events"), &added);
            body.insert("events".to_owned(), events);
        }
        body
    }

    fn added_events(&self) -> Vec<Value> {
        let gives_all = |word: &LaterWord| matches!(word, LaterWord::Fields(fields) if fields.contains_key("events"));
        let since = self.others.iter().rposition(gives_all).map_or(0, |at| at + 1);
        let added = self.others[since..].iter().filter_map(|word| match word {
            LaterWord::AddedEvents(events) => Some(events.clone()),
            LaterWord::Fields(_) => None,
        });
        added.flatten().collect()
    }
}
