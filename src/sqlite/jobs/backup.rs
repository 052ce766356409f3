//! Copies of the store while it is used, by SQLite's own online backup: one snapshot, under its name only when whole.

use crate::error::{Code, Error, Result};
use crate::model::job::{Backup, Progress};
use crate::sqlite::file::connection;
use crate::sqlite::file::create::{PRIVATE, create_new, io_error};
use crate::sqlite::file::identity::{FileId, SUFFIXES, is_absent, sidecar};
use crate::sqlite::file::place;
use crate::store::backend::JobListener;
use crate::store::options::Options;
use rusqlite::Connection;
use rusqlite::backup::{Backup as PageCopy, StepResult};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Pages copied between two looks at who ordered it: a megabyte.
const STEP_PAGES: i32 = 256;

/// Where a copy goes: a name that was free when it was looked at.
pub struct Target<'a> {
    path: &'a Path,
    folder: PathBuf,
    mode: u32,
}

impl<'a> Target<'a> {
    /// Refuses a place that is taken, by the store itself or by anything else.
    pub fn new(path: &'a Path, options: &Options) -> Result<Self> {
        let is_same = |(store, there)| store == there;
        if !options.memory && FileId::of(&options.path).ok().zip(FileId::of(path).ok()).is_some_and(is_same) {
            return Err(Error::invalid(format!("{} is the store itself; choose another path", path.display())));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let message = format!("there is no folder {}; make it, or choose another path", folder.display());
            return Err(Error::new(Code::Io, message));
        }
        let target = Self { path, folder: folder.to_owned(), mode: options.file_mode.unwrap_or(PRIVATE) };
        let behind = place::behind_links(folder).map_err(|error| io_error("find", folder, &error))?;
        let place = behind.join(path.file_name().unwrap_or_default());
        place::refuse_reserved(path, &place)?;
        place::refuse_long(path, &place)?;
        let partial = behind.join(partial_name(u64::MAX));
        place::refuse_long(&partial, &partial)?;
        // A log that is left of an earlier file of this name would be played into the copy.
        let parts = SUFFIXES.iter().map(|suffix| sidecar(path, suffix));
        for taken in std::iter::once(path.to_owned()).chain(parts) {
            match taken.symlink_metadata() {
                Ok(_) => return Err(target.taken(&taken)),
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(io_error("look at", &taken, &error)),
            }
        }
        Ok(target)
    }

    fn taken(&self, place: &Path) -> Error {
        let left = if place == self.path { "" } else { ", left of another file" };
        let message = format!("{} exists{left}; delete it, or choose another path", place.display());
        Error::new(Code::AlreadyExists, message)
    }
}

/// The name of a copy that is not whole yet.
fn partial_name(number: u64) -> String {
    format!(".tracestore-{}-{number}.partial", std::process::id())
}

/// A copy that is not under its name yet; deleted when dropped.
pub struct Copy<'a> {
    target: &'a Target<'a>,
    file: PathBuf,
}

impl<'a> Copy<'a> {
    /// Copies what `connection` sees now into a file beside the target.
    ///
    /// The snapshot is held from the first page to the last: otherwise each commit of somebody else would make the copy
    /// begin anew.
    pub fn make(connection: &Connection, target: &'a Target<'a>, listener: &Arc<dyn JobListener>) -> Result<Self> {
        let copy = Self::empty(target)?;
        copy.fill(connection, listener).map_err(|error| error.at(&format!("copying to {}", target.path.display())))?;
        Ok(copy)
    }

    /// Flushes the copy and puts it under its name.
    pub fn place(self) -> Result<Backup> {
        let path = self.target.path;
        let failed = |error: std::io::Error| io_error("finish the backup", path, &error);
        let file = fs::OpenOptions::new().write(true).open(&self.file).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let file_bytes = file.metadata().map_err(failed)?.len();
        drop(file);
        self.rename()?;
        flush_names(&self.target.folder).map_err(|error| {
            let _ = fs::remove_file(path);
            failed(error)
        })?;
        Ok(Backup { path: path.to_string_lossy().into_owned(), file_bytes })
    }

    fn empty(target: &'a Target<'a>) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let file = target.folder.join(partial_name(number));
            match create_new(&file, target.mode) {
                Ok(()) => return Ok(Self { target, file }),
                // Of a process of the same number that was killed, or lives in another container.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(io_error("make a file beside", target.path, &error)),
            }
        }
    }

    fn fill(&self, connection: &Connection, listener: &Arc<dyn JobListener>) -> Result<()> {
        let snapshot = connection.unchecked_transaction()?;
        // A transaction takes its snapshot with the first read.
        snapshot.query_row(include_str!("../file/sql/count_objects.sql"), [], |row| row.get::<_, i64>(0))?;
        let mut filled = connection::open_copy(&self.file)?;
        let pages = PageCopy::new(&snapshot, &mut filled.connection)?;
        loop {
            if listener.is_over() {
                return Err(Error::internal("the backup was given up"));
            }
            let step = pages.step(STEP_PAGES)?;
            let (total, left) = (count(pages.progress().pagecount), count(pages.progress().remaining));
            listener.progress(Progress { done: total - left, total });
            match step {
                StepResult::Done => return Ok(()),
                StepResult::More => {}
                _ => return Err(Error::new(Code::Busy, "something else holds the new file locked")),
            }
        }
    }

    /// Unlike a plain rename, a link replaces nothing that came in between; not every file system has links.
    fn rename(&self) -> Result<()> {
        let path = self.target.path;
        match fs::hard_link(&self.file, path) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(self.target.taken(path)),
            Err(_) if path.symlink_metadata().is_ok() => return Err(self.target.taken(path)),
            Err(_) => {}
        }
        fs::rename(&self.file, path).map_err(|error| io_error("rename the finished backup to", path, &error))
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// A name must survive a loss of power too. Folders can't be opened everywhere, nor flushed on every file system; only
/// where that is tried and goes wrong something is lost.
fn flush_names(folder: &Path) -> std::io::Result<()> {
    let Ok(folder) = fs::File::open(folder) else { return Ok(()) };
    folder.sync_all().or_else(|error| if is_loss(&error) { Err(error) } else { Ok(()) })
}

fn is_loss(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    let broken = error.raw_os_error() == Some(libc::EIO);
    #[cfg(not(unix))]
    let broken = false;
    broken || matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

fn count(pages: i32) -> u64 {
    u64::try_from(pages).unwrap_or(0)
}
