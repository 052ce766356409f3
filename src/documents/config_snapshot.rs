//! Config snapshots: the first word stays.

use super::assemble::Assembler;
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::config_snapshot::ConfigSnapshotRow;
use super::rows::state::{Counted, next};
use crate::error::Result;
use crate::model::Receipt;
use crate::model::config_snapshot::ConfigSnapshot;

/// Records a snapshot; a known id is left as it is, whatever this one carries.
pub fn ensure(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, snapshot: &ConfigSnapshot) -> Result<Receipt> {
    if rows.config_snapshot(tenant, &snapshot.snapshot_id)?.is_some() {
        return Ok(Receipt::Nothing);
    }
    let id = next(&mut pending.numbers.config_snapshot);
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &snapshot.body)?;
    rows.insert_config_snapshot(tenant, &ConfigSnapshotRow { id, body: stored.entry }, snapshot)?;
    pending.bodies.count_uses(User::Listed(Owner::ConfigSnapshot(id)), None, &stored);
    pending.count(tenant, Counted::ConfigSnapshot);
    Ok(Receipt::Nothing)
}

/// Adds a snapshot to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, snapshot_id: &str) -> Result<()> {
    match assembler.rows.config_snapshot(assembler.tenant, snapshot_id)? {
        Some(found) => assembler.push(&found.snapshot.header(), found.row.body),
        None => Ok(()),
    }
}
