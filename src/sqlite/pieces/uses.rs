//! Counts how many documents of each owner use each piece.
//!
//! Operations note which document begins or ceases to use which piece; the notes become rows when the transaction commits,
//! one per owner and piece however many documents it has. So letting a piece go costs what changed, not a reading of all
//! that its owner has.

use super::hashes::Hashes;
use super::owner::{Owner, User};
use crate::content::PieceHash;
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashMap};

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
}

/// What the open transaction changes in the uses of pieces.
#[derive(Default)]
pub struct UseNotes {
    notes: Vec<UseNote>,
}

/// The changes of one owner's uses of one piece.
#[derive(Default)]
struct Sum {
    hash: Option<PieceHash>,
    /// For each document whether it uses the piece more (1) or less (-1) than before the transaction, in the order in
    /// which they first spoke of it. What began and ceased within it changed nothing (0).
    documents: Vec<(i64, i64)>,
}

impl Sum {
    fn note(&mut self, document: i64, change: i64) {
        match self.documents.iter_mut().find(|(known, _)| *known == document) {
            Some((_, sum)) => *sum += change,
            None => self.documents.push((document, change)),
        }
    }

    /// How many documents more use it.
    fn change(&self) -> i64 {
        self.documents.iter().map(|(_, change)| change).sum()
    }

    /// The document that began first.
    fn first(&self) -> Option<i64> {
        self.documents.iter().find(|(_, change)| *change > 0).map(|(document, _)| *document)
    }

    /// Documents that ceased.
    fn left(&self) -> impl Iterator<Item = i64> + '_ {
        self.documents.iter().filter(|(_, change)| *change < 0).map(|(document, _)| *document)
    }

    fn is_nothing(&self) -> bool {
        self.documents.iter().all(|(_, change)| *change == 0)
    }
}

/// What became of pieces when their uses were counted.
#[derive(Default)]
pub struct Released {
    /// Pieces that nobody uses any more: their entries must go.
    pub gone: Vec<i64>,
    /// Pieces that a trace itself no longer uses and its spans still do.
    pub left_to_spans: Vec<(i64, i64)>,
    /// Whether pieces were taken from owners, so that what other processes remember of them is wrong.
    pub disowned: bool,
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

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.notes.truncate(mark);
    }

    /// Writes the notes into the tables; the transaction is about to commit.
    ///
    /// `hash_of` gives the hash of a piece that was let go, from its text; `None` where damage keeps that from being read:
    /// the piece stays then, and fails nobody's write.
    pub fn store(
        &mut self,
        connection: &Connection,
        hashes: &mut Hashes,
        mut hash_of: impl FnMut(i64) -> Result<Option<PieceHash>>,
    ) -> Result<Released> {
        let mut accounts = Accounts { connection, added: hashes.take_added(), hashes, released: Released::default() };
        // Who begins first: a piece must not be gone when its next owner comes.
        let sums = self.sums().into_iter().filter(|(_, sum)| !sum.is_nothing());
        let (more, fewer): (Vec<_>, Vec<_>) = sums.partition(|(_, sum)| sum.change() > 0);
        for ((owner, piece), mut sum) in more.into_iter().chain(fewer) {
            if sum.hash.is_none() {
                sum.hash = hash_of(piece)?;
            }
            let Some(hash) = sum.hash else { continue };
            if accounts.added.get(&hash) == Some(&piece) {
                accounts.insert(owner, piece, &hash, &sum)?;
            } else {
                accounts.change(owner, piece, &hash, &sum)?;
            }
        }
        // Stored and let go again by the same transaction.
        accounts.released.gone.extend(accounts.added.into_values());
        Ok(accounts.released)
    }

    fn sums(&mut self) -> BTreeMap<(Owner, i64), Sum> {
        let mut sums: BTreeMap<(Owner, i64), Sum> = BTreeMap::new();
        for UseNote { user, piece, change } in self.notes.drain(..) {
            let sum = sums.entry((user.owner(), piece)).or_default();
            match change {
                UseChange::Begins(hash) => {
                    sum.hash = Some(hash);
                    sum.note(user.document(), 1);
                }
                UseChange::Ceases => sum.note(user.document(), -1),
            }
        }
        sums
    }
}

/// The tables while notes are written into them.
struct Accounts<'a> {
    connection: &'a Connection,
    hashes: &'a mut Hashes,
    /// Pieces that have no row yet.
    added: HashMap<PieceHash, i64>,
    released: Released,
}

impl Accounts<'_> {
    /// The first owner of a piece that has no row yet.
    fn insert(&mut self, owner: Owner, piece: i64, hash: &PieceHash, sum: &Sum) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/piece_hash_insert.sql"))?.execute((
            hash.0,
            piece,
            owner.key(),
            sum.change(),
            sum.first(),
        ))?;
        self.added.remove(hash);
        Ok(())
    }

    fn change(&mut self, owner: Owner, piece: i64, hash: &PieceHash, sum: &Sum) -> Result<()> {
        let missing = || Error::corrupt(format!("piece {piece} has no hash"));
        let home = self.hashes.home(self.connection, hash)?.filter(|home| home.piece == piece).ok_or_else(missing)?;
        let uses = if home.owner == owner.key() {
            self.change_beside_hash(hash, sum)?
        } else {
            self.change_further(owner, piece, sum)?
        };
        if uses < 0 {
            return Err(Error::corrupt(format!("piece {piece} was used by fewer documents than let go of it")));
        }
        if uses == 0 {
            self.hashes.forget(hash);
            self.released.disowned = true;
            return if home.owner == owner.key() {
                self.leave_hash(piece, hash)
            } else {
                self.disown(piece, owner.key())
            };
        }
        if let (Owner::Trace(trace), true) = (owner, sum.left().any(|document| document == 0)) {
            self.released.left_to_spans.push((trace, piece));
        }
        Ok(())
    }

    fn change_beside_hash(&mut self, hash: &PieceHash, sum: &Sum) -> Result<i64> {
        for left in sum.left() {
            self.connection.prepare_cached(include_str!("sql/piece_hash_lose_first.sql"))?.execute((hash.0, left))?;
        }
        let mut statement = self.connection.prepare_cached(include_str!("sql/piece_hash_count.sql"))?;
        Ok(statement.query_row((hash.0, sum.change()), |row| row.get(0))?)
    }

    fn change_further(&mut self, owner: Owner, piece: i64, sum: &Sum) -> Result<i64> {
        for left in sum.left() {
            let key = (piece, owner.key(), left);
            self.connection.prepare_cached(include_str!("sql/piece_owner_lose_first.sql"))?.execute(key)?;
        }
        let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_count.sql"))?;
        Ok(statement.query_row((piece, owner.key(), sum.change(), sum.first()), |row| row.get(0))?)
    }

    /// The owner beside the hash lets go: the next one takes its place, or the piece is gone.
    fn leave_hash(&mut self, piece: i64, hash: &PieceHash) -> Result<()> {
        let next: Option<(i64, i64, Option<i64>)> = self
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

    fn disown(&self, piece: i64, owner: i64) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/piece_disown.sql"))?.execute((piece, owner))?;
        Ok(())
    }
}
