//! One job between the instance that ordered it and the thread that does it.

use super::backend::JobListener;
use crate::error::{Code, Error, Result};
use crate::model::Outcome;
use crate::model::job::Progress;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the instance hears: how far the job is, any number of times, and then what came of it.
#[derive(Debug)]
pub enum Step {
    At(Progress),
    Over(Result<Outcome>),
}

/// Called with the next step, on any thread.
pub type StepWaiter = Box<dyn FnOnce(Step) + Send>;

/// A job that was asked for, until its outcome is told.
#[derive(Default)]
pub struct RunningJob {
    state: Mutex<Steps>,
    over: AtomicBool,
}

#[derive(Default)]
struct Steps {
    /// The last one that nobody has heard of; a slow listener misses those before it.
    progress: Option<Progress>,
    outcome: Option<Result<Outcome>>,
    waiter: Option<StepWaiter>,
}

impl RunningJob {
    /// Calls `waiter` with the next step: now, if there is news. One call at a time.
    pub fn next(&self, waiter: StepWaiter) {
        self.change(|state| state.waiter = Some(waiter));
    }

    /// Asks for the end of the job; its outcome comes all the same, and is `CLOSED` unless it was done already.
    pub fn cancel(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Ends a job that never began.
    pub fn refuse(&self) {
        self.change(|state| state.outcome = Some(Err(ended())));
    }

    /// Says what came of the job.
    pub fn finish(&self, outcome: Result<Outcome>) {
        let outcome = if self.is_over() { outcome.map_err(|_| ended()) } else { outcome };
        self.change(|state| state.outcome = Some(outcome));
    }

    fn change(&self, change: impl FnOnce(&mut Steps)) {
        let mut state = self.state.lock();
        change(&mut state);
        let Some(waiter) = state.waiter.take() else { return };
        let step = match state.progress.take() {
            Some(progress) => Some(Step::At(progress)),
            None => state.outcome.take().map(Step::Over),
        };
        match step {
            Some(step) => {
                drop(state);
                waiter(step);
            }
            None => state.waiter = Some(waiter),
        }
    }
}

impl JobListener for RunningJob {
    fn progress(&self, progress: Progress) {
        self.change(|state| state.progress = Some(progress));
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

fn ended() -> Error {
    Error::new(Code::Closed, "the store was closed before it was done")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn next(order: &RunningJob) -> mpsc::Receiver<Step> {
        let (sender, receiver) = mpsc::channel();
        order.next(Box::new(move |step| sender.send(step).unwrap()));
        receiver
    }

    #[test]
    fn the_last_progress_is_told_before_the_outcome() {
        let order = RunningJob::default();
        let first = next(&order);
        assert!(first.try_recv().is_err());
        for done in 1..=3 {
            order.progress(Progress { done, total: 3 });
        }
        order.finish(Err(Error::invalid("x")));
        assert!(matches!(first.try_recv(), Ok(Step::At(Progress { done: 1, .. }))));
        assert!(matches!(next(&order).try_recv(), Ok(Step::At(Progress { done: 3, .. }))));
        assert!(matches!(next(&order).try_recv(), Ok(Step::Over(Err(Error { code: Code::InvalidArgument, .. })))));
    }

    #[test]
    fn a_job_that_was_ended_says_that_and_not_what_broke() {
        let order = RunningJob::default();
        order.cancel();
        order.finish(Err(Error::internal("interrupted")));
        assert!(matches!(next(&order).try_recv(), Ok(Step::Over(Err(Error { code: Code::Closed, .. })))));
    }
}
