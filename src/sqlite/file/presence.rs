//! Which processes write to a file: each holds the lock on one byte of a file beside it, that of its number.
//!
//! The kernel keeps the locks, so that nobody has to say that it is still there. Numbers come from the row of `state`; where
//! a commit of the first transaction fails nobody has heard of the number, and the lock keeps others from taking it too.
//! When the file is taken away all the same (a clean-up script), nobody else finds the locks, and each takes its own anew.

use super::byte_locks;
use super::identity::{FileId, LIVE, is_absent, sidecar};
use crate::model::writer_process::WriterProcess;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Result};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// So many numbers are tried: each that is taken belongs to a process that has not committed yet.
const NUMBERS: i64 = 64;
/// So often the file is opened anew: the last process that leaves it removes it.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(1);

/// The place of this process among those that write to a file.
#[derive(Default)]
pub struct Presence(Mutex<Seat>);

#[derive(Default)]
enum Seat {
    #[default]
    NotTaken,
    Taken {
        number: i64,
        beside: PathBuf,
        file: File,
        /// What that file is, so that a look asks for the name alone.
        id: FileId,
    },
    /// There are no such locks here.
    Impossible,
}

impl Presence {
    /// The number of this process on the file at `path`, greater than `last` when it is taken; nothing where no lock can be
    /// had, so that nobody could tell whether it is still there.
    pub fn number(&self, path: &Path, last: i64) -> Option<i64> {
        let mut seat = self.0.lock();
        if let Seat::NotTaken = *seat {
            *seat = take(sidecar(path, LIVE), path, last + 1..=last + NUMBERS).unwrap_or(Seat::Impossible);
        }
        match &*seat {
            Seat::Taken { number, .. } => Some(*number),
            Seat::NotTaken | Seat::Impossible => None,
        }
    }

    /// Takes the lock anew, under the same number, if the file was taken away. What can't be done now is tried the next time.
    pub fn keep(&self, path: &Path) {
        let mut seat = self.0.lock();
        let Seat::Taken { number, beside, id, .. } = &*seat else { return };
        let is_gone = match FileId::of(beside) {
            Ok(found) => found != *id,
            Err(error) => is_absent(&error),
        };
        if !is_gone {
            return;
        }
        match take(beside.clone(), path, *number..=*number) {
            Ok(taken) => *seat = taken,
            // Somebody else has it, who can't if a row has it from here: the next transaction takes another.
            Err(error) if error.kind() == ErrorKind::WouldBlock => *seat = Seat::NotTaken,
            Err(_) => {}
        }
    }

    /// This process writes no more; the last one removes the file with the locks.
    pub fn leave(&self) {
        if let Seat::Taken { number, beside, file, .. } = std::mem::take(&mut *self.0.lock()) {
            // What can't be removed now the next one removes.
            let _ = byte_locks::unlock(&file, number).and_then(|()| remove_if_last(&beside, &file));
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.leave();
    }
}

/// One of these numbers.
fn take(beside: PathBuf, path: &Path, numbers: RangeInclusive<i64>) -> Result<Seat> {
    for _ in 0..ATTEMPTS {
        let file = open(&beside, path)?;
        for number in numbers.clone() {
            if byte_locks::lock(&file, number)? {
                if let Some(id) = find(&beside, &file)? {
                    return Ok(Seat::Taken { number, beside, file, id });
                }
                break;
            }
        }
        thread::sleep(PAUSE);
    }
    Err(ErrorKind::WouldBlock.into())
}

fn remove_if_last(beside: &Path, file: &File) -> Result<()> {
    // Whoever opened it meanwhile has no lock yet, and looks again once it has one.
    if byte_locks::lock_all(file)? && find(beside, file)?.is_some() {
        fs::remove_file(beside)?;
    }
    Ok(())
}

/// Opens the file, or makes it with the permissions of the database, and for its owner.
#[cfg(unix)]
fn open(beside: &Path, path: &Path) -> Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
    let database = fs::metadata(path)?;
    let mut options = OpenOptions::new();
    // What somebody planted there: a link is none of ours, and a pipe must not keep us waiting.
    options.read(true).write(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let made = options.clone().create_new(true).mode(database.mode() & 0o777).open(beside);
    match made {
        Ok(file) => {
            file.set_permissions(PermissionsExt::from_mode(database.mode() & 0o777))?;
            // Only root can; else it is this user's, as the log and the index are.
            let _ = fchown(&file, Some(database.uid()), Some(database.gid()));
            Ok(file)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match options.open(beside) {
            // Removed in between.
            Err(error) if error.kind() == ErrorKind::NotFound => open(beside, path),
            opened => opened,
        },
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn open(beside: &Path, _: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(beside)
}

/// What the file is that was opened, if it is still the one that others find.
#[cfg(unix)]
fn find(beside: &Path, file: &File) -> Result<Option<FileId>> {
    use std::os::unix::fs::MetadataExt;
    let opened = file.metadata()?;
    match FileId::of(beside) {
        Ok(found) => Ok(Some(found).filter(|found| *found == FileId { device: opened.dev(), inode: opened.ino() })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is open can be removed there, and its name is free only once nobody has it open.
#[cfg(not(unix))]
fn find(beside: &Path, _: &File) -> Result<Option<FileId>> {
    Ok(FileId::of(beside).ok())
}

/// What one answer is told of processes that write to a file; each is asked for once.
#[derive(Default)]
pub struct Roll<'a> {
    /// Nothing in memory.
    path: Option<&'a Path>,
    file: Option<File>,
    known: HashMap<i64, WriterProcess>,
}

impl<'a> Roll<'a> {
    /// Of the file at this path.
    pub fn of(path: &'a Path) -> Self {
        Self { path: Some(path), ..Self::default() }
    }

    /// Whether the process with this number is there. Alive, where that can't be told.
    pub fn call(&mut self, number: i64) -> WriterProcess {
        let Some(path) = self.path else { return WriterProcess::Alive };
        if let Some(known) = self.known.get(&number) {
            return *known;
        }
        let found = self.ask(path, number);
        self.known.insert(number, found);
        found
    }

    fn ask(&mut self, path: &Path, number: i64) -> WriterProcess {
        if self.file.is_none() {
            match File::open(sidecar(path, LIVE)) {
                Ok(file) => self.file = Some(file),
                Err(error) if error.kind() == ErrorKind::NotFound => return WriterProcess::Gone,
                Err(_) => return WriterProcess::Alive,
            }
        }
        match self.file.as_ref().map(|file| byte_locks::is_locked(file, number)) {
            Some(Ok(false)) => WriterProcess::Gone,
            _ => WriterProcess::Alive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        fs::write(&path, "").unwrap();
        (folder, path)
    }

    fn is_there(path: &Path, number: i64) -> bool {
        Roll::of(path).call(number) == WriterProcess::Alive
    }

    #[test]
    fn each_has_a_number_of_its_own_until_it_leaves() {
        let (_folder, path) = database();
        assert!(!is_there(&path, 1), "nobody was ever there");
        let (one, other) = (Presence::default(), Presence::default());
        assert_eq!(
            (one.number(&path, 0), other.number(&path, 0)),
            (Some(1), Some(2)),
            "the first has not committed yet"
        );
        assert_eq!(one.number(&path, 7), Some(1), "for good");
        assert!(is_there(&path, 1) && is_there(&path, 2) && !is_there(&path, 3));
        one.leave();
        assert!(!is_there(&path, 1) && is_there(&path, 2));
        drop(other);
        assert!(!is_there(&path, 2));
        assert!(!sidecar(&path, LIVE).exists(), "the last one removes it");
    }

    #[test]
    fn who_comes_as_the_last_leaves_is_seen() {
        let (_folder, path) = database();
        let here = &path;
        thread::scope(|scope| {
            for first in [0, 1000] {
                scope.spawn(move || {
                    for last in first..first + 300 {
                        let presence = Presence::default();
                        let number = presence.number(here, last).unwrap();
                        assert!(is_there(here, number), "{number}");
                    }
                });
            }
        });
        assert!(!sidecar(&path, LIVE).exists());
    }

    #[cfg(unix)]
    #[test]
    fn who_finds_the_file_taken_away_is_seen_again_under_the_same_number() {
        let (_folder, path) = database();
        let (one, other) = (Presence::default(), Presence::default());
        assert_eq!((one.number(&path, 0), other.number(&path, 1)), (Some(1), Some(2)));
        fs::remove_file(sidecar(&path, LIVE)).unwrap();
        one.keep(&path);
        assert!(is_there(&path, 1) && !is_there(&path, 2));
        other.keep(&path);
        assert!(is_there(&path, 1) && is_there(&path, 2));
        assert_eq!((one.number(&path, 7), other.number(&path, 7)), (Some(1), Some(2)));
        one.leave();
        assert!(!is_there(&path, 1) && is_there(&path, 2));
        other.leave();
        assert!(!sidecar(&path, LIVE).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_number_that_nobody_has_heard_of_may_go_to_somebody_else_meanwhile() {
        let (_folder, path) = database();
        let (one, other) = (Presence::default(), Presence::default());
        assert_eq!(one.number(&path, 0), Some(1));
        fs::remove_file(sidecar(&path, LIVE)).unwrap();
        assert_eq!(other.number(&path, 0), Some(1));
        one.keep(&path);
        assert_eq!(one.number(&path, 1), Some(2));
        assert!(is_there(&path, 1) && is_there(&path, 2));
    }

    #[cfg(unix)]
    #[test]
    fn it_has_the_permissions_of_the_database_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (folder, path) = database();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let presence = Presence::default();
        presence.number(&path, 0).unwrap();
        assert_eq!(fs::metadata(sidecar(&path, LIVE)).unwrap().permissions().mode() & 0o777, 0o640);
        presence.leave();
        let elsewhere = folder.path().join("elsewhere");
        symlink(&elsewhere, sidecar(&path, LIVE)).unwrap();
        assert_eq!(Presence::default().number(&path, 0), None);
        assert!(!elsewhere.exists());
    }
}
