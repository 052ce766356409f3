//! Pages of lists: the documents at the places that the database finds.

use super::assemble::{Assembler, Pushed};
use super::rows::list::{FoundPlaces, Place};
use super::{session, trace};
use crate::error::Result;
use crate::model::answer::ListPage;
use crate::model::field::Noun;
use crate::model::query::{Cursor, ListRequest};

/// Adds a page of a list to an answer, the latest first.
pub fn page(assembler: &mut Assembler<'_>, list: &ListRequest) -> Result<ListPage> {
    let push = match list.noun {
        Noun::Trace => trace::push_listed,
        Noun::Session => session::push_listed,
    };
    let FoundPlaces { total, places } = assembler.rows.places(assembler.tenant, list)?;
    let limit = usize::try_from(list.window.limit).unwrap_or(usize::MAX);
    let mut shown = 0;
    for place in places.iter().take(limit) {
        if push(assembler, place.id)? == Pushed::NoRoom {
            break;
        }
        shown += 1;
    }
    let has_more = places.len() > shown;
    let last = places[..shown].last().filter(|_| has_more);
    let cursor = |last: &Place| Cursor { time: last.time, seq: last.seq };
    Ok(ListPage { total, has_more, next_cursor: last.map(|last| cursor(last).to_text()) })
}
