//! One engine per file and process: the queue, the thread that commits, the threads that read and do jobs.
//!
//! Whoever holds the committer commits what waits: usually the writer thread; at the end of a process the thread that
//! ends it, because no other may be left.

use super::backend::{Backend, Warning, Writer};
use super::chore::Slice;
use super::commit;
use super::counters::Counters;
use super::gate::Gate;
use super::jobs::Jobs;
use super::options::Options;
use super::queue::{Ask, Batch, Group, Notice, Queue, QueuedRead, Reply};
use super::readers::Readers;
use super::running_job::RunningJob;
use super::settlement::Settled;
use super::turns::{Asker, Turns};
use super::watched::Watched;
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Job, Query};
use parking_lot::{Mutex, MutexGuard};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A file's queue and threads, shared by every instance that uses the file in this process.
pub struct Engine {
    pub options: Options,
    /// Once its place is another, instances open anew.
    backend: Arc<Watched>,
    pub queue: Queue,
    committer: Mutex<Committer>,
    readers: Readers,
    jobs: Jobs,
    counters: Mutex<Counters>,
    /// The writer has made or upgraded what readers look for.
    prepared: AtomicBool,
    /// What was acknowledged and could not be saved; told once.
    lost: Mutex<Option<Error>>,
    gone: Gate,
}

/// The right to commit, with the connection to do it.
#[derive(Default)]
struct Committer {
    writer: Option<Box<dyn Writer>>,
    /// What only this connection can read, and may now.
    reads: Turns<Ask>,
}

impl Engine {
    /// An engine with its writer thread; nothing is opened before the first command.
    pub fn start(options: Options, backend: Arc<dyn Backend>) -> Result<Arc<Self>> {
        let is_viewer = options.readonly;
        let backend = Arc::new(Watched::new(backend));
        let engine = Arc::new(Self {
            options,
            readers: Readers::new(Arc::clone(&backend) as _),
            jobs: Jobs::new(Arc::clone(&backend) as _),
            backend,
            queue: Queue::default(),
            committer: Mutex::default(),
            counters: Mutex::default(),
            prepared: AtomicBool::new(is_viewer),
            lost: Mutex::default(),
            gone: Gate::default(),
        });
        let own = Arc::clone(&engine);
        let started = thread::Builder::new().name("tracestore-write".to_owned()).spawn(move || own.run());
        started.map_err(|error| Error::new(Code::Io, format!("can't start the writer thread: {error}")))?;
        Ok(engine)
    }

    /// Answers a query once the batch `after` is settled.
    pub fn read(self: &Arc<Self>, asker: &Arc<Asker>, query: Query, after: u64, reply: Reply) {
        // Of the store's own state, what is true now says more than what will be once a queue is empty.
        let after = if query == Query::Info { 0 } else { after };
        let engine = Arc::clone(self);
        let reply = Box::new(move |answer: Result<Answer>| reply(engine.complete(answer)));
        self.ask(QueuedRead { ask: Ask::Query(query, reply), asker: Arc::clone(asker), after });
    }

    /// Does a job once the batch `after` is settled.
    pub fn start_job(&self, asker: &Arc<Asker>, job: Job, after: u64, order: Arc<RunningJob>) {
        self.ask(QueuedRead { ask: Ask::Job(job, order), asker: Arc::clone(asker), after });
    }

    /// Commits on the calling thread until nothing waits; false if that took longer than `deadline`.
    pub fn drain(&self, deadline: Instant) -> bool {
        self.drain_holding(deadline).is_some()
    }

    /// Like `drain`, and keeps the committer for ever: the process ends.
    pub fn drain_for_good(&self, deadline: Instant) {
        // They clean up what they made so far; one of them may run on the committer.
        self.jobs.close(Some(deadline));
        if let Some(guard) = self.drain_holding(deadline) {
            MutexGuard::leak(guard);
        }
    }

    /// Calls `done` when the file's handles are gone.
    pub fn when_gone(&self, done: Notice) {
        self.gone.when_open(done);
    }

    /// Whether the file was replaced under this engine.
    pub fn is_replaced(&self) -> bool {
        self.backend.is_replaced()
    }

    /// Lets go of a file that was replaced, before its successor is opened; waits for what is under way.
    pub fn leave(&self) {
        self.committer.lock().writer = None;
        self.backend.leave();
    }

    /// What was acknowledged and could not be saved, once.
    pub fn take_lost(&self) -> Option<Error> {
        self.lost.lock().take()
    }

    /// Counts writes that `onFull: 'drop'` dropped.
    pub fn count_dropped(&self, operations: usize) {
        self.counters.lock().dropped += operations as u64;
    }

    /// Counts writes that failed.
    pub fn count_failed(&self, operations: usize, error: &Error) {
        let mut counters = self.counters.lock();
        counters.failed += operations as u64;
        counters.note(error);
    }

    /// The backend, for what instances ask of it together.
    pub fn backend(&self) -> &dyn Backend {
        self.backend.as_ref()
    }

    fn ask(&self, read: QueuedRead) {
        let prepared = self.prepared.load(Ordering::Relaxed);
        if !prepared || self.backend.reads_on_writer() || !self.queue.is_done(read.after) {
            self.queue.push_read(read);
        } else {
            self.hand_on(read);
        }
    }

    /// To a thread that reads.
    fn hand_on(&self, read: QueuedRead) {
        match read.ask {
            Ask::Query(query, reply) => self.readers.push(&read.asker, query, reply),
            Ask::Job(job, order) => self.jobs.start(job, &order),
        }
    }

    fn run(self: Arc<Self>) {
        let mut has_chore = false;
        while (has_chore && !self.queue.is_closing()) || self.queue.wait() {
            let mut committer = self.committer.lock();
            self.commit_waiting(&mut committer, self.options.busy_timeout());
            self.answer_between_groups(&mut committer);
            self.tidy(&mut committer);
            has_chore = self.do_slice(&mut committer);
        }
        self.readers.close();
        self.jobs.close(None);
        let mut committer = self.committer.lock();
        while self.commit_waiting(&mut committer, self.options.busy_timeout()) {}
        self.answer_between_groups(&mut committer);
        let stand = self.renew_handles(&mut committer, self.options.busy_timeout());
        if let (Some(writer), Ok(())) = (&mut committer.writer, stand)
            && self.backend.check_place().is_ok()
        {
            // A panic here loses nothing that was promised, and nobody is left to be told.
            let _ = catch_unwind(AssertUnwindSafe(|| writer.close()));
        }
        committer.writer = None;
        self.backend.leave();
        drop(committer);
        self.gone.open();
    }

    fn drain_holding(&self, deadline: Instant) -> Option<MutexGuard<'_, Committer>> {
        let mut committer = self.committer.try_lock_until(deadline)?;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if !self.commit_waiting(&mut committer, left.min(self.options.busy_timeout())) {
                if !committer.reads.is_empty() {
                    // The writer thread goes on with them.
                    self.queue.push_barrier(Box::new(|| {}));
                }
                return Some(committer);
            }
            if left.is_zero() {
                return (self.queue.depth().operations == 0).then_some(committer);
            }
        }
    }

    /// Commits one group and answers everyone in it; false if nothing waited.
    ///
    /// Waits for locks of other processes no longer than `patience`.
    fn commit_waiting(&self, committer: &mut Committer, patience: Duration) -> bool {
        let Group { batches, reads, barriers, .. } = self.queue.take();
        let idle = batches.is_empty() && reads.is_empty() && barriers.is_empty();
        let (free, bound): (Vec<QueuedRead>, Vec<QueuedRead>) =
            reads.into_iter().partition(|read| self.queue.is_done(read.after));
        for read in free {
            self.pass_on(committer, read, patience);
        }
        // Who finds a part of the file gone wakes the thread that closes the rest; a commit looks for that, and all, itself.
        if batches.is_empty() && self.backend.is_in_place() {
            let _ = self.renew_handles(committer, patience);
        }
        let settled = self.commit(committer, &batches, patience);
        self.queue.finish(batches.last().map(|batch| batch.seq));
        for (batch, settled) in batches.into_iter().zip(settled) {
            self.settle(&batch, settled);
        }
        for read in bound {
            self.pass_on(committer, read, patience);
        }
        for done in barriers {
            done();
        }
        !idle
    }

    /// Answers in turn what only the writer can read: one, and more until something else waits.
    fn answer_between_groups(&self, committer: &mut Committer) {
        while let Some((asker, ask)) = committer.reads.pop() {
            match asker.check() {
                Ok(()) => self.answer_on_writer(committer, ask),
                Err(error) => ask.refuse(error),
            }
            if !self.queue.is_empty() {
                break;
            }
        }
    }

    fn answer_on_writer(&self, committer: &mut Committer, ask: Ask) {
        let patience = self.options.busy_timeout();
        match ask {
            Ask::Query(query, reply) => {
                reply(self.with_writer(committer, patience, |writer| writer.answer(&query)));
            }
            Ask::Job(job, order) => self
                .jobs
                .run(&order, |listener| self.with_writer(committer, patience, |writer| writer.perform(&job, listener))),
        }
    }

    /// Hands a read to the readers, or puts it where the writer answers it.
    fn pass_on(&self, committer: &mut Committer, read: QueuedRead, patience: Duration) {
        if self.backend.reads_on_writer() {
            return committer.reads.push(&read.asker, read.ask);
        }
        // Readers change nothing: a new or older file needs the writer first.
        let prepared = if self.options.readonly { Ok(()) } else { self.with_writer(committer, patience, |_| Ok(())) };
        match prepared {
            Ok(()) => {
                self.prepared.store(true, Ordering::Relaxed);
                self.hand_on(read);
            }
            Err(error) => read.ask.refuse(error),
        }
    }

    fn commit(&self, committer: &mut Committer, batches: &[Batch], patience: Duration) -> Vec<Settled> {
        if batches.is_empty() {
            return Vec::new();
        }
        let committed = self.with_writer(committer, patience, |writer| Ok(commit::commit(writer, batches, patience)));
        committed.unwrap_or_else(|error| batches.iter().map(|_| Settled::failed(error.clone())).collect())
    }

    /// Runs `act` on the writer, opened if need be; a panic costs the connection and what it remembers, not the process.
    fn with_writer<T>(
        &self,
        committer: &mut Committer,
        patience: Duration,
        act: impl FnOnce(&mut dyn Writer) -> Result<T>,
    ) -> Result<T> {
        let done = catch_unwind(AssertUnwindSafe(|| {
            if let Err(error) = self.backend.check_place() {
                committer.writer = None;
                return Err(error);
            }
            let stand = self.renew_handles(committer, patience);
            if let Some(error) = self.take_lost() {
                return Err(error);
            }
            stand?;
            let writer = match &mut committer.writer {
                Some(writer) => writer,
                none => none.insert(self.backend.open_writer(patience)?),
            };
            self.prepared.store(true, Ordering::Relaxed);
            act(writer.as_mut())
        }));
        done.unwrap_or_else(|_| {
            committer.writer = None;
            Err(Error::internal("the writer failed inside tracestore; please report it"))
        })
    }

    /// Closes every connection if what they need was taken away, so that the next use opens them anew.
    fn renew_handles(&self, committer: &mut Committer, patience: Duration) -> Result<()> {
        let Err(error) = self.backend.check_handles() else { return Ok(()) };
        self.prepared.store(false, Ordering::Relaxed);
        if !self.backend.reads_on_writer() {
            let deadline = Instant::now() + patience;
            self.jobs.cancel(deadline);
            self.readers.forget(deadline);
        }
        if let Some(writer) = committer.writer.take() {
            self.abandon(writer, error);
        }
        self.backend.check_handles()
    }

    /// Leaves a file of which something was taken away, and notes what is lost by that.
    fn abandon(&self, mut writer: Box<dyn Writer>, error: Error) {
        let abandoned = catch_unwind(AssertUnwindSafe(|| writer.abandon()));
        let lost = abandoned
            .unwrap_or_else(|_| Some(Error::internal("leaving the file failed inside tracestore; please report it")));
        let mut counters = self.counters.lock();
        match lost {
            Some(lost) => {
                counters.note(&lost);
                *self.lost.lock() = Some(lost);
            }
            None => counters.warnings.push(Warning { name: "LOG_TAKEN_AWAY", message: error.message }),
        }
    }

    fn settle(&self, batch: &Batch, settled: Settled) {
        for (index, error) in &settled.failures {
            self.count_failed(if index.is_some() { 1 } else { batch.encoded.len() }, error);
        }
        let warnings = std::mem::take(&mut self.counters.lock().warnings);
        batch.settlements.warn(warnings);
        batch.settlements.settle(batch.ticket, settled);
    }

    /// What can wait until everyone has been answered.
    fn tidy(&self, committer: &mut Committer) {
        if let Some(warning) = self.between_groups(committer, |writer| Ok(writer.tidy())) {
            self.counters.lock().warnings.push(warning);
        }
    }

    /// One slice of a chore; false if none is due.
    fn do_slice(&self, committer: &mut Committer) -> bool {
        let under_way = self.between_groups(committer, |writer| writer.work(&Slice::now(&|| self.queue.is_closing())));
        self.counters.lock().chore = under_way;
        under_way.is_some()
    }

    /// Does with the writer what no call asked for; warns of what goes wrong.
    fn between_groups<T>(
        &self,
        committer: &mut Committer,
        act: impl FnOnce(&mut dyn Writer) -> Result<Option<T>>,
    ) -> Option<T> {
        let writer = committer.writer.as_mut()?;
        let done = catch_unwind(AssertUnwindSafe(|| act(writer.as_mut()))).unwrap_or_else(|_| {
            committer.writer = None;
            Err(Error::internal("tidying up failed inside tracestore; please report it"))
        });
        done.unwrap_or_else(|error| {
            self.counters.lock().note_and_warn(error);
            None
        })
    }

    /// Adds to an answer what only the engine knows.
    fn complete(&self, answer: Result<Answer>) -> Result<Answer> {
        if answer.is_err() && self.backend.check_place().is_ok() && self.backend.check_handles().is_err() {
            self.prepared.store(false, Ordering::Relaxed);
            // Wakes the thread that closes them.
            self.queue.push_barrier(Box::new(|| {}));
        }
        if let Err(error) = &answer
            && error.code == Code::Internal
        {
            self.counters.lock().note(error);
        }
        let mut answer = answer?;
        if let Answer::Info(info) = &mut answer {
            let depth = self.queue.depth();
            info.engine = self.counters.lock().info(&self.options, depth);
        }
        Ok(answer)
    }
}
