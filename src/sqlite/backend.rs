//! The backend: one SQLite file, found or made, and its connections.

use crate::error::{Code, Error, Result};
use crate::sqlite::file::connection;
use crate::sqlite::file::create::{io_error, make_file, refuse_unshared};
use crate::sqlite::file::identity::{FileId, is_absent};
use crate::sqlite::file::parts::Parts;
use crate::sqlite::file::place;
use crate::sqlite::file::signals::Signals;
use crate::sqlite::reader::SqliteReader;
use crate::sqlite::writer::SqliteWriter;
use crate::store::backend::{Backend, Reader, Writer};
use crate::store::options::{Durability, Locking, Options};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A place for a store: a file, or memory.
pub struct SqliteBackend {
    /// With the path behind all links: the log and its index lie beside that one.
    options: Options,
    /// The path as the user gave it.
    given: PathBuf,
    /// `None` for a store in memory.
    file: Option<FileId>,
    signals: Arc<Signals>,
    /// A store in memory is its connection: one that is opened anew would be empty.
    memory_is_made: AtomicBool,
}

/// A file, and the path behind all links where it was found.
pub struct FoundFile {
    pub place: PathBuf,
    pub id: FileId,
}

impl SqliteBackend {
    /// A backend for the file that `prepare` found; looks at nothing.
    pub fn new(mut options: Options, found: Option<FoundFile>) -> Self {
        let given = options.path.clone();
        let file = found.map(|found| {
            options.path = found.place;
            found.id
        });
        let signals = Arc::new(Signals { parts: file.map(Parts::of).unwrap_or_default(), ..Signals::default() });
        signals.power.store(options.durability == Durability::Power, Ordering::Relaxed);
        Self { options, given, file, signals, memory_is_made: AtomicBool::new(false) }
    }

    /// Finds the file, or makes it and its folders; opens nothing.
    pub fn prepare(options: &Options) -> Result<Option<FoundFile>> {
        if options.memory {
            return Ok(None);
        }
        let path = options.path.as_path();
        let place = place::find(path)?;
        refuse_unshared(&place, options)?;
        if !options.readonly {
            make_file(&place, options.file_mode)?;
        }
        let id = FileId::of(&place).map_err(|error| io_error("find", path, &error))?;
        Ok(Some(FoundFile { place, id }))
    }
}

impl Backend for SqliteBackend {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        if self.options.readonly {
            return Err(Error::new(
                Code::Unsupported,
                format!("{} was opened with readonly: true; it takes no writes", self.options.path.display()),
            ));
        }
        if self.memory_is_made.load(Ordering::Relaxed) {
            return Err(Error::internal(
                "what ':memory:' held is lost: a defect in tracestore cost its only connection. Make a new store, and please report the defect",
            ));
        }
        let opened =
            connection::open_writer(&self.options, self.file, patience).map_err(|error| self.at_path(error))?;
        let writer = SqliteWriter::new(opened, &self.options, self.file, Arc::clone(&self.signals))?;
        self.memory_is_made.store(self.file.is_none(), Ordering::Relaxed);
        Ok(Box::new(writer))
    }

    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        let file = self.file.ok_or_else(|| Error::internal("a store in memory has no readers"))?;
        let opened = connection::open_reader(&self.options, file).map_err(|error| self.at_path(error))?;
        Ok(Box::new(SqliteReader::new(opened, &self.options, Arc::clone(&self.signals))?))
    }

    fn reads_on_writer(&self) -> bool {
        self.file.is_none() || self.options.locking == Locking::Exclusive
    }

    fn require_power(&self) {
        self.signals.power.store(true, Ordering::Relaxed);
    }

    fn check_handles(&self) -> Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        self.signals.presence.keep(&self.options.path);
        self.signals.parts.check(&self.options.path)
    }

    fn leave(&self) {
        self.signals.presence.leave();
    }

    fn check_place(&self) -> Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let path = self.given.display();
        match FileId::of(&self.given) {
            Ok(found) if found != file => Err(Error::new(
                Code::Io,
                format!("{path} was replaced by another file while it was open; the next use opens that one"),
            )),
            Err(error) if is_absent(&error) => {
                Err(Error::new(Code::Io, format!("{path} was deleted while it was open; the next use makes a new one")))
            }
            // A look that fails for another reason says nothing about the file, which is open.
            Ok(_) | Err(_) => self.signals.lookout.check(file).map_err(|error| self.at_path(error)),
        }
    }
}

impl SqliteBackend {
    fn at_path(&self, error: Error) -> Error {
        error.at(&self.given.display().to_string())
    }
}
