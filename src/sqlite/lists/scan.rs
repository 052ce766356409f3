//! Goes along one index of a list, between two places of its order.
//!
//! Knows filters only as conditions that are all asked for together, each with an index that holds its rows in the order
//! of the list.

use crate::documents::rows::facet::Facet;
use crate::documents::rows::list::Place;
use crate::error::Result;
use crate::model::counts::NounCounts;
use crate::model::query::{Cursor, ListWindow};
use crate::model::time::Nanos;
use rusqlite::{Connection, Row, ToSql};

/// What tells one list from another.
pub struct Source {
    pub table: &'static str,
    /// The column that orders the list; `seq` breaks ties.
    pub time: &'static str,
    /// The table of its tags.
    pub tags: &'static str,
    /// How many rows it has.
    pub count: fn(&NounCounts) -> u64,
}

/// A condition on the rows of a list.
pub struct IndexedCondition<'a> {
    /// Holds the rows in the order of the list, after the column.
    pub index: Index,
    pub column: &'static str,
    pub value: Box<dyn ToSql + 'a>,
    /// Where the ids of its rows are kept; without, they are read from the index.
    pub facet: Option<Facet>,
}

/// Where an index gets its entries from.
#[derive(Clone, Copy)]
pub enum Index {
    /// One on the list's own table: `<table>_by_<column>`, after the tenant.
    OnTable,
    /// A table of tags, which is one itself; its column with the row's id is named like the list's table.
    Tags(&'static str),
}

/// All that a list is asked for, but its page.
pub struct ListQuery<'a> {
    /// Whose documents.
    pub tenant: i64,
    pub source: &'static Source,
    pub conditions: Vec<IndexedCondition<'a>>,
    /// Inclusive.
    pub after: Option<Nanos>,
    /// Exclusive.
    pub before: Option<Nanos>,
}

/// The part of the time that is looked at: from an instant on, and before a place.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub from: Nanos,
    pub before: (Nanos, i64),
}

/// Behind all places.
pub const END: (Nanos, i64) = (Nanos(i64::MAX), i64::MAX);

/// What is read along an index.
#[derive(Clone, Copy)]
pub enum Reading<'a> {
    /// One row with the number of rows.
    Count,
    /// The id of each row, in any order.
    Id,
    /// The id, the time and `seq` of each row, in the order of the list.
    Places,
    /// Those of the page that is asked for.
    Page(&'a ListWindow),
}

/// What is wanted after a row.
pub enum Next {
    Row,
    Nothing,
}

impl Bounds {
    /// The last instant within, of bounds that end before an instant or never. Documents have whole milliseconds, so
    /// that none has the very first one.
    fn last(&self) -> Nanos {
        match self.before {
            (before, i64::MIN) => Nanos(before.0.saturating_sub(1)),
            (last, _) => last,
        }
    }

    /// Whether a place lies within.
    pub fn contain(&self, place: &Place) -> bool {
        place.time >= self.from && (place.time, place.seq) < self.before
    }
}

impl ListQuery<'_> {
    /// The time of the filter, and what lies behind the cursor.
    pub fn bounds(&self, cursor: Option<Cursor>) -> Bounds {
        let end = self.before.map_or(END, |before| (before, i64::MIN));
        let before = cursor.map_or(end, |cursor| end.min((cursor.time, cursor.seq)));
        Bounds { from: self.after.unwrap_or(Nanos(i64::MIN)), before }
    }

    /// Goes along the index of a condition, or that of the time. Rows that only wait for their trace have no time.
    pub fn visit(
        &self,
        connection: &Connection,
        condition: Option<&IndexedCondition<'_>>,
        bounds: Bounds,
        reading: Reading<'_>,
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<Next>,
    ) -> Result<()> {
        let Source { table, time, .. } = self.source;
        let (from, id) = match condition {
            None => (format!("{table} indexed by {table}_by_{time}"), "id"),
            Some(IndexedCondition { index: Index::OnTable, column, .. }) => {
                (format!("{table} indexed by {table}_by_{column}"), "id")
            }
            Some(IndexedCondition { index: Index::Tags(tags), .. }) => ((*tags).to_owned(), *table),
        };
        let held =
            condition.map_or_else(String::new, |IndexedCondition { column, .. }| format!("{column} = :value and "));
        let order = format!("order by {time} desc, seq desc");
        let (what, tail) = match reading {
            Reading::Count => ("count(*)".to_owned(), String::new()),
            Reading::Id => (id.to_owned(), String::new()),
            Reading::Places => (format!("{id}, {time}, seq"), order),
            Reading::Page(_) => (format!("{id}, {time}, seq"), format!("{order} limit :limit offset :offset")),
        };
        // Comparing places would make counting twice as slow.
        let (end, end_parameters): (_, &[(&str, &dyn ToSql)]) = match reading {
            Reading::Count | Reading::Id => (format!("{time} <= :last"), &[(":last", &bounds.last())]),
            Reading::Places | Reading::Page(_) => (
                format!("({time}, seq) < (:before, :before_seq)"),
                &[(":before", &bounds.before.0), (":before_seq", &bounds.before.1)],
            ),
        };
        let sql =
            format!("select {what} from {from} where tenant = :tenant and {held}{time} >= :from and {end} {tail}");
        let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":tenant", &self.tenant), (":from", &bounds.from)];
        parameters.extend(end_parameters);
        if let Some(condition) = condition {
            parameters.push((":value", &condition.value));
        }
        let (limit, offset);
        if let Reading::Page(request) = reading {
            limit = i64::from(request.limit) + 1;
            offset = i64::try_from(request.offset).unwrap_or(i64::MAX);
            parameters.extend([(":limit", &limit as &dyn ToSql), (":offset", &offset)]);
        }
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(parameters.as_slice())?;
        while let Some(row) = rows.next()? {
            if let Next::Nothing = each(row)? {
                break;
            }
        }
        Ok(())
    }
}
