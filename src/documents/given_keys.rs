//! What a span word gives, so that a later word that gives all of it again can take its place.
//!
//! Each key is eight bytes: a hash, whose lowest bits tell a member of a field that merges, and of which one.

use crate::content::PieceHash;
use crate::error::{Error, Result};
use crate::json::Key;
use crate::model::fields::Fields;

/// Fields whose objects merge at their top level.
pub const MERGED: [&str; 3] = ["metadata", "genAiAttributes", "attributes"];

/// Stands for events that are added to those that there are.
const ADDED_EVENTS: u64 = 0;

/// The bits that tell a merging field: its place in the list, from 1; 0 of any field as a whole.
const FIELD_BITS: u64 = 3;

const EVENTS: &str = "events";

/// The fields, and the members of merging ones, that one word gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKeys(Vec<u64>);

impl GivenKeys {
    /// Those of a word's fields.
    pub fn of(fields: &[(Key<'static>, String)]) -> Result<Self> {
        let mut keys = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            match (0..).zip(MERGED).find(|(_, merged)| *merged == key.name()) {
                Some((place, _)) if value.starts_with('{') => {
                    let members = Fields::parse("merged", value)?.into_fields();
                    // An empty object gives no member, and yet makes the field be there.
                    keys.push(place + 1);
                    keys.extend(members.iter().map(|(member, _)| hashed(member.name(), place + 1)));
                }
                _ => keys.push(hashed(key.name(), 0)),
            }
        }
        Ok(Self(keys))
    }

    /// Of a word that adds events, and gives nothing else.
    pub fn of_added_events() -> Self {
        Self(vec![ADDED_EVENTS])
    }

    /// Whether the word adds events to those that there are.
    pub fn add_events(&self) -> bool {
        self.0 == [ADDED_EVENTS]
    }

    /// Whether the word gives all events that there are, or clears them.
    pub fn give_events(&self) -> bool {
        self.0.contains(&hashed(EVENTS, 0))
    }

    /// What `to_bytes` made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (keys, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(Error::corrupt("the keys of a span word are cut off"));
        }
        Ok(Self(keys.iter().map(|key| u64::from_le_bytes(*key)).collect()))
    }

    /// As they stand in a row.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|key| key.to_le_bytes()).collect()
    }

    /// Whether nothing of an earlier word shows through.
    pub fn cover(&self, earlier: &Self) -> bool {
        if earlier.add_events() {
            return self.give_events();
        }
        !self.add_events() && earlier.0.iter().all(|key| self.0.contains(key) || self.gives_whole(key & FIELD_BITS))
    }

    /// Whether a merging field is replaced or cleared.
    fn gives_whole(&self, field: u64) -> bool {
        let place = usize::try_from(field).unwrap_or_default();
        place.checked_sub(1).and_then(|at| MERGED.get(at)).is_some_and(|name| self.0.contains(&hashed(name, 0)))
    }
}

/// Two names are told apart however they are chosen.
fn hashed(name: &str, field: u64) -> u64 {
    let hash = PieceHash::of(name).0.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
    hash & !FIELD_BITS | field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> GivenKeys {
        let keys = GivenKeys::of(&Fields::parse("word", text).unwrap().into_owned()).unwrap();
        assert_eq!(GivenKeys::from_bytes(&keys.to_bytes()).unwrap(), keys);
        keys
    }

    #[test]
    fn a_word_covers_what_it_gives_again() {
        let cover = |later: &str, earlier: &str| keys(later).cover(&keys(earlier));
        assert!(cover(r#"{"output":2,"error":"e"}"#, r#"{"output":1}"#));
        assert!(!cover(r#"{"output":1}"#, r#"{"output":2,"error":"e"}"#));
        assert!(cover(r#"{"metadata":{"a":1,"b":2}}"#, r#"{"metadata":{"a":0}}"#));
        assert!(!cover(r#"{"metadata":{"b":2}}"#, r#"{"metadata":{"a":0}}"#));
        assert!(cover(r#"{"metadata":null}"#, r#"{"metadata":{"a":0}}"#));
        assert!(!cover(r#"{"metadata":{"a":0}}"#, r#"{"metadata":null}"#));
        assert!(cover(r#"{"metadata":{"a":0}}"#, r#"{"metadata":{}}"#));
        assert!(!cover(r#"{"metadata":{"a":0}}"#, r#"{"genAiAttributes":{"a":0}}"#));
        assert!(!cover(r#"{"a":0}"#, r#"{"metadata":{"a":0}}"#));
    }

    #[test]
    fn added_events_are_covered_by_all_of_them_alone() {
        let added = GivenKeys::of_added_events();
        assert_eq!(GivenKeys::from_bytes(&added.to_bytes()).unwrap(), added);
        assert!(keys(r#"{"events":[]}"#).cover(&added) && keys(r#"{"events":null,"output":1}"#).cover(&added));
        assert!(!keys(r#"{"output":1}"#).cover(&added));
        assert!(!added.cover(&added) && !added.cover(&keys(r#"{"events":[]}"#)) && !added.cover(&keys("{}")));
    }
}
