//! Reads entries by their ids, wherever they lie, and keeps the blocks open that one answer needs.

use super::block;
use crate::content::{Block, Compressor};
use crate::documents::rows::entry;
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use std::borrow::Cow;

/// Blocks that are kept open for one answer, bytes; beyond it they are dropped together.
const MAX_OPEN_BYTES: usize = 32 << 20;

/// Blocks that entries were read from, for one snapshot.
#[derive(Default)]
pub struct OpenBlocks {
    blocks: Vec<Block>,
    bytes: usize,
    /// The one that was needed last, which is mostly needed next.
    recent: usize,
}

impl OpenBlocks {
    /// The bytes of an entry; a block is opened once for all that is wanted from it.
    pub fn entry(&mut self, connection: &Connection, compressor: &mut Compressor, id: i64) -> Result<Cow<'_, [u8]>> {
        if !self.holds(id) {
            if let Some(alone) = get(connection, include_str!("sql/alone_get.sql"), id)? {
                return Ok(Cow::Owned(compressor.unpack(&alone)?));
            }
            if let Some(fresh) = get(connection, include_str!("sql/fresh_get.sql"), id)? {
                return Ok(Cow::Owned(fresh));
            }
            if let Some(holder) = block::find(connection, id)? {
                self.open(block::load(connection, compressor, holder)?);
            }
        }
        let entry = self.blocks.get(self.recent).and_then(|block| block.find(id));
        entry.map(Cow::Borrowed).ok_or_else(|| Error::corrupt(format!("entry {id} is missing")))
    }

    /// Whether an open block holds the entry, which is `recent` then.
    fn holds(&mut self, id: i64) -> bool {
        let has = |block: &Block| block.find(id).is_some();
        if self.blocks.get(self.recent).is_some_and(has) {
            return true;
        }
        let found = self.blocks.iter().position(has);
        self.recent = found.unwrap_or(self.recent);
        found.is_some()
    }

    fn open(&mut self, block: Block) {
        if self.bytes > MAX_OPEN_BYTES {
            *self = Self::default();
        }
        self.bytes += block.size();
        self.recent = self.blocks.len();
        self.blocks.push(block);
    }
}

/// As `entry::unless_damaged`: a damaged page costs the whole transaction, which SQLite rolls back by itself.
pub fn unless_damaged<T>(connection: &Connection, read: Result<T>) -> Result<Option<T>> {
    entry::unless_damaged(read, || !connection.is_autocommit())
}

/// The bytes that a statement finds for an id.
pub fn get(connection: &Connection, statement: &str, id: i64) -> Result<Option<Vec<u8>>> {
    Ok(connection.prepare_cached(statement)?.query_row([id], |row| row.get(0)).optional()?)
}
