//! The backend: one SQLite file, found or made, and its connections.

use super::connection;
use super::filesystem;
use super::flags::Flags;
use super::guard::{self, FileId};
use super::reader::FileReader;
use super::writer::FileWriter;
use crate::error::{Code, Error, Result};
use crate::store::backend::{Backend, Reader, Writer};
use crate::store::options::{Durability, Locking, Options};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Permissions of a new file unless `fileMode` says otherwise.
pub const PRIVATE: u32 = 0o600;

/// See the module.
pub struct SqliteFile {
    /// With the path behind all links: the log and its index lie beside that one.
    options: Options,
    /// The path as the user gave it.
    given: PathBuf,
    /// `None` for a store in memory.
    file: Option<FileId>,
    flags: Arc<Flags>,
}

impl SqliteFile {
    /// A backend for the file that `prepare` found.
    pub fn new(mut options: Options, file: Option<FileId>) -> Self {
        let given = options.path.clone();
        if let Ok(path) = fs::canonicalize(&given) {
            options.path = path;
        }
        let flags = Arc::new(Flags::default());
        flags.power.store(options.durability == Durability::Power, Ordering::Relaxed);
        Self { options, given, file, flags }
    }

    /// Finds the file, or makes it and its folders; opens nothing.
    pub fn prepare(options: &Options) -> Result<Option<FileId>> {
        if options.memory {
            return Ok(None);
        }
        let path = options.path.as_path();
        refuse_unshared(path, options)?;
        if !options.readonly {
            make_file(path, options.file_mode)?;
        }
        let metadata = fs::metadata(path).map_err(|error| io_error("find", path, &error))?;
        if metadata.is_dir() {
            return Err(Error::new(Code::Io, format!("{} is a directory; path must name a file", path.display())));
        }
        FileId::of(path).map(Some).map_err(|error| io_error("find", path, &error))
    }
}

impl Backend for SqliteFile {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        if self.options.readonly {
            return Err(Error::new(
                Code::Unsupported,
                format!("{} was opened with readonly: true; it takes no writes", self.options.path.display()),
            ));
        }
        let opened =
            connection::open_writer(&self.options, self.file, patience).map_err(|error| self.at_path(error))?;
        Ok(Box::new(FileWriter::new(opened, &self.options, self.file, Arc::clone(&self.flags))?))
    }

    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        let file = self.file.ok_or_else(|| Error::internal("a store in memory has no readers"))?;
        let opened = connection::open_reader(&self.options, file).map_err(|error| self.at_path(error))?;
        Ok(Box::new(FileReader::new(opened, &self.options, Arc::clone(&self.flags))?))
    }

    fn reads_on_writer(&self) -> bool {
        self.file.is_none() || self.options.locking == Locking::Exclusive
    }

    fn require_power(&self) {
        self.flags.power.store(true, Ordering::Relaxed);
    }

    fn check_place(&self) -> Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let found = FileId::of(&self.given);
        if found.as_ref().is_ok_and(|found| *found == file) {
            return self.flags.watch.check(file).map_err(|error| self.at_path(error));
        }
        let path = self.given.display();
        Err(match found {
            Ok(_) => Error::new(
                Code::Io,
                format!("{path} was replaced by another file while it was open; the next use opens that one"),
            ),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Error::new(Code::Io, format!("{path} was deleted while it was open; the next use makes a new one"))
            }
            Err(error) => io_error("find", &self.given, &error),
        })
    }
}

impl SqliteFile {
    fn at_path(&self, error: Error) -> Error {
        error.at(&self.given.display().to_string())
    }
}

/// Makes the file and its folders where they are missing; private to the user unless `fileMode` says otherwise.
fn make_file(path: &Path, file_mode: Option<u32>) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mode = file_mode.unwrap_or(PRIVATE);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        make_folder(folder, mode).map_err(|error| io_error("make the folder of", path, &error))?;
    }
    match create_new(path, mode) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(io_error("make", path, &error)),
    }
}

/// Makes an empty file; fails if something is there.
pub fn create_new(path: &Path, mode: u32) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    // Nobody can hold a lock on a file that did not exist: closing this descriptor drops none.
    guard::unseen(|| options.open(path).map(drop))
}

fn make_folder(folder: &Path, file_mode: u32) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // Who may read the file may search the folder; the owner may do all.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700 | file_mode | ((file_mode & 0o444) >> 2));
    #[cfg(not(unix))]
    let _ = file_mode;
    builder.create(folder)
}

/// Before anything is made there: a file that is missing lies where its nearest folder does.
fn refuse_unshared(path: &Path, options: &Options) -> Result<()> {
    let place = path.ancestors().find(|place| place.exists()).unwrap_or(path);
    let name = filesystem::magic(place).and_then(filesystem::without_shared_memory);
    match name {
        Some(name) if options.locking == Locking::Shared => Err(Error::new(
            Code::Unsupported,
            format!(
                "{} lies on {name}, which has no shared memory between processes: commits would be lost. Use a local disk, or locking: 'exclusive' if one process alone uses the file",
                path.display()
            ),
        )),
        _ => Ok(()),
    }
}

/// What the operating system refused, with the remedy.
pub fn io_error(act: &str, path: &Path, error: &std::io::Error) -> Error {
    let remedy = match error.kind() {
        ErrorKind::PermissionDenied => "; make the folder writable for this user, or choose another path",
        ErrorKind::ReadOnlyFilesystem => {
            "; the file system is read-only: choose another path, or open the store with readonly: true"
        }
        _ => "",
    };
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let code = if full { Code::Full } else { Code::Io };
    Error::new(code, format!("can't {act} {}: {error}{remedy}", path.display()))
}
