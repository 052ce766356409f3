//! A job on a file that is taken as one that never changes, although somebody may write to it: it ends as soon as that is
//! seen, and whoever ordered it hears of one job, however often it begins anew.

use crate::model::job::Progress;
use crate::sqlite::file::connection::Stamp;
use crate::store::backend::JobListener;
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between two looks at the file: a look costs some microseconds, and a job asks after each row.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Stands between the attempts at a job and the one who ordered it.
pub struct SteadyListener {
    listener: Arc<dyn JobListener>,
    path: PathBuf,
    attempt: Mutex<SteadyAttempt>,
}

#[derive(Default)]
struct SteadyAttempt {
    /// How the file stood when the attempt began; `None` where that is of no matter.
    stamp: Option<Stamp>,
    looked: Option<Instant>,
    has_changed: bool,
    /// The greatest numbers that were told, of all attempts.
    told: Progress,
}

impl SteadyListener {
    /// For a job on the file at `path`.
    pub fn new(listener: &Arc<dyn JobListener>, path: PathBuf) -> Self {
        Self { listener: Arc::clone(listener), path, attempt: Mutex::default() }
    }

    /// The job begins, or begins anew, with the file as it stands.
    pub fn begin(&self, stamp: Option<Stamp>) {
        let mut attempt = self.attempt.lock();
        *attempt = SteadyAttempt { stamp, told: attempt.told, ..SteadyAttempt::default() };
    }

    /// The last attempt counts: tells the end.
    pub fn end(&self) {
        let total = self.attempt.lock().told.total;
        self.listener.progress(Progress { done: total, total });
    }
}

impl JobListener for SteadyListener {
    /// Numbers never get smaller. The end of an attempt is not the job's yet, and is told by `end`.
    fn progress(&self, progress: Progress) {
        let mut attempt = self.attempt.lock();
        let total = progress.total.max(attempt.told.total);
        let done = progress.done.max(attempt.told.done);
        attempt.told.total = total;
        if done < total {
            attempt.told.done = done;
            let told = attempt.told;
            drop(attempt);
            self.listener.progress(told);
        }
    }

    fn is_over(&self) -> bool {
        let mut attempt = self.attempt.lock();
        if let Some(stamp) = attempt.stamp
            && !attempt.has_changed
            && attempt.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY)
        {
            attempt.looked = Some(Instant::now());
            attempt.has_changed = stamp != Stamp::of(&self.path);
        }
        attempt.has_changed || self.listener.is_over()
    }
}
