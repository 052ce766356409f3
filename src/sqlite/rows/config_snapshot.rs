//! Rows of config snapshots.

use super::SqliteRows;
use crate::documents::rows::config_snapshot::{ConfigSnapshotRow, ConfigSnapshotRows, StoredConfigSnapshot};
use crate::error::Result;
use crate::model::config_snapshot::ConfigSnapshot;
use rusqlite::{OptionalExtension, Row};

impl ConfigSnapshotRows for SqliteRows<'_> {
    fn config_snapshot(&mut self, tenant: i64, snapshot_id: &str) -> Result<Option<StoredConfigSnapshot>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/config_snapshot_get.sql"))?;
        let found = statement.query_row((tenant, snapshot_id), |row| {
            let ids = ConfigSnapshotRow { id: row.get("id")?, body: row.get("body")? };
            Ok(StoredConfigSnapshot { row: ids, snapshot: from_row(row)? })
        });
        Ok(found.optional()?)
    }

    fn insert_config_snapshot(
        &mut self,
        tenant: i64,
        row: &ConfigSnapshotRow,
        snapshot: &ConfigSnapshot,
    ) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/config_snapshot_insert.sql"))?.execute((
            row.id,
            tenant,
            &snapshot.snapshot_id,
            &snapshot.agent_name,
            &snapshot.agent_version,
            snapshot.created_at,
            row.body,
        ))?;
        Ok(())
    }
}

/// The snapshot of a row, without its body.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<ConfigSnapshot> {
    Ok(ConfigSnapshot {
        snapshot_id: row.get("snapshot_id")?,
        agent_name: row.get("agent_name")?,
        agent_version: row.get("agent_version")?,
        created_at: row.get("created_at")?,
        body: String::new(),
    })
}
