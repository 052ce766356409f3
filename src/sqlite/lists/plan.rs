//! Chooses the way through a list: along which index, or by looking up a few rows.
//!
//! Each condition has a set of row ids: the sizes of the sets choose the way, and the sets tell on it who meets all the
//! other conditions. What remains slow is an offset, which steps over entries, and matches that lie together at the far
//! end of a long index.

use super::scan::{Bounds, END, IndexedCondition, ListQuery, Next, Reading, Source};
use crate::documents::rows::list::Place;
use crate::error::{Error, Result};
use crate::model::time::Nanos;
use crate::sqlite::facets::facet;
use crate::sqlite::facets::id_set::IdSet;
use rusqlite::{Connection, OptionalExtension};
use std::cmp::Reverse;

/// So many rows are rather looked up one by one, at 1 to 2 us each, than met on the way along an index.
const FEW: u64 = 1000;

/// How a list is gone through.
pub enum Way<'a> {
    /// Along the index of this condition, or that of the time; only members are met, if there are any given.
    Along(Option<&'a IndexedCondition<'a>>, Option<IdSet>),
    /// From one of these rows to the next: all that the time allows, the latest first.
    Rows(Vec<Place>),
}

impl ListQuery<'_> {
    /// One condition is its index. Of several, the one with the fewest rows leads, unless all together are met by few.
    pub fn choose(&self, connection: &Connection) -> Result<Way<'_>> {
        if self.conditions.len() < 2 {
            return Ok(Way::Along(self.conditions.first(), None));
        }
        let sets = self.conditions.iter().map(|condition| self.members(connection, condition));
        let sets: Vec<IdSet> = sets.collect::<Result<_>>()?;
        let narrowest = self.conditions.iter().zip(&sets).min_by_key(|(_, members)| members.len());
        let all = sets.iter().skip(1).fold(sets[0].clone(), |all, members| all.both(members));
        if all.len() <= FEW {
            return self.look_up(connection, &all).map(Way::Rows);
        }
        Ok(Way::Along(narrowest.map(|(condition, _)| condition), Some(all)))
    }

    /// The ids of a condition's rows, whatever the time.
    fn members(&self, connection: &Connection, condition: &IndexedCondition<'_>) -> Result<IdSet> {
        if let Some(facet) = &condition.facet {
            return facet::members(connection, self.tenant, facet);
        }
        let everything = Bounds { from: Nanos(i64::MIN), before: END };
        let mut ids = Vec::new();
        self.visit(connection, Some(condition), everything, Reading::Id, |row| {
            ids.push(row.get(0)?);
            Ok(Next::Row)
        })?;
        Ok(IdSet::of(&ids))
    }

    /// The places of these rows, the latest first.
    fn look_up(&self, connection: &Connection, members: &IdSet) -> Result<Vec<Place>> {
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
}
