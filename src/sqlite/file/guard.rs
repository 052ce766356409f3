//! No second SQLite on the file in this process.
//!
//! POSIX locks belong to the process: when any copy of SQLite, or anything else, closes a descriptor of the file, the
//! locks of all others are gone and commits are lost without an error. Two connections of *our* copy know of each
//! other; what this module looks for is somebody else's descriptor, before each connection and then now and again.

use super::create::out_of_descriptors;
use super::descriptors::{self, Others};
use super::identity::{FileId, sidecar};
use crate::error::{Code, Error, Result};
use parking_lot::Mutex;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// Two looks for files in use lie at least this far apart: one takes some ten microseconds, and more in a process with
/// thousands of descriptors, of which it may take only this share of the time.
const EVERY: Duration = Duration::from_millis(100);
const SHARE: u32 = 100;
/// Before a file is opened the look is a new one, but where looks take longer than this: thousands of stores that open
/// one after the other would each look at the descriptors of all before it. There it may be older, by this factor.
const LONG_LOOK: Duration = Duration::from_millis(1);
const OPENING_SHARE: u32 = 4;

/// The last look, for all files together.
static LAST: Mutex<Option<Look>> = Mutex::new(None);

struct Look {
    others: Others,
    ended: Instant,
    took: Duration,
}

/// To be asked before each connection of ours: `CONFLICT` if somebody else in this process has the file open, and `IO`
/// where that can't be told for want of a free descriptor.
pub fn look(file: FileId, path: &Path) -> Result<()> {
    descriptors::follow()?;
    let mut wanted = vec![file];
    for sidecar in [sidecar(path, "-wal"), sidecar(path, "-shm")] {
        match FileId::of(&sidecar) {
            Ok(id) => wanted.push(id),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cant_look(&error)),
        }
    }
    let held = look_before_opening(&mut LAST.lock(), &wanted).map_err(|error| cant_look(&error))?;
    held.map_or(Ok(()), |descriptor| Err(conflict(descriptor)))
}

/// `CONFLICT` if somebody else in this process has opened the file since. A look that fails changes nothing.
pub fn look_again(file: FileId) -> Result<()> {
    let mut last = LAST.lock();
    if last.as_ref().is_none_or(|last| last.ended.elapsed() >= EVERY.max(last.took * SHARE)) {
        let _ = renew(&mut last);
    }
    match held(&mut last, &[file]) {
        Ok(Some(descriptor)) => Err(conflict(descriptor)),
        Ok(None) | Err(_) => Ok(()),
    }
}

fn look_before_opening(last: &mut Option<Look>, wanted: &[FileId]) -> std::io::Result<Option<i32>> {
    let is_new = |last: &Look| last.took > LONG_LOOK && last.ended.elapsed() < last.took * OPENING_SHARE;
    if !last.as_ref().is_some_and(is_new) {
        renew(last)?;
    }
    held(last, wanted)
}

/// Somebody else's descriptor of one of these files. One that was seen earlier may be closed by now.
fn held(last: &mut Option<Look>, wanted: &[FileId]) -> std::io::Result<Option<i32>> {
    let find = |last: &Option<Look>| {
        let others = &last.as_ref()?.others;
        wanted.iter().find_map(|file| others.get(file).map(|descriptor| (*file, *descriptor)))
    };
    let Some((file, descriptor)) = find(last) else { return Ok(None) };
    if descriptors::is_others(descriptor, file) {
        return Ok(Some(descriptor));
    }
    renew(last)?;
    Ok(find(last).map(|(_, descriptor)| descriptor))
}

/// What a look that fails leaves as it was.
fn renew(last: &mut Option<Look>) -> std::io::Result<()> {
    let started = Instant::now();
    let others = descriptors::others()?;
    *last = Some(Look { others, ended: Instant::now(), took: started.elapsed() });
    Ok(())
}

fn cant_look(error: &std::io::Error) -> Error {
    let remedy = out_of_descriptors(error);
    Error::new(
        Code::Io,
        format!("can't tell whether something else in this process has the file open: {error}{remedy}"),
    )
}

fn conflict(descriptor: i32) -> Error {
    Error::new(
        Code::Conflict,
        format!(
            "the file is open in this process outside this copy of tracestore (file descriptor {descriptor}): two SQLite libraries in one process lose each other's commits. Close better-sqlite3, node:sqlite or the other version of tracestore first, or use the file from another process"
        ),
    )
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use std::path::PathBuf;

    fn empty_file() -> (tempfile::TempDir, PathBuf, FileId) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        std::fs::write(&path, "").unwrap();
        let id = FileId::of(&path).unwrap();
        (folder, path, id)
    }

    fn refused(id: FileId, path: &Path) -> bool {
        look(id, path).is_err_and(|error| error.code == Code::Conflict)
    }

    /// As a look does that is due.
    fn noticed(id: FileId) -> bool {
        *LAST.lock() = None;
        look_again(id).is_err_and(|error| error.code == Code::Conflict)
    }

    fn connect(path: &Path) -> Connection {
        look(FileId::of(path).unwrap(), path).unwrap();
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "user_version", 7).unwrap();
        connection
    }

    #[test]
    fn a_foreign_descriptor_is_refused_and_ours_is_not() {
        let (_folder, path, id) = empty_file();
        let held = std::fs::File::open(&path).unwrap();
        assert!(refused(id, &path));
        drop(held);
        let connections = (connect(&path), connect(&path));
        assert!(!refused(id, &path));
        let held = std::fs::File::open(&path).unwrap();
        assert!(refused(id, &path));
        drop((connections, held));
        assert!(!refused(id, &path));
    }

    #[test]
    fn the_log_counts_too() {
        let (_folder, path, id) = empty_file();
        let _held = std::fs::File::create(sidecar(&path, "-wal")).unwrap();
        assert!(refused(id, &path));
    }

    #[test]
    fn a_foreign_descriptor_that_comes_later_is_told_from_ours() {
        let (_folder, path, id) = empty_file();
        let (_first, second) = (connect(&path), connect(&path));
        assert!(!noticed(id));
        // It may get the very number that one of ours had.
        drop(second);
        let foreign = std::fs::File::open(&path).unwrap();
        assert!(noticed(id));
        drop(foreign);
        assert!(!noticed(id));
    }

    #[test]
    fn where_a_look_takes_long_several_files_are_opened_by_one() {
        let (_folder, path, id) = empty_file();
        let held = std::fs::File::open(&path).unwrap();
        let look = |took| Some(Look { others: Others::new(), ended: Instant::now(), took });
        let (mut short, mut long) = (look(Duration::from_micros(50)), look(Duration::from_secs(60)));
        assert!(look_before_opening(&mut short, &[id]).unwrap().is_some(), "too short to be worth sparing");
        assert_eq!(look_before_opening(&mut long, &[id]).unwrap(), None, "seen by the next look");
        drop(held);
        assert_eq!(look_before_opening(&mut short, &[id]).unwrap(), None);
    }
}
