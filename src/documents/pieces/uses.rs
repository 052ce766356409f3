//! Notes which documents of each owner begin or cease to use which piece.
//!
//! The notes become rows when the transaction commits, one per owner and piece however many documents it has.

use super::accounts::{Accounts, Released, Used};
use super::hashes::Hashes;
use super::owner::{Owner, User};
use super::use_sum::UseSum;
use crate::content::PieceHash;
use crate::documents::rows::Rows;
use crate::error::Result;
use std::collections::BTreeMap;

/// A document and a piece.
struct UseNote {
    user: User,
    piece: i64,
    change: UseChange,
}

#[derive(Clone, Copy)]
enum UseChange {
    /// The hash of the piece was at hand.
    Begins(PieceHash),
    Ceases,
    /// The same, and the hash of the piece was at hand.
    CeasesKnown(PieceHash),
}

/// What the open transaction changes in the uses of pieces.
#[derive(Default)]
pub struct UseNotes {
    notes: Vec<UseNote>,
}

impl UseNotes {
    /// A document begins to use a piece.
    pub fn begin_use(&mut self, user: User, piece: i64, hash: PieceHash) {
        self.notes.push(UseNote { user, piece, change: UseChange::Begins(hash) });
    }

    /// A document no longer uses a piece.
    pub fn cease_use(&mut self, user: User, piece: i64) {
        self.notes.push(UseNote { user, piece, change: UseChange::Ceases });
    }

    /// The same for a piece whose hash is at hand: it need not be read for that.
    pub fn cease_known_use(&mut self, user: User, piece: i64, hash: PieceHash) {
        self.notes.push(UseNote { user, piece, change: UseChange::CeasesKnown(hash) });
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.notes.truncate(mark);
    }

    /// Writes the notes into rows; the transaction is about to commit.
    ///
    /// What damage keeps from being read stays, and fails nobody's write.
    pub fn store(&mut self, rows: &mut dyn Rows, hashes: &mut Hashes) -> Result<Released> {
        let mut accounts = Accounts::new(rows, hashes);
        // Who begins first: a piece must not be gone when its next owner comes.
        let sums = self.sums().into_iter().filter(|(_, sum)| !sum.is_nothing());
        let (more, fewer): (Vec<_>, Vec<_>) = sums.partition(|(_, sum)| sum.change() > 0);
        for ((owner, piece), mut sum) in more.into_iter().chain(fewer) {
            if sum.hash.is_none() {
                sum.hash = accounts.hash_of(piece)?;
            }
            let Some(hash) = sum.hash else { continue };
            accounts.change(Used { owner, piece, hash }, &sum)?;
        }
        Ok(accounts.close())
    }

    fn sums(&mut self) -> BTreeMap<(Owner, i64), UseSum> {
        let mut sums: BTreeMap<(Owner, i64), UseSum> = BTreeMap::new();
        for UseNote { user, piece, change } in self.notes.drain(..) {
            let sum = sums.entry((user.owner(), piece)).or_default();
            match change {
                UseChange::Begins(hash) => {
                    sum.hash = Some(hash);
                    sum.note(user.document(), 1);
                }
                UseChange::Ceases => sum.note(user.document(), -1),
                UseChange::CeasesKnown(hash) => {
                    sum.hash = Some(hash);
                    sum.note(user.document(), -1);
                }
            }
        }
        sums
    }
}
