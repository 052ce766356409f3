//! What the open transaction has done so far and only memory knows: undone with it, or with one operation of it.

use super::bodies::{Bodies, BodiesMark};
use super::counts::CountNotes;
use super::facets::FacetNotes;
use super::rows::Rows;
use super::rows::state::{Counted, Numbers, next};
use super::rows::tenant::NAMELESS;
use super::session_notes::{self, SessionChange, SessionNotes};
use super::sums::SumNotes;
use super::tenant::TenantIds;
use crate::error::Result;
use crate::model::TenantName;
use crate::model::time::Nanos;

/// The numbers, caches and notes of a writing connection.
#[derive(Default)]
pub struct Pending {
    /// When the operation that is applied was made.
    pub now: Nanos,
    pub numbers: Numbers,
    /// The number of this process; none where nobody could tell whether it is still there.
    pub engine: Option<i64>,
    pub bodies: Bodies,
    pub facets: FacetNotes,
    pub sessions: SessionNotes,
    pub sums: SumNotes,
    tenants: TenantIds,
    counts: CountNotes,
}

/// Where a transaction stood at one moment.
pub struct Mark {
    numbers: Numbers,
    bodies: BodiesMark,
    facets: usize,
    sessions: usize,
    sums: usize,
    tenants: usize,
    counts: usize,
}

impl Pending {
    /// A transaction began with these numbers; what other processes changed is forgotten.
    pub fn begin(&mut self, numbers: Numbers) {
        self.numbers = numbers;
        self.bodies.begin(numbers.gc_epoch);
    }

    /// Where the transaction stands.
    pub fn mark(&self) -> Mark {
        Mark {
            numbers: self.numbers,
            bodies: self.bodies.mark(),
            facets: self.facets.mark(),
            sessions: self.sessions.mark(),
            sums: self.sums.mark(),
            tenants: self.tenants.mark(),
            counts: self.counts.mark(),
        }
    }

    /// Whether what is remembered of rows changed since the mark.
    pub fn has_changed(&self, since: &Mark) -> bool {
        self.bodies.mark() != since.bodies
    }

    /// Forgets what happened since the mark: the rows were rolled back, or never changed.
    pub fn undo(&mut self, since: &Mark) {
        self.numbers = since.numbers;
        self.bodies.undo(since.bodies);
        self.facets.undo(since.facets);
        self.sessions.undo(since.sessions);
        self.sums.undo(since.sums);
        self.tenants.undo(since.tenants);
        self.counts.undo(since.counts);
    }

    /// The number of a tenant, a new one if nobody has written to it.
    pub fn tenant(&mut self, rows: &mut dyn Rows, name: &TenantName) -> Result<i64> {
        self.tenants.of(rows, &mut self.numbers, name)
    }

    /// Notes one more of a tenant's.
    pub fn count(&mut self, tenant: i64, counted: Counted) {
        self.count_more(tenant, counted, 1);
    }

    fn count_more(&mut self, tenant: i64, counted: Counted, more: i64) {
        if tenant == NAMELESS {
            self.numbers.counts[counted as usize] += more;
        } else {
            self.counts.add(tenant, counted, more);
        }
    }

    /// The next number in the order of writing.
    pub fn next_seq(&mut self) -> i64 {
        next(&mut self.numbers.seq)
    }

    /// Writes what was noted into rows; see `write::settle`.
    pub(super) fn store(&mut self, rows: &mut dyn Rows, bytes_in: u64) -> Result<()> {
        for (tenant, session_id) in self.sessions.take() {
            let followed = session_notes::follow_traces(rows, &mut self.numbers.session, tenant, &session_id)?;
            if let Some(SessionChange { id, before, after, more }) = followed {
                self.facets.change(tenant, id, &before, &after);
                self.count_more(tenant, Counted::Session, more);
            }
        }
        self.bodies.settle(rows, &mut self.numbers)?;
        self.facets.store(rows)?;
        self.tenants.store(rows)?;
        self.counts.store(rows)?;
        rows.write_numbers(&self.numbers, bytes_in)
    }

    /// The transaction is committed.
    pub fn commit(&mut self) {
        self.bodies.commit(self.numbers.gc_epoch);
        self.tenants.commit();
    }

    /// Forgets the whole transaction.
    pub fn undo_all(&mut self) {
        self.bodies.undo_all();
        self.facets.undo(0);
        self.sessions.undo(0);
        self.sums.undo(0);
        self.tenants.undo(0);
        self.counts.undo(0);
    }
}
