//! What the open transaction has done so far and only memory knows: undone with it, or with one operation of it.

use super::bodies::{Bodies, BodiesMark};
use crate::error::Result;
use crate::sqlite::counts::{CountNotes, Counted};
use crate::sqlite::facets::facet::FacetNotes;
use crate::sqlite::numbers::{Numbers, next};
use crate::sqlite::tenant::NAMELESS;
use rusqlite::Connection;

/// The numbers, caches and notes of a writing connection.
pub struct Pending {
    pub numbers: Numbers,
    pub bodies: Bodies,
    pub facets: FacetNotes,
    counts: CountNotes,
}

/// Where a transaction stood at one moment.
pub struct Mark {
    numbers: Numbers,
    bodies: BodiesMark,
    facets: usize,
    counts: usize,
    /// Rows that its connection had changed.
    changes: u64,
}

impl Pending {
    /// Of a connection that has not written yet.
    pub fn new() -> Result<Self> {
        Ok(Self {
            numbers: Numbers::default(),
            bodies: Bodies::new()?,
            facets: FacetNotes::default(),
            counts: CountNotes::default(),
        })
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
            facets: self.facets.mark(),
            counts: self.counts.mark(),
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
        self.facets.undo(since.facets);
        self.counts.undo(since.counts);
    }

    /// Notes one more of a tenant's.
    pub fn count(&mut self, tenant: i64, counted: Counted) {
        if tenant == NAMELESS {
            self.numbers.counts[counted as usize] += 1;
        } else {
            self.counts.add(tenant, counted);
        }
    }

    /// The next number in the order of writing.
    pub fn next_seq(&mut self) -> i64 {
        next(&mut self.numbers.seq)
    }

    /// Writes what was noted into the tables; the transaction is about to commit. `bytes_in` counts the JSON that it took
    /// in.
    pub fn store(&mut self, connection: &Connection, bytes_in: u64) -> Result<()> {
        self.bodies.settle(connection, &mut self.numbers)?;
        self.facets.store(connection)?;
        self.counts.store(connection)?;
        self.numbers.write(connection, bytes_in)
    }

    /// Forgets the whole transaction.
    pub fn undo_all(&mut self) {
        self.bodies.undo_all();
        self.facets.undo(0);
        self.counts.undo(0);
    }
}
