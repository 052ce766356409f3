//! What the file system may do to a store, or to the new file, while a backup is made: the backup fails and says why,
//! nothing is left of it, the store goes on, and the next backup is whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

#[path = "support/faults.rs"]
mod faults;
#[path = "support/subject.rs"]
mod subject;
#[cfg(target_os = "linux")]
#[path = "support/system.rs"]
mod system;

use faults::{Call, Fault, Faults, Place, Plan};
use rusqlite::ffi;
use serde_json::json;
use std::ffi::c_int;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use subject::Subject;
use support::operations::{large_spans, span_text};
use tempfile::TempDir;
use tracestore::error::{Code, Error};
use tracestore::model::{Job, Outcome};
use tracestore::store::options::{Durability, Locking};

/// Calls that fail, what comes of them, and what the error says.
struct Family {
    call: Call,
    place: Place,
    fault: Fault,
    code: Code,
    cause: &'static str,
}

const fn family(call: Call, place: Place, fault: c_int, code: Code, cause: &'static str) -> Family {
    Family { call, place, fault: Fault::Code(fault), code, cause }
}

const FULL: &str = "the disk is full; free space and the store goes on";
const FAILED: &str = "the file system failed";
const NOT_OPENED: &str = "the file can't be opened";

/// Of the new file.
const TARGET: &[Family] = &[
    family(Call::Open, Place::Database, ffi::SQLITE_CANTOPEN, Code::Io, NOT_OPENED),
    family(Call::Write, Place::Database, ffi::SQLITE_FULL, Code::Full, FULL),
    family(Call::Write, Place::Database, ffi::SQLITE_IOERR_WRITE, Code::Io, FAILED),
    Family { call: Call::Write, place: Place::Database, fault: Fault::Half, code: Code::Full, cause: FULL },
    family(Call::Read, Place::Database, ffi::SQLITE_IOERR_READ, Code::Io, FAILED),
    family(Call::FileSize, Place::Database, ffi::SQLITE_IOERR_FSTAT, Code::Io, FAILED),
    family(Call::Lock, Place::Database, ffi::SQLITE_IOERR_LOCK, Code::Io, FAILED),
];

/// Of the store, by the connection that the backup opens.
const SOURCE: &[Family] = &[
    family(Call::Open, Place::Database, ffi::SQLITE_CANTOPEN, Code::Io, NOT_OPENED),
    family(Call::Read, Place::Database, ffi::SQLITE_IOERR_READ, Code::Io, FAILED),
    family(Call::Read, Place::Log, ffi::SQLITE_IOERR_READ, Code::Io, FAILED),
    family(Call::FileSize, Place::Database, ffi::SQLITE_IOERR_FSTAT, Code::Io, FAILED),
    family(Call::Lock, Place::Database, ffi::SQLITE_IOERR_LOCK, Code::Io, FAILED),
    family(Call::ShmLock, Place::Database, ffi::SQLITE_IOERR_SHMLOCK, Code::Io, FAILED),
];

/// Whose file system fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Target,
}

/// A store and the folder that its backups go to.
struct Scene {
    subject: Subject,
    folder: TempDir,
    target_faults: Arc<Faults>,
    written: usize,
}

impl Scene {
    /// Of a store with something in its file, and something in its log.
    fn new(mut subject: Subject, file_too: bool) -> Self {
        let folder = subject::new_folder();
        let target_faults = faults::watch(folder.path());
        let texts: Vec<_> = (0..20)
            .map(|n| (3, span_text("trace0", &format!("s{n}"), n, &json!(format!("{n} ").repeat(900)))))
            .collect();
        subject.write_all(&texts);
        if file_too {
            subject.close();
            subject.reopen();
        }
        let mut scene = Self { subject, folder, target_faults, written: 0 };
        scene.write();
        // After the first commit its connection looks for chores, and reads what it has not read before: a fault would
        // strike that, and nobody is told. It is over once the next is acknowledged.
        scene.write();
        scene
    }

    fn write(&mut self) {
        self.written += 1;
        self.subject.write_all(&[(3, span_text("trace1", "s", 1, &json!(self.written)))]);
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("copy.db")
    }

    fn back_up(&self) -> Result<Outcome, Error> {
        self.subject.perform(Job::Backup { path: self.target() })
    }

    fn left(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// A backup while calls fail: it must fail too, and leave nothing. False if no call was struck.
    fn strike(&self, side: Side, family: &Family, spared: usize, struck: usize) -> bool {
        let Family { call, place, fault, .. } = *family;
        let faults = if side == Side::Source { &self.subject.faults } else { &self.target_faults };
        faults.arm(Plan { calls: vec![call], places: vec![place], spared, struck, fault });
        let outcome = self.back_up();
        let struck = faults.disarm();
        let case = format!("{side:?} {call:?} {place:?} {fault:?}, {spared} spared");
        match outcome {
            Ok(_) => {
                // It asks for locks once more when it closes its connection to the store, and is done by then.
                let closing = side == Side::Source && matches!(call, Call::Lock | Call::ShmLock);
                assert!(struck == 0 || closing, "{case}: nobody was told of {struck} faults");
                self.end_copy();
            }
            Err(error) => {
                assert!(struck > 0 && error.code == family.code, "{case}: {error}");
                assert!(error.message.contains(family.cause), "{case}: {error}");
                assert_eq!(self.left(), <[PathBuf; 0]>::default(), "{case}");
            }
        }
        struck > 0
    }

    /// The faults are over: the store goes on, and its next backup is whole.
    fn goes_on(&mut self) {
        self.write();
        self.subject.check();
        self.back_up().unwrap();
        self.end_copy();
    }

    /// Looks at a finished backup and deletes it.
    fn end_copy(&self) {
        assert_eq!(self.left(), [self.target()]);
        self.subject.check_copy(&self.target());
        // Whoever opened it left a log.
        self.left().iter().for_each(|path| fs::remove_file(path).unwrap());
    }

    /// One call after the other fails, alone and with all that follow.
    fn strike_each(&mut self, side: Side, family: &Family) -> usize {
        let mut strikes = 0;
        for struck in [1, usize::MAX] {
            for spared in 0.. {
                if !self.strike(side, family, spared, struck) {
                    break;
                }
                strikes += 1;
                self.goes_on();
            }
        }
        println!("{side:?} {:?} {:?} {:?}: {strikes} times", family.call, family.place, family.fault);
        strikes
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        faults::unwatch(self.folder.path());
    }
}

#[test]
fn any_call_on_the_new_file_fails() {
    for family in TARGET {
        let mut scene = Scene::new(Subject::new("target", Durability::Process), true);
        assert!(scene.strike_each(Side::Target, family) > 0, "{:?} never struck", family.call);
    }
}

#[test]
fn any_call_on_the_store_fails() {
    for family in SOURCE {
        let mut scene = Scene::new(Subject::new("source", Durability::Process), true);
        assert!(scene.strike_each(Side::Source, family) > 0, "{:?} never struck", family.call);
    }
}

/// The connection that writes is the one that is copied: it must outlive what the target does to it.
#[test]
fn any_write_fails_where_there_is_one_connection() {
    let exclusive = Subject::with("exclusive", |options| options.locking = Locking::Exclusive);
    let memory = Subject::with("memory", |options| {
        options.memory = true;
        options.path = ":memory:".into();
    });
    for (subject, file_too) in [(exclusive, true), (memory, false)] {
        let mut scene = Scene::new(subject, file_too);
        let full = family(Call::Write, Place::Database, ffi::SQLITE_FULL, Code::Full, FULL);
        assert!(scene.strike_each(Side::Target, &full) > 0);
    }
}

/// More pages than a step has, and than fit into the memory of the connection that writes them.
#[test]
fn a_copy_of_many_steps_fails_in_each_of_them() {
    let mut subject = Subject::new("large", Durability::Process);
    for batch in large_spans(14).chunks(2) {
        subject.write_all(batch);
    }
    let mut scene = Scene::new(subject, true);
    let sampled = |side, call| {
        let families = if side == Side::Target { TARGET } else { SOURCE };
        families
            .iter()
            .filter(move |family| (family.call, family.place) == (call, Place::Database))
            .map(move |family| (side, family))
    };
    for (side, family) in sampled(Side::Target, Call::Write).chain(sampled(Side::Source, Call::Read)) {
        // In each megabyte or two.
        let strikes = (0..100).take_while(|n| scene.strike(side, family, n * 433, 1)).count();
        assert!(strikes > 5, "{strikes} times");
        println!("{side:?} {:?} {:?}: {strikes} times", family.call, family.fault);
    }
    scene.goes_on();
}

/// What comes after the last page: flushing and naming, which SQLite has no part in.
#[cfg(target_os = "linux")]
#[test]
fn any_call_that_finishes_the_file_fails() {
    let mut scene = Scene::new(Subject::new("finish", Durability::Process), true);
    for (code, told, cause) in
        [(libc::EIO, Code::Io, "Input/output error"), (libc::ENOSPC, Code::Full, "No space left on device")]
    {
        for place in [Place::Database, Place::Folder] {
            assert_eq!(scene.strike_each(Side::Target, &family(Call::Flush, place, code, told, cause)), 2, "{place:?}");
        }
    }
}

/// Some file systems don't flush folders: nothing went wrong there.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_can_not_be_flushed() {
    let scene = Scene::new(Subject::new("folder", Durability::Process), true);
    let fault = Fault::Code(libc::EINVAL);
    scene.target_faults.arm(Plan {
        calls: vec![Call::Flush],
        places: vec![Place::Folder],
        spared: 0,
        struck: usize::MAX,
        fault,
    });
    scene.back_up().unwrap();
    assert_eq!(scene.target_faults.disarm(), 1);
    scene.end_copy();
}

/// A file system without links, on which the copy is renamed; and one that then refuses that too.
#[cfg(target_os = "linux")]
#[test]
fn a_copy_that_gets_no_name_by_a_link() {
    let mut scene = Scene::new(Subject::new("links", Durability::Process), true);
    let plan = |calls, code| Plan {
        calls,
        places: vec![Place::Database],
        spared: 0,
        struck: usize::MAX,
        fault: Fault::Code(code),
    };
    scene.target_faults.arm(plan(vec![Call::Link], libc::EPERM));
    scene.back_up().unwrap();
    assert_eq!(scene.target_faults.disarm(), 1);
    scene.end_copy();
    for (code, told) in [(libc::EIO, Code::Io), (libc::ENOSPC, Code::Full)] {
        scene.target_faults.arm(plan(vec![Call::Link, Call::Rename], code));
        let error = scene.back_up().unwrap_err();
        assert_eq!((scene.target_faults.disarm(), error.code), (2, told), "{error}");
        assert!(error.message.contains("rename the finished backup to"), "{error}");
        assert_eq!(scene.left(), <[PathBuf; 0]>::default());
        scene.goes_on();
    }
}
