//! The jobs of one engine: each on a thread and a connection of its own, so that it holds up no read.

use super::backend::{Backend, JobListener};
use super::running_job::RunningJob;
use crate::error::{Code, Error, Result};
use crate::model::{Job, Outcome};
use parking_lot::{Condvar, Mutex};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// The jobs that run, and whether more may begin.
pub struct Jobs {
    backend: Arc<dyn Backend>,
    list: Arc<JobList>,
}

#[derive(Default)]
struct Running {
    running: Vec<Arc<RunningJob>>,
    closed: bool,
}

#[derive(Default)]
struct JobList {
    state: Mutex<Running>,
    changed: Condvar,
}

impl Jobs {
    /// Jobs on this backend; no thread starts yet.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, list: Arc::default() }
    }

    /// Does a job on a thread of its own.
    pub fn start(&self, job: Job, order: &Arc<RunningJob>) {
        let (backend, list) = (Arc::clone(&self.backend), Arc::clone(&self.list));
        if !self.list.enter(order) {
            return order.refuse();
        }
        let own = Arc::clone(order);
        let run = move || {
            let outcome = perform(backend.as_ref(), &job, &own);
            // The connection is closed: whoever waits for that may go on.
            list.leave(&own);
            own.finish(outcome);
        };
        if let Err(error) = thread::Builder::new().name("tracestore-job".to_owned()).spawn(run) {
            self.list.leave(order);
            order.finish(Err(Error::new(Code::Io, format!("can't start a thread for it: {error}"))));
        }
    }

    /// Does a job with `perform` on this thread: on the only connection there is.
    pub fn run(&self, order: &Arc<RunningJob>, perform: impl FnOnce(&Arc<dyn JobListener>) -> Result<Outcome>) {
        if !self.list.enter(order) {
            return order.refuse();
        }
        let listener: Arc<dyn JobListener> = Arc::clone(order) as _;
        let outcome = perform(&listener);
        self.list.leave(order);
        order.finish(outcome);
    }

    /// Ends all jobs that run; returns when their connections are closed, or at the deadline.
    pub fn cancel(&self, deadline: Instant) {
        let mut state = self.list.state.lock();
        for job in &state.running {
            job.cancel();
        }
        self.list.changed.wait_while_until(&mut state, |state| !state.running.is_empty(), deadline);
    }

    /// Ends all jobs, and takes no more; returns when their connections are closed, or at the deadline.
    pub fn close(&self, deadline: Option<Instant>) {
        let mut state = self.list.state.lock();
        state.closed = true;
        for order in &state.running {
            order.cancel();
        }
        match deadline {
            Some(deadline) => {
                self.list.changed.wait_while_until(&mut state, |state| !state.running.is_empty(), deadline);
            }
            None => self.list.changed.wait_while(&mut state, |state| !state.running.is_empty()),
        }
    }
}

impl JobList {
    /// False once the jobs are closed: nobody would wait for this one.
    fn enter(&self, order: &Arc<RunningJob>) -> bool {
        let mut state = self.state.lock();
        if !state.closed {
            state.running.push(Arc::clone(order));
        }
        !state.closed
    }

    fn leave(&self, order: &Arc<RunningJob>) {
        self.state.lock().running.retain(|running| !Arc::ptr_eq(running, order));
        self.changed.notify_all();
    }
}

/// On a connection that is gone when it returns.
fn perform(backend: &dyn Backend, job: &Job, order: &Arc<RunningJob>) -> Result<Outcome> {
    let listener: Arc<dyn JobListener> = Arc::clone(order) as _;
    let done = catch_unwind(AssertUnwindSafe(|| {
        let check = || backend.check_place().and_then(|()| backend.check_handles());
        check()?;
        let outcome = backend.open_reader().and_then(|mut reader| {
            let outcome = reader.perform(job, &listener);
            // What was true of a file whose log was taken away meanwhile says nothing of it now.
            check().and(outcome)
        });
        outcome.map_err(|error| check().err().unwrap_or(error)).or_else(|error| job.failed(error))
    }));
    done.unwrap_or_else(|_| Err(Error::internal("a job failed inside tracestore; please report it")))
}
