//! The rows that say who uses which piece.
//!
//! A row counts its owner's documents while that costs nothing: the transaction that brings a piece knows how many use it.
//! A later use makes the count unknown, and those after it write nothing, because a conversation is sent again with each of
//! its spans. Only when a document lets such a piece go, its owner's manifests are read and the count is known again. So a
//! write costs what is new in it, and a text that one document alone has (the output of a span that grows) goes without a
//! reading.

use super::hashes::Hashes;
use super::owner::Owner;
use super::use_sum::UseSum;
use crate::content::PieceHash;
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// What can only be read from the documents themselves; `None` where damage keeps it from being read.
pub trait OwnedDocuments {
    /// The hash of a piece, from its text.
    fn hash_of(&mut self, piece: i64) -> Result<Option<PieceHash>>;

    /// How many documents of an owner use a piece, as they are now.
    fn count(&mut self, owner: Owner, piece: i64) -> Result<Option<i64>>;
}

/// An owner's piece.
#[derive(Clone, Copy)]
pub struct Used {
    pub owner: Owner,
    pub piece: i64,
    pub hash: PieceHash,
}

/// What became of pieces that were let go.
#[derive(Default)]
pub struct Released {
    /// Pieces that nobody uses any more: their entries must go.
    pub gone: Vec<i64>,
    /// Pieces that a trace itself no longer uses and its spans still do.
    pub left_to_spans: Vec<(i64, i64)>,
    /// Whether what other processes remember of rows is wrong: a piece was taken from an owner, or counted again.
    pub disowned: bool,
}

/// The tables while notes are written into them.
pub struct Accounts<'a> {
    connection: &'a Connection,
    hashes: &'a mut Hashes,
    /// Pieces that have no row yet.
    added: HashMap<PieceHash, i64>,
    released: Released,
}

/// Which row an owner has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowPlace {
    BesideHash,
    Further,
}

impl<'a> Accounts<'a> {
    /// Of the open transaction, which is about to commit.
    pub fn new(connection: &'a Connection, hashes: &'a mut Hashes) -> Self {
        Self { connection, added: hashes.take_added(), hashes, released: Released::default() }
    }

    /// Brings the rows of an owner's piece up to date.
    pub fn change(&mut self, used: Used, sum: &UseSum, documents: &mut dyn OwnedDocuments) -> Result<()> {
        if self.added.get(&used.hash) == Some(&used.piece) {
            return self.insert(used, sum);
        }
        let missing = || Error::corrupt(format!("piece {} has no hash", used.piece));
        let home = self.hashes.home(self.connection, &used.hash)?.filter(|home| home.piece == used.piece);
        let home = home.ok_or_else(missing)?;
        let (place, is_counted) = if home.owner == used.owner.key() {
            (RowPlace::BesideHash, home.is_counted)
        } else {
            match self.hashes.further(self.connection, used.piece, used.owner.key())? {
                Some(is_counted) => (RowPlace::Further, is_counted),
                None => return self.insert_further(used, sum),
            }
        };
        for left in sum.left() {
            self.lose_first(used, place, left)?;
        }
        let change = sum.change();
        if change > 0 {
            return if is_counted { self.set_uses(used, place, None) } else { Ok(()) };
        }
        // Another process may have made it unknown since it was remembered.
        let counted = if is_counted { self.add_uses(used, place, change)? } else { None };
        let uses = if counted.is_some() { counted } else { documents.count(used.owner, used.piece)? };
        // Damage: it stays.
        let Some(uses) = uses else { return Ok(()) };
        if uses < 0 {
            return Err(Error::corrupt(format!("piece {} was used by fewer documents than let go of it", used.piece)));
        }
        if uses == 0 {
            return self.release(used, place);
        }
        if counted.is_none() {
            self.set_uses(used, place, Some(uses))?;
            self.released.disowned = true;
        }
        if let (Owner::Trace(trace), true) = (used.owner, sum.left().any(|document| document == 0)) {
            self.released.left_to_spans.push((trace, used.piece));
        }
        Ok(())
    }

    /// What was let go.
    pub fn close(mut self) -> Released {
        // Stored and let go again by the same transaction.
        self.released.gone.extend(self.added.into_values());
        self.released
    }

    /// The first owner of a piece that has no row yet.
    fn insert(&mut self, Used { owner, piece, hash }: Used, sum: &UseSum) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/piece_hash_insert.sql"))?.execute((
            hash.0,
            piece,
            owner.key(),
            sum.change(),
            sum.first(),
        ))?;
        self.added.remove(&hash);
        Ok(())
    }

    fn insert_further(&mut self, Used { owner, piece, .. }: Used, sum: &UseSum) -> Result<()> {
        if sum.change() <= 0 {
            return Err(Error::corrupt(format!("piece {piece} was let go by an owner that it has not")));
        }
        let row = (piece, owner.key(), sum.change(), sum.first());
        self.connection.prepare_cached(include_str!("sql/piece_owner_insert.sql"))?.execute(row)?;
        Ok(())
    }

    fn lose_first(&self, Used { owner, piece, hash }: Used, place: RowPlace, left: i64) -> Result<()> {
        match place {
            RowPlace::BesideHash => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_hash_lose_first.sql"))?;
                statement.execute((hash.0, left))?;
            }
            RowPlace::Further => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_lose_first.sql"))?;
                statement.execute((piece, owner.key(), left))?;
            }
        }
        Ok(())
    }

    /// `None` if the count is no longer known.
    fn set_uses(&mut self, Used { owner, piece, hash }: Used, place: RowPlace, uses: Option<i64>) -> Result<()> {
        match place {
            RowPlace::BesideHash => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_hash_set_uses.sql"))?;
                statement.execute((hash.0, uses))?;
                self.hashes.forget(&hash);
            }
            RowPlace::Further => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_set_uses.sql"))?;
                statement.execute((piece, owner.key(), uses))?;
                self.hashes.forget_further(piece, owner.key());
            }
        }
        Ok(())
    }

    /// `None` if the count is not known.
    fn add_uses(&self, Used { owner, piece, hash }: Used, place: RowPlace, change: i64) -> Result<Option<i64>> {
        Ok(match place {
            RowPlace::BesideHash => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_hash_count.sql"))?;
                statement.query_row((hash.0, change), |row| row.get(0))?
            }
            RowPlace::Further => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_count.sql"))?;
                statement.query_row((piece, owner.key(), change), |row| row.get(0))?
            }
        })
    }

    /// None of the owner's documents uses the piece any more.
    fn release(&mut self, Used { owner, piece, hash }: Used, place: RowPlace) -> Result<()> {
        self.hashes.forget(&hash);
        self.released.disowned = true;
        match place {
            RowPlace::BesideHash => self.leave_hash(piece, &hash),
            RowPlace::Further => self.disown(piece, owner.key()),
        }
    }

    /// The owner beside the hash lets go: the next one takes its place, or the piece is gone.
    fn leave_hash(&mut self, piece: i64, hash: &PieceHash) -> Result<()> {
        let next: Option<(i64, Option<i64>, Option<i64>)> = self
            .connection
            .prepare_cached(include_str!("sql/piece_next_owner.sql"))?
            .query_row([piece], |row| row.try_into())
            .optional()?;
        let Some((owner, uses, first)) = next else {
            self.connection.prepare_cached(include_str!("sql/piece_hash_delete.sql"))?.execute([hash.0])?;
            self.released.gone.push(piece);
            return Ok(());
        };
        let row = (hash.0, owner, uses, first);
        self.connection.prepare_cached(include_str!("sql/piece_hash_set_owner.sql"))?.execute(row)?;
        self.disown(piece, owner)
    }

    fn disown(&mut self, piece: i64, owner: i64) -> Result<()> {
        self.hashes.forget_further(piece, owner);
        self.connection.prepare_cached(include_str!("sql/piece_disown.sql"))?.execute((piece, owner))?;
        Ok(())
    }
}
