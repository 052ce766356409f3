//! Lets a store check itself: after whatever a test did to it, nothing may be wrong.

use super::sqlite;
use std::path::Path;
use std::sync::Arc;
use tracestore::error::Result;
use tracestore::model::job::{Progress, Report};
use tracestore::model::{Job, Outcome};
use tracestore::store::backend::{Backend, Watch};

/// Fails if the store at `path` has a problem.
pub fn balance(path: &Path) {
    let report = verify(&sqlite(Some(path))).unwrap();
    assert_eq!(report.problems, [], "{} problems", report.problem_count);
}

/// What a new reader finds.
pub fn verify(backend: &Arc<dyn Backend>) -> Result<Report> {
    report(backend.open_reader()?.perform(&Job::Verify, &patient()))
}

/// The report in an outcome.
pub fn report(outcome: Result<Outcome>) -> Result<Report> {
    match outcome? {
        Outcome::Verify(report) => Ok(report),
        Outcome::Backup(_) => panic!("another job's outcome"),
    }
}

/// Somebody who waits for the end.
pub fn patient() -> Arc<dyn Watch> {
    struct Patient;
    impl Watch for Patient {
        fn progress(&self, _: Progress) {}
        fn is_over(&self) -> bool {
            false
        }
    }
    Arc::new(Patient)
}
