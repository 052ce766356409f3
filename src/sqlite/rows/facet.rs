//! Facets, kept as bits.

use super::SqliteRows;
use crate::documents::rows::facet::{Facet, FacetRows, Membership};
use crate::error::Result;
use crate::sqlite::facets::facet;

impl FacetRows for SqliteRows<'_> {
    fn change_facet(&mut self, tenant: i64, facet: &Facet, changes: &[(i64, Membership)]) -> Result<()> {
        facet::change(self.connection, tenant, facet, changes)
    }
}
