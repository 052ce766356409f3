//! Reads entries by their ids, wherever they lie, and keeps the blocks open that one answer needs.

use super::block;
use crate::content::depth::MAX_DEPTH;
use crate::content::{Block, Compressor, Manifest};
use crate::error::{Code, Error, Result};
use crate::json;
use rusqlite::{Connection, OptionalExtension};
use std::borrow::Cow;

/// Blocks that are kept open for one answer, bytes; beyond it they are dropped together.
const MAX_OPEN_BYTES: usize = 32 << 20;

/// Reads entries in one snapshot; a block is opened once for all that is wanted from it.
pub struct Entries<'a> {
    pub connection: &'a Connection,
    pub compressor: &'a mut Compressor,
    open: OpenBlocks,
}

impl<'a> Entries<'a> {
    /// With no block open.
    pub fn new(connection: &'a Connection, compressor: &'a mut Compressor) -> Self {
        Self { connection, compressor, open: OpenBlocks::default() }
    }

    /// The text of a piece.
    pub fn text(&mut self, id: i64) -> Result<String> {
        self.open.text(self.connection, self.compressor, id)
    }

    /// The manifest of a document.
    pub fn manifest(&mut self, id: i64) -> Result<Manifest> {
        self.open.manifest(self.connection, self.compressor, id)
    }
}

/// Blocks that entries were read from, for one snapshot.
#[derive(Default)]
pub struct OpenBlocks {
    blocks: Vec<Block>,
    bytes: usize,
    /// The one that was needed last, which is mostly needed next.
    recent: usize,
}

impl OpenBlocks {
    /// The text of a piece: one JSON value as far as its brackets and quotes tell, so that it can't reach into what stands
    /// beside it in an answer.
    pub fn text(&mut self, connection: &Connection, compressor: &mut Compressor, id: i64) -> Result<String> {
        let text = self.get(connection, compressor, id)?.into_owned();
        let text = String::from_utf8(text).map_err(|_| Error::corrupt("a stored text is not UTF-8"))?;
        match json::skip_shallow_value(text.as_bytes(), 0, MAX_DEPTH) {
            Ok(end) if end == text.len() => Ok(text),
            _ => Err(Error::corrupt("a stored text is no JSON value, or nested too deep")),
        }
    }

    /// The manifest of a document.
    pub fn manifest(&mut self, connection: &Connection, compressor: &mut Compressor, id: i64) -> Result<Manifest> {
        Manifest::from_bytes(&self.get(connection, compressor, id)?)
    }

    fn get(&mut self, connection: &Connection, compressor: &mut Compressor, id: i64) -> Result<Cow<'_, [u8]>> {
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

/// For the writer, `None` for what damage keeps from being read: readers are told, and `verify()` says where. A damaged page
/// costs the whole transaction, which SQLite rolls back by itself, and so stays an error.
pub fn unless_damaged<T>(connection: &Connection, read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(error) if error.code == Code::Corrupt && !connection.is_autocommit() => Ok(None),
        read => read.map(Some),
    }
}

/// The bytes that a statement finds for an id.
pub fn get(connection: &Connection, statement: &str, id: i64) -> Result<Option<Vec<u8>>> {
    Ok(connection.prepare_cached(statement)?.query_row([id], |row| row.get(0)).optional()?)
}
