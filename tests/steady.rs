//! Jobs and reads of a viewer beside others that open the file, change it and close it again and again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::operations::{span, start};
use support::{options, sqlite, write};
use tracestore::error::{Code, Result};
use tracestore::model::job::Progress;
use tracestore::model::{Job, Outcome};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, JobListener};
use tracestore::store::options::Options;

const PATIENCE: Duration = Duration::from_secs(5);
/// Far more than a job may begin anew.
const ENDLESS: usize = 100;

/// Changes the file each time that it hears of a job's progress, `changes` times.
struct Disturber {
    path: PathBuf,
    changes: usize,
    told: Mutex<Vec<Progress>>,
    is_over: AtomicBool,
}

impl Disturber {
    fn new(path: &Path, changes: usize) -> Arc<Self> {
        Arc::new(Self { path: path.to_owned(), changes, told: Mutex::default(), is_over: AtomicBool::new(false) })
    }
}

impl JobListener for Disturber {
    fn progress(&self, progress: Progress) {
        let mut told = self.told.lock().unwrap();
        assert!(told.len() < ENDLESS + self.changes, "it never ends");
        told.push(progress);
        if told.len() <= self.changes {
            let text = "x".repeat(5000 * told.len());
            let ops = [span("t", &format!("more {}", told.len()), 1, &json!(text))];
            write(sqlite(Some(&self.path)).open_writer(PATIENCE).unwrap().as_mut(), &ops);
        }
    }
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

/// A closed store with spans for some steps of each job.
fn store(folder: &Path) -> PathBuf {
    let path = folder.join("traces.db");
    let mut ops = vec![start("t", 1)];
    ops.extend(
        (0..100).map(|n| span("t", &format!("s{n}"), 1, &json!({"n": n, "text": format!("{n} ").repeat(8000)}))),
    );
    write(sqlite(Some(&path)).open_writer(PATIENCE).unwrap().as_mut(), &ops);
    path
}

fn perform(path: &Path, job: &Job, disturber: &Arc<Disturber>) -> Result<Outcome> {
    let options = Options { readonly: true, ..options(Some(path)) };
    let file = SqliteBackend::prepare(&options).unwrap();
    let listener: Arc<dyn JobListener> = Arc::clone(disturber) as _;
    SqliteBackend::new(options, file).open_reader().unwrap().perform(job, &listener)
}

fn jobs(folder: &Path) -> [Job; 2] {
    [Job::Verify, Job::Backup { path: folder.join("copy.db") }]
}

#[test]
fn a_job_that_is_disturbed_again_and_again_ends_as_busy() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    for job in jobs(folder.path()) {
        let disturber = Disturber::new(&path, ENDLESS);
        let error = perform(&path, &job, &disturber).unwrap_err();
        assert_eq!(error.code, Code::Busy, "{error}");
        rises(&disturber.told.lock().unwrap());
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["traces.db"]);
}

#[test]
fn a_job_that_is_disturbed_a_few_times_is_done_and_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    for job in jobs(folder.path()) {
        let disturber = Disturber::new(&path, 2);
        perform(&path, &job, &disturber).unwrap();
        let told = disturber.told.lock().unwrap();
        rises(&told);
        let (end, before) = told.split_last().unwrap();
        assert_eq!(end.done, end.total);
        assert!(before.iter().all(|step| step.done < step.total), "{told:?}");
    }
}

#[test]
fn a_job_that_is_given_up_begins_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    for job in jobs(folder.path()) {
        let disturber = Disturber::new(&path, ENDLESS);
        disturber.is_over.store(true, Ordering::Relaxed);
        assert!(perform(&path, &job, &disturber).is_err());
        assert!(disturber.told.lock().unwrap().len() <= 1);
    }
}

fn rises(told: &[Progress]) {
    for step in told.windows(2) {
        assert!(step[0].done <= step[1].done && step[0].total <= step[1].total, "{told:?}");
    }
}
