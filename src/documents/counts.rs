//! How many of each noun each tenant has: kept beside the tenants' names, so that nobody has to count. Those of the
//! nameless one are among the numbers, which a commit writes anyway.

use super::notes::Notes;
use super::rows::state::Counted;
use super::rows::tenant::TenantRows;
use crate::error::Result;
use std::collections::BTreeMap;

/// What a transaction changes in the counts of tenants that have a name; written when it commits.
pub type CountNotes = Notes<(i64, Counted, i64)>;

impl CountNotes {
    /// Notes so many more of a tenant's.
    pub fn add(&mut self, tenant: i64, counted: Counted, more: i64) {
        self.push((tenant, counted, more));
    }

    /// Writes the notes; the transaction is about to commit.
    pub fn store(&mut self, rows: &mut dyn TenantRows) -> Result<()> {
        let mut tenants: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
        for (tenant, counted, more) in self.drain() {
            tenants.entry(tenant).or_default()[counted as usize] += more;
        }
        tenants.into_iter().try_for_each(|(tenant, more)| rows.add_counts(tenant, more))
    }
}
