//! Takes a JSON object apart at its top level: typed columns out, the rest left as text.
//!
//! The TypeScript side validates first and with better words; these checks keep the file sound whatever arrives. What
//! arrived is content, so messages say what it should have been and never what it was.

use super::number::Number;
use super::time::Nanos;
use super::word::Word;
use crate::error::{Error, Result};
use crate::json::{self, Key, Malformed, object_text};
use serde::de::DeserializeOwned;

/// Largest id, bytes of UTF-8.
pub const MAX_ID_BYTES: usize = 512;

/// What a later word makes of an optional column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange<T> {
    Keep,
    Clear,
    Set(T),
}

impl<T: Clone> ColumnChange<T> {
    /// Makes the change.
    pub fn apply(&self, column: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *column = None,
            Self::Set(value) => *column = Some(value.clone()),
        }
    }

    /// What it sets.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

/// The fields of one JSON object that were not taken yet.
pub struct Fields<'a> {
    place: &'static str,
    fields: Vec<(Key<'a>, &'a str)>,
}

impl<'a> Fields<'a> {
    /// The fields of `text`; `place` names the document in errors.
    pub fn parse(place: &'static str, text: &'a str) -> Result<Self> {
        let fields = fields(text).map_err(|malformed| Error::from(malformed).at(place))?;
        Ok(Self { place, fields })
    }

    /// Takes a field out; `None` if it is absent.
    pub fn take(&mut self, key: &str) -> Option<&'a str> {
        let at = self.fields.iter().rposition(|(other, _)| other.name() == key)?;
        let value = self.fields[at].1;
        self.fields.retain(|(other, _)| other.name() != key);
        Some(value)
    }

    /// A field that stays; `null` counts as absent.
    pub fn peek<T>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        let value = self.text(key).filter(|value| *value != "null");
        value.map(parse).transpose().map_err(|error| error.at(&format!("{}.{key}", self.place)))
    }

    /// The JSON text of a field that stays.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.fields.iter().rfind(|(other, _)| other.name() == key).map(|(_, value)| *value)
    }

    /// The fields that were not taken, each with the JSON text of its value.
    pub fn iter(&self) -> impl Iterator<Item = (&Key<'a>, &'a str)> {
        self.fields.iter().map(|(key, value)| (key, *value))
    }

    /// Takes an optional field out; `null` counts as absent.
    pub fn optional<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        let value = self.take(key).filter(|value| *value != "null");
        value.map(parse).transpose().map_err(|error| error.at(&format!("{}.{key}", self.place)))
    }

    /// Takes a required field out.
    pub fn required<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        let place = self.place;
        self.optional(key, parse)?.ok_or_else(|| Error::invalid(format!("{place}.{key} is missing")))
    }

    /// Takes an instant out, and the other field, which tells its nanoseconds if it is there.
    pub fn instant(&mut self, key: &str, exactly: &str) -> Result<Option<Nanos>> {
        let time = self.optional(key, time)?;
        Ok(self.optional(exactly, nanos)?.or(time))
    }

    /// Takes a required instant out, of which the other field, which stays, tells the nanoseconds if it is there.
    pub fn exact_time(&mut self, key: &str, exactly: &str) -> Result<Nanos> {
        let time = self.required(key, time)?;
        Ok(self.peek(exactly, nanos)?.unwrap_or(time))
    }

    /// Takes `schemaVersion` out; only 1 is known.
    pub fn schema_version(&mut self) -> Result<()> {
        self.optional("schemaVersion", |text| if text == "1" { Ok(()) } else { Err(Error::invalid("must be 1")) })?;
        Ok(())
    }

    /// Takes `state` out, which readers derive: a document that was read may be written again.
    pub fn derived_state(&mut self) {
        self.take("state");
    }

    /// Takes a field out that may be cleared.
    pub fn change<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<ColumnChange<T>> {
        if self.fields.iter().any(|(other, value)| other.name() == key && *value == "null") {
            self.take(key);
            return Ok(ColumnChange::Clear);
        }
        Ok(self.optional(key, parse)?.map_or(ColumnChange::Keep, ColumnChange::Set))
    }

    /// Fails if a field is there that this document must not carry.
    pub fn refuse(&self, keys: &[&str]) -> Result<()> {
        let found = self.fields.iter().find(|(key, _)| keys.contains(&key.name()));
        found.map_or(Ok(()), |(key, _)| {
            Err(Error::invalid(format!("{}.{} can't be given here", self.place, key.name())))
        })
    }

    /// The fields that were not taken, as the text of an object.
    pub fn rest_text(&self) -> String {
        object_text(self.iter())
    }

    /// The fields that were not taken, each with the JSON text of its value.
    pub fn into_fields(self) -> Vec<(Key<'a>, &'a str)> {
        self.fields
    }

    /// The same as fields of their own.
    pub fn into_owned(self) -> Vec<(Key<'static>, String)> {
        self.fields.into_iter().map(|(key, value)| (key.into_owned(), value.to_owned())).collect()
    }
}

/// A JSON string's value.
pub fn string(text: &str) -> Result<String> {
    from_json(text, "a string")
}

/// Whether a text has 1 to 512 bytes.
pub fn is_id(text: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&text.len())
}

/// An id: 1 to 512 bytes.
pub fn id(text: &str) -> Result<String> {
    let id = string(text)?;
    if !is_id(&id) {
        return Err(Error::invalid(format!("must have 1 to {MAX_ID_BYTES} bytes, got {}", id.len())));
    }
    Ok(id)
}

/// A list of strings.
pub fn strings(text: &str) -> Result<Vec<String>> {
    from_json(text, "an array of strings")
}

/// A number that may be a fraction.
pub fn real(text: &str) -> Result<f64> {
    from_json(text, "a number")
}

/// A whole number.
pub fn whole(text: &str) -> Result<i64> {
    from_json(text, "a whole number")
}

/// A number as it is.
pub fn number(text: &str) -> Result<Number> {
    from_json(text, "a number")
}

/// The text of an object.
pub fn object(text: &str) -> Result<String> {
    fields(text).map_err(|_| Error::invalid("must be an object"))?;
    Ok(text.to_owned())
}

/// The text of a list; what its items are is not looked at.
pub fn list(text: &str) -> Result<String> {
    if text.starts_with('[') { Ok(text.to_owned()) } else { Err(Error::invalid("must be an array")) }
}

/// An instant.
pub fn time(text: &str) -> Result<Nanos> {
    Nanos::parse(&string(text)?)
}

/// An instant in nanoseconds since the epoch, as decimal text.
pub fn nanos(text: &str) -> Result<Nanos> {
    let digits = string(text)?;
    digits.parse().map(Nanos).map_err(|_| Error::invalid("must be nanoseconds in decimal digits"))
}

/// A word of a closed list.
pub fn word<W: Word>(text: &str) -> Result<W> {
    W::parse(&string(text)?)
}

fn from_json<T: DeserializeOwned>(text: &str, expected: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::invalid(format!("must be {expected}")))
}

fn fields(text: &str) -> std::result::Result<Vec<(Key<'_>, &str)>, Malformed> {
    let bytes = text.as_bytes();
    let open = json::skip_space(bytes, 0);
    if bytes.get(open) != Some(&b'{') {
        return Err(Malformed { at: open });
    }
    let mut fields = Vec::with_capacity(16);
    let mut at = json::skip_space(bytes, open + 1);
    while bytes.get(at) != Some(&b'}') || !fields.is_empty() {
        let (value, key_end) = json::skip_key(bytes, at)?;
        let end = json::skip_value(bytes, value)?;
        fields.push((Key::quoted(&text[at..key_end]), &text[value..end]));
        at = json::skip_space(bytes, end);
        match bytes.get(at) {
            Some(b',') => at = json::skip_space(bytes, at + 1),
            Some(b'}') => break,
            _ => return Err(Malformed { at }),
        }
    }
    let rest = json::skip_space(bytes, at + 1);
    if rest == bytes.len() { Ok(fields) } else { Err(Malformed { at: rest }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_columns_out_and_leaves_the_rest_in_order() {
        let mut document = Fields::parse("span", r#"{"z":[1, 2],"spanId":"s","a":null,"parent":null}"#).unwrap();
        assert_eq!(document.required("spanId", id).unwrap(), "s");
        assert_eq!(document.optional("parent", id).unwrap(), None);
        assert_eq!(document.rest_text(), r#"{"z":[1, 2],"a":null}"#);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let mut document = Fields::parse("span", r#"{"spanId":7,"kind":"x"}"#).unwrap();
        assert_eq!(document.required("spanId", id).unwrap_err().message, "span.spanId: must be a string");
        assert_eq!(document.required("traceId", id).unwrap_err().message, "span.traceId is missing");
        assert!(Fields::parse("span", "[1]").is_err());
        assert!(Fields::parse("span", r#"{"a":1,}"#).is_err());
        assert!(Fields::parse("span", r#"{"a":1}x"#).is_err());
    }
}
