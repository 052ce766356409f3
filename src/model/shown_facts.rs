//! Facts as info records show them: in the places where documents have them.

use super::answer::JsonText;
use super::fact::{self, Fact, FactType};
use super::facts::{FactValue, Facts};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Fields of an info record. What was chosen in a decision is what the agent said, and so no part of one.
pub struct ShownFacts<'a>(pub &'a Facts);

impl Serialize for ShownFacts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts: Vec<_> = self.0.iter().filter(|(fact, _)| *fact != Fact::Chosen).map(ShownFact::of).collect();
        let mut map = serializer.serialize_map(None)?;
        for together in facts.chunk_by(|one, other| one.field == other.field) {
            match together {
                [ShownFact { field, member: None, fact, value }] => {
                    map.serialize_entry(field, &ToldFact(*fact, value))?;
                }
                members => map.serialize_entry(members[0].field, &ShownMembers(members))?,
            }
        }
        map.end()
    }
}

struct ShownFact<'a> {
    field: &'static str,
    member: Option<&'static str>,
    fact: Fact,
    value: &'a FactValue,
}

impl<'a> ShownFact<'a> {
    fn of((fact, value): (Fact, &'a FactValue)) -> Self {
        let (field, member) = fact::split(fact.entry().path);
        Self { field, member, fact, value }
    }
}

struct ShownMembers<'a>(&'a [ShownFact<'a>]);

impl Serialize for ShownMembers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.0.iter().map(|shown| (shown.member.unwrap_or_default(), ToldFact(shown.fact, shown.value)));
        serializer.collect_map(members)
    }
}

struct ToldFact<'a>(Fact, &'a FactValue);

impl Serialize for ToldFact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            FactValue::Text(json) if self.0.entry().of == FactType::Json => JsonText(json).serialize(serializer),
            FactValue::Text(text) => text.serialize(serializer),
            FactValue::Number(number) => number.serialize(serializer),
            FactValue::Flag(flag) => flag.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::body::Body;

    #[test]
    fn facts_stand_where_documents_have_them() {
        let body = r#"{"step":{"type":"decision","chosen":"secret","confidence":0.5},"tokens":{"input":1},
            "genAiAttributes":{"gen_ai.usage.output_tokens":2,"gen_ai.response.finish_reasons":["stop"]},"type":"t"}"#;
        let facts = Facts::of(Body::parse(body).unwrap().fields());
        let shown = serde_json::to_string(&ShownFacts(&facts)).unwrap();
        let expected = concat!(
            r#"{"finishReasons":["stop"],"tokens":{"input":1,"output":2},"#,
            r#""type":"t","step":{"type":"decision","confidence":0.5}}"#
        );
        assert_eq!(shown, expected);
    }
}
