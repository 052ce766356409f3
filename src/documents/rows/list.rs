//! Where the rows of a list's page stand.

use crate::error::Result;
use crate::model::query::ListRequest;
use crate::model::time::Nanos;

/// Where a row stands in a list.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// `startedAt` of a trace, `updatedAt` of a session; of scores always the same, because their order of writing is enough.
    pub time: Nanos,
    /// The order of writing, which breaks ties.
    pub seq: i64,
    pub id: i64,
}

/// What was found of a list.
#[derive(Debug)]
pub struct FoundPlaces {
    /// How many rows meet all conditions, whatever the page; nothing if that is not asked for.
    pub total: Option<u64>,
    /// Those of the page, and the one behind it, if there is one.
    pub places: Vec<Place>,
}

/// Goes through lists.
pub trait ListRows {
    /// The tenant's rows that meet all conditions, the latest first: those behind the cursor and the offset, one more than
    /// the limit. A trace that is not started is in no list.
    fn places(&mut self, tenant: i64, list: &ListRequest) -> Result<FoundPlaces>;
}
