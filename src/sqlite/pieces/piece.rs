//! Pieces: each text once, found by its hash, kept while somebody owns it.
//!
//! A cache spares the look-ups of a running conversation. It holds what this transaction did, undone when the
//! transaction or an operation is rolled back, and is dropped when another process took a piece from an owner.

use crate::content::PieceHash;
use crate::error::{Error, Result};
use crate::sqlite::entries::write::EntryWriter;
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
    /// The number in `piece_hash.owner` and `piece_owner.owner`.
    pub fn key(self) -> i64 {
        match self {
            Self::Trace(id) => id * 4,
            Self::Session(id) => id * 4 + 1,
            Self::ConfigSnapshot(id) => id * 4 + 2,
        }
    }
}

/// Where a piece is used, which says where it is put.
#[derive(Debug, Clone, Copy)]
pub enum Use {
    /// In a span of this trace: read with the trace's other spans.
    Span(i64),
    /// In the body of a trace, session or snapshot: read for lists.
    Body(Owner),
}

impl Use {
    /// Whom the piece is counted for.
    pub fn owner(self) -> Owner {
        match self {
            Self::Span(trace) => Owner::Trace(trace),
            Self::Body(owner) => owner,
        }
    }
}

/// A row of `piece_hash`, and who asked last.
#[derive(Debug, Clone, Copy)]
struct Known {
    piece: i64,
    /// The owner in the row; further ones are in `piece_owner`.
    first: i64,
    /// An owner for which the piece is counted; others are looked up.
    counted: i64,
}

/// The pieces that the writer knows, and what its transaction changes in them.
#[derive(Default)]
pub struct Pieces {
    known: HashMap<PieceHash, Known>,
    /// What each change of `known` in this transaction replaced.
    undo: Vec<(PieceHash, Option<Known>)>,
    gc_epoch: i64,
    disowned: bool,
}

impl Pieces {
    /// The id of a text, stored if it is new, counted for its user.
    pub fn intern(&mut self, writer: &mut EntryWriter<'_>, usage: Use, hash: &PieceHash, text: &str) -> Result<i64> {
        let owner = usage.owner().key();
        let known = self.known.get(hash).copied();
        let piece = match known.filter(|known| known.counted == owner) {
            Some(known) => known.piece,
            None => self.count(writer, usage, hash, text, known)?,
        };
        if matches!(usage, Use::Body(_)) {
            writer.keep_alone(piece)?;
        }
        Ok(piece)
    }

    fn count(
        &mut self,
        writer: &mut EntryWriter<'_>,
        usage: Use,
        hash: &PieceHash,
        text: &str,
        known: Option<Known>,
    ) -> Result<i64> {
        let owner = usage.owner().key();
        let found = match known {
            Some(known) => Some((known.piece, known.first)),
            None => find(writer.connection, hash)?,
        };
        let Some((piece, first)) = found else {
            let piece = match usage {
                Use::Span(trace) => writer.add_fresh(trace, text.as_bytes())?,
                Use::Body(_) => writer.add_alone(text)?,
            };
            writer
                .connection
                .prepare_cached(include_str!("sql/piece_hash_insert.sql"))?
                .execute((hash.0, piece, owner))?;
            self.remember(*hash, Some(Known { piece, first: owner, counted: owner }));
            return Ok(piece);
        };
        if first != owner {
            writer.connection.prepare_cached(include_str!("sql/piece_own.sql"))?.execute((piece, owner))?;
        }
        self.remember(*hash, Some(Known { piece, first, counted: owner }));
        Ok(piece)
    }

    /// Takes a piece with this hash from an owner; whether nobody else owns it, so that its entry must go.
    pub fn disown(&mut self, connection: &Connection, owner: Owner, piece: i64, hash: &PieceHash) -> Result<bool> {
        self.remember(*hash, None);
        self.disowned = true;
        let missing = || Error::corrupt(format!("piece {piece} has no hash"));
        let (_, first) = find(connection, hash)?.filter(|(found, _)| *found == piece).ok_or_else(missing)?;
        let mut leaving = owner.key();
        if first == leaving {
            let next: Option<i64> = connection
                .prepare_cached(include_str!("sql/piece_next_owner.sql"))?
                .query_row([piece], |row| row.get(0))?;
            let Some(next) = next else {
                connection.prepare_cached(include_str!("sql/piece_hash_delete.sql"))?.execute([hash.0])?;
                return Ok(true);
            };
            connection.prepare_cached(include_str!("sql/piece_hash_set_owner.sql"))?.execute((hash.0, next))?;
            leaving = next;
        }
        connection.prepare_cached(include_str!("sql/piece_disown.sql"))?.execute((piece, leaving))?;
        Ok(false)
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

/// The piece with this hash, and its first owner.
fn find(connection: &Connection, hash: &PieceHash) -> Result<Option<(i64, i64)>> {
    let mut statement = connection.prepare_cached(include_str!("sql/piece_find.sql"))?;
    Ok(statement.query_row([hash.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
