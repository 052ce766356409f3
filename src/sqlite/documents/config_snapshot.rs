//! Config snapshots: the first word stays.

use super::assemble::Assembler;
use super::pending::Pending;
use crate::error::Result;
use crate::model::Receipt;
use crate::model::config_snapshot::ConfigSnapshot;
use crate::sqlite::counts::Counted;
use crate::sqlite::numbers::next;
use crate::sqlite::pieces::owner::{Owner, User};
use crate::sqlite::tenant::NAMELESS;
use rusqlite::{Connection, OptionalExtension, Row};

/// Records a snapshot; a known id is left as it is, whatever this one carries.
pub fn ensure(connection: &Connection, pending: &mut Pending, snapshot: &ConfigSnapshot) -> Result<Receipt> {
    let known: Option<i64> = connection
        .prepare_cached(include_str!("sql/config_snapshot_find.sql"))?
        .query_row((NAMELESS, &snapshot.snapshot_id), |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Ok(Receipt::Nothing);
    }
    let id = next(&mut pending.numbers.config_snapshot);
    let stored = pending.bodies.store_listed(connection, &mut pending.numbers, &snapshot.body)?;
    connection.prepare_cached(include_str!("sql/config_snapshot_insert.sql"))?.execute((
        id,
        NAMELESS,
        &snapshot.snapshot_id,
        &snapshot.agent_name,
        &snapshot.agent_version,
        snapshot.created_at,
        stored.entry,
    ))?;
    pending.bodies.count_uses(User::Listed(Owner::ConfigSnapshot(id)), None, &stored);
    pending.count(NAMELESS, Counted::ConfigSnapshot);
    Ok(Receipt::Nothing)
}

/// Adds a snapshot to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, snapshot_id: &str) -> Result<()> {
    let mut statement = assembler.connection.prepare_cached(include_str!("sql/config_snapshot_get.sql"))?;
    let found = statement.query_row((NAMELESS, snapshot_id), |row| Ok((from_row(row)?, row.get::<_, i64>("body")?)));
    match found.optional()? {
        Some((snapshot, body)) => assembler.push(&snapshot.header(), body),
        None => Ok(()),
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
