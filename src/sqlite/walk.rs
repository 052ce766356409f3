//! Ways through a list in its order: along an index, or by looking up a few rows.
//!
//! Knows filters only as conditions that are all asked for together. Each has an index that holds its rows in the list's
//! order, and a set of row ids; the sizes of the sets choose the way, and the sets tell on it who meets all the others.

use super::counts;
use super::facet::Facet;
use super::members::Members;
use crate::error::{Error, Result};
use crate::model::answer::{Counts, Page};
use crate::model::query::{Cursor, PageRequest, Total};
use crate::model::time::Nanos;
use rusqlite::{Connection, OptionalExtension, Row, ToSql};
use std::cmp::Reverse;

/// So many rows are rather looked up one by one, at 1 to 2 us each, than met on the way along an index.
const FEW: u64 = 1000;

/// What tells one list from another.
pub struct Source {
    pub table: &'static str,
    /// The column that orders the list; `seq` breaks ties.
    pub time: &'static str,
    /// The index in the order of the list.
    pub by_time: &'static str,
    /// How many rows it has.
    pub count: fn(&Counts) -> u64,
}

/// A condition on the rows of a list.
pub struct Condition<'a> {
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
    /// The index with this name on the list's own table.
    Named(&'static str),
    /// A table of tags, which is one itself; its column with the row's id is named like the list's table.
    Tags(&'static str),
}

/// All that a list is asked for, but its page.
pub struct Walk<'a> {
    pub source: &'static Source,
    pub conditions: Vec<Condition<'a>>,
    /// Inclusive.
    pub after: Option<Nanos>,
    /// Exclusive.
    pub before: Option<Nanos>,
}

/// How a list is gone through.
enum Way<'a> {
    /// Along the index of this condition, or that of the time; only members are met, if there are any given.
    Along(Option<&'a Condition<'a>>, Option<Members>),
    /// From one of these rows to the next: all that the time allows, the latest first.
    Rows(Vec<Place>),
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    time: Nanos,
    seq: i64,
    id: i64,
}

/// The part of the time that is looked at: from an instant on, and before a place.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    from: Nanos,
    before: (Nanos, i64),
}

/// Behind all places.
const END: (Nanos, i64) = (Nanos(i64::MAX), i64::MAX);

/// What is read along an index.
#[derive(Clone, Copy)]
enum Reading<'a> {
    /// One row with the number of rows.
    Count,
    /// The id of each row, in any order.
    Id,
    /// The id, the time and `seq` of each row, in the order of the list.
    Places,
    /// Those of the page that is asked for.
    Page(&'a PageRequest),
}

/// What is wanted after a row.
enum Next {
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

    fn contain(&self, place: &Place) -> bool {
        place.time >= self.from && (place.time, place.seq) < self.before
    }
}

impl Walk<'_> {
    /// The page that is asked for; `push` gets the id of each row.
    pub fn page(
        &self,
        connection: &Connection,
        request: &PageRequest,
        mut push: impl FnMut(i64) -> Result<()>,
    ) -> Result<Page> {
        let way = self.choose(connection)?;
        let total = match request.total {
            Total::Counted => Some(self.total(connection, &way)?),
            Total::Skipped => None,
        };
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let places = self.places(connection, &way, request)?;
        let has_more = places.len() > limit;
        for place in places.iter().take(limit) {
            push(place.id)?;
        }
        let last = places.iter().take(limit).next_back().filter(|_| has_more);
        let next_cursor = last.map(|place| Cursor { time: place.time, seq: place.seq }.to_text());
        Ok(Page { total, has_more, next_cursor })
    }

    /// One condition is its index. Of several, the one with the fewest rows leads, unless all together are met by few.
    fn choose(&self, connection: &Connection) -> Result<Way<'_>> {
        if self.conditions.len() < 2 {
            return Ok(Way::Along(self.conditions.first(), None));
        }
        let sets = self.conditions.iter().map(|condition| self.members(connection, condition));
        let sets: Vec<Members> = sets.collect::<Result<_>>()?;
        let narrowest = self.conditions.iter().zip(&sets).min_by_key(|(_, members)| members.len());
        let all = sets.iter().skip(1).fold(sets[0].clone(), |all, members| all.both(members));
        if all.len() <= FEW {
            return self.look_up(connection, &all).map(Way::Rows);
        }
        Ok(Way::Along(narrowest.map(|(condition, _)| condition), Some(all)))
    }

    /// The ids of a condition's rows, whatever the time.
    fn members(&self, connection: &Connection, condition: &Condition<'_>) -> Result<Members> {
        if let Some(facet) = &condition.facet {
            return facet.members(connection);
        }
        let everything = Bounds { from: Nanos(i64::MIN), before: END };
        let mut ids = Vec::new();
        self.visit(connection, Some(condition), everything, Reading::Id, |row| {
            ids.push(row.get(0)?);
            Ok(Next::Row)
        })?;
        Ok(Members::of(&ids))
    }

    /// The places of these rows, the latest first.
    fn look_up(&self, connection: &Connection, members: &Members) -> Result<Vec<Place>> {
        let Source { table, time, .. } = self.source;
        let mut statement = connection.prepare_cached(&format!("select {time}, seq from {table} where id = ?1"))?;
        let bounds = self.bounds(None);
        let mut places = Vec::new();
        for id in members.ids() {
            let place =
                statement.query_row([id], |row| Ok(Place { time: row.get(0)?, seq: row.get(1)?, id })).optional()?;
            let place = place.ok_or_else(|| Error::corrupt(format!("{table} {id} of a facet is missing")))?;
            if bounds.contain(&place) {
                places.push(place);
            }
        }
        places.sort_unstable_by_key(|place| Reverse((place.time, place.seq)));
        Ok(places)
    }

    /// How many rows there are, whatever the page. What the facets don't tell is counted along an index.
    fn total(&self, connection: &Connection, way: &Way<'_>) -> Result<u64> {
        let timeless = self.after.is_none() && self.before.is_none();
        let (condition, members) = match way {
            Way::Rows(places) => return Ok(places.len() as u64),
            Way::Along(None, _) if timeless => return Ok((self.source.count)(&counts::read(connection)?.0)),
            Way::Along(_, Some(members)) if timeless => return Ok(members.len()),
            Way::Along(Some(Condition { facet: Some(facet), .. }), None) if timeless => {
                return Ok(facet.members(connection)?.len());
            }
            Way::Along(condition, members) => (*condition, members.as_ref()),
        };
        let mut total = 0;
        let reading = if members.is_some() { Reading::Id } else { Reading::Count };
        self.visit(connection, condition, self.bounds(None), reading, |row| {
            total += match members {
                Some(members) => u64::from(members.contains(row.get(0)?)),
                None => row.get(0)?,
            };
            Ok(Next::Row)
        })?;
        Ok(total)
    }

    /// The places of the page and one more, if there is one: it tells whether another page follows.
    fn places(&self, connection: &Connection, way: &Way<'_>, request: &PageRequest) -> Result<Vec<Place>> {
        let bounds = self.bounds(request.cursor);
        let wanted = usize::try_from(request.limit).unwrap_or(usize::MAX).saturating_add(1);
        let (condition, members) = match way {
            Way::Rows(places) => {
                let offset = usize::try_from(request.offset).unwrap_or(usize::MAX);
                let page = places.iter().filter(|place| bounds.contain(place)).skip(offset).take(wanted);
                return Ok(page.copied().collect());
            }
            Way::Along(condition, members) => (*condition, members.as_ref()),
        };
        let mut places = Vec::new();
        let mut left_out = if members.is_some() { request.offset } else { 0 };
        let reading = if members.is_some() { Reading::Places } else { Reading::Page(request) };
        self.visit(connection, condition, bounds, reading, |row| {
            let id = row.get(0)?;
            if members.is_some_and(|members| !members.contains(id)) {
                return Ok(Next::Row);
            }
            if left_out > 0 {
                left_out -= 1;
                return Ok(Next::Row);
            }
            places.push(Place { time: row.get(1)?, seq: row.get(2)?, id });
            Ok(if places.len() < wanted { Next::Row } else { Next::Nothing })
        })?;
        Ok(places)
    }

    /// The time of the filter, and what lies behind the cursor.
    fn bounds(&self, cursor: Option<Cursor>) -> Bounds {
        let end = self.before.map_or(END, |before| (before, i64::MIN));
        let before = cursor.map_or(end, |cursor| end.min((cursor.time, cursor.seq)));
        Bounds { from: self.after.unwrap_or(Nanos(i64::MIN)), before }
    }

    /// Goes along the index of a condition, or that of the time. Rows that only wait for their trace have no time.
    fn visit(
        &self,
        connection: &Connection,
        condition: Option<&Condition<'_>>,
        bounds: Bounds,
        reading: Reading<'_>,
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<Next>,
    ) -> Result<()> {
        let Source { table, time, by_time, .. } = self.source;
        let (from, id) = match condition.map_or(Index::Named(by_time), |condition| condition.index) {
            Index::Named(name) => (format!("{table} indexed by {name}"), "id"),
            Index::Tags(tags) => (tags.to_owned(), *table),
        };
        let held = condition.map_or_else(String::new, |Condition { column, .. }| format!("{column} = :value and "));
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
        let sql = format!("select {what} from {from} where {held}{time} >= :from and {end} {tail}");
        let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":from", &bounds.from)];
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
