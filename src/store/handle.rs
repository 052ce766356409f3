//! One instance's hold of an engine: opened at the first use, again after a failure, given up at the end.

use super::engine::Engine;
use super::queue::Reply;
use super::registry;
use super::running_job::RunningJob;
use super::settlement::{Settled, Settlements, Waiter};
use super::turns::Asker;
use crate::error::{Code, Error, Result};
use crate::model::{Job, Query};
use crate::wire::frame;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// Finds or starts the engine.
pub type Open = Box<dyn Fn() -> Result<Arc<Engine>> + Send + Sync>;

/// Used by one JavaScript thread; the engine answers on its own threads.
pub struct Handle {
    open: Open,
    state: Mutex<Hold>,
    settlements: Arc<Settlements>,
    asker: Arc<Asker>,
    next_ticket: AtomicU64,
    /// The jobs of this instance, which end with it.
    orders: Mutex<Vec<Weak<RunningJob>>>,
}

enum Hold {
    Unused,
    Open {
        engine: Arc<Engine>,
        /// The last batch of this instance, for reads to wait for.
        last_seq: u64,
    },
    Closed,
}

impl Handle {
    /// A handle that opens nothing yet.
    pub fn new(open: Open) -> Self {
        Self {
            open,
            state: Mutex::new(Hold::Unused),
            settlements: Arc::default(),
            asker: Arc::default(),
            next_ticket: AtomicU64::new(1),
            orders: Mutex::default(),
        }
    }

    /// Hands a batch over and returns its ticket; whatever goes wrong comes with the settlement.
    pub fn write(&self, frames: &[u8]) -> u64 {
        let ticket = self.next_ticket.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state.lock();
        let operations = frame::frames(frames).count();
        let pushed = self.engine(&mut state).and_then(|(engine, last_seq)| {
            let seq = engine.queue.push_batch(&engine.options, ticket, &self.settlements, frames);
            match &seq {
                Ok(Some(seq)) => *last_seq = *seq,
                Ok(None) => engine.count_dropped(operations),
                Err(error) => engine.count_failed(operations, error),
            }
            seq
        });
        drop(state);
        match pushed {
            Ok(Some(_)) => {}
            Ok(None) => self.settlements.settle(ticket, Settled::default()),
            Err(error) => self.settlements.settle(ticket, Settled::failed(error)),
        }
        ticket
    }

    /// Hands over what an ending environment left in its buffer, whatever the bound says.
    pub fn accept(&self, frames: &[u8]) {
        let mut state = self.state.lock();
        if let Ok((engine, last_seq)) = self.engine(&mut state) {
            *last_seq = engine.queue.push_accepted(0, &self.settlements, frames);
        }
    }

    /// Calls `waiter` as soon as a batch is settled.
    pub fn wait_settled(&self, waiter: Waiter) {
        self.settlements.wait(waiter);
    }

    /// What is settled so far, as JSON text.
    pub fn poll_settled(&self) -> String {
        self.settlements.poll()
    }

    /// Answers a query after this instance's earlier writes.
    pub fn read(&self, query: Query, reply: Reply) {
        let mut state = self.state.lock();
        match self.engine(&mut state) {
            Ok((engine, last_seq)) => {
                let (engine, after) = (Arc::clone(engine), *last_seq);
                drop(state);
                engine.read(&self.asker, query, after, reply);
            }
            Err(error) => {
                drop(state);
                reply(Err(error));
            }
        }
    }

    /// Begins a job after this instance's earlier writes; whatever goes wrong is its outcome.
    pub fn start_job(&self, job: Job) -> Arc<RunningJob> {
        let order = Arc::<RunningJob>::default();
        let mut state = self.state.lock();
        match self.engine(&mut state) {
            Ok((engine, last_seq)) => {
                let (engine, after) = (Arc::clone(engine), *last_seq);
                drop(state);
                let mut orders = self.orders.lock();
                orders.retain(|order| order.strong_count() > 0);
                orders.push(Arc::downgrade(&order));
                engine.start_job(&self.asker, job, after, Arc::clone(&order));
            }
            Err(error) => order.finish(Err(error)),
        }
        order
    }

    /// Commits what was handed over, on the calling thread; false if `timeout` was too short.
    pub fn drain(&self, timeout: Duration) -> bool {
        // The environment ends; one of them may hold the only connection.
        self.cancel_jobs();
        let state = self.state.lock();
        let Hold::Open { engine, .. } = &*state else { return true };
        let engine = Arc::clone(engine);
        drop(state);
        engine.drain(Instant::now() + timeout)
    }

    /// Gives the engine up and calls `done` when this instance's writes are committed and, if it was the last instance,
    /// the file's handles are gone.
    ///
    /// `done` hears what was acknowledged and is lost.
    pub fn close(&self, done: Box<dyn FnOnce(Option<Error>) + Send>) {
        self.cancel_jobs();
        let Hold::Open { engine, .. } = std::mem::replace(&mut *self.state.lock(), Hold::Closed) else {
            return done(None);
        };
        let lost = Arc::clone(&engine);
        registry::release(&engine, Box::new(move || done(lost.take_lost())));
    }

    /// As `close`, for an environment that has ended: what it asked and nobody has begun to read is refused.
    pub fn abandon(&self) {
        self.asker.leave();
        self.close(Box::new(|_| {}));
    }

    /// Asks the jobs of this instance to end.
    pub fn cancel_jobs(&self) {
        for order in self.orders.lock().iter().filter_map(Weak::upgrade) {
            order.cancel();
        }
    }

    /// The engine, opened if this is the first use or if the file was replaced since.
    fn engine<'a>(&self, state: &'a mut Hold) -> Result<(&'a Arc<Engine>, &'a mut u64)> {
        if let Hold::Open { engine, .. } = state
            && engine.is_replaced()
        {
            engine.leave();
            registry::release(engine, Box::new(|| {}));
            *state = Hold::Unused;
        }
        if matches!(state, Hold::Unused) {
            *state = Hold::Open { engine: (self.open)()?, last_seq: 0 };
        }
        match state {
            Hold::Open { engine, last_seq } => Ok((engine, last_seq)),
            _ => Err(Error::new(Code::Closed, "the store was closed")),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close(Box::new(|_| {}));
    }
}
