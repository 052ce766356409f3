//! The log's writes are joined, and nothing else is different: what is committed is there for everybody, for whoever
//! comes after a kill too, and what could not be written is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

#[path = "support/faults.rs"]
mod faults;
#[path = "support/subject.rs"]
mod subject;

use faults::{Call, Fault, Faults, Place, Plan};
use proptest::prelude::*;
use rusqlite::{Connection, OpenFlags, Result, ffi};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use subject::{Subject, new_folder};
use support::operations::span_text;
use tempfile::TempDir;
use tracestore::error::Code;
use tracestore::sqlite::file::checked;
use tracestore::store::options::Durability;

fn plan(call: Call, place: Place, spared: usize, struck: usize, fault: Fault) -> Plan {
    Plan { calls: vec![call], places: vec![place], spared, struck, fault }
}

/// A span of 11 KB.
fn lone_span(name: &str) -> (u8, serde_json::Value) {
    let numbers: Vec<u32> = (0..1000_u32).map(|n| n.wrapping_mul(2_654_435_769)).collect();
    (3, span_text("trace0", name, 1, &json!([name, numbers])))
}

fn in_use(name: &str, durability: Durability) -> Subject {
    let mut subject = Subject::new(name, durability);
    subject.write_all(&[lone_span("first")]);
    subject
}

#[test]
fn a_lone_commit_is_one_write() {
    for durability in [Durability::Process, Durability::Power] {
        let mut subject = in_use("one write", durability);
        subject.faults.arm(plan(Call::Write, Place::Log, 1, usize::MAX, Fault::Code(ffi::SQLITE_IOERR_WRITE)));
        subject.write_all(&[lone_span("second")]);
        assert_eq!(subject.faults.disarm(), 0, "more than one");
        subject.finish();
    }
}

#[test]
fn a_joined_write_that_fails_takes_nothing_with_it_that_was_acknowledged() {
    for (fault, code) in [
        (Fault::Code(ffi::SQLITE_IOERR_WRITE), Code::Io),
        (Fault::Code(ffi::SQLITE_FULL), Code::Full),
        (Fault::Half, Code::Full),
    ] {
        let mut subject = in_use(&format!("{fault:?}"), Durability::Process);
        subject.faults.arm(plan(Call::Write, Place::Log, 0, usize::MAX, fault));
        let failures = subject.write(&[lone_span("second")]);
        assert_eq!(failures.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code]);
        subject.check();
        assert!(subject.faults.disarm() > 0);
        subject.write_all(&[lone_span("third")]);
        subject.check();
        subject.finish();
    }
}

/// A file through our layer beside a plain one that does the same.
struct Pair {
    folder: TempDir,
    faults: Arc<Faults>,
    ours: Connection,
    plain: Connection,
}

/// What a connection may ask of a file.
#[derive(Debug, Clone)]
enum Step {
    Put {
        id: u8,
        length: u16,
        fill: u8,
    },
    Delete {
        id: u8,
    },
    /// One statement that reads and writes many pages, and is undone alone where it fails.
    Double,
    Savepoint,
    BackToSavepoint,
    Commit,
    Rollback,
    Checkpoint,
}

const COMMITTED: &str = "select group_concat(id || ' ' || hex(body), ',') from (select * from things order by id)";

impl Pair {
    fn new(pragmas: &str) -> Self {
        let folder = new_folder();
        let path = folder.path().join("traces.db");
        let faults = faults::watch(&path);
        let ours = open(&path);
        checked::reserve(&ours).unwrap();
        let plain = Connection::open_in_memory().unwrap();
        for connection in [&ours, &plain] {
            connection.execute_batch(pragmas).unwrap();
            connection.execute_batch("create table things (id integer primary key, body blob not null)").unwrap();
        }
        Self { folder, faults, ours, plain }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("traces.db")
    }

    fn run(&self, step: &Step) {
        for connection in [&self.ours, &self.plain] {
            run(connection, step).unwrap_or_else(|error| panic!("{step:?}: {error}"));
        }
    }

    /// Outside a transaction: what a second connection sees, and what is left when all is killed now.
    fn check(&self, sees_second: bool) {
        let right = content(&self.plain);
        assert_eq!(content(&self.ours), right);
        if sees_second {
            assert_eq!(content(&open(&self.path())), right);
        }
        let copy = self.folder.path().join("copy.db");
        for suffix in ["", "-wal"] {
            // In another process: closing a descriptor here would take our locks along.
            let (from, to) = (named(&self.path(), suffix), named(&copy, suffix));
            assert!(Command::new("cp").args([from, to]).status().unwrap().success());
        }
        let _ = std::fs::remove_file(named(&copy, "-shm"));
        let left = open(&copy);
        assert_eq!(content(&left), right);
        assert_eq!(left.query_row("pragma integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        faults::unwatch(&self.path());
    }
}

fn named(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn open(path: &Path) -> Connection {
    checked::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).unwrap()
}

fn content(connection: &Connection) -> Option<String> {
    connection.query_row(COMMITTED, [], |row| row.get(0)).unwrap()
}

fn run(connection: &Connection, step: &Step) -> Result<()> {
    let in_transaction = !connection.is_autocommit();
    match step {
        Step::Commit | Step::Rollback if !in_transaction => return Ok(()),
        Step::Checkpoint if in_transaction => return Ok(()),
        Step::Checkpoint | Step::Commit | Step::Rollback => {}
        _ if in_transaction => {}
        _ => connection.execute_batch("begin immediate; savepoint before")?,
    }
    match step {
        Step::Put { id, length, fill } => {
            let body = vec![*fill; usize::from(*length)];
            connection.execute("replace into things values (?, ?)", (id, body))?;
        }
        Step::Delete { id } => {
            connection.execute("delete from things where id = ?", [id])?;
        }
        Step::Double => {
            connection.execute("insert into things select id + 50, body from things where id < 50", [])?;
        }
        Step::Savepoint => connection.execute_batch("release before; savepoint before")?,
        Step::BackToSavepoint => connection.execute_batch("rollback to before")?,
        Step::Commit => connection.execute_batch("commit")?,
        Step::Rollback => connection.execute_batch("rollback")?,
        Step::Checkpoint => connection.query_row("pragma wal_checkpoint(restart)", [], |_| Ok(()))?,
    }
    Ok(())
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..40_u8, 0..20_000_u16, any::<u8>()).prop_map(|(id, length, fill)| Step::Put { id, length, fill }),
        2 => (0..40_u8).prop_map(|id| Step::Delete { id }),
        1 => Just(Step::Savepoint),
        1 => Just(Step::BackToSavepoint),
        2 => Just(Step::Commit),
        1 => Just(Step::Rollback),
        1 => Just(Step::Checkpoint),
    ]
}

/// So few pages in memory that transactions spill: frames are written before the end, read back and written again.
const SPILLING: &str = "pragma journal_mode = wal; pragma cache_size = 10; pragma synchronous = normal;";
const SPILLING_AND_FLUSHING: &str = "pragma journal_mode = wal; pragma cache_size = 10; pragma synchronous = full;";
const SPILLING_ALONE: &str = "pragma locking_mode = exclusive; pragma journal_mode = wal; pragma cache_size = 10;";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_transactions_end_as_they_do_without_it(
        pragmas in prop_oneof![
            4 => Just(SPILLING),
            1 => Just(SPILLING_AND_FLUSHING),
            1 => Just(SPILLING_ALONE),
        ],
        steps in prop::collection::vec(any_step(), 1..60),
    ) {
        let pair = Pair::new(pragmas);
        for step in &steps {
            pair.run(step);
            if pair.ours.is_autocommit() {
                pair.check(pragmas != SPILLING_ALONE);
            }
        }
    }
}

fn large(from: u8, fill: u8) -> impl Iterator<Item = Step> {
    (from..from + 20).map(move |id| Step::Put { id, length: 9000, fill })
}

/// Runs what one transaction does until a failure ends it; how many steps failed. One that failed alone is left out.
fn run_while_it_stands(pair: &Pair, steps: impl IntoIterator<Item = Step>) -> usize {
    let mut failed = 0;
    for step in steps {
        if run(&pair.ours, &step).is_ok() {
            run(&pair.plain, &step).unwrap();
            continue;
        }
        failed += 1;
        if pair.ours.is_autocommit() {
            pair.plain.execute_batch("rollback").unwrap();
            break;
        }
    }
    failed
}

/// A transaction that spills fails at any write of the log, whatever SQLite was doing then.
#[test]
fn a_transaction_that_spills_under_faults_leaves_no_gap() {
    for fault in [Fault::Code(ffi::SQLITE_IOERR_WRITE), Fault::Code(ffi::SQLITE_FULL), Fault::Half] {
        for spared in 0.. {
            let pair = Pair::new(SPILLING);
            large(0, 1).chain([Step::Commit]).for_each(|step| pair.run(&step));
            pair.faults.arm(plan(Call::Write, Place::Log, spared, 1, fault));
            let failed = run_while_it_stands(&pair, large(0, 2).chain(large(5, 3)).chain([Step::Commit]));
            assert_eq!(failed, pair.faults.disarm(), "a fault that nobody was told of");
            pair.check(true);
            if failed == 0 {
                assert!(spared > 9, "it spills");
                break;
            }
        }
    }
}

/// A statement meets a full disk because of frames that earlier ones spilled; SQLite undoes that statement alone.
#[test]
fn a_transaction_that_goes_on_after_a_full_disk_has_no_gap() {
    let mut went_on = 0;
    for puts in 4..30 {
        let pair = Pair::new(SPILLING);
        large(0, 1).chain([Step::Commit]).for_each(|step| pair.run(&step));
        large(20, 2).take(puts).for_each(|step| pair.run(&step));
        pair.faults.arm(plan(Call::Write, Place::Log, 0, 1, Fault::Code(ffi::SQLITE_FULL)));
        run_while_it_stands(&pair, [Step::Double]);
        went_on += usize::from(pair.faults.disarm() > 0 && !pair.ours.is_autocommit());
        pair.run(&Step::Commit);
        pair.check(true);
    }
    assert!(went_on > 0, "SQLite gave every transaction up");
}

/// Whoever is alone on a file never lets go of the right to write.
#[test]
fn a_commit_that_failed_is_never_written_later() {
    let pair = Pair::new(SPILLING_ALONE);
    large(0, 1).chain([Step::Commit]).for_each(|step| pair.run(&step));
    pair.faults.arm(plan(Call::Write, Place::Log, 0, 1, Fault::Code(ffi::SQLITE_IOERR_WRITE)));
    run(&pair.ours, &Step::Put { id: 1, length: 10, fill: 9 }).unwrap();
    assert!(run(&pair.ours, &Step::Commit).is_err());
    assert_eq!(pair.faults.disarm(), 1);
    pair.check(false);
}

/// Frames that could not be written until their transaction was rolled back are never written: their place is another's.
#[test]
fn what_a_rolled_back_transaction_held_is_dropped() {
    let pair = Pair::new(SPILLING);
    large(0, 1).chain([Step::Commit]).for_each(|step| pair.run(&step));
    pair.faults.arm(plan(Call::Write, Place::Log, 0, usize::MAX, Fault::Code(ffi::SQLITE_IOERR_WRITE)));
    let failed = large(0, 2).any(|step| run(&pair.ours, &step).is_err());
    assert!(failed && pair.faults.disarm() > 0);
    let _ = pair.ours.execute_batch("rollback");
    let other = open(&pair.path());
    for connection in [&other, &pair.plain] {
        large(3, 4).chain([Step::Commit]).for_each(|step| run(connection, &step).unwrap());
    }
    pair.check(true);
}
