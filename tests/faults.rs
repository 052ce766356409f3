//! What the file system may do to a store while it works: nothing that was acknowledged is lost, whatever fails says
//! why and leaves nothing behind, and when the faults end the store goes on without being opened anew.
//!
//! Everything is seeded; `TRACESTORE_FAULT_ROUNDS=20` takes twenty times the plans.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

#[path = "support/faults.rs"]
mod faults;
#[path = "support/subject.rs"]
mod subject;

use faults::{Call, Fault, Place, Plan};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rusqlite::ffi;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use subject::Subject;
use support::operations::{any_write, large_spans, span_text};
use tracestore::error::Code;
use tracestore::store::options::Durability;

/// Kinds of calls that fail, and how.
const FAMILIES: &[(&[Call], &[Place], Fault)] = &[
    (&[Call::Write], &[Place::Log], Fault::Code(ffi::SQLITE_IOERR_WRITE)),
    (&[Call::Write], &[Place::Log], Fault::Code(ffi::SQLITE_FULL)),
    (&[Call::Write], &[Place::Log], Fault::Half),
    (&[Call::Write], &[Place::Database], Fault::Code(ffi::SQLITE_IOERR_WRITE)),
    (&[Call::Write], &[Place::Database], Fault::Half),
    (&[Call::Write], &[Place::Database, Place::Log, Place::Journal], Fault::Code(ffi::SQLITE_FULL)),
    (&[Call::Sync], &[Place::Database, Place::Log, Place::Journal], Fault::Code(ffi::SQLITE_IOERR_FSYNC)),
    (&[Call::Read], &[Place::Log], Fault::Code(ffi::SQLITE_IOERR_READ)),
    (&[Call::Read], &[Place::Database], Fault::Code(ffi::SQLITE_IOERR_READ)),
    (&[Call::Truncate], &[Place::Database, Place::Log], Fault::Code(ffi::SQLITE_IOERR_TRUNCATE)),
    (&[Call::FileSize], &[Place::Database, Place::Log], Fault::Code(ffi::SQLITE_IOERR_FSTAT)),
    (&[Call::ShmMap], &[Place::Database], Fault::Code(ffi::SQLITE_IOERR_SHMMAP)),
    (&[Call::Open], &[Place::Database, Place::Log, Place::Journal], Fault::Code(ffi::SQLITE_CANTOPEN)),
    (
        &[Call::Open, Call::Read, Call::Write, Call::Sync, Call::Truncate, Call::FileSize, Call::ShmMap],
        &[Place::Database, Place::Log, Place::Journal],
        Fault::Code(ffi::SQLITE_IOERR),
    ),
];

/// Made-up things, the same in each run.
struct Source(TestRunner);

impl Source {
    fn new(seed: usize) -> Self {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&(seed as u64).to_le_bytes());
        Self(TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)))
    }

    fn draw<T: std::fmt::Debug>(&mut self, strategy: impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).unwrap().current()
    }

    fn batch(&mut self) -> Vec<(u8, Value)> {
        self.draw(prop::collection::vec(any_write(), 1..8))
    }

    /// A plan of a family; most strike soon, some at every call from then on.
    fn plan(&mut self, family: usize) -> Plan {
        let (calls, places, fault) = FAMILIES[family % FAMILIES.len()];
        let spared = self.draw(prop_oneof![3 => 0_usize..6, 1 => 6_usize..60]);
        let struck = self.draw(prop_oneof![Just(1_usize), 2..6_usize, Just(40), Just(usize::MAX)]);
        Plan { calls: calls.to_vec(), places: places.to_vec(), spared, struck, fault }
    }
}

fn times(rounds: usize) -> usize {
    let factor = std::env::var("TRACESTORE_FAULT_ROUNDS").ok().and_then(|factor| factor.parse().ok());
    rounds * factor.unwrap_or(1)
}

/// Faults of every family strike a store in use, at its opening, and at its end.
#[test]
fn random_writes_under_random_faults() {
    let mut failed: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut struck = 0;
    let plans = times(FAMILIES.len() * 24);
    for seed in 0..plans {
        let mut source = Source::new(seed);
        let durability = if seed.is_multiple_of(3) { Durability::Power } else { Durability::Process };
        let mut subject = Subject::new(&format!("seed {seed}"), durability);
        // Every third plan strikes the opening itself.
        if !(seed / FAMILIES.len()).is_multiple_of(3) {
            subject.write_all(&source.batch());
            subject.check();
        }
        for spell in 0..2 {
            subject.faults.arm(source.plan(seed + spell));
            for _ in 0..3 {
                subject.write(&source.batch());
                subject.ask_under_faults(&mut failed);
            }
            struck += subject.faults.disarm();
            subject.write_all(&source.batch());
            subject.check();
        }
        // The end, at which the log is copied into the file, and the next beginning.
        subject.faults.arm(source.plan(seed));
        subject.close();
        struck += subject.faults.disarm();
        subject.reopen();
        subject.write_all(&source.batch());
        for (code, times) in subject.finish() {
            *failed.entry(code).or_default() += times;
        }
    }
    println!("{plans} plans, {struck} faults, failures {failed:?}");
    assert!(failed["IO"] > plans / 4 && failed["FULL"] > plans / 40, "the faults hit something: {failed:?}");
}

/// One fault at each call, one after the other, of the making of a file.
#[test]
fn a_fault_at_each_step_of_making_a_file() {
    for family in [0, 3, 5, 6, 8, 10, 11, 12] {
        let (calls, places, fault) = FAMILIES[family];
        for spared in 0.. {
            let mut subject = Subject::new(&format!("family {family}, call {spared}"), Durability::Power);
            subject.faults.arm(Plan { calls: calls.to_vec(), places: places.to_vec(), spared, struck: 1, fault });
            let mut source = Source::new(spared);
            subject.write(&source.batch());
            let struck = subject.faults.disarm();
            subject.write_all(&source.batch());
            subject.finish();
            if struck == 0 {
                assert!(spared > 0, "family {family} never struck");
                break;
            }
        }
    }
}

/// Somebody else holds a lock for a moment, at each step of the making of a file: the store waits.
#[test]
fn a_lock_that_another_holds_at_each_step_of_making_a_file() {
    for call in [Call::Lock, Call::ShmLock] {
        for spared in 0.. {
            let mut subject = Subject::new(&format!("{call:?} {spared}"), Durability::Process);
            let fault = Fault::Code(ffi::SQLITE_BUSY);
            subject.faults.arm(Plan { calls: vec![call], places: vec![Place::Database], spared, struck: 1, fault });
            subject.write_all(&Source::new(spared).batch());
            let struck = subject.faults.disarm();
            subject.finish();
            if struck == 0 {
                assert!(spared > 0, "{call:?} never struck");
                break;
            }
        }
    }
}

/// The copying of the log into the file fails at any place; the log keeps what it has.
#[test]
fn faults_while_the_log_is_copied_into_the_file() {
    let mut struck = 0;
    for round in 0..times(6) {
        let (calls, _, fault) = FAMILIES[[3, 4, 5, 6, 8, 9][round % 6]];
        let mut subject = Subject::new(&format!("round {round}"), Durability::Process);
        let small = |n: u8| [(3, span_text("trace1", &format!("s{n}"), n, &json!(n)))];
        subject.write_all(&small(0));
        let spared = if calls == [Call::Write] { round * 137 % 900 } else { 0 };
        subject.faults.arm(Plan {
            calls: calls.to_vec(),
            places: vec![Place::Database],
            spared,
            struck: 1 + round,
            fault,
        });
        // The second finds a log that is still long.
        subject.write(&large_spans(6));
        subject.write(&small(1));
        struck += subject.faults.disarm();
        subject.write_all(&small(2));
        subject.finish();
    }
    assert!(struck > 0);
}

#[test]
fn a_full_disk_that_gets_space_back() {
    let mut subject = Subject::new("full", Durability::Process);
    let mut source = Source::new(1);
    subject.write_all(&source.batch());
    let everywhere = vec![Place::Database, Place::Log, Place::Journal];
    let fault = Fault::Code(ffi::SQLITE_FULL);
    subject.faults.arm(Plan { calls: vec![Call::Write], places: everywhere, spared: 0, struck: usize::MAX, fault });
    for n in 0..5 {
        let failures = subject.write(&[(3, span_text("trace0", &format!("s{n}"), 1, &json!(n)))]);
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].0, Code::Full);
        assert!(failures[0].1.contains("the disk is full; free space and the store goes on"), "{}", failures[0].1);
        subject.check();
    }
    assert!(subject.faults.disarm() >= 5);
    subject.write_all(&[(3, span_text("trace0", "s9", 1, &json!(9)))]);
    subject.check();
    subject.finish();
}

#[test]
fn a_folder_that_becomes_read_only() {
    let mut subject = Subject::new("folder", Durability::Process);
    let mut source = Source::new(2);
    subject.write_all(&source.batch());
    subject.close();
    // Files that are there can be read, and nothing new can be made.
    let places = vec![Place::Log, Place::Journal];
    let fault = Fault::Code(ffi::SQLITE_CANTOPEN);
    subject.faults.arm(Plan { calls: vec![Call::Open], places, spared: 0, struck: usize::MAX, fault });
    subject.reopen();
    let failures = subject.write(&source.batch());
    assert!(!failures.is_empty() && failures.iter().all(|(code, _)| *code == Code::Io), "{failures:?}");
    assert!(failures[0].1.contains("traces.db: the file can't be opened; check"), "{}", failures[0].1);
    assert!(subject.faults.disarm() > 0);
    subject.write_all(&source.batch());
    subject.check();
    subject.finish();
}

#[test]
fn a_file_system_that_becomes_read_only() {
    let mut subject = Subject::new("file system", Durability::Process);
    let mut source = Source::new(3);
    subject.write_all(&source.batch());
    let everywhere = vec![Place::Database, Place::Log, Place::Journal];
    let calls = vec![Call::Write, Call::Truncate];
    let fault = Fault::Code(ffi::SQLITE_READONLY);
    subject.faults.arm(Plan { calls, places: everywhere, spared: 0, struck: usize::MAX, fault });
    let failures = subject.write(&[(3, span_text("trace0", "s1", 1, &json!(1)))]);
    assert_eq!(failures[0].0, Code::Io);
    assert!(failures[0].1.contains("the file or its folder is read-only"), "{}", failures[0].1);
    subject.check();
    subject.faults.disarm();
    subject.write_all(&[(3, span_text("trace0", "s1", 1, &json!(1)))]);
    subject.finish();
}
