//! Rows of tenants.

use super::SqliteRows;
use crate::documents::rows::tenant::TenantRows;
use crate::error::Result;
use crate::model::tenant::Tenant;
use crate::sqlite::counts;
use rusqlite::OptionalExtension;

impl TenantRows for SqliteRows<'_> {
    fn find_tenant(&mut self, name: &str) -> Result<Option<i64>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/tenant_find.sql"))?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn insert_tenant(&mut self, id: i64, name: &str) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/tenant_insert.sql"))?.execute((id, name))?;
        Ok(())
    }

    fn add_counts(&mut self, tenant: i64, more: [i64; 4]) -> Result<()> {
        counts::add(self.connection, tenant, more)
    }

    fn tenants(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<Tenant>> {
        counts::list(self.connection, after, limit)
    }
}
