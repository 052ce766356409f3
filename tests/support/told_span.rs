//! A span of the reference: every word is kept, and all are joined when it is read.

use serde_json::{Map, Value};
use tracestore::model::span::Span;

/// A span, and all that was said of its body.
#[derive(Clone)]
pub struct ToldSpan {
    pub span: Span,
    /// As a whole, by `addSpan`.
    whole: Map<String, Value>,
    pub starts: Vec<Map<String, Value>>,
    pub others: Vec<Map<String, Value>>,
}

impl ToldSpan {
    /// With what stands in a span.
    pub fn of(span: Span) -> Self {
        let whole = if span.body.is_empty() { Map::new() } else { serde_json::from_str(&span.body).unwrap() };
        Self { span, whole, starts: Vec::new(), others: Vec::new() }
    }

    /// Field by field: what an update or an end gave last, else what the first start gave that has it.
    pub fn body(&self) -> Map<String, Value> {
        let mut body = self.whole.clone();
        for word in self.starts.iter().rev().chain(&self.others) {
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
        body
    }
}
