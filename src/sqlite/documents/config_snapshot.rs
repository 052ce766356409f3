//! Config snapshots: the first word stays.

use super::assemble::Assembler;
use super::pending::Pending;
use crate::error::Result;
use crate::model::config_snapshot::ConfigSnapshot;
use crate::sqlite::pieces::piece::Owner;
use rusqlite::{Connection, OptionalExtension};

/// Records a snapshot; a known id is left as it is, whatever this one carries.
pub fn ensure(connection: &Connection, pending: &mut Pending, snapshot: &ConfigSnapshot) -> Result<()> {
    let known: Option<i64> = connection
        .prepare_cached(include_str!("sql/config_snapshot_find.sql"))?
        .query_row([&snapshot.snapshot_id], |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    let columns = (&snapshot.snapshot_id, &snapshot.agent_name, &snapshot.agent_version, snapshot.created_at);
    connection.prepare_cached(include_str!("sql/config_snapshot_insert.sql"))?.execute(columns)?;
    let id = connection.last_insert_rowid();
    let owner = Owner::ConfigSnapshot(id);
    let (_, body) = pending.bodies.write_body(connection, &mut pending.numbers, owner, &snapshot.body)?;
    connection.prepare_cached(include_str!("sql/config_snapshot_set_body.sql"))?.execute((id, body))?;
    pending.numbers.added.config_snapshots += 1;
    Ok(())
}

/// Adds a snapshot to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, snapshot_id: &str) -> Result<()> {
    let mut statement = assembler.connection.prepare_cached(include_str!("sql/config_snapshot_get.sql"))?;
    let found = statement.query_row([snapshot_id], |row| {
        let snapshot = ConfigSnapshot {
            snapshot_id: row.get("snapshot_id")?,
            agent_name: row.get("agent_name")?,
            agent_version: row.get("agent_version")?,
            created_at: row.get("created_at")?,
            body: String::new(),
        };
        Ok((snapshot, row.get::<_, Vec<u8>>("body")?))
    });
    match found.optional()? {
        Some((snapshot, body)) => assembler.push(&snapshot.header(), &body),
        None => Ok(()),
    }
}
