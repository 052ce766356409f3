//! Entries as the writer adds, moves and removes them.

use super::block;
use super::read::{get, unless_damaged};
use crate::content::Compressor;
use crate::documents::rows::state::Numbers;
use crate::error::{Error, Result};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// SQLite stores no larger row, bytes; some are left for the other columns.
const MOST_BYTES: usize = 1_000_000_000 - 1000;

/// What moves entries in the writer's transaction.
pub struct EntryWriter<'a> {
    pub connection: &'a Connection,
    pub compressor: &'a mut Compressor,
    pub numbers: &'a mut Numbers,
}

/// Adds what a span of this trace brings, to be packed with others later.
pub fn insert_fresh(connection: &Connection, id: i64, trace: i64, bytes: &[u8]) -> Result<()> {
    refuse_too_large(bytes)?;
    connection.prepare_cached(include_str!("sql/fresh_insert.sql"))?.execute((id, trace, bytes))?;
    Ok(())
}

/// Adds an entry that stays alone.
pub fn insert_alone(connection: &Connection, compressor: &mut Compressor, id: i64, text: &[u8]) -> Result<()> {
    let mut data = Vec::new();
    compressor.pack(text, &mut data)?;
    refuse_too_large(&data)?;
    connection.prepare_cached(include_str!("sql/alone_insert.sql"))?.execute((id, data))?;
    Ok(())
}

/// Takes an entry that is still fresh out of what will be packed.
pub fn make_alone(connection: &Connection, compressor: &mut Compressor, id: i64) -> Result<()> {
    let Some(text) = get(connection, include_str!("sql/fresh_get.sql"), id)? else { return Ok(()) };
    insert_alone(connection, compressor, id, &text)?;
    connection.prepare_cached(include_str!("sql/fresh_delete.sql"))?.execute([id])?;
    Ok(())
}

/// Lets an entry that stood alone be packed with what this trace brings; how many bytes it has, if it did.
pub fn make_fresh(connection: &Connection, compressor: &mut Compressor, id: i64, trace: i64) -> Result<usize> {
    let Some(alone) = get(connection, include_str!("sql/alone_get.sql"), id)? else { return Ok(0) };
    let text = compressor.unpack(&alone)?;
    connection.prepare_cached(include_str!("sql/alone_delete.sql"))?.execute([id])?;
    insert_fresh(connection, id, trace, &text)?;
    Ok(text.len())
}

fn refuse_too_large(bytes: &[u8]) -> Result<()> {
    if bytes.len() <= MOST_BYTES {
        return Ok(());
    }
    Err(Error::invalid(format!("a value of {} bytes is larger than SQLite can store", bytes.len())))
}

/// Removes entries, wherever they are; a block is written anew once for all that leave it. What a damaged block keeps
/// from being removed stays, and is returned: who promised that it goes must say so.
pub fn remove(connection: &Connection, compressor: &mut Compressor, ids: &[i64]) -> Result<Vec<i64>> {
    let mut packed: HashMap<i64, HashSet<i64>> = HashMap::new();
    for id in ids {
        let fresh = connection.prepare_cached(include_str!("sql/fresh_delete.sql"))?.execute([id])?;
        if fresh == 0
            && connection.prepare_cached(include_str!("sql/alone_delete.sql"))?.execute([id])? == 0
            && let Some(holder) = block::find(connection, *id)?
        {
            packed.entry(holder).or_default().insert(*id);
        }
    }
    let mut kept = Vec::new();
    for (holder, ids) in packed {
        if unless_damaged(connection, block::remove(connection, compressor, holder, &ids))?.is_none() {
            kept.extend(ids);
        }
    }
    Ok(kept)
}
