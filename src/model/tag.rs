//! Changes of the tags of a trace or a span.

use super::fields::{self, Fields};
use crate::error::{Error, Result};

/// What `updateTraceTags` and `updateSpanTags` say.
#[derive(Debug, Clone, PartialEq)]
pub struct TagChange {
    pub trace_id: String,
    /// Of a span; else the trace's own.
    pub span_id: Option<String>,
    pub add: Vec<String>,
    pub remove: Vec<String>,
}

impl TagChange {
    /// From `{"traceId", "changes": {"add", "remove"}}`.
    pub fn of_trace(text: &str) -> Result<Self> {
        Self::parse("updateTraceTags", text, |_| Ok(None))
    }

    /// The same with a `spanId`.
    pub fn of_span(text: &str) -> Result<Self> {
        Self::parse("updateSpanTags", text, |call| call.required("spanId", fields::id).map(Some))
    }

    fn parse(
        method: &'static str,
        text: &str,
        span_id: impl FnOnce(&mut Fields<'_>) -> Result<Option<String>>,
    ) -> Result<Self> {
        let mut call = Fields::parse(method, text)?;
        let trace_id = call.required("traceId", fields::id)?;
        let span_id = span_id(&mut call)?;
        let changes = call.take("changes").ok_or_else(|| Error::invalid(format!("{method}.changes is missing")))?;
        let mut given = Fields::parse("changes", changes)?;
        Ok(Self {
            trace_id,
            span_id,
            add: given.optional("add", fields::strings)?.unwrap_or_default(),
            remove: given.optional("remove", fields::strings)?.unwrap_or_default(),
        })
    }

    /// First what goes is taken away, then what is new comes last.
    pub fn apply(&self, tags: &mut Vec<String>) {
        tags.retain(|tag| !self.remove.contains(tag));
        for tag in &self.add {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_goes_first_and_what_is_there_is_not_added_twice() {
        let text = r#"{"traceId":"t","spanId":"s","changes":{"add":["b","c","c","a"],"remove":["a","x"]}}"#;
        let mut tags = ["a", "b"].map(str::to_owned).to_vec();
        TagChange::of_span(text).unwrap().apply(&mut tags);
        assert_eq!(tags, ["b", "c", "a"]);
    }
}
