//! Rows that say which piece has which hash, and which owners' documents use it.
//!
//! A piece has a *home* row under its hash, which tells its first owner too, and one row for each *further* owner.

use crate::content::PieceHash;
use crate::error::Result;

/// What is known of the home row of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    pub piece: i64,
    /// The owner that this row tells, by its key.
    pub owner: i64,
    /// Whether the row says how many of its owner's documents use it.
    pub is_counted: bool,
}

/// How an owner uses a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerUses {
    /// Its key.
    pub owner: i64,
    /// How many of its documents do; nothing if that is not known.
    pub uses: Option<i64>,
    /// The document that brought the piece, by its number among the owner's; nothing if that one let it go.
    pub first: Option<i64>,
}

/// The row of one owner's piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseRow {
    Home(PieceHash),
    Further { piece: i64, owner: i64 },
}

/// Reads and writes who uses which piece.
pub trait PieceRows {
    /// The home of the piece with this hash.
    fn home(&mut self, hash: &PieceHash) -> Result<Option<Home>>;

    /// Whether the row of a further owner of a piece is counted, if there is such a row.
    fn further(&mut self, piece: i64, owner: i64) -> Result<Option<bool>>;

    /// The further owner of a piece with the least key.
    fn first_further(&mut self, piece: i64) -> Result<Option<OwnerUses>>;

    /// Makes the home of a piece that has none.
    fn insert_home(&mut self, hash: &PieceHash, piece: i64, uses: &OwnerUses) -> Result<()>;

    /// Makes the row of a further owner that has none.
    fn insert_further(&mut self, piece: i64, uses: &OwnerUses) -> Result<()>;

    /// Writes another owner into the home of a piece.
    fn set_home(&mut self, hash: &PieceHash, uses: &OwnerUses) -> Result<()>;

    /// Writes how many documents use the piece, or that this is not known.
    fn set_uses(&mut self, row: UseRow, uses: Option<i64>) -> Result<()>;

    /// Adds to the number of documents and returns what it is now; nothing, and no change, if it is not known.
    fn add_uses(&mut self, row: UseRow, change: i64) -> Result<Option<i64>>;

    /// Forgets who brought the piece, if it was this document.
    fn lose_first(&mut self, row: UseRow, document: i64) -> Result<()>;

    /// Removes a row.
    fn remove_uses(&mut self, row: UseRow) -> Result<()>;
}
