//! Opens connections, in the one order that leaves a foreign or newer file untouched and a new one well made.

use super::busy;
use super::checked;
use super::guard;
use super::harden::harden;
use super::identity::{FileId, sidecar};
use super::migrations::{self, Found};
#[cfg(unix)]
use super::trust::refuse_planted;
use crate::error::{Code, Error, Result};
use crate::store::options::{Durability, Locking, Options};
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Prepared statements kept per connection; there are about forty.
const STATEMENTS: usize = 96;
/// Memory for pages, KiB.
const WRITER_CACHE: i64 = 16 * 1024;
const READER_CACHE: i64 = 8 * 1024;
/// The write-ahead log is cut back to this after a checkpoint, bytes.
const WAL_KEPT: i64 = 16 << 20;

/// A connection to a file that nothing else in this process has open.
pub struct Claimed {
    pub connection: Connection,
    /// How the file stood when it was opened as one that never changes; `None` for any other connection.
    stamp: Option<Stamp>,
}

impl Claimed {
    /// Whether the connection takes the file as one that never changes.
    pub fn is_immutable(&self) -> bool {
        self.stamp.is_some()
    }

    /// How the file stood when it was opened as one that never changes.
    pub fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }

    /// Whether somebody has written to a file that was taken as one that never changes.
    pub fn has_changed(&self, path: &Path) -> bool {
        self.stamp.is_some_and(|stamp| stamp != Stamp::of(path))
    }
}

/// What changes when somebody writes to a file that has no log yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    has_log: bool,
}

impl Stamp {
    /// That of the file at `path` now.
    pub fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok();
        Self {
            length: metadata.as_ref().map_or(0, std::fs::Metadata::len),
            modified: metadata.and_then(|metadata| metadata.modified().ok()),
            has_log: has_log(path),
        }
    }
}

/// The connection that writes; makes and upgrades the schema.
pub fn open_writer(options: &Options, file: Option<FileId>, patience: Duration) -> Result<Claimed> {
    busy::arm(patience);
    let Some(file) = file else {
        let mut connection = Connection::open_in_memory()?;
        harden(&connection)?;
        prepare(&mut connection, WRITER_CACHE)?;
        // For the copies that are made of it.
        checked::reserve(&connection)?;
        migrations::apply(&mut connection)?;
        return Ok(Claimed { connection, stamp: None });
    };
    // The change of a file to a log is refused at once while another process changes it: SQLite never waits for a lock
    // while it holds one that may be in the other's way.
    busy::retry(patience, || {
        if options.locking == Locking::Exclusive {
            // In that mode a connection holds on to whatever it has got, so that two that wait would wait for each other.
            busy::arm(Duration::ZERO);
        }
        try_open_writer(options, file)
    })
}

fn try_open_writer(options: &Options, file: FileId) -> Result<Claimed> {
    let path = options.path.as_path();
    guard::look(file, path)?;
    refuse_planted(path)?;
    let found = look(path)?;
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if options.locking == Locking::Exclusive {
        // Before anything is read: later it would neither do without shared memory nor keep a second one out from here.
        connection.pragma_update(None, "locking_mode", "exclusive")?;
    }
    prepare(&mut connection, WRITER_CACHE)?;
    // What is deleted, moved or rewritten is overwritten, on pages that become free too.
    connection.pragma_update(None, "secure_delete", true)?;
    if found == Found::Empty {
        // In this order, because the second writes the first page: later either would need a rewrite of the file.
        let has_pages = checked::reserve(&connection)?;
        connection.pragma_update(None, "auto_vacuum", "incremental")?;
        if has_pages {
            connection.execute_batch(include_str!("sql/vacuum.sql"))?;
        }
    }
    use_write_ahead_log(&connection)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT)?;
    set_durability(&connection, options.durability)?;
    migrations::apply(&mut connection)?;
    Ok(Claimed { connection, stamp: None })
}

/// A connection that reads.
pub fn open_reader(options: &Options, file: FileId) -> Result<Claimed> {
    busy::arm(options.busy_timeout());
    let path = options.path.as_path();
    guard::look(file, path)?;
    refuse_planted(path)?;
    // A viewer of a file that nobody has open leaves no log and no index beside it, and needs no right to make them.
    let stamp = Some(Stamp::of(path)).filter(|stamp| options.readonly && !stamp.has_log);
    let mut connection =
        if stamp.is_some() { open_immutable(path)? } else { open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)? };
    prepare(&mut connection, READER_CACHE)?;
    require_schema(migrations::look(&connection)?)?;
    Ok(Claimed { connection, stamp })
}

/// A connection that fills an empty file with a copy.
///
/// Without a journal and without flushes: a copy that is not finished is deleted, and a finished one flushed as a whole.
pub fn open_copy(path: &Path) -> Result<Claimed> {
    let file = FileId::of(path).map_err(|error| Error::new(Code::Io, error.to_string()))?;
    guard::look(file, path)?;
    let mut connection = checked::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&mut connection, READER_CACHE)?;
    checked::reserve(&connection)?;
    connection.pragma_update(None, "journal_mode", "off")?;
    connection.pragma_update(None, "synchronous", "off")?;
    // Not before: it refuses to do without a journal.
    harden(&connection)?;
    Ok(Claimed { connection, stamp: None })
}

/// `NORMAL` survives a crash of the process, `FULL` a loss of power.
pub fn set_durability(connection: &Connection, durability: Durability) -> Result<()> {
    let power = durability == Durability::Power;
    connection.pragma_update(None, "synchronous", if power { "full" } else { "normal" })?;
    connection.pragma_update(None, "fullfsync", power)?;
    connection.pragma_update(None, "checkpoint_fullfsync", power)?;
    Ok(())
}

/// Looks at the file without changing it or what lies beside it.
///
/// Without a log the first page as it lies there tells whose file it is, even if a process died while it made the file
/// and what it left can't be rolled back without writing; the writing connection recovers and looks again.
fn look(path: &Path) -> Result<Found> {
    match std::fs::metadata(path).map(|metadata| metadata.len()) {
        Ok(0) => return Ok(Found::Empty),
        // SQLite takes such a file for an empty one.
        Ok(1) => return Err(Error::new(Code::Unsupported, "the file is not a tracestore file; choose another path")),
        _ => {}
    }
    if !has_log(path) {
        let found = migrations::look(&open_immutable(path)?);
        let decided = match &found {
            Ok(_) => true,
            Err(error) => matches!(error.code, Code::Unsupported | Code::SchemaTooNew),
        };
        if decided {
            return found;
        }
    }
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    busy::install(&mut connection)?;
    migrations::look(&connection)
}

/// Who may make files there is not told by an owner and a mode.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the shape of the other one")]
fn refuse_planted(_path: &Path) -> Result<()> {
    Ok(())
}

/// The bundled SQLite takes a name that begins with `file:` for a URI; our paths are absolute, so that none does.
fn open(path: &Path, access: OpenFlags) -> Result<Connection> {
    let connection = checked::open(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    harden(&connection)?;
    Ok(connection)
}

/// The one URI there is, with every byte of the path escaped that could mean something in it.
fn open_immutable(path: &Path) -> Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02x}");
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = checked::open(uri, flags)?;
    harden(&connection)?;
    Ok(connection)
}

/// A log that can't be looked at may hold commits: only one that is known to be absent or empty is none.
fn has_log(path: &Path) -> bool {
    match std::fs::metadata(sidecar(path, "-wal")) {
        Ok(metadata) => metadata.len() > 0,
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

fn prepare(connection: &mut Connection, cache_kib: i64) -> Result<()> {
    busy::install(connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(())
}

fn use_write_ahead_log(connection: &Connection) -> Result<()> {
    let mode: String = connection.query_row(include_str!("sql/use_wal.sql"), [], |row| row.get(0))?;
    if mode.eq_ignore_ascii_case("wal") {
        return Ok(());
    }
    Err(Error::new(
        Code::Unsupported,
        format!("this file system can't hold a write-ahead log (journal mode stays {mode})"),
    ))
}

fn require_schema(found: Found) -> Result<()> {
    if found == Found::Ours(migrations::newest()) {
        return Ok(());
    }
    Err(Error::new(Code::Unsupported, "the file has no schema of this version yet; open it once for writing"))
}
