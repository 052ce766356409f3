//! The fields that lists are filtered by: one table, which both languages read.
//!
//! From it come validation and the wire form (`lib/read/list-query.ts`), the conditions of a query (`query.rs`), their
//! SQL, the sets of rows that share a value, and what the reference implementation compares.

use super::number::Number;
use super::time::Nanos;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Noun {
    #[serde(rename = "listTraces")]
    Trace,
    #[serde(rename = "listSessions")]
    Session,
    #[serde(rename = "listScores")]
    Score,
}

/// One field of a noun.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Where backends keep it.
    pub column: String,
    /// The number of the sets of rows that share a value of this field, if such sets are kept.
    pub facet: Option<u8>,
    /// The filter's keys that ask for it, and what each asks.
    filters: BTreeMap<String, Operator>,
}

/// What values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    Name,
    /// The id of a trace, which a column holds the row of.
    TraceId,
    Number,
    TraceStatus,
    Tags,
    Time,
}

/// What a condition asks of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    Equals,
    /// Each of several values is among the field's.
    All,
    /// Not before an instant.
    From,
    /// Before an instant.
    Until,
    /// A number or greater.
    AtLeast,
    /// A number or less.
    AtMost,
}

/// A field's value in one document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldValue<'a> {
    Absent,
    Text(&'a str),
    Number(Number),
    Texts(&'a [String]),
    Time(Nanos),
}

impl<'a> FieldValue<'a> {
    /// Of a text that may be absent.
    pub fn of_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

/// A document that lists show.
pub trait Listed {
    /// The value of a field of the table.
    fn value(&self, field: &str) -> FieldValue<'_>;
}

#[derive(Deserialize)]
struct List {
    fields: Vec<Field>,
}

static LISTS: LazyLock<BTreeMap<Noun, List>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../lib/read/fields.json")).unwrap_or_default());

/// The fields of a noun.
pub fn fields(noun: Noun) -> &'static [Field] {
    LISTS.get(&noun).map_or(&[], |list| &list.fields)
}

/// The field with this name, if the operator may be asked of it.
pub fn find(noun: Noun, name: &str, operator: Operator) -> Option<&'static Field> {
    let named = fields(noun).iter().find(|field| field.name == name)?;
    named.filters.values().any(|known| *known == operator).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_read_and_no_two_fields_share_a_facet() {
        let all: Vec<&Field> = [Noun::Trace, Noun::Session, Noun::Score].into_iter().flat_map(fields).collect();
        assert_eq!(all.len(), 18);
        let facets: Vec<u8> = all.iter().filter_map(|field| field.facet).collect();
        assert_eq!(facets.iter().collect::<BTreeSet<_>>().len(), facets.len());
        assert!(find(Noun::Trace, "startedAt", Operator::Until).is_some());
        assert!(find(Noun::Trace, "startedAt", Operator::Equals).is_none());
        assert!(find(Noun::Session, "agentName", Operator::Equals).is_none());
    }
}
