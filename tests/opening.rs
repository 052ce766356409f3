//! Several that open one file at the same time wait for each other, whatever state the file is in.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use support::operations::start;
use tempfile::TempDir;
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, Writer};
use tracestore::store::options::{Locking, Options};

/// Much longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// In memory where there is such a place: nothing here is about flushes.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// As another process: an instance of its own on the file.
fn opened(path: &Path, locking: Locking) -> Box<dyn Writer> {
    let options = Options { locking, ..support::options(Some(path)) };
    let file = SqliteBackend::prepare(&options).unwrap();
    SqliteBackend::new(options, file).open_writer(PATIENCE).unwrap()
}

fn write(writer: &mut dyn Writer, id: &str) {
    support::write(writer, &[start(id, 0)]);
}

fn make_together(locking: Locking, rounds: usize) {
    let folder = folder();
    for round in 0..rounds {
        let path = folder.path().join(format!("{round}.db"));
        // Nobody sees another's descriptor from here on.
        std::fs::write(&path, "").unwrap();
        let together = Barrier::new(8);
        thread::scope(|scope| {
            for name in 0..8 {
                let (path, together) = (&path, &together);
                scope.spawn(move || {
                    together.wait();
                    write(opened(path, locking).as_mut(), &name.to_string());
                });
            }
        });
    }
}

fn come_and_go(path: &Path) {
    thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            scope.spawn(move || {
                for round in 0..15 {
                    let mut writer = opened(path, Locking::Shared);
                    write(writer.as_mut(), &format!("{name} {round}"));
                    writer.close();
                }
            });
        }
    });
}

#[test]
fn those_that_make_a_file_together_all_write_to_it() {
    make_together(Locking::Shared, 60);
}

#[test]
fn those_that_want_a_new_file_for_themselves_take_turns() {
    make_together(Locking::Exclusive, 20);
}

#[test]
fn those_that_come_and_go_all_write_where_nobody_stays() {
    come_and_go(&folder().path().join("traces.db"));
}

#[test]
fn those_that_come_and_go_all_write_beside_one_that_stays() {
    let folder = folder();
    let path = folder.path().join("traces.db");
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = opened(&path, Locking::Shared);
            let ids = (0..).map(|n| format!("stays {n}"));
            for id in ids.take_while(|_| !over.load(Ordering::Relaxed)) {
                write(writer.as_mut(), &id);
            }
        });
        let ended = thread::scope(|visitors| visitors.spawn(|| come_and_go(&path)).join());
        over.store(true, Ordering::Relaxed);
        ended.unwrap();
    });
}
