//! What an instance asks for while its engine is being opened, in order.

use super::options::{OnFull, Options};
use super::queue::{Reply, full};
use super::running_job::RunningJob;
use super::settlement::{Settled, Settlements};
use crate::error::{Error, Result};
use crate::model::{Job, Query};
use crate::wire::EncodedBatch;
use std::sync::Arc;

/// Called once an instance has closed, with what was acknowledged and is lost.
pub type Closed = Box<dyn FnOnce(Option<Error>) + Send>;

/// Waits for an engine.
#[derive(Default)]
pub struct Backlog {
    pub waiting: Vec<Waiting>,
    /// Operations that `onFull: 'drop'` dropped.
    pub dropped: usize,
    /// Whom to tell once what waits is settled, if the instance was closed; it takes nothing more then.
    pub closed: Option<Closed>,
    bytes: usize,
    /// A write has waited in vain: until the engine is there, others don't.
    pub stalled: bool,
}

/// Something that the instance handed over.
pub enum Waiting {
    Write { ticket: u64, encoded: EncodedBatch },
    Read(Query, Reply),
    Job(Job, Arc<RunningJob>),
}

/// What becomes of a write.
pub enum Taken {
    Accepted,
    Dropped,
    /// There is no room, and it may wait for some.
    Waits(EncodedBatch),
}

impl Backlog {
    /// Takes a write, or says why not, as `onFull` asks; `QUEUE_FULL` if it was to be refused.
    pub fn write(&mut self, options: &Options, ticket: u64, encoded: EncodedBatch) -> Result<Taken> {
        if self.bytes == 0 || self.bytes + encoded.bytes() <= options.max_queue_bytes {
            self.accept(ticket, encoded);
            return Ok(Taken::Accepted);
        }
        match options.on_full {
            OnFull::Drop => {
                self.dropped += encoded.len();
                Ok(Taken::Dropped)
            }
            OnFull::Block if !self.stalled => Ok(Taken::Waits(encoded)),
            OnFull::Block | OnFull::Reject => Err(full(options)),
        }
    }

    /// Takes a write whatever the bound says.
    pub fn accept(&mut self, ticket: u64, encoded: EncodedBatch) {
        self.bytes += encoded.bytes();
        self.waiting.push(Waiting::Write { ticket, encoded });
    }

    /// Whether no write waits.
    pub fn has_no_writes(&self) -> bool {
        self.bytes == 0
    }

    /// Answers all that waits with the error.
    pub fn refuse(self, error: &Error, settlements: &Settlements) {
        for waiting in self.waiting {
            match waiting {
                Waiting::Write { ticket, .. } => settlements.settle(ticket, Settled::failed(error.clone())),
                Waiting::Read(_, reply) => reply(Err(error.clone())),
                Waiting::Job(job, order) => order.finish(job.failed(error.clone())),
            }
        }
        if let Some(done) = self.closed {
            done(None);
        }
    }
}
