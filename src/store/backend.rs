//! What a database must be able to do to hold a store. The comments are the contract.
//!
//! Every backend passes the suite in `tests/conformance.rs`; an ability that one lacks is refused with a code, never
//! approximated.

use super::chore::Slice;
use crate::error::{Code, Error, Result};
use crate::model::answer::ChoreInfo;
use crate::model::job::Progress;
use crate::model::time::Nanos;
use crate::model::{Answer, Job, Op, Outcome, Query, Receipt, TenantName};
use std::sync::Arc;
use std::time::Duration;

/// What tells one store from another, however its place is spelt; only its backend knows what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreIdentity(pub u128);

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

    /// Fails with `IO` when something that the open connections need was taken away from beside the place: all of them
    /// must be closed, the writing one by `abandon`, before one is opened anew. Nothing is wrong once all are closed. What
    /// can be put back without that is.
    fn check_handles(&self) -> Result<()> {
        Ok(())
    }

    /// All connections are closed, and none will be opened: what this process left running has nobody any more who could
    /// end it.
    fn leave(&self) {}
}

/// Something that went well so far and will not for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The code of the process warning.
    pub name: &'static str,
    pub message: String,
}

/// A write as it was handed over.
#[derive(Debug)]
pub struct SentOp {
    pub tenant: TenantName,
    pub op: Op,
    /// Of the JSON that it came as.
    pub bytes: u64,
    /// When it was made, by the clock of who made it.
    pub at: Nanos,
}

/// Operations that are committed together.
pub struct OpGroup<'a> {
    pub ops: &'a [SentOp],
    /// How long locks of other processes may be waited for.
    pub patience: Duration,
}

/// The connection that writes, used by one thread at a time.
pub trait Writer: Send {
    /// Applies operations in their order, in one transaction, and says what came of each.
    ///
    /// Each is applied as a whole or not at all, and one that fails takes none of the others with it. The same span twice
    /// is the same span; `startTrace` twice is `ALREADY_EXISTS`; a change of an unknown trace is `NOT_FOUND`. What is
    /// answered with `Ok` is committed: a crash of the process loses nothing of it (a loss of power neither, if the store
    /// was opened with durability `power`). `BUSY` if another process keeps the lock for longer than the group's patience.
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>>;

    /// Housekeeping that no caller waits for, between transactions; returns what the user should be warned of.
    fn tidy(&mut self) -> Option<Warning>;

    /// One slice of the long work that is due, in a transaction of its own that waits for no lock; `None` if nothing is due,
    /// or it must wait for the next group. An error is a warning to the user: callers are told by none of their calls.
    fn work(&mut self, slice: &Slice<'_>) -> Result<Option<ChoreInfo>> {
        let _ = slice;
        Ok(None)
    }

    /// Before the connection is let go because `check_place` or `check_handles` failed: saves what only it can see of what was acknowledged,
    /// where that overwrites nobody, and returns what is lost.
    fn abandon(&mut self) -> Option<Error> {
        None
    }

    /// Housekeeping before the connection is let go in peace, outside a transaction.
    fn close(&mut self);

    /// Answers a query on this connection, outside a transaction.
    fn answer(&mut self, query: &Query) -> Result<Answer>;

    /// Does a job on this connection, outside a transaction; as `Reader::perform`. Nothing is written meanwhile.
    fn perform(&mut self, job: &Job, listener: &Arc<dyn JobListener>) -> Result<Outcome> {
        let _ = listener;
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
    /// Tells `listener` how far it is, ending at the total, and ends soon after that says so, with any error and with
    /// nothing left behind. A backup is under its name only when it is whole, and replaces no file (`ALREADY_EXISTS`).
    /// A check tells what is wrong in its report; it fails only where it can't go on.
    fn perform(&mut self, job: &Job, listener: &Arc<dyn JobListener>) -> Result<Outcome> {
        let _ = listener;
        Err(unable(job))
    }
}

/// Who ordered a job.
pub trait JobListener: Send + Sync {
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
