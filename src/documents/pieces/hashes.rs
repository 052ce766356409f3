//! Finds pieces by the hashes of their texts.
//!
//! A cache spares the look-ups of a running conversation: it holds rows that are committed, or about to be, and is dropped
//! when that fails or another process took a piece from an owner. What the open transaction adds has no row before its end.

use crate::content::PieceHash;
use crate::documents::rows::piece::{Home, PieceRows, UseRow};
use crate::error::Result;
use hashlink::LruCache;
use std::collections::HashMap;

/// Rows that are remembered; one takes about 100 bytes.
const MAX_KNOWN: usize = 100_000;

/// The pieces that the writer knows.
pub struct Hashes {
    known: LruCache<PieceHash, Home>,
    /// Of the rows of further owners, by piece and owner, whether they are counted.
    further: LruCache<(i64, i64), bool>,
    /// Pieces of the open transaction that have no row yet.
    added: HashMap<PieceHash, i64>,
    /// Their hashes in the order in which they came.
    order: Vec<PieceHash>,
    gc_epoch: i64,
}

impl Default for Hashes {
    fn default() -> Self {
        Self {
            known: LruCache::new(MAX_KNOWN),
            further: LruCache::new(MAX_KNOWN),
            added: HashMap::new(),
            order: Vec::new(),
            gc_epoch: 0,
        }
    }
}

impl Hashes {
    /// The piece with this hash.
    pub fn find(&mut self, rows: &mut dyn PieceRows, hash: &PieceHash) -> Result<Option<i64>> {
        if let Some(piece) = self.added.get(hash) {
            return Ok(Some(*piece));
        }
        Ok(self.home(rows, hash)?.map(|home| home.piece))
    }

    /// The home of the piece with this hash, if it has one already.
    pub fn home(&mut self, rows: &mut dyn PieceRows, hash: &PieceHash) -> Result<Option<Home>> {
        if let Some(known) = self.known.get(hash) {
            return Ok(Some(*known));
        }
        let found = rows.home(hash)?;
        if let Some(home) = found {
            self.known.insert(*hash, home);
        }
        Ok(found)
    }

    /// Whether the row of a further owner of a piece is counted; `None` if there is no such row.
    pub fn further(&mut self, rows: &mut dyn PieceRows, piece: i64, owner: i64) -> Result<Option<bool>> {
        if let Some(known) = self.further.get(&(piece, owner)) {
            return Ok(Some(*known));
        }
        let found = rows.further(piece, owner)?;
        if let Some(is_counted) = found {
            self.further.insert((piece, owner), is_counted);
        }
        Ok(found)
    }

    /// Remembers a piece that the open transaction stored.
    pub fn add(&mut self, hash: PieceHash, piece: i64) {
        self.added.insert(hash, piece);
        self.order.push(hash);
    }

    /// Takes the pieces that have no row yet; the transaction is about to commit.
    pub fn take_added(&mut self) -> HashMap<PieceHash, i64> {
        self.order.clear();
        std::mem::take(&mut self.added)
    }

    /// A row was written that the transaction is about to commit: what uses the piece next need not look it up.
    pub fn know(&mut self, hash: PieceHash, home: Home) {
        self.known.insert(hash, home);
    }

    /// The same of a further owner's row.
    pub fn know_further(&mut self, piece: i64, owner: i64, is_counted: bool) {
        self.further.insert((piece, owner), is_counted);
    }

    /// Whether a row that was found is counted from now on.
    pub fn know_counted(&mut self, row: UseRow, is_counted: bool) {
        match row {
            UseRow::Home(hash) => drop(self.known.get_mut(&hash).map(|home| home.is_counted = is_counted)),
            UseRow::Further { piece, owner } => self.know_further(piece, owner, is_counted),
        }
    }

    /// A row changes: it is looked up when it is needed next.
    pub fn forget(&mut self, row: UseRow) {
        match row {
            UseRow::Home(hash) => drop(self.known.remove(&hash)),
            UseRow::Further { piece, owner } => drop(self.further.remove(&(piece, owner))),
        }
    }

    /// A transaction began and saw this epoch; whether somebody else took pieces from owners since the last one.
    pub fn begin(&mut self, gc_epoch: i64) -> bool {
        let stale = self.gc_epoch != gc_epoch;
        if stale {
            self.forget_all();
            self.gc_epoch = gc_epoch;
        }
        self.undo(0);
        stale
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.order.len()
    }

    /// Forgets the pieces that came since the mark.
    pub fn undo(&mut self, mark: usize) {
        for hash in self.order.drain(mark.min(self.order.len())..) {
            self.added.remove(&hash);
        }
    }

    /// Forgets rows too: some may have been read that were rolled back.
    pub fn forget_all(&mut self) {
        self.known.clear();
        self.further.clear();
    }

    /// The transaction is committed; what it took from owners is known here already.
    pub fn commit(&mut self, gc_epoch: i64) {
        self.gc_epoch = gc_epoch;
    }
}
