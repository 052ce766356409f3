//! The list of scores: in the order in which they were said, by which every index on them ends.
//!
//! One condition leads; the others are asked of the rows that it leads to. A statement asks for all of them, whether they
//! are wanted or not, so that there is one for each index.

use crate::documents::rows::list::{FoundPlaces, Place};
use crate::error::Result;
use crate::model::query::{Condition, ListRequest, Test};
use crate::model::time::Nanos;
use rusqlite::{Connection, ToSql, named_params};

/// What may lead, the narrowest first, as far as one can know: the field's column, and what is asked of it.
const LEADS: &[(&str, &str)] = &[
    ("trace", "trace = (select id from trace where tenant = :tenant and trace_id = :trace)"),
    ("name", "tenant = :tenant and name = :name"),
    ("author", "tenant = :tenant and author = :author"),
    ("label", "tenant = :tenant and label = :label"),
    ("source", "tenant = :tenant and source = :source"),
];

/// Where the scores of a page stand; how many there are is not told.
pub fn places(connection: &Connection, tenant: i64, list: &ListRequest) -> Result<FoundPlaces> {
    let text = |column: &str| list.conditions.iter().filter(|held| held.field.column == column).find_map(text_of);
    let lead = LEADS.iter().find(|(column, _)| text(column).is_some());
    let (index, held) = lead.copied().unwrap_or(("tenant", "tenant = :tenant"));
    let sql = format!(
        "select id from score indexed by score_by_{index} where {held} and {}",
        include_str!("sql/score_rest.sql")
    );
    let bound = |test: fn(&Test) -> Option<f64>| list.conditions.iter().find_map(|condition| test(&condition.test));
    let parameters: &[(&str, &dyn ToSql)] = named_params! {
        ":tenant": tenant,
        ":trace": text("trace"),
        ":span_id": text("span_id"),
        ":name": text("name"),
        ":label": text("label"),
        ":source": text("source"),
        ":author": text("author"),
        ":least": bound(|test| if let Test::AtLeast(least) = test { Some(*least) } else { None }),
        ":most": bound(|test| if let Test::AtMost(most) = test { Some(*most) } else { None }),
        ":before": list.window.cursor.map_or(i64::MAX, |cursor| cursor.seq),
        ":limit": i64::from(list.window.limit) + 1,
        ":offset": i64::try_from(list.window.offset).unwrap_or(i64::MAX),
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let given = parameters.iter().filter(|(name, _)| *name != ":trace" || index == "trace");
    let given: Vec<(&str, &dyn ToSql)> = given.copied().collect();
    let place = |id| Place { time: Nanos(0), seq: id, id };
    let places = statement.query_map(given.as_slice(), |row| Ok(place(row.get(0)?)))?;
    Ok(FoundPlaces { total: None, places: places.collect::<rusqlite::Result<_>>()? })
}

fn text_of(condition: &Condition) -> Option<&String> {
    if let Test::IsText(text) = &condition.test { Some(text) } else { None }
}
