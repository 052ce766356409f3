//! Lets a store check itself: after whatever a test did to it, nothing may be wrong.

use super::sqlite;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracestore::error::Result;
use tracestore::model::job::{Progress, Report};
use tracestore::model::{Job, Outcome};
use tracestore::store::backend::{Backend, JobListener};

/// Fails if the store at `path` has a problem.
pub fn balance(path: &Path) {
    let report = verify(&sqlite(Some(path))).unwrap();
    assert_eq!(report.problems, [], "{} problems", report.problem_count);
}

/// What a new reader finds; whatever that is, it must have told how far it was.
pub fn verify(backend: &Arc<dyn Backend>) -> Result<Report> {
    verify_told(backend).map(|(report, _)| report)
}

/// As `verify`, with all that was told on the way.
pub fn verify_told(backend: &Arc<dyn Backend>) -> Result<(Report, Vec<Progress>)> {
    let listener = Arc::new(Listener::default());
    let patient: Arc<dyn JobListener> = Arc::clone(&listener) as _;
    let report = report(backend.open_reader()?.perform(&Job::Verify, &patient))?;
    let told = listener.0.lock().unwrap().clone();
    for step in told.windows(2) {
        assert!(step[0].done <= step[1].done && step[0].total <= step[1].total, "goes back: {step:?}");
    }
    let (end, before) = told.split_last().unwrap();
    assert_eq!(end.done, end.total, "ends before its end");
    assert!(before.iter().all(|step| step.done < step.total), "is at its end before that: {before:?}");
    Ok((report, told))
}

/// The report in an outcome.
pub fn report(outcome: Result<Outcome>) -> Result<Report> {
    match outcome? {
        Outcome::Verify(report) => Ok(report),
        Outcome::Backup(_) => panic!("another job's outcome"),
    }
}

/// Somebody who remembers what was told.
#[derive(Default)]
struct Listener(Mutex<Vec<Progress>>);

impl JobListener for Listener {
    fn progress(&self, progress: Progress) {
        self.0.lock().unwrap().push(progress);
    }
    fn is_over(&self) -> bool {
        false
    }
}

/// Somebody who waits for the end.
pub fn patient() -> Arc<dyn JobListener> {
    Arc::<Listener>::default()
}
