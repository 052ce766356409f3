//! Config snapshots: the first word stays.

use super::assemble::Assembler;
use super::piece::Owner;
use super::transaction::Transaction;
use crate::error::Result;
use crate::model::config_snapshot::ConfigSnapshot;
use rusqlite::OptionalExtension;

/// Records a snapshot; a known id is left as it is, whatever this one carries.
pub fn ensure(transaction: &mut Transaction<'_>, snapshot: &ConfigSnapshot) -> Result<()> {
    let connection = transaction.connection;
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
    let (_, body) = transaction.content.write_body(connection, transaction.state, owner, &snapshot.body)?;
    connection.prepare_cached(include_str!("sql/config_snapshot_set_body.sql"))?.execute((id, body))?;
    transaction.state.counts.config_snapshots += 1;
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
