//! One instance's hold of an engine: opened at the first use, again after a failure, given up at the end.

use super::backlog::{Backlog, Closed, Taken, Waiting};
use super::engine::Engine;
use super::exit;
use super::opening;
use super::options::Options;
use super::queue::{Reply, full};
use super::registry;
use super::running_job::RunningJob;
use super::settlement::{Settled, Settlements, Waiter};
use super::turns::Asker;
use crate::error::{Code, Error, Result};
use crate::model::{Job, Query};
use crate::wire::{EncodedBatch, Tables};
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// Finds or starts the engine.
pub type Open = Box<dyn Fn() -> Result<Arc<Engine>> + Send + Sync>;

/// Used by one JavaScript thread; the engine is opened and answers on other threads.
pub struct Handle {
    link: Arc<HandleLink>,
    /// What the writes of this instance have defined for later ones.
    tables: Mutex<Tables>,
    next_ticket: AtomicU64,
    /// The jobs of this instance, which end with it.
    orders: Mutex<Vec<Weak<RunningJob>>>,
}

/// What the thread that opens needs of a handle.
struct HandleLink {
    options: Options,
    open: Open,
    hold: Mutex<Hold>,
    opened: Condvar,
    settlements: Arc<Settlements>,
    asker: Arc<Asker>,
}

enum Hold {
    Unused,
    Opening(Backlog),
    Open {
        engine: Arc<Engine>,
        /// The last batch of this instance, for reads to wait for.
        last_seq: u64,
    },
    Closed,
}

/// Where something that is handed over goes.
enum Goal<'a> {
    Backlog(&'a mut Backlog),
    Engine(&'a Arc<Engine>, &'a mut u64),
}

impl Handle {
    /// A handle that opens nothing yet.
    pub fn new(options: Options, open: Open) -> Self {
        let link = HandleLink {
            options,
            open,
            hold: Mutex::new(Hold::Unused),
            opened: Condvar::new(),
            settlements: Arc::default(),
            asker: Arc::default(),
        };
        Self {
            link: Arc::new(link),
            tables: Mutex::default(),
            next_ticket: AtomicU64::new(1),
            orders: Mutex::default(),
        }
    }

    /// Hands a batch over and returns its ticket; whatever goes wrong comes with the settlement. It was written at
    /// `written_at`, milliseconds since the epoch.
    pub fn write(&self, frames: &[u8], written_at: i64) -> u64 {
        let ticket = self.next_ticket.fetch_add(1, Ordering::Relaxed);
        match self.link.write(ticket, self.enter(frames, written_at)) {
            Ok(true) => {}
            Ok(false) => self.link.settlements.settle(ticket, Settled::default()),
            Err(error) => self.link.settlements.settle(ticket, Settled::failed(error)),
        }
        ticket
    }

    /// Hands over what an ending environment left in its buffer, whatever the bound says.
    pub fn accept(&self, frames: &[u8], written_at: i64) {
        let encoded = self.enter(frames, written_at);
        match self.link.goal(&mut self.link.hold.lock()) {
            Ok(Goal::Backlog(backlog)) => backlog.accept(0, encoded),
            Ok(Goal::Engine(engine, last_seq)) => {
                *last_seq = engine.queue.push_accepted(0, &self.link.settlements, encoded);
            }
            Err(_) => {}
        }
    }

    /// Lets go of the definitions; JavaScript refers to none of them any more.
    pub fn forget_definitions(&self) {
        self.tables.lock().clear();
    }

    /// Calls `waiter` as soon as a batch is settled.
    pub fn wait_settled(&self, waiter: Waiter) {
        self.link.settlements.wait(waiter);
    }

    /// What is settled so far, as JSON text.
    pub fn poll_settled(&self) -> String {
        self.link.settlements.poll()
    }

    /// Answers a query after this instance's earlier writes.
    pub fn read(&self, query: Query, reply: Reply) {
        let mut hold = self.link.hold.lock();
        match self.link.goal(&mut hold) {
            Ok(Goal::Backlog(backlog)) => backlog.waiting.push(Waiting::Read(query, reply)),
            Ok(Goal::Engine(engine, last_seq)) => engine.read(&self.link.asker, query, *last_seq, reply),
            Err(error) => {
                drop(hold);
                reply(Err(error));
            }
        }
    }

    /// Begins a job after this instance's earlier writes; whatever goes wrong is its outcome.
    pub fn start_job(&self, job: Job) -> Arc<RunningJob> {
        let order = Arc::<RunningJob>::default();
        let mut orders = self.orders.lock();
        orders.retain(|order| order.strong_count() > 0);
        orders.push(Arc::downgrade(&order));
        drop(orders);
        match self.link.goal(&mut self.link.hold.lock()) {
            Ok(Goal::Backlog(backlog)) => backlog.waiting.push(Waiting::Job(job, Arc::clone(&order))),
            Ok(Goal::Engine(engine, last_seq)) => {
                engine.start_job(&self.link.asker, job, *last_seq, Arc::clone(&order));
            }
            Err(error) => order.finish(job.failed(error)),
        }
        order
    }

    /// Commits what was handed over, on the calling thread; false if `timeout` was too short.
    pub fn drain(&self, timeout: Duration) -> bool {
        // The environment ends; one of them may hold the only connection.
        self.cancel_jobs();
        let deadline = Instant::now() + timeout;
        let mut hold = self.link.hold.lock();
        self.link.opened.wait_while_until(&mut hold, |hold| matches!(hold, Hold::Opening(_)), deadline);
        let engine = match &*hold {
            Hold::Open { engine, .. } => Arc::clone(engine),
            Hold::Opening(backlog) => return backlog.has_no_writes(),
            Hold::Unused | Hold::Closed => return true,
        };
        drop(hold);
        engine.drain(deadline)
    }

    /// Gives the engine up and calls `done` when this instance's writes are committed and, if it was the last instance,
    /// the file's handles are gone.
    ///
    /// `done` hears what was acknowledged and is lost.
    pub fn close(&self, done: Closed) {
        self.cancel_jobs();
        let mut hold = self.link.hold.lock();
        if let Hold::Opening(backlog) = &mut *hold
            && backlog.closed.is_none()
        {
            backlog.closed = Some(done);
            return;
        }
        if let Hold::Open { engine, .. } = &*hold {
            let engine = Arc::clone(engine);
            *hold = Hold::Closed;
            drop(hold);
            return release(&engine, done);
        }
        if matches!(*hold, Hold::Unused) {
            *hold = Hold::Closed;
        }
        drop(hold);
        done(None);
    }

    /// As `close`, for an environment that has ended: what it asked and nobody has begun to read is refused.
    pub fn abandon(&self) {
        self.link.asker.leave();
        self.close(Box::new(|_| {}));
    }

    /// Asks the jobs of this instance to end.
    pub fn cancel_jobs(&self) {
        for order in self.orders.lock().iter().filter_map(Weak::upgrade) {
            order.cancel();
        }
    }

    /// Before anything can refuse the batch: later ones refer to what it defines, whatever becomes of its writes.
    fn enter(&self, frames: &[u8], written_at: i64) -> EncodedBatch {
        self.tables.lock().enter(frames, written_at)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close(Box::new(|_| {}));
    }
}

impl HandleLink {
    /// Whether the batch was accepted and not dropped.
    fn write(self: &Arc<Self>, ticket: u64, mut encoded: EncodedBatch) -> Result<bool> {
        let deadline = Instant::now() + self.options.block_timeout();
        let mut hold = self.hold.lock();
        loop {
            match self.goal(&mut hold)? {
                Goal::Engine(engine, last_seq) => return self.push(engine, last_seq, ticket, encoded),
                Goal::Backlog(backlog) => match backlog.write(&self.options, ticket, encoded)? {
                    Taken::Accepted => return Ok(true),
                    Taken::Dropped => return Ok(false),
                    Taken::Waits(waiting) => encoded = waiting,
                },
            }
            self.wait_for_room(&mut hold, deadline)?;
        }
    }

    fn wait_for_room(&self, hold: &mut MutexGuard<'_, Hold>, deadline: Instant) -> Result<()> {
        self.opened.wait_while_until(hold, |hold| matches!(hold, Hold::Opening(_)), deadline);
        if let Hold::Opening(backlog) = &mut **hold {
            backlog.stalled = true;
            return Err(full(&self.options));
        }
        Ok(())
    }

    fn push(&self, engine: &Arc<Engine>, last_seq: &mut u64, ticket: u64, encoded: EncodedBatch) -> Result<bool> {
        let operations = encoded.len();
        let seq = engine.queue.push_batch(&engine.options, ticket, &self.settlements, encoded);
        match &seq {
            Ok(Some(seq)) => *last_seq = *seq,
            Ok(None) => engine.count_dropped(operations),
            Err(error) => engine.count_failed(operations, error),
        }
        seq.map(|seq| seq.is_some())
    }

    /// The engine, or what waits for it; it is opened if this is the first use, or if the file was replaced since.
    fn goal<'a>(self: &Arc<Self>, hold: &'a mut Hold) -> Result<Goal<'a>> {
        if let Hold::Open { engine, .. } = hold
            && engine.is_replaced()
        {
            registry::release(engine, Box::new(|| {}));
            *hold = Hold::Unused;
        }
        if matches!(hold, Hold::Unused) {
            *hold = self.start_opening()?;
        }
        match hold {
            Hold::Open { engine, last_seq } => Ok(Goal::Engine(engine, last_seq)),
            Hold::Opening(backlog) if backlog.closed.is_none() => Ok(Goal::Backlog(backlog)),
            _ => Err(Error::new(Code::Closed, "the store was closed")),
        }
    }

    fn start_opening(self: &Arc<Self>) -> Result<Hold> {
        // On this thread: the process may end before another gets to it.
        exit::register();
        if self.options.memory {
            // There is no file to wait for.
            return Ok(Hold::Open { engine: (self.open)()?, last_seq: 0 });
        }
        let link = Arc::clone(self);
        let task = Box::new(move || link.finish_opening());
        opening::start(&self.options.path, self.options.exit_timeout(), task)?;
        Ok(Hold::Opening(Backlog::default()))
    }

    fn finish_opening(&self) {
        let opened = catch_unwind(AssertUnwindSafe(|| (self.open)()));
        let opened = opened
            .unwrap_or_else(|_| Err(Error::internal("opening the store failed inside tracestore; please report it")));
        let mut hold = self.hold.lock();
        let Hold::Opening(backlog) = std::mem::replace(&mut *hold, Hold::Unused) else { return };
        match opened {
            Ok(engine) => self.hand_over(&mut hold, engine, backlog),
            Err(error) => {
                if backlog.closed.is_some() {
                    *hold = Hold::Closed;
                }
                // Without the lock: who hears of it may ask again at once.
                drop(hold);
                backlog.refuse(&error, &self.settlements);
            }
        }
        self.opened.notify_all();
    }

    fn hand_over(&self, hold: &mut Hold, engine: Arc<Engine>, backlog: Backlog) {
        let mut last_seq = 0;
        engine.count_dropped(backlog.dropped);
        for waiting in backlog.waiting {
            match waiting {
                Waiting::Write { ticket, encoded } => {
                    last_seq = engine.queue.push_accepted(ticket, &self.settlements, encoded);
                }
                Waiting::Read(query, reply) => engine.read(&self.asker, query, last_seq, reply),
                Waiting::Job(job, order) => engine.start_job(&self.asker, job, last_seq, order),
            }
        }
        match backlog.closed {
            Some(done) => {
                *hold = Hold::Closed;
                release(&engine, done);
            }
            None => *hold = Hold::Open { engine, last_seq },
        }
    }
}

fn release(engine: &Arc<Engine>, done: Closed) {
    let lost = Arc::clone(engine);
    registry::release(engine, Box::new(move || done(lost.take_lost())));
}
