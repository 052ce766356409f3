//! Page checksums and other programs: who may copy, read and copy the log, and who is noticed.
//!
//! Another program is SQLite without our layer, on files that no store has open.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

#[path = "support/damage.rs"]
mod damage;
#[path = "support/specimen.rs"]
mod specimen;

use damage::Ask;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use specimen::{Files, closed, queries, with_log, writes};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::operations::{span, start};
use support::{accounts, options, sqlite, write};
use tempfile::TempDir;
use tracestore::error::{Code, Result};
use tracestore::sqlite::file::checked;

const PAGE: usize = 4096;

struct Store {
    folder: TempDir,
    files: Files,
    right: Vec<Value>,
}

impl Store {
    fn closed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let files = closed(&path);
        let right = all(&path).into_iter().map(Result::unwrap).collect();
        Self { folder, files, right }
    }

    fn with_log() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (files, mut history) = with_log(&folder.path().join("traces.db"), &Ask(queries()));
        Self { folder, files, right: history.pop().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("traces.db")
    }

    /// What the store says after another program did something to its files.
    fn after(&self, act: impl FnOnce(&Connection)) -> Vec<Result<Value>> {
        self.files.write(&self.path());
        let other = Connection::open(self.path()).unwrap();
        act(&other);
        drop(other);
        all(&self.path())
    }

    fn is_whole(&self, path: &Path) {
        for (answer, right) in all(path).into_iter().zip(&self.right) {
            assert_eq!(&answer.unwrap(), right);
        }
    }
}

fn all(path: &Path) -> Vec<Result<Value>> {
    Ask(queries()).all(&options(Some(path)))
}

fn integrity(connection: &Connection) -> String {
    connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap()
}

/// Whether each page of a file carries a checksum.
fn sealed(path: &Path) -> Vec<bool> {
    std::fs::read(path).unwrap().chunks(PAGE).map(|page| page[PAGE - 8..] != [0; 8]).collect()
}

#[test]
fn every_page_of_a_file_has_a_checksum() {
    let store = Store::closed();
    let sealed = sealed(&store.path());
    assert!(sealed.len() > 20 && sealed.iter().all(|sealed| *sealed), "{sealed:?}");
}

#[test]
fn two_pages_that_were_swapped_are_never_a_wrong_answer() {
    let store = Store::closed();
    let pages = store.files.file.len() / PAGE;
    let mut refused = 0;
    for (one, other) in (0..pages).map(|page| (page, (page * 7 + 3) % pages)).filter(|(one, other)| one != other) {
        let mut files = store.files.clone();
        for at in 0..PAGE {
            files.file.swap(one * PAGE + at, other * PAGE + at);
        }
        files.write(&store.path());
        for (answer, right) in all(&store.path()).iter().zip(&store.right) {
            match answer {
                Ok(answer) => assert_eq!(answer, right, "pages {one} and {other}"),
                Err(error) => {
                    assert!(matches!(error.code, Code::Corrupt | Code::Unsupported), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > pages, "{refused}");
}

#[test]
fn a_page_that_another_program_wrote_is_named() {
    let store = Store::closed();
    let answers = store.after(|other| {
        assert!(other.execute("update trace set agent_name = 'other' where id = 2", []).unwrap() > 0);
    });
    let error = answers.into_iter().find_map(Result::err).unwrap();
    assert_eq!(error.code, Code::Corrupt);
    assert!(error.message.contains("traces.db does not match its checksum"), "{error}");
    assert!(error.message.contains("page ") && error.message.contains("written by another program"), "{error}");
    assert!(error.message.contains("restore the file from a backup"), "{error}");
}

#[test]
fn another_program_reads_the_file_and_finds_it_sound() {
    let store = Store::closed();
    store.after(|other| {
        assert_eq!(integrity(other), "ok");
        let traces = "select count(*) from trace where tenant = 0";
        assert_eq!(other.query_row(traces, [], |row| row.get(0)), Ok(6));
    });
    assert_eq!(Files::read(&store.path()).file, store.files.file, "and leaves it as it was");
}

#[test]
fn another_program_may_copy_the_log_into_the_file() {
    let store = Store::with_log();
    for answer in store.after(|other| assert_eq!(integrity(other), "ok")).into_iter().zip(&store.right) {
        assert_eq!(&answer.0.unwrap(), answer.1);
    }
    assert!(Files::read(&store.path()).log.is_none_or(|log| log.is_empty()));
    assert!(sealed(&store.path()).contains(&false), "otherwise this shows nothing");
    // What is written from then on has checksums, and the rest stays readable.
    let mut writer = sqlite(Some(&store.path())).open_writer(Duration::from_secs(5)).unwrap();
    write(writer.as_mut(), &writes());
    drop(writer);
    assert!(all(&store.path()).iter().all(Result::is_ok));
    assert!(sealed(&store.path()).contains(&true));
}

#[test]
fn copies_that_another_program_makes_are_stores() {
    for store in [Store::closed(), Store::with_log()] {
        let copy = store.folder.path().join("copy.db");
        let vacuumed = store.folder.path().join("vacuumed.db");
        store.files.write(&store.path());
        let other = Connection::open(store.path()).unwrap();
        // A backup page by page, as `.backup` makes it, and one that writes everything anew.
        other.backup("main", &copy, None::<fn(rusqlite::backup::Progress)>).unwrap();
        other.execute("vacuum into ?1", [vacuumed.to_str().unwrap()]).unwrap();
        store.is_whole(&copy);
        store.is_whole(&vacuumed);
    }
}

/// More pages than one pointer map speaks of, and facets of more traces than are listed one by one.
#[test]
fn a_large_file_that_another_program_copied_out_of_the_log_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = sqlite(Some(&path)).open_writer(Duration::from_secs(5)).unwrap();
    for n in 0..400_u64 {
        let digits: String = (0..900).map(|at| (n * 7_919 + at + 1).wrapping_pow(5).to_string()).collect();
        let id = format!("t{n}");
        write(writer.as_mut(), &[start(&id, 1), span(&id, "s", 1, &json!(digits))]);
    }
    let files = Files::read(&path);
    drop(writer);
    files.write(&path);
    let copy = folder.path().join("copy.db");
    let other = Connection::open(&path).unwrap();
    other.backup("main", &copy, None::<fn(rusqlite::backup::Progress)>).unwrap();
    let left: i64 = other.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    drop(other);
    for path in [path, copy] {
        let pages = sealed(&path);
        assert!(pages.len() > 1_640 && pages.contains(&false), "{} pages", pages.len());
        accounts::balance(&path);
        let mut writer = sqlite(Some(&path)).open_writer(Duration::from_secs(5)).unwrap();
        for n in 0..400 {
            write(writer.as_mut(), &[span(&format!("t{n}"), "s", 2, &json!(n))]);
        }
        drop(writer);
        accounts::balance(&path);
    }
}

#[test]
fn a_file_that_another_program_made_without_content_gets_checksums() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    Connection::open(&path).unwrap().execute_batch("create table x (y); drop table x").unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 0);
    let mut writer = sqlite(Some(&path)).open_writer(Duration::from_secs(5)).unwrap();
    write(writer.as_mut(), &writes()[..1]);
    drop(writer);
    assert!(sealed(&path).into_iter().all(|sealed| sealed));
    let other = Connection::open(&path).unwrap();
    assert_eq!(other.pragma_query_value(None, "auto_vacuum", |row| row.get(0)), Ok(2));
    assert_eq!(integrity(&other), "ok");
}

#[test]
fn the_layer_says_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let connection = checked::open(folder.path().join("x.db"), OpenFlags::default()).unwrap();
    let mut name: *mut std::ffi::c_char = std::ptr::null_mut();
    #[expect(unsafe_code, reason = "rusqlite has no binding for this control")]
    // SAFETY: the connection is open, and the control answers with a text that ends with NUL and is ours to free.
    let text = unsafe {
        use rusqlite::ffi;
        let answer = (&raw mut name).cast();
        ffi::sqlite3_file_control(connection.handle(), c"main".as_ptr(), ffi::SQLITE_FCNTL_VFSNAME, answer);
        let text = std::ffi::CStr::from_ptr(name).to_string_lossy().into_owned();
        ffi::sqlite3_free(name.cast());
        text
    };
    assert_eq!(text, format!("tracestore/{}", if cfg!(windows) { "win32" } else { "unix" }));
}

/// A connection through our layer to a file without a log of its own making.
fn checked(path: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = checked::open(path, flags).unwrap();
    connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    connection
}

#[test]
fn who_met_the_first_page_before_it_had_room_checks_and_seals_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    // Writes a first page.
    Connection::open(&path).unwrap().pragma_update(None, "auto_vacuum", "incremental").unwrap();
    let early = checked(&path);
    let pages = |connection: &Connection| connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0));
    assert_eq!(pages(&early), Ok(1));
    let later = checked(&path);
    assert!(checked::reserve(&later).unwrap());
    later.execute_batch("vacuum; pragma journal_mode = wal; create table t (a); insert into t values (1)").unwrap();
    later.execute_batch("pragma wal_checkpoint(passive); create table u (a)").unwrap();
    // The header comes from the log, and the table from the file.
    let seen = early.query_row("select (select count(*) from t) + (select count(*) from u)", [], |row| row.get(0));
    assert_eq!(seen, Ok(1));
    later.execute_batch("pragma wal_checkpoint(passive)").unwrap();
    early.execute_batch("update t set a = 2; pragma wal_checkpoint(passive)").unwrap();
    drop((early, later));
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.chunks(PAGE).all(|page| page[PAGE - 8..] != [0; 8]), "a page is not sealed");
    let found = checked(&path).query_row("select a from t", [], |row| row.get(0));
    assert_eq!(found, Ok(2));
}

#[test]
fn a_new_file_has_the_room_from_its_first_page_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    std::fs::write(&path, "").unwrap();
    let connection = checked(&path);
    assert!(!checked::reserve(&connection).unwrap());
    connection.pragma_update(None, "auto_vacuum", "incremental").unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!((bytes.len(), bytes[20]), (PAGE, 8));
}
