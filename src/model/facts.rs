//! The facts of one document, and what the fields of a word change of them.
//!
//! Of one word the field that is named like the fact counts, then an attribute by its present name, then by its aliases; of
//! several words the last that tells it. A text of more than 512 bytes is no fact: nobody looks for it as a whole.

use super::fact::{self, FACTS, Fact, FactEntry, FactPlace, FactType};
use super::fields::{self, Fields};
use super::gen_ai;
use super::number::Number;
use crate::json::Key;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Longest text, bytes.
const MAX_TEXT_BYTES: usize = 512;
/// The field whose members are attributes by the names of the convention.
const ATTRIBUTES: &str = "genAiAttributes";

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue {
    Text(String),
    Number(Number),
    Flag(bool),
}

/// What is known of a document, in the order of the facts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(Vec<(Fact, FactValue)>);

impl Facts {
    /// What the fields of a whole document tell.
    pub fn of<'a, 'k: 'a, 't>(fields: impl IntoIterator<Item = (&'a Key<'k>, &'t str)>) -> Self {
        let mut facts = Self::default();
        FactChanges::of(fields).apply(&mut facts);
        facts
    }

    /// Of a column.
    pub fn get(&self, fact: Fact) -> Option<&FactValue> {
        self.place(fact).ok().map(|at| &self.0[at].1)
    }

    /// A text of a column.
    pub fn text(&self, fact: Fact) -> Option<&str> {
        if let Some(FactValue::Text(text)) = self.get(fact) { Some(text) } else { None }
    }

    /// A number of a column.
    pub fn number(&self, fact: Fact) -> Option<Number> {
        if let Some(FactValue::Number(number)) = self.get(fact) { Some(*number) } else { None }
    }

    /// Sets or clears one.
    pub fn set(&mut self, fact: Fact, value: Option<FactValue>) {
        match (self.place(fact), value) {
            (Ok(at), Some(value)) => self.0[at].1 = value,
            (Ok(at), None) => drop(self.0.remove(at)),
            (Err(at), Some(value)) => self.0.insert(at, (fact, value)),
            (Err(_), None) => {}
        }
    }

    /// Only those of `kept`.
    #[must_use]
    pub fn only(mut self, kept: &[Fact]) -> Self {
        self.0.retain(|(fact, _)| kept.contains(fact));
        self
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &FactValue)> {
        self.0.iter().map(|(fact, value)| (*fact, value))
    }

    fn place(&self, fact: Fact) -> Result<usize, usize> {
        self.0.binary_search_by_key(&fact, |(known, _)| *known)
    }
}

/// What a word sets, and clears where it gives nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FactChanges(Vec<(FactPlace, Option<FactValue>)>);

impl FactChanges {
    /// What fields tell, each with the JSON text of its value.
    pub fn of<'a, 'k: 'a, 't>(fields: impl IntoIterator<Item = (&'a Key<'k>, &'t str)>) -> Self {
        let mut changes = Self::default();
        for (key, text) in fields {
            if key.name() == ATTRIBUTES {
                changes.note_attributes(text);
            } else if let Some(places) = PLACES.get(key.name()) {
                changes.note_field(places, text);
            }
        }
        changes
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it changes any of these.
    pub fn touches(&self, facts: &[Fact]) -> bool {
        self.0.iter().any(|(place, _)| facts.contains(&place.fact))
    }

    /// Makes the changes.
    pub fn apply(&self, facts: &mut Facts) {
        for (place, value) in &self.0 {
            facts.set(place.fact, value.clone());
        }
    }

    /// Sets those that are not known.
    pub fn complete(&self, facts: &mut Facts) {
        for (place, value) in self.0.iter().filter(|(_, value)| value.is_some()) {
            if facts.get(place.fact).is_none() {
                facts.set(place.fact, value.clone());
            }
        }
    }

    fn note_field(&mut self, places: &[InField], text: &str) {
        let members = text.starts_with('{').then(|| Fields::parse("field", text).ok()).flatten();
        for (member, place) in places {
            let told = match (member, &members) {
                (None, _) => Some(text),
                (Some(_), None) => None,
                (Some(member), Some(members)) => members.text(member),
            };
            // What another field may have told is not cleared.
            if told.is_some() || place.rank == 0 {
                self.note(*place, told);
            }
        }
    }

    /// Attributes merge: those that are not given stay, unless all are cleared.
    fn note_attributes(&mut self, text: &str) {
        if let Ok(attributes) = Fields::parse("attributes", text) {
            for (name, text) in attributes.iter() {
                if let Some(place) = gen_ai::place(name.name()) {
                    self.note(place, Some(text));
                }
            }
            return;
        }
        for place in gen_ai::present_places() {
            self.note(place, None);
        }
    }

    fn note(&mut self, place: FactPlace, text: Option<&str>) {
        let value = text.and_then(|text| value(place.fact.entry().of, text));
        match self.0.iter_mut().find(|(known, _)| known.fact == place.fact) {
            None => self.0.push((place, value)),
            // What is told counts before what is not, then the better place.
            Some(known) => {
                if (value.is_none(), place.rank) < (known.1.is_none(), known.0.rank) {
                    *known = (place, value);
                }
            }
        }
    }
}

/// The value of a JSON text, if it is one of this type.
fn value(of: FactType, text: &str) -> Option<FactValue> {
    match of {
        FactType::Number => fields::number(text).ok().map(FactValue::Number),
        FactType::Flag => serde_json::from_str(text).ok().map(FactValue::Flag),
        _ if text.len() > 6 * MAX_TEXT_BYTES => None,
        FactType::Json => Some(text.to_owned()).filter(|text| text != "null" && is_short(text)).map(FactValue::Text),
        FactType::Text => fields::string(text).ok().filter(|text| is_short(text)).map(FactValue::Text),
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= MAX_TEXT_BYTES
}

/// Where the value of a field tells a fact: as a whole, or in a member of it.
type InField = (Option<&'static str>, FactPlace);

/// By the field.
static PLACES: LazyLock<HashMap<&'static str, Vec<InField>>> = LazyLock::new(|| {
    let mut places: HashMap<_, Vec<_>> = HashMap::new();
    for (path, place) in FACTS.iter().flat_map(FactEntry::paths) {
        let (field, member) = fact::split(path);
        places.entry(field).or_default().push((member, place));
    }
    places
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::body::Body;

    fn changes(text: &str) -> FactChanges {
        let body = Body::parse(text).unwrap();
        FactChanges::of(body.fields())
    }

    fn shown(facts: &Facts) -> Vec<(&'static str, String)> {
        facts.iter().map(|(fact, value)| (fact.entry().path, format!("{value:?}"))).collect()
    }

    fn after(words: &[&str]) -> Facts {
        let mut facts = Facts::default();
        for word in words {
            changes(word).apply(&mut facts);
        }
        facts
    }

    #[test]
    fn the_field_counts_before_the_attribute_and_that_before_its_aliases() {
        let facts = after(&[
            r#"{"genAiAttributes":{"gen_ai.system":"c","gen_ai.provider.name":"b","gen_ai.usage.prompt_tokens":3},"provider":"a"}"#,
        ]);
        assert_eq!(facts.text(Fact::Provider), Some("a"));
        assert_eq!(facts.number(Fact::InputTokens), Some(Number::Whole(3)));
        let facts = after(&[r#"{"genAiAttributes":{"gen_ai.system":"c","gen_ai.provider.name":"b"}}"#]);
        assert_eq!(facts.text(Fact::Provider), Some("b"));
    }

    #[test]
    fn the_last_word_counts_and_null_clears() {
        let step = r#"{"step":{"type":"decision","confidence":0.5,"chosen":["a"]}}"#;
        let attributes = r#"{"genAiAttributes":{"gen_ai.tool.name":"t","gen_ai.provider.name":"p"}}"#;
        assert_eq!(
            shown(&after(&[step, attributes, r#"{"genAiAttributes":{"gen_ai.tool.name":null}}"#])),
            [
                ("provider", r#"Text("p")"#.to_owned()),
                ("step.type", r#"Text("decision")"#.to_owned()),
                ("step.confidence", "Number(Real(0.5))".to_owned()),
                ("step.chosen", r#"Text("[\"a\"]")"#.to_owned()),
            ]
        );
        assert_eq!(shown(&after(&[step, attributes, r#"{"genAiAttributes":null,"step":null}"#])), []);
        // Another step has none of the fields of the one before.
        assert_eq!(shown(&after(&[step, r#"{"step":{"type":"thought"}}"#])).len(), 1);
    }

    #[test]
    fn what_is_not_of_its_type_or_too_long_is_no_fact() {
        let long = "x".repeat(513);
        let text = format!(
            r#"{{"provider":7,"operation":"{long}","tokens":{{"input":"1","output":2.5}},"errorInfo":{{"recoverable":1}}}}"#
        );
        assert_eq!(shown(&after(&[&text])), [("tokens.output", "Number(Real(2.5))".to_owned())]);
        assert_eq!(shown(&after(&[r#"{"tokens":7,"step":[],"cost":null}"#])), []);
    }

    #[test]
    fn a_later_start_completes() {
        let mut facts = after(&[r#"{"provider":"a"}"#]);
        changes(r#"{"provider":"b","operation":"chat","messageId":null}"#).complete(&mut facts);
        assert_eq!((facts.text(Fact::Provider), facts.text(Fact::Operation)), (Some("a"), Some("chat")));
        assert_eq!(facts.get(Fact::MessageId), None);
    }
}
