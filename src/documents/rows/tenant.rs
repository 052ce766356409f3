//! Rows of tenants. Their numbers lead the keys of everything that has a name.

use crate::error::Result;
use crate::model::tenant::Tenant;

/// The tenant with the empty name, which has no row: everything belongs to it that names no other.
pub const NAMELESS: i64 = 0;

/// Reads and writes the rows of tenants.
pub trait TenantRows {
    /// The number of the tenant with this name, which is not empty.
    fn find_tenant(&mut self, name: &str) -> Result<Option<i64>>;

    /// Makes the row of a tenant that has none; its counts are zero.
    fn insert_tenant(&mut self, id: i64, name: &str) -> Result<()>;

    /// Adds to the counts of a tenant that has a row, by `Counted`; less than nothing takes away.
    fn add_counts(&mut self, tenant: i64, more: [i64; 4]) -> Result<()>;

    /// Up to `limit` tenants that have documents, by the bytes of their names, which come behind `after`; among them the
    /// one with the empty name, whose counts are among the numbers.
    fn tenants(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<Tenant>>;
}
