//! What the open transaction has done so far and only memory knows: undone with it, or with one operation of it.

use super::bodies::{Bodies, BodiesMark};
use crate::error::Result;
use crate::sqlite::facets::facet::FacetNotes;
use crate::sqlite::numbers::Numbers;
use rusqlite::Connection;

/// The numbers, caches and notes of a writing connection.
pub struct Pending {
    pub numbers: Numbers,
    pub bodies: Bodies,
    pub facets: FacetNotes,
}

/// Where a transaction stood at one moment.
pub struct Mark {
    numbers: Numbers,
    bodies: BodiesMark,
    noted: usize,
    /// Rows that its connection had changed.
    changes: u64,
}

impl Pending {
    /// Of a connection that has not written yet.
    pub fn new() -> Result<Self> {
        Ok(Self { numbers: Numbers::default(), bodies: Bodies::new()?, facets: FacetNotes::default() })
    }

    /// A transaction began; what other processes changed is forgotten.
    pub fn begin(&mut self, numbers: Numbers) {
        self.numbers = numbers;
        self.bodies.begin(numbers.gc_epoch);
    }

    /// Where the transaction stands.
    pub fn mark(&self, connection: &Connection) -> Mark {
        Mark {
            numbers: self.numbers,
            bodies: self.bodies.mark(),
            noted: self.facets.mark(),
            changes: connection.total_changes(),
        }
    }

    /// Whether rows, or what is remembered of them, changed since the mark.
    pub fn has_changed(&self, connection: &Connection, since: &Mark) -> bool {
        connection.total_changes() != since.changes || self.bodies.mark() != since.bodies
    }

    /// Forgets what happened since the mark: the rows were rolled back, or never changed.
    pub fn undo(&mut self, since: &Mark) {
        self.numbers = since.numbers;
        self.bodies.undo(since.bodies);
        self.facets.undo(since.noted);
    }

    /// Forgets the whole transaction.
    pub fn undo_all(&mut self) {
        self.bodies.undo_all();
        self.facets.undo(0);
    }
}
