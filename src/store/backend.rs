//! What a database must be able to do to hold a store. The comments are the contract.
//!
//! Every backend passes the suite in `tests/conformance.rs`; an ability that one lacks is refused with a code, never
//! approximated.

use crate::error::{Code, Error, Result};
use crate::model::job::Progress;
use crate::model::{Answer, Job, Op, Outcome, Query};
use std::sync::Arc;
use std::time::Duration;

/// A place where a store is kept. Opening is left to the threads that use the connections.
pub trait Backend: Send + Sync {
    /// Opens the one connection that writes, making or upgrading what is there.
    ///
    /// Fails without changing a byte if the place holds something else or something newer.
    /// Waits for locks of other processes no longer than `patience`.
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>>;

    /// Opens a connection that only reads; several exist at a time.
    fn open_reader(&self) -> Result<Box<dyn Reader>>;

    /// Whether reads must go through the writer, because only its connection sees the data.
    fn reads_on_writer(&self) -> bool;

    /// Makes commits safe against a loss of power from now on: an instance asked for it.
    fn require_power(&self);

    /// Fails with `IO` when the place is no longer the one that was opened (deleted, or replaced by another file), and
    /// with `CONFLICT` when something else in this process has opened it since: every connection must be opened anew.
    fn check_place(&self) -> Result<()>;
}

/// Something that went well so far and will not for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The code of the process warning.
    pub name: &'static str,
    pub message: String,
}

/// What an operation that fails midway costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The whole transaction, which then no longer stands: the cheap way, for operations that hardly ever fail so.
    Group,
    /// Nothing but itself.
    Each,
}

/// The connection that writes: one transaction at a time, used by one thread at a time.
pub trait Writer: Send {
    /// Starts a transaction and keeps other processes from writing until its end; `BUSY` if one of them holds on for
    /// longer than `patience`.
    fn begin(&mut self, patience: Duration, care: Care) -> Result<()>;

    /// Applies one operation as a whole or not at all.
    ///
    /// The same span twice is the same span; `startTrace` twice is `ALREADY_EXISTS`; a change of an unknown trace is
    /// `NOT_FOUND`. After an error the other operations of the transaction still stand, unless `stands` denies it.
    fn apply(&mut self, op: &Op) -> Result<()>;

    /// Whether the transaction is still open; a full disk or an I/O error may have rolled all of it back.
    fn stands(&self) -> bool;

    /// Ends the transaction; after `Ok` a crash of the process loses nothing of it (a loss of power neither, if the
    /// store was opened with durability `power`). `bytes_in` counts the JSON that it took in.
    fn commit(&mut self, bytes_in: u64) -> Result<()>;

    /// Undoes the transaction, if it still stands, and forgets what it would have changed.
    fn rollback(&mut self);

    /// Housekeeping that no caller waits for, between transactions; returns what the user should be warned of.
    fn tidy(&mut self) -> Option<Warning>;

    /// Housekeeping before the connection is let go in peace, outside a transaction.
    fn close(&mut self);

    /// Answers a query on this connection, outside a transaction.
    fn answer(&mut self, query: &Query) -> Result<Answer>;

    /// Does a job on this connection, outside a transaction; as `Reader::perform`. Nothing is written meanwhile.
    fn perform(&mut self, job: &Job, watch: &Arc<dyn Watch>) -> Result<Outcome> {
        let _ = watch;
        Err(unable(job))
    }
}

/// A connection that reads; each answer comes from one snapshot, held no longer than the answer takes.
pub trait Reader: Send {
    /// Answers a query.
    fn answer(&mut self, query: &Query) -> Result<Answer>;

    /// Does a job from one snapshot, while others read and write; never changes the store. `UNSUPPORTED` if the backend
    /// can't.
    ///
    /// Tells `watch` how far it is, ending at the total, and ends soon after that says so, with any error and with
    /// nothing left behind. A backup is under its name only when it is whole, and replaces no file (`ALREADY_EXISTS`).
    /// A check tells what is wrong in its report; it fails only where it can't go on.
    fn perform(&mut self, job: &Job, watch: &Arc<dyn Watch>) -> Result<Outcome> {
        let _ = watch;
        Err(unable(job))
    }
}

/// Who ordered a job.
pub trait Watch: Send + Sync {
    /// Hears how far it is, as often as it likes to tell.
    fn progress(&self, progress: Progress);

    /// Whether the job should end without a result.
    fn is_over(&self) -> bool;
}

fn unable(job: &Job) -> Error {
    let what = match job {
        Job::Backup { .. } => "make backups",
        Job::Verify => "check itself",
    };
    Error::new(Code::Unsupported, format!("this kind of store can't {what}"))
}
