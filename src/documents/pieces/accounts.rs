//! The rows that say who uses which piece.
//!
//! A row counts its owner's documents while that costs nothing: the transaction that brings a piece knows how many use it.
//! A later use makes the count unknown, and those after it write nothing, because a conversation is sent again with each of
//! its spans. Only when a document lets such a piece go, its owner's manifests are read and the count is known again. So a
//! write costs what is new in it, and a text that one document alone has (the output of a span that grows) goes without a
//! reading.

use super::hashes::Hashes;
use super::owner::Owner;
use super::recount::Recount;
use super::use_sum::UseSum;
use crate::content::PieceHash;
use crate::documents::rows::Rows;
use crate::documents::rows::entry::unless_damaged;
use crate::documents::rows::piece::{Home, OwnerUses, UseRow};
use crate::error::{Error, Result};
use std::collections::HashMap;

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

/// The rows while notes are written into them.
pub struct Accounts<'a> {
    rows: &'a mut dyn Rows,
    hashes: &'a mut Hashes,
    recount: Recount,
    /// Pieces that have no row yet.
    added: HashMap<PieceHash, i64>,
    released: Released,
}

impl<'a> Accounts<'a> {
    /// Of the open transaction, which is about to commit.
    pub fn new(rows: &'a mut dyn Rows, hashes: &'a mut Hashes) -> Self {
        let added = hashes.take_added();
        Self { rows, hashes, recount: Recount::default(), added, released: Released::default() }
    }

    /// The hash of a piece, from its text; nothing where damage keeps it from being read.
    pub fn hash_of(&mut self, piece: i64) -> Result<Option<PieceHash>> {
        Ok(unless_damaged(self.rows.text(piece), || self.rows.stands())?.map(|text| PieceHash::of(&text)))
    }

    /// Brings the rows of an owner's piece up to date.
    pub fn change(&mut self, used: Used, sum: &UseSum) -> Result<()> {
        let Used { owner, piece, hash } = used;
        let uses = OwnerUses { owner: owner.key(), uses: Some(sum.change()), first: sum.first() };
        if self.added.get(&hash) == Some(&piece) {
            self.added.remove(&hash);
            self.rows.insert_home(&hash, piece, &uses)?;
            self.hashes.know(hash, Home { piece, owner: uses.owner, is_counted: true });
            return Ok(());
        }
        let Some((row, is_counted)) = self.find(used)? else {
            if sum.change() <= 0 {
                return Err(Error::corrupt(format!("piece {piece} was let go by an owner that it has not")));
            }
            self.rows.insert_further(piece, &uses)?;
            self.hashes.know_further(piece, uses.owner, true);
            return Ok(());
        };
        for left in sum.left() {
            self.rows.lose_first(row, left)?;
        }
        let change = sum.change();
        if change > 0 {
            return if is_counted { self.set_uses(row, None) } else { Ok(()) };
        }
        // Another process may have made it unknown since it was remembered.
        let counted = if is_counted { self.rows.add_uses(row, change)? } else { None };
        let uses = if counted.is_some() { counted } else { self.recount.of(self.rows, owner, piece)? };
        // Damage: it stays.
        let Some(uses) = uses else { return Ok(()) };
        if uses < 0 {
            return Err(Error::corrupt(format!("piece {piece} was used by fewer documents than let go of it")));
        }
        if uses == 0 {
            return self.release(used, row);
        }
        if counted.is_none() {
            self.set_uses(row, Some(uses))?;
            self.released.disowned = true;
        }
        if let (Owner::Trace(trace), true) = (owner, sum.left().any(|document| document == 0)) {
            self.released.left_to_spans.push((trace, piece));
        }
        Ok(())
    }

    /// What was let go.
    pub fn close(mut self) -> Released {
        // Stored and let go again by the same transaction.
        self.released.gone.extend(self.added.into_values());
        self.released
    }

    /// The row of an owner's piece, if it has one, and whether that is counted.
    fn find(&mut self, Used { owner, piece, hash }: Used) -> Result<Option<(UseRow, bool)>> {
        let home = self.hashes.home(self.rows, &hash)?.filter(|home| home.piece == piece);
        let home = home.ok_or_else(|| Error::corrupt(format!("piece {piece} has no hash")))?;
        let owner = owner.key();
        if home.owner == owner {
            return Ok(Some((UseRow::Home(hash), home.is_counted)));
        }
        let counted = self.hashes.further(self.rows, piece, owner)?;
        Ok(counted.map(|is_counted| (UseRow::Further { piece, owner }, is_counted)))
    }

    /// Nothing if the count is no longer known.
    fn set_uses(&mut self, row: UseRow, uses: Option<i64>) -> Result<()> {
        self.rows.set_uses(row, uses)?;
        self.hashes.know_counted(row, uses.is_some());
        Ok(())
    }

    /// None of the owner's documents uses the piece any more.
    fn release(&mut self, Used { piece, hash, .. }: Used, row: UseRow) -> Result<()> {
        self.hashes.forget(UseRow::Home(hash));
        self.released.disowned = true;
        if row != UseRow::Home(hash) {
            return self.remove(row);
        }
        // The next owner takes the place of the first, or the piece is gone.
        let Some(next) = self.rows.first_further(piece)? else {
            self.released.gone.push(piece);
            return self.remove(row);
        };
        self.rows.set_home(&hash, &next)?;
        self.remove(UseRow::Further { piece, owner: next.owner })
    }

    fn remove(&mut self, row: UseRow) -> Result<()> {
        self.hashes.forget(row);
        self.rows.remove_uses(row)
    }
}
