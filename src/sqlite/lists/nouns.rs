//! The lists there are: which table, which index for each field, under which conditions.

use super::scan::{Index, IndexedCondition, ListQuery, Source};
use super::scores;
use crate::documents::rows::facet::Facet;
use crate::documents::rows::list::FoundPlaces;
use crate::error::Result;
use crate::model::field::{Field, Noun};
use crate::model::number::Number;
use crate::model::query::{self, ListRequest, Test};
use rusqlite::Connection;

const TRACES: Source = Source { table: "trace", time: "started_at", tags: "trace_tag", count: |counts| counts.traces };

const SESSIONS: Source =
    Source { table: "session", time: "updated_at", tags: "session_tag", count: |counts| counts.sessions };

/// Where the rows of a page stand.
pub fn places(connection: &Connection, tenant: i64, list: &ListRequest) -> Result<FoundPlaces> {
    let source = match list.noun {
        Noun::Trace => &TRACES,
        Noun::Session => &SESSIONS,
        Noun::Score => return scores::places(connection, tenant, list),
    };
    ListQuery::of(tenant, source, &list.conditions).find(connection, &list.window)
}

impl<'a> ListQuery<'a> {
    fn of(tenant: i64, source: &'static Source, conditions: &'a [query::Condition]) -> Self {
        let mut query = Self { tenant, source, conditions: Vec::new(), after: None, before: None };
        for query::Condition { field, test } in conditions {
            match test {
                Test::IsText(text) => query.conditions.push(has_text(field, Index::OnTable, text)),
                Test::IsNumber(number) => query.conditions.push(has_number(field, *number)),
                Test::HasAll(tags) => {
                    query.conditions.extend(tags.iter().map(|tag| has_text(field, Index::Tags(source.tags), tag)));
                }
                Test::From(time) => query.after = Some(*time),
                Test::Until(time) => query.before = Some(*time),
                // Only scores are asked so.
                Test::AtLeast(_) | Test::AtMost(_) => {}
            }
        }
        query
    }
}

fn has_text<'a>(field: &'static Field, index: Index, text: &'a str) -> IndexedCondition<'a> {
    let facet = field.facet.map(|kind| Facet::of_text(kind, text));
    IndexedCondition { index, column: &field.column, value: Box::new(text), facet }
}

fn has_number(field: &'static Field, number: Number) -> IndexedCondition<'static> {
    let facet = field.facet.map(|kind| Facet::of_number(kind, number));
    IndexedCondition { index: Index::OnTable, column: &field.column, value: Box::new(number), facet }
}
