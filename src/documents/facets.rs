//! Who joins and who leaves which facet.
//!
//! The notes become rows when the transaction commits, one per facet however many operations change it.

use super::notes::Notes;
use super::rows::facet::{Facet, FacetRows, Membership};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What a transaction changes in facets.
pub type FacetNotes = Notes<(i64, Facet, i64, Membership)>;

impl FacetNotes {
    /// Notes that a tenant's row was in the facets `before`, and is in those of `after` now.
    pub fn change(&mut self, tenant: i64, id: i64, before: &BTreeSet<Facet>, after: &BTreeSet<Facet>) {
        let left = before.difference(after).map(|facet| (tenant, facet.clone(), id, Membership::Leaves));
        let joined = after.difference(before).map(|facet| (tenant, facet.clone(), id, Membership::Joins));
        self.extend(left.chain(joined));
    }

    /// Writes the notes; the transaction is about to commit.
    pub fn store(&mut self, rows: &mut dyn FacetRows) -> Result<()> {
        let mut facets: BTreeMap<(i64, Facet), Vec<(i64, Membership)>> = BTreeMap::new();
        for (tenant, facet, id, change) in self.drain() {
            facets.entry((tenant, facet)).or_default().push((id, change));
        }
        facets.into_iter().try_for_each(|((tenant, facet), changes)| rows.change_facet(tenant, &facet, &changes))
    }
}
