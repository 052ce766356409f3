//! The table of pieces: each text once, found by its hash, kept while somebody owns it.
//!
//! A cache spares the look-ups of a running conversation. It holds what this transaction did, undone when the
//! transaction or an operation is rolled back, and is dropped when another process took a piece from an owner.

use crate::content::{Compressor, PieceHash};
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// The cache is emptied at this size; an entry takes about 60 bytes.
const MAX_CACHED: usize = 200_000;

/// A document or family of documents that pieces are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A trace with its spans.
    Trace(i64),
    Session(i64),
    ConfigSnapshot(i64),
}

impl Owner {
    /// The number in `piece_owner.owner`.
    pub fn key(self) -> i64 {
        match self {
            Self::Trace(id) => id * 4,
            Self::Session(id) => id * 4 + 1,
            Self::ConfigSnapshot(id) => id * 4 + 2,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Known {
    piece: i64,
    /// An owner for which the piece is counted; others are looked up.
    owner: Owner,
}

/// See the module.
#[derive(Default)]
pub struct Pieces {
    known: HashMap<PieceHash, Known>,
    /// What each change of `known` in this transaction replaced.
    undo: Vec<(PieceHash, Option<Known>)>,
    gc_epoch: i64,
    disowned: bool,
}

impl Pieces {
    /// The id of a text, stored if it is new, counted for `owner`.
    pub fn intern(
        &mut self,
        connection: &Connection,
        compressor: &mut Compressor,
        owner: Owner,
        hash: &PieceHash,
        text: &str,
    ) -> Result<i64> {
        let known = self.known.get(hash).copied();
        if let Some(known) = known.filter(|known| known.owner == owner) {
            return Ok(known.piece);
        }
        let piece = match known {
            Some(known) => known.piece,
            None => match find(connection, hash)? {
                Some(piece) => piece,
                None => insert(connection, compressor, hash, text)?,
            },
        };
        connection.prepare_cached(include_str!("sql/piece_own.sql"))?.execute((piece, owner.key()))?;
        self.remember(*hash, Some(Known { piece, owner }));
        Ok(piece)
    }

    /// Takes a piece from an owner, and deletes it if nobody else owns it.
    pub fn disown(
        &mut self,
        connection: &Connection,
        compressor: &mut Compressor,
        owner: Owner,
        piece: i64,
    ) -> Result<()> {
        let hash = PieceHash::of(&load(connection, compressor, piece)?);
        connection.prepare_cached(include_str!("sql/piece_disown.sql"))?.execute((piece, owner.key()))?;
        self.remember(hash, None);
        self.disowned = true;
        let owned: bool =
            connection.prepare_cached(include_str!("sql/piece_is_owned.sql"))?.query_row([piece], |row| row.get(0))?;
        if !owned {
            connection.prepare_cached(include_str!("sql/piece_delete.sql"))?.execute([piece])?;
            connection.prepare_cached(include_str!("sql/piece_hash_delete.sql"))?.execute([hash.0])?;
        }
        Ok(())
    }

    /// A transaction began and saw this epoch; returns whether somebody else took pieces from owners since the last one.
    pub fn begin(&mut self, gc_epoch: i64) -> bool {
        let stale = self.gc_epoch != gc_epoch;
        if stale || self.known.len() > MAX_CACHED {
            self.known.clear();
            self.gc_epoch = gc_epoch;
        }
        self.undo.clear();
        self.disowned = false;
        stale
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Undoes all changes since the mark.
    pub fn undo(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some((hash, Some(known))) => self.known.insert(hash, known),
                Some((hash, None)) => self.known.remove(&hash),
                None => None,
            };
        }
    }

    /// Whether this transaction took pieces from owners, so that what other processes remember of them is wrong; stays
    /// true after an undo, which costs other caches only their content.
    pub fn disowned(&self) -> bool {
        self.disowned
    }

    /// The transaction is committed; what it took from owners is known here already.
    pub fn commit(&mut self, gc_epoch: i64) {
        self.undo.clear();
        self.gc_epoch = gc_epoch;
    }

    fn remember(&mut self, hash: PieceHash, known: Option<Known>) {
        let before = match known {
            Some(known) => self.known.insert(hash, known),
            None => self.known.remove(&hash),
        };
        self.undo.push((hash, before));
    }
}

fn find(connection: &Connection, hash: &PieceHash) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached(include_str!("sql/piece_find.sql"))?;
    Ok(statement.query_row([hash.0], |row| row.get(0)).optional()?)
}

fn insert(connection: &Connection, compressor: &mut Compressor, hash: &PieceHash, text: &str) -> Result<i64> {
    let mut data = Vec::new();
    compressor.pack(text.as_bytes(), &mut data)?;
    connection.prepare_cached(include_str!("sql/piece_insert.sql"))?.execute([data])?;
    let piece = connection.last_insert_rowid();
    connection.prepare_cached(include_str!("sql/piece_hash_insert.sql"))?.execute((hash.0, piece))?;
    Ok(piece)
}

/// The text of a piece.
pub fn load(connection: &Connection, compressor: &mut Compressor, piece: i64) -> Result<String> {
    let mut statement = connection.prepare_cached(include_str!("sql/piece_get.sql"))?;
    let mut rows = statement.query([piece])?;
    let row = rows.next()?.ok_or_else(|| Error::corrupt(format!("piece {piece} is missing")))?;
    compressor.unpack_text(row.get_ref(0)?.as_blob().map_err(|_| Error::corrupt(format!("piece {piece} is no blob")))?)
}
