//! Rows of config snapshots, which never change.

use crate::error::Result;
use crate::model::config_snapshot::ConfigSnapshot;

/// What stands in the row of a snapshot beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct ConfigSnapshotRow {
    pub id: i64,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// A snapshot as it was read.
#[derive(Debug, Clone)]
pub struct StoredConfigSnapshot {
    pub row: ConfigSnapshotRow,
    /// With an empty body: the entry stands for it.
    pub snapshot: ConfigSnapshot,
}

/// Reads and writes the rows of snapshots.
pub trait ConfigSnapshotRows {
    /// The snapshot with this name.
    fn config_snapshot(&mut self, tenant: i64, snapshot_id: &str) -> Result<Option<StoredConfigSnapshot>>;

    /// Makes the row of a snapshot that has none.
    fn insert_config_snapshot(&mut self, tenant: i64, row: &ConfigSnapshotRow, snapshot: &ConfigSnapshot)
    -> Result<()>;
}
