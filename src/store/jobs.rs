//! The jobs of one engine: each on a thread and a connection of its own, so that it holds up no read.

use super::backend::{Backend, Watch};
use super::order::Order;
use crate::error::{Code, Error, Result};
use crate::model::{Job, Outcome};
use parking_lot::{Condvar, Mutex};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// See the module.
pub struct Jobs {
    backend: Arc<dyn Backend>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    running: Mutex<Vec<Arc<Order>>>,
    changed: Condvar,
}

impl Jobs {
    /// Jobs on this backend; no thread starts yet.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, shared: Arc::default() }
    }

    /// Does a job on a thread of its own.
    pub fn start(&self, job: Job, order: &Arc<Order>) {
        let (backend, shared) = (Arc::clone(&self.backend), Arc::clone(&self.shared));
        self.shared.enter(order);
        let own = Arc::clone(order);
        let run = move || {
            let outcome = perform(backend.as_ref(), &job, &own);
            // The connection is closed: whoever waits for that may go on.
            shared.leave(&own);
            own.finish(outcome);
        };
        if let Err(error) = thread::Builder::new().name("tracestore-job".to_owned()).spawn(run) {
            self.shared.leave(order);
            order.finish(Err(Error::new(Code::Io, format!("can't start a thread for it: {error}"))));
        }
    }

    /// Does a job with `perform` on this thread: on the only connection there is.
    pub fn run(&self, order: &Arc<Order>, perform: impl FnOnce(&Arc<dyn Watch>) -> Result<Outcome>) {
        self.shared.enter(order);
        let watch: Arc<dyn Watch> = Arc::clone(order) as _;
        let outcome = perform(&watch);
        self.shared.leave(order);
        order.finish(outcome);
    }

    /// Ends all jobs; returns when their connections are closed, or at the deadline.
    pub fn close(&self, deadline: Option<Instant>) {
        let mut running = self.shared.running.lock();
        for order in running.iter() {
            order.cancel();
        }
        match deadline {
            Some(deadline) => {
                self.shared.changed.wait_while_until(&mut running, |running| !running.is_empty(), deadline);
            }
            None => self.shared.changed.wait_while(&mut running, |running| !running.is_empty()),
        }
    }
}

impl Shared {
    fn enter(&self, order: &Arc<Order>) {
        self.running.lock().push(Arc::clone(order));
    }

    fn leave(&self, order: &Arc<Order>) {
        self.running.lock().retain(|running| !Arc::ptr_eq(running, order));
        self.changed.notify_all();
    }
}

/// On a connection that is gone when it returns.
fn perform(backend: &dyn Backend, job: &Job, order: &Arc<Order>) -> Result<Outcome> {
    let watch: Arc<dyn Watch> = Arc::clone(order) as _;
    let done = catch_unwind(AssertUnwindSafe(|| {
        backend.check_place()?;
        let outcome = backend.open_reader().and_then(|mut reader| reader.perform(job, &watch));
        outcome.map_err(|error| backend.check_place().err().unwrap_or(error))
    }));
    done.unwrap_or_else(|_| Err(Error::internal("a job failed inside tracestore; please report it")))
}
