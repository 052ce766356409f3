//! Entries as the writer adds, moves and removes them.

use super::block;
use super::read::{get, unless_damaged};
use crate::content::Compressor;
use crate::error::{Error, Result};
use crate::sqlite::numbers::{Numbers, next};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// SQLite stores no larger row, bytes; some are left for the other columns.
const MOST_BYTES: usize = 1_000_000_000 - 1000;

/// Adds entries in the writer's transaction.
pub struct EntryWriter<'a> {
    pub connection: &'a Connection,
    pub compressor: &'a mut Compressor,
    pub numbers: &'a mut Numbers,
}

impl EntryWriter<'_> {
    /// Adds what a span of this trace brings, to be packed with others later.
    pub fn add_fresh(&mut self, trace: i64, bytes: &[u8]) -> Result<i64> {
        let id = next(&mut self.numbers.entry);
        self.insert_fresh(id, trace, bytes)?;
        Ok(id)
    }

    /// Adds an entry that stays alone.
    pub fn add_alone(&mut self, bytes: &[u8]) -> Result<i64> {
        let id = next(&mut self.numbers.entry);
        self.insert_alone(id, bytes)?;
        Ok(id)
    }

    /// Takes a piece that is still fresh out of what will be packed.
    pub fn keep_alone(&mut self, id: i64) -> Result<()> {
        let Some(text) = get(self.connection, include_str!("sql/fresh_get.sql"), id)? else { return Ok(()) };
        self.insert_alone(id, &text)?;
        self.connection.prepare_cached(include_str!("sql/fresh_delete.sql"))?.execute([id])?;
        Ok(())
    }

    /// Lets a piece that stood alone be packed with what this trace brings.
    pub fn make_fresh(&mut self, trace: i64, id: i64) -> Result<()> {
        let Some(alone) = get(self.connection, include_str!("sql/alone_get.sql"), id)? else { return Ok(()) };
        let text = self.compressor.unpack(&alone)?;
        self.connection.prepare_cached(include_str!("sql/alone_delete.sql"))?.execute([id])?;
        self.insert_fresh(id, trace, &text)
    }

    fn insert_fresh(&mut self, id: i64, trace: i64, bytes: &[u8]) -> Result<()> {
        refuse_too_large(bytes)?;
        self.connection.prepare_cached(include_str!("sql/fresh_insert.sql"))?.execute((id, trace, bytes))?;
        self.numbers.fresh_bytes += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(())
    }

    fn insert_alone(&mut self, id: i64, text: &[u8]) -> Result<()> {
        let mut data = Vec::new();
        self.compressor.pack(text, &mut data)?;
        refuse_too_large(&data)?;
        self.connection.prepare_cached(include_str!("sql/alone_insert.sql"))?.execute((id, data))?;
        Ok(())
    }
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
