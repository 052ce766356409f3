//! The lists there are: which table, which index for each field, which documents.

use super::scan::{Index, IndexedCondition, ListQuery, Source};
use crate::error::Result;
use crate::model::answer::ListPage;
use crate::model::field::{Field, Noun};
use crate::model::number::Number;
use crate::model::query::{self, ListRequest, Test};
use crate::sqlite::documents::assemble::Assembler;
use crate::sqlite::documents::{session, trace};
use crate::sqlite::facets::facet::Facet;
use crate::sqlite::tenant::NAMELESS;

const TRACES: Source = Source { table: "trace", time: "started_at", tags: "trace_tag", count: |counts| counts.traces };

const SESSIONS: Source =
    Source { table: "session", time: "updated_at", tags: "session_tag", count: |counts| counts.sessions };

/// Adds a page of a list to an answer, the latest first.
pub fn page(assembler: &mut Assembler<'_>, list: &ListRequest) -> Result<ListPage> {
    let connection = assembler.connection;
    match list.noun {
        Noun::Trace => ListQuery::of(&TRACES, &list.conditions).page(connection, &list.window, |id| {
            let row = trace::by_row(connection, id)?;
            assembler.push_if_room(&row.trace.header(), row.body)
        }),
        Noun::Session => ListQuery::of(&SESSIONS, &list.conditions).page(connection, &list.window, |id| {
            let row = session::by_row(connection, id)?;
            assembler.push_if_room(&row.session.header(), row.body)
        }),
    }
}

impl<'a> ListQuery<'a> {
    fn of(source: &'static Source, conditions: &'a [query::Condition]) -> Self {
        let mut query = Self { tenant: NAMELESS, source, conditions: Vec::new(), after: None, before: None };
        for query::Condition { field, test } in conditions {
            match test {
                Test::IsText(text) => query.conditions.push(has_text(field, Index::OnTable, text)),
                Test::IsNumber(number) => query.conditions.push(has_number(field, *number)),
                Test::HasAll(tags) => {
                    query.conditions.extend(tags.iter().map(|tag| has_text(field, Index::Tags(source.tags), tag)));
                }
                Test::From(time) => query.after = Some(*time),
                Test::Until(time) => query.before = Some(*time),
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
