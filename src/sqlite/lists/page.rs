//! One page of a list, and how many rows the list has.

use super::plan::Way;
use super::scan::{IndexedCondition, ListQuery, Next, Reading};
use crate::documents::rows::list::{FoundPlaces, Place};
use crate::error::Result;
use crate::model::query::{ListWindow, Total};
use crate::sqlite::counts;
use crate::sqlite::facets::facet;
use rusqlite::Connection;

impl ListQuery<'_> {
    /// The page that is asked for.
    pub fn find(&self, connection: &Connection, request: &ListWindow) -> Result<FoundPlaces> {
        let way = self.choose(connection)?;
        let total = match request.total {
            Total::Counted => Some(self.total(connection, &way)?),
            Total::Skipped => None,
        };
        Ok(FoundPlaces { total, places: self.places(connection, &way, request)? })
    }

    /// How many rows there are, whatever the page. What the facets don't tell is counted along an index,
    /// at 20 to 50 ns a row.
    fn total(&self, connection: &Connection, way: &Way<'_>) -> Result<u64> {
        let timeless = self.after.is_none() && self.before.is_none();
        let (condition, members) = match way {
            Way::Rows(places) => return Ok(places.len() as u64),
            Way::Along(None, _) if timeless => {
                return Ok((self.source.count)(&counts::of_tenant(connection, self.tenant)?));
            }
            Way::Along(_, Some(members)) if timeless => return Ok(members.len()),
            Way::Along(Some(IndexedCondition { facet: Some(facet), .. }), None) if timeless => {
                return Ok(facet::members(connection, self.tenant, facet)?.len());
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
    fn places(&self, connection: &Connection, way: &Way<'_>, request: &ListWindow) -> Result<Vec<Place>> {
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
}
