//! What one transaction changes in one owner's uses of one piece.

use crate::content::PieceHash;

/// The changes of one owner's uses of one piece.
#[derive(Default)]
pub struct UseSum {
    pub hash: Option<PieceHash>,
    /// For each document whether it uses the piece more (1) or less (-1) than before the transaction, in the order in
    /// which they first spoke of it. What began and ceased within it changed nothing (0).
    documents: Vec<(i64, i64)>,
}

impl UseSum {
    /// A document begins (1) or ceases (-1) to use it.
    pub fn note(&mut self, document: i64, change: i64) {
        match self.documents.iter_mut().find(|(known, _)| *known == document) {
            Some((_, sum)) => *sum += change,
            None => self.documents.push((document, change)),
        }
    }

    /// How many documents more use it.
    pub fn change(&self) -> i64 {
        self.documents.iter().map(|(_, change)| change).sum()
    }

    /// The document that began first.
    pub fn first(&self) -> Option<i64> {
        self.documents.iter().find(|(_, change)| *change > 0).map(|(document, _)| *document)
    }

    /// Documents that ceased.
    pub fn left(&self) -> impl Iterator<Item = i64> + '_ {
        self.documents.iter().filter(|(_, change)| *change < 0).map(|(document, _)| *document)
    }

    /// Whether nothing changed.
    pub fn is_nothing(&self) -> bool {
        self.documents.iter().all(|(_, change)| *change == 0)
    }
}
