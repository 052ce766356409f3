//! The bounded queue between the threads that write and the one that commits.
//!
//! What waits and what is in flight count against one bound in bytes. Commands keep their order; a read in the queue
//! runs after the batches that it must see.

use super::options::{OnFull, Options};
use super::running_job::RunningJob;
use super::settlement::Settlements;
use super::turns::Asker;
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Job, Query};
use crate::wire::{EncodedBatch, Tables};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// A group is cut here, so that one transaction stays small beside the write-ahead log, bytes.
const MAX_GROUP_BYTES: usize = 8 << 20;

/// Operations of one instance that were handed over together.
pub struct Batch {
    /// Position in this engine's order of writing, from 1.
    pub seq: u64,
    /// The instance's name for it.
    pub ticket: u64,
    pub settlements: Arc<Settlements>,
    pub encoded: EncodedBatch,
}

impl Batch {
    /// The only batch of an instance, for tests and tools that commit without a handle.
    pub fn only(frames: &[u8]) -> Self {
        Self { seq: 1, ticket: 1, settlements: Arc::default(), encoded: Tables::default().enter(frames, 0) }
    }
}

/// Called with the answer, on any thread.
pub type Reply = Box<dyn FnOnce(Result<Answer>) + Send>;

/// Called once something has happened, on any thread.
pub type Notice = Box<dyn FnOnce() + Send>;

/// Something to read.
pub struct QueuedRead {
    pub ask: Ask,
    /// Whose it is.
    pub asker: Arc<Asker>,
    /// The batch that must be settled first; 0 for none.
    pub after: u64,
}

/// What to read, and where the answer goes.
pub enum Ask {
    Query(Query, Reply),
    Job(Job, Arc<RunningJob>),
}

impl Ask {
    /// Answers with an error.
    pub fn refuse(self, error: Error) {
        match self {
            Self::Query(_, reply) => reply(Err(error)),
            Self::Job(job, order) => order.finish(job.failed(error)),
        }
    }
}

/// What the writer thread takes at once.
#[derive(Default)]
pub struct Group {
    pub batches: Vec<Batch>,
    pub reads: Vec<QueuedRead>,
    /// To be called after the batches.
    pub barriers: Vec<Notice>,
    pub bytes: usize,
}

enum Command {
    Write(Batch),
    Read(QueuedRead),
    Barrier(Notice),
}

#[derive(Default)]
struct Line {
    commands: VecDeque<Command>,
    waiting_bytes: usize,
    waiting_operations: usize,
    in_flight_bytes: usize,
    in_flight_operations: usize,
    last_seq: u64,
    done_seq: u64,
    /// A batch has waited in vain: until there is room, others don't.
    stalled: bool,
    closing: bool,
}

/// Commands in their order, with the bound on what waits.
#[derive(Default)]
pub struct Queue {
    state: Mutex<Line>,
    work: Condvar,
    space: Condvar,
}

/// How much waits or is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    pub operations: usize,
    pub bytes: usize,
}

impl Queue {
    /// Appends a batch; `None` means that it was dropped, as `onFull: 'drop'` asks.
    ///
    /// A batch larger than the bound enters an empty queue. `QUEUE_FULL` when there is no room in time; once one has
    /// waited in vain, the next ones fail at once until a group is settled: a stuck disk must not hold up the agent at
    /// every write.
    pub fn push_batch(
        &self,
        options: &Options,
        ticket: u64,
        settlements: &Arc<Settlements>,
        encoded: EncodedBatch,
    ) -> Result<Option<u64>> {
        let bytes = encoded.bytes();
        let mut state = self.state.lock();
        let has_room = |state: &Line| {
            let used = state.waiting_bytes + state.in_flight_bytes;
            used == 0 || used + bytes <= options.max_queue_bytes
        };
        if !has_room(&state) {
            match options.on_full {
                OnFull::Drop => return Ok(None),
                OnFull::Reject => return Err(full(options)),
                OnFull::Block if state.stalled => return Err(full(options)),
                OnFull::Block => {
                    let deadline = Instant::now() + options.block_timeout();
                    let timed_out =
                        self.space.wait_while_until(&mut state, |state| !has_room(state), deadline).timed_out();
                    if timed_out && !has_room(&state) {
                        state.stalled = true;
                        return Err(full(options));
                    }
                }
            }
        }
        Ok(Some(self.append(&mut state, ticket, settlements, encoded)))
    }

    /// Appends a batch whatever the bound says: what was accepted is not lost because an environment ends.
    pub fn push_accepted(&self, ticket: u64, settlements: &Arc<Settlements>, encoded: EncodedBatch) -> u64 {
        self.append(&mut self.state.lock(), ticket, settlements, encoded)
    }

    fn append(&self, state: &mut Line, ticket: u64, settlements: &Arc<Settlements>, encoded: EncodedBatch) -> u64 {
        state.last_seq += 1;
        let seq = state.last_seq;
        state.waiting_bytes += encoded.bytes();
        state.waiting_operations += encoded.len();
        state.commands.push_back(Command::Write(Batch { seq, ticket, settlements: Arc::clone(settlements), encoded }));
        self.work.notify_all();
        seq
    }

    /// Appends a read that can't run yet.
    pub fn push_read(&self, read: QueuedRead) {
        self.state.lock().commands.push_back(Command::Read(read));
        self.work.notify_all();
    }

    /// Calls `done` once everything that waits now is settled.
    pub fn push_barrier(&self, done: Notice) {
        self.state.lock().commands.push_back(Command::Barrier(done));
        self.work.notify_all();
    }

    /// Whether the batch with this number is settled.
    pub fn is_done(&self, seq: u64) -> bool {
        self.state.lock().done_seq >= seq
    }

    /// Whether nothing waits to be taken.
    pub fn is_empty(&self) -> bool {
        self.state.lock().commands.is_empty()
    }

    /// Whether it was closed.
    pub fn is_closing(&self) -> bool {
        self.state.lock().closing
    }

    /// Waits until something waits to be taken; false once the queue is closing and empty.
    pub fn wait(&self) -> bool {
        let mut state = self.state.lock();
        self.work.wait_while(&mut state, |state| state.commands.is_empty() && !state.closing);
        !state.commands.is_empty()
    }

    /// Takes what waits, up to a group's size. Only who holds the committer may call it.
    pub fn take(&self) -> Group {
        let mut state = self.state.lock();
        let mut group = Group::default();
        while let Some(command) = state.commands.pop_front() {
            match command {
                Command::Write(batch) => {
                    group.bytes += batch.encoded.bytes();
                    group.batches.push(batch);
                }
                Command::Read(read) => group.reads.push(read),
                Command::Barrier(done) => group.barriers.push(done),
            }
            if group.bytes >= MAX_GROUP_BYTES {
                break;
            }
        }
        let operations = group.batches.iter().map(|batch| batch.encoded.len()).sum::<usize>();
        state.waiting_bytes -= group.bytes;
        state.waiting_operations -= operations;
        state.in_flight_bytes = group.bytes;
        state.in_flight_operations = operations;
        group
    }

    /// Says that the group taken last is settled up to this number.
    pub fn finish(&self, seq: Option<u64>) {
        let mut state = self.state.lock();
        state.in_flight_bytes = 0;
        state.in_flight_operations = 0;
        state.stalled = false;
        state.done_seq = seq.unwrap_or(state.done_seq);
        self.space.notify_all();
    }

    /// Lets `wait` return false once all is taken.
    pub fn close(&self) {
        self.state.lock().closing = true;
        self.work.notify_all();
    }

    /// What waits or is in flight.
    pub fn depth(&self) -> Depth {
        let state = self.state.lock();
        Depth {
            operations: state.waiting_operations + state.in_flight_operations,
            bytes: state.waiting_bytes + state.in_flight_bytes,
        }
    }
}

/// Why a write is refused for want of room.
pub fn full(options: &Options) -> Error {
    let remedy = match options.on_full {
        OnFull::Block => format!("made no room within blockTimeoutMs ({} ms)", options.block_timeout_ms),
        OnFull::Reject | OnFull::Drop => "has no room".to_owned(),
    };
    Error::new(
        Code::QueueFull,
        format!(
            "the queue holds maxQueueBytes ({} bytes) and {remedy}: the disk does not keep up",
            options.max_queue_bytes
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::options::{Durability, Locking};
    use crate::wire::frame;

    fn options(on_full: OnFull, block_timeout_ms: u64) -> Options {
        Options {
            path: ":memory:".into(),
            memory: true,
            readonly: false,
            durability: Durability::Process,
            locking: Locking::Shared,
            busy_timeout_ms: 0,
            max_queue_bytes: 100,
            on_full,
            block_timeout_ms,
            exit_timeout_ms: 0,
            file_mode: None,
        }
    }

    /// With one operation of so many bytes.
    fn batch(bytes: usize) -> EncodedBatch {
        Batch::only(&frame(1, &" ".repeat(bytes))).encoded
    }

    fn push(queue: &Queue, options: &Options) -> Result<Option<u64>> {
        queue.push_batch(options, 1, &Arc::default(), batch(60))
    }

    #[test]
    fn a_batch_larger_than_the_bound_enters_an_empty_queue() {
        let queue = Queue::default();
        assert!(queue.push_batch(&options(OnFull::Reject, 0), 1, &Arc::default(), batch(500)).is_ok());
        assert_eq!(push(&queue, &options(OnFull::Reject, 0)).unwrap_err().code, Code::QueueFull);
        assert_eq!(push(&queue, &options(OnFull::Drop, 0)).unwrap(), None);
    }

    #[test]
    fn after_one_that_waited_in_vain_others_fail_at_once_until_there_is_room() {
        let queue = Queue::default();
        let (soon, never) = (options(OnFull::Block, 5), options(OnFull::Block, 3_600_000));
        push(&queue, &never).unwrap();
        assert_eq!(push(&queue, &soon).unwrap_err().code, Code::QueueFull);
        // Would wait for an hour.
        assert_eq!(push(&queue, &never).unwrap_err().code, Code::QueueFull);
        let group = queue.take();
        queue.finish(group.batches.last().map(|batch| batch.seq));
        assert_eq!(push(&queue, &never).unwrap(), Some(2));
    }
}
