//! Facets: which rows share a value that lists are filtered by.

use crate::error::Result;
use crate::model::field::{self, FieldValue, Listed, Noun};
use crate::model::number::Number;
use std::collections::BTreeSet;

/// The number of a field and the value that rows share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    /// The number of the field, as `fields.json` gives it.
    pub kind: u8,
    pub value: String,
}

impl Facet {
    /// All rows with this text, such as an agent's traces.
    pub fn of_text(kind: u8, value: &str) -> Self {
        Self { kind, value: value.to_owned() }
    }

    /// All rows with this number; those that compare as equal are one text.
    pub fn of_number(kind: u8, value: Number) -> Self {
        Self { kind, value: value.to_text() }
    }

    /// Those of a document.
    pub fn of(noun: Noun, document: &impl Listed) -> BTreeSet<Self> {
        let mut found = BTreeSet::new();
        for (field, kind) in field::fields(noun).iter().filter_map(|field| Some((field, field.facet?))) {
            match document.value(&field.name) {
                FieldValue::Text(text) => drop(found.insert(Self::of_text(kind, text))),
                FieldValue::Number(number) => drop(found.insert(Self::of_number(kind, number))),
                FieldValue::Texts(texts) => found.extend(texts.iter().map(|text| Self::of_text(kind, text))),
                FieldValue::Absent | FieldValue::Time(_) => {}
            }
        }
        found
    }
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    Joins,
    Leaves,
}

/// Keeps facets.
pub trait FacetRows {
    /// Rows, by their ids, join and leave a tenant's facet, in this order. A database that counts and finds them by the
    /// columns alone need not keep them.
    fn change_facet(&mut self, tenant: i64, facet: &Facet, changes: &[(i64, Membership)]) -> Result<()>;
}
