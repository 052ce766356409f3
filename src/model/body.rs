//! The part of a document that has no columns: an ordered list of fields with their JSON text untouched.

use super::fields::Fields;
use crate::error::{Error, Result};
use crate::json::{Key, object_text};
use std::collections::HashMap;

/// Fields whose objects merge at their top level.
pub const MERGED: &[&str] = &["metadata"];
/// The same of spans.
const FOLDED: &[&str] = &["metadata", "genAiAttributes", "attributes"];

/// Fields in order; values are any JSON text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    fields: Vec<(Key<'static>, String)>,
}

impl Body {
    /// The fields of the text of a stored object; `CORRUPT` if it is none.
    pub fn parse(text: &str) -> Result<Self> {
        let fields = Fields::parse("body", text).map_err(|_| Error::corrupt("a stored document is no JSON object"))?;
        let fields = fields.into_fields();
        Ok(fields.into_iter().map(|(key, value)| (key.into_owned(), value.to_owned())).collect())
    }

    /// The text of a field's value.
    pub fn get(&self, key: &Key<'_>) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
    }

    /// Sets a field where it stands, or at the end; `null` removes it.
    pub fn set(&mut self, key: &Key<'_>, value: &str) {
        if value == "null" {
            self.fields.retain(|(other, _)| other != key);
        } else {
            self.put(key, value);
        }
    }

    /// Merges an object into a field at its top level: keys given replace, others stay; `null` removes the field.
    pub fn merge(&mut self, key: &Key<'_>, value: &str) -> Result<()> {
        let known = self.fields.iter().find(|(other, _)| other == key).map(|(_, known)| known.as_str());
        let (Some(known), true) = (known.filter(|known| known.starts_with('{')), value.starts_with('{')) else {
            self.set(key, value);
            return Ok(());
        };
        let mut merged = Self::parse(known)?;
        let mut places: HashMap<Key<'static>, usize> =
            merged.fields.iter().enumerate().map(|(at, (inner, _))| (inner.clone(), at)).collect();
        for (inner, value) in Fields::parse("body", value)?.into_fields() {
            if let Some(at) = places.get(&inner) {
                value.clone_into(&mut merged.fields[*at].1);
            } else {
                places.insert(inner.clone().into_owned(), merged.fields.len());
                merged.fields.push((inner.into_owned(), value.to_owned()));
            }
        }
        self.set(key, &merged.to_text());
        Ok(())
    }

    /// Takes over the fields of another body: metadata merges, the others replace.
    pub fn take_in(&mut self, other: &str) -> Result<()> {
        for (key, value) in Fields::parse("body", other)?.into_fields() {
            if MERGED.contains(&key.name()) { self.merge(&key, value)? } else { self.set(&key, value) }
        }
        Ok(())
    }

    /// Folds what a later word about a span gives over it: attributes and metadata merge, the others replace.
    pub fn fold(&mut self, word: &str) -> Result<()> {
        for (key, value) in Fields::parse("body", word)?.into_fields() {
            if FOLDED.contains(&key.name()) { self.merge(&key, value)? } else { self.set(&key, value) }
        }
        Ok(())
    }

    /// Takes over the fields of another body that it lacks.
    pub fn complete(&mut self, other: &str) -> Result<()> {
        for (key, value) in Fields::parse("body", other)?.into_fields() {
            if self.get(&key).is_none() {
                self.set(&key, value);
            }
        }
        Ok(())
    }

    /// Its fields, each with the JSON text of its value.
    pub fn fields(&self) -> impl Iterator<Item = (&Key<'static>, &str)> {
        self.fields.iter().map(|(key, value)| (key, value.as_str()))
    }

    /// The JSON text of the object.
    pub fn to_text(&self) -> String {
        object_text(self.fields())
    }

    fn put(&mut self, key: &Key<'_>, value: &str) {
        match self.fields.iter_mut().find(|(other, _)| other == key) {
            Some((_, known)) => value.clone_into(known),
            None => self.fields.push((key.clone().into_owned(), value.to_owned())),
        }
    }
}

impl FromIterator<(Key<'static>, String)> for Body {
    fn from_iter<I: IntoIterator<Item = (Key<'static>, String)>>(fields: I) -> Self {
        Self { fields: fields.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(body: &str, key: &str, value: &str) -> String {
        let mut body = Body::parse(body).unwrap();
        body.merge(&Key::named(key), value).unwrap();
        body.to_text()
    }

    #[test]
    fn merging_keeps_order_and_what_was_not_given() {
        assert_eq!(
            merged(r#"{"m":{"a":1,"b":2},"z":0}"#, "m", r#"{"c":3,"a":null}"#),
            r#"{"m":{"a":null,"b":2,"c":3},"z":0}"#
        );
        assert_eq!(merged("{}", "m", r#"{"a":1}"#), r#"{"m":{"a":1}}"#);
        assert_eq!(merged(r#"{"m":{"a":1}}"#, "m", "null"), "{}");
    }
}
