//! The write-ahead log of one writing connection: copied into the file between commits, and when a moved file is left.

use super::busy;
use super::identity::{FileId, is_absent, sidecar};
use super::signals::Signals;
use crate::store::backend::Warning;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

/// A log of more pages is copied into the file.
const LONG: i32 = 1000;
/// A log that is still longer after that is held back by a reader, pages.
const HELD_BACK: i64 = 4000;
/// How long the writer waits for others to let the log begin anew.
const RESTART_PATIENCE: Duration = Duration::from_millis(200);

/// What the writing connection knows of its log.
pub struct Log {
    /// The log's length after the last commit, pages.
    pages: Arc<AtomicI32>,
    /// Which file it is, once it exists.
    id: Option<FileId>,
    warned: bool,
}

impl Log {
    /// Follows the connection's commits, in the place of SQLite's own checkpoint, for which callers would have to wait.
    pub fn of(connection: &mut Connection) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicI32::new(0));
        let noted = Arc::clone(&pages);
        connection.wal_hook(Some(move |_: &mut Wal, length| {
            noted.store(length, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { pages, id: None, warned: false })
    }

    /// Remembers which log is ours, once it exists beside the database at `path`.
    pub fn note_id(&mut self, path: &Path) {
        if self.id.is_none() {
            self.id = FileId::of(&sidecar(path, "-wal")).ok();
        }
    }

    /// Whether it is worth copying.
    pub fn is_long(&self) -> bool {
        self.pages.load(Ordering::Relaxed) >= LONG
    }

    /// Copies the log into the file; readers may hold part of it back, which is worth a warning.
    pub fn checkpoint(&mut self, connection: &Connection, path: &Path, signals: &Signals) -> Option<Warning> {
        self.pages.store(0, Ordering::Relaxed);
        let mut left = copy(connection, include_str!("sql/checkpoint.sql"));
        if left > HELD_BACK {
            // Other processes that write all the time never let it be copied whole, so that it would never begin anew:
            // keep them out for a moment.
            busy::arm(RESTART_PATIENCE);
            left = copy(connection, include_str!("sql/checkpoint_restart.sql"));
        }
        let blocked = left > HELD_BACK;
        // Once may be another process's checkpoint; twice in a row is a reader.
        let again = signals.wal_blocked.swap(blocked, Ordering::Relaxed) && blocked;
        if !again || std::mem::replace(&mut self.warned, true) {
            return None;
        }
        Some(Warning {
            name: "WAL_BLOCKED",
            message: format!(
                "{}: a reader holds the write-ahead log back and it keeps growing ({left} pages); end long read transactions on the file",
                path.display()
            ),
        })
    }

    /// Copies the log of a file that was moved into it, and removes it: SQLite itself would leave the log behind on
    /// closing, and play it into whatever file takes this one's place.
    ///
    /// `file` is the file that was opened, `path` where it was.
    pub fn leave(
        &self,
        connection: &Connection,
        path: &Path,
        file: Option<FileId>,
        signals: &Signals,
        patience: Duration,
    ) {
        if signals.lookout.has_found() {
            // Nor may the log be copied and removed under somebody whom no lock of ours keeps out.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            return;
        }
        let is_there = match FileId::of(path) {
            Ok(found) => Some(found) == file,
            Err(error) => !is_absent(&error),
        };
        if self.id.is_none() || is_there {
            return;
        }
        busy::arm(patience);
        let copied = connection.query_row(include_str!("sql/checkpoint_all.sql"), [], |row| row.get::<_, i64>(0));
        let log = sidecar(path, "-wal");
        if copied.is_ok_and(|busy| busy == 0) && FileId::of(&log).ok() == self.id {
            let _ = std::fs::remove_file(log);
            let _ = std::fs::remove_file(sidecar(path, "-shm"));
        }
    }
}

/// The log's length if part of it could not be copied, pages; 0 if all was.
fn copy(connection: &Connection, statement: &str) -> i64 {
    let copied = connection
        .query_row(statement, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
    match copied {
        Ok((busy, logged, copied)) if busy != 0 || copied < logged => logged,
        _ => 0,
    }
}
