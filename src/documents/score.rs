//! Scores: said of a trace or a span, listed, taken back; and the map that a trace's own are to the contract.
//!
//! The rows are the one truth. The map is read from them, and a word on the map is a word on rows.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::pending::Pending;
use super::rows::Rows;
use super::said;
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::score::{MapChange, Score};

/// Records a score, whether or not what it is about is there; a known id is rewritten in its place.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, score: &Score) -> Result<Receipt> {
    let before = rows.find_score(tenant, &score.id)?;
    let row = said::store(rows, pending, tenant, &score.trace_id, before.as_ref(), &score.body)?;
    rows.write_score(tenant, &row, score)?;
    Ok(Receipt::Said { id: score.id.clone(), version: row.version })
}

/// Takes a score back, if it is there.
pub fn delete(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, score_id: &str) -> Result<Receipt> {
    let found = rows.find_score(tenant, score_id)?;
    if let Some(row) = &found {
        said::let_go(rows, pending, row)?;
        rows.remove_score(row.id)?;
    }
    Ok(Receipt::Deleted { id: score_id.to_owned(), deleted: found.is_some() })
}

/// Does to the scores of a trace what a word on its map says.
pub fn change_map(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    trace: i64,
    change: &MapChange,
) -> Result<()> {
    match change {
        MapChange::Silent => Ok(()),
        MapChange::Given(scores) => scores.iter().try_for_each(|score| add(rows, pending, tenant, score).map(|_| ())),
        MapChange::Cleared => {
            for row in rows.mapped_scores(trace)? {
                said::let_go(rows, pending, &row)?;
                rows.remove_score(row.id)?;
            }
            Ok(())
        }
    }
}

/// Adds a score of a page to an answer, if there is room.
pub fn push_listed(assembler: &mut Assembler<'_>, id: i64) -> Result<Pushed> {
    let found = assembler.rows.score_by_id(id)?.ok_or_else(|| {
        Error::corrupt(format!("score {id} is listed and is not there; restore the store from a backup"))
    })?;
    assembler.push_if_room(&found.score.header(found.row.history()), &FoldedBody::whole(found.row.body))
}
