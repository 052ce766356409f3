//! How many documents of an owner use each piece, read from the documents themselves as the open transaction leaves them.

use super::owner::Owner;
use crate::documents::rows::Rows;
use crate::documents::rows::entry::unless_damaged;
use crate::error::Result;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The owners that were counted, each once.
#[derive(Default)]
pub struct Recount {
    /// By piece; nothing where damage keeps a document from being read.
    owners: HashMap<Owner, Option<HashMap<i64, i64>>>,
}

impl Recount {
    /// How many documents of an owner use a piece, if that can be read.
    pub fn of(&mut self, rows: &mut dyn Rows, owner: Owner, piece: i64) -> Result<Option<i64>> {
        let counts = match self.owners.entry(owner) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(count_all(rows, owner)?),
        };
        Ok(counts.as_ref().map(|counts| counts.get(&piece).copied().unwrap_or_default()))
    }
}

fn count_all(rows: &mut dyn Rows, owner: Owner) -> Result<Option<HashMap<i64, i64>>> {
    // Others have one document, so that theirs are always counted.
    let Owner::Trace(trace) = owner else { return Ok(None) };
    let mut counts = HashMap::new();
    for body in rows.trace_bodies(trace)? {
        let Some(manifest) = unless_damaged(rows.manifest(body), || rows.stands())? else { return Ok(None) };
        manifest.pieces().into_iter().for_each(|piece| *counts.entry(piece).or_default() += 1);
    }
    Ok(Some(counts))
}
