//! The write-ahead log of one writing connection: copied into the file between commits, and when a moved file is left.

use super::busy;
use super::identity::{FileId, is_absent, sidecar};
use super::parts::Whereabouts;
use super::signals::Signals;
use crate::error::{Code, Error};
use crate::store::backend::Warning;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// A log of more pages is copied into the file.
const LONG: i32 = 1000;
/// A log that is still longer after that is held back by a reader, pages.
const HELD_BACK: i64 = 4000;
/// How long the writer waits for others to let the log begin anew; nobody writes meanwhile, in any process.
const RESTART_PATIENCE: Duration = Duration::from_millis(200);
/// After that was in vain it is tried again only when so much time has gone by, which doubles each time, up to the longest,
/// and the log has grown by half.
const RESTART_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What the writing connection knows of its log.
pub struct Log {
    /// The log's length after the last commit, pages.
    pages: Arc<AtomicI32>,
    /// Which file it is, once it exists.
    id: Option<FileId>,
    warned: bool,
    /// How long the log was when part of it could not be copied: it is copied again when it is longer by a whole `LONG`.
    held_at: Option<i64>,
    restarts: Restarts,
    /// Operations that were committed since the log was last copied whole.
    written: usize,
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
        Ok(Self { pages, id: None, warned: false, held_at: None, restarts: Restarts::default(), written: 0 })
    }

    /// Remembers which log is ours, once it exists beside the database at `path`.
    pub fn note_id(&mut self, path: &Path) {
        if self.id.is_none() {
            self.id = FileId::of(&sidecar(path, "-wal")).ok();
        }
    }

    /// Notes that so many operations were committed.
    pub fn count_written(&mut self, operations: usize) {
        self.written += operations;
    }

    /// Whether it is worth copying: not after each commit while a reader holds it back.
    pub fn is_long(&self) -> bool {
        let pages = self.pages.load(Ordering::Relaxed);
        // A shorter one than that which was held back began anew.
        let is_held = self.held_at.is_some_and(|held| (held..held + i64::from(LONG)).contains(&i64::from(pages)));
        pages >= LONG && !is_held
    }

    /// Copies the log into the file; readers may hold part of it back, which is worth a warning.
    pub fn checkpoint(&mut self, connection: &Connection, path: &Path, signals: &Signals) -> Option<Warning> {
        self.pages.store(0, Ordering::Relaxed);
        let mut left = self.copy(connection, include_str!("sql/checkpoint.sql"));
        if left > HELD_BACK && self.restarts.is_due(left, Instant::now()) {
            // Other processes that write all the time never let it be copied whole, so that it would never begin anew:
            // keep them out for a moment.
            busy::arm(RESTART_PATIENCE);
            left = self.copy(connection, include_str!("sql/checkpoint_restart.sql"));
            self.restarts.note(left, Instant::now());
        }
        self.held_at = (left > 0).then_some(left);
        // The database is another one now, by our own doing.
        signals.parts.find(path);
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

    /// Before a file is closed that may have been moved, or lost its log: copies what only our handles lead to into it
    /// where that overwrites nobody. Returns what is lost.
    ///
    /// `file` is the file that was opened, `path` where it was.
    pub fn leave(
        &mut self,
        connection: &Connection,
        path: &Path,
        file: Option<FileId>,
        signals: &Signals,
        patience: Duration,
    ) -> Option<Error> {
        if signals.lookout.has_found() {
            // The log may not be copied and removed under somebody whom no lock of ours keeps out.
            leave_as_it_is(connection);
            return None;
        }
        let is_there = match FileId::of(path) {
            Ok(found) => Some(found) == file,
            Err(error) => !is_absent(&error),
        };
        if file.is_some() && is_there {
            return self.leave_parts(connection, path, signals, patience);
        }
        self.leave_moved(connection, path, patience);
        None
    }

    /// SQLite itself would leave the log behind on closing, and play it into whatever file takes this one's place.
    fn leave_moved(&self, connection: &Connection, path: &Path, patience: Duration) {
        if self.id.is_none() {
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

    /// SQLite itself would copy a log that is no longer there over what others wrote since, and remove theirs.
    ///
    /// That nobody wrote is known by three things together: nothing is in the old log's place (whoever opens the database
    /// makes a log, and can't remove it while we are there), the database is as it was when all was last in place, and
    /// SQLite gets an exclusive lock.
    fn leave_parts(
        &mut self,
        connection: &Connection,
        path: &Path,
        signals: &Signals,
        patience: Duration,
    ) -> Option<Error> {
        let copied = match signals.parts.find(path) {
            Whereabouts::InPlace => return None,
            // The log is where whoever comes next looks for it.
            Whereabouts::IndexGone => Ok(()),
            Whereabouts::LogGone | Whereabouts::Replaced => busy::retry(patience, || {
                // Again before each attempt: whoever holds the file now may write.
                if signals.parts.find(path) != Whereabouts::LogGone {
                    return Err(Error::new(Code::Io, "something else has used the file since"));
                }
                // Takes an exclusive lock, which nobody gets while anybody has the file open.
                let mode: String = connection.query_row(include_str!("sql/leave_wal.sql"), [], |row| row.get(0))?;
                if mode == "wal" { Err(Error::new(Code::Busy, "the log is in use")) } else { Ok(()) }
            }),
        };
        let lost = std::mem::take(&mut self.written);
        leave_as_it_is(connection);
        let error = copied.err()?;
        let why = if error.code == Code::Busy { "something else still has the file open" } else { &error.message };
        (lost > 0).then(|| {
            Error::new(
                Code::Io,
                format!(
                    "{}: the last {lost} writes that were acknowledged here are missing: their write-ahead log was deleted or replaced, and could not be copied into the file, because {why}. Nothing but SQLite may touch the files that end in -wal and -shm",
                    path.display()
                ),
            )
        })
    }

    /// The log's length if part of it could not be copied, pages; 0 if all was.
    fn copy(&mut self, connection: &Connection, statement: &str) -> i64 {
        let copied = connection
            .query_row(statement, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
        match copied {
            Ok((busy, logged, copied)) if busy != 0 || copied < logged => logged,
            Ok(_) => {
                self.written = 0;
                0
            }
            Err(_) => 0,
        }
    }
}

/// How often others were waited for in vain, so that the log could begin anew.
#[derive(Default)]
struct Restarts {
    /// The last time of several in a row, if it was in vain.
    failed: Option<FailedRestart>,
}

struct FailedRestart {
    pages: i64,
    at: Instant,
    pause: Duration,
}

impl Restarts {
    fn is_due(&self, pages: i64, now: Instant) -> bool {
        self.failed.as_ref().is_none_or(|failed| {
            // It began anew meanwhile, and is a new matter.
            pages < failed.pages
                || (pages >= failed.pages + failed.pages / 2 && now.duration_since(failed.at) >= failed.pause)
        })
    }

    /// Notes how many pages were left.
    fn note(&mut self, left: i64, now: Instant) {
        let before = self.failed.take().map(|failed| failed.pause);
        if left > HELD_BACK {
            let pause = before.map_or(RESTART_PAUSE, |pause| (pause * 2).min(LONGEST_PAUSE));
            self.failed = Some(FailedRestart { pages: left, at: now, pause });
        }
    }
}

/// Closing copies nothing and removes nothing.
fn leave_as_it_is(connection: &Connection) {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_waited_for_again_only_after_a_time_and_when_the_log_has_grown() {
        let start = Instant::now();
        let mut restarts = Restarts::default();
        assert!(restarts.is_due(5000, start));
        restarts.note(5000, start);
        assert!(!restarts.is_due(5000, start + LONGEST_PAUSE) && !restarts.is_due(7499, start + LONGEST_PAUSE));
        assert!(!restarts.is_due(1 << 40, start) && restarts.is_due(7500, start + RESTART_PAUSE));
        restarts.note(7500, start);
        assert!(
            !restarts.is_due(1 << 40, start + RESTART_PAUSE) && restarts.is_due(1 << 40, start + RESTART_PAUSE * 2)
        );
        assert!(restarts.is_due(4001, start), "of a log that began anew nothing is known");
        restarts.note(0, start);
        assert!(restarts.is_due(5000, start));
        for _ in 0..100 {
            restarts.note(5000, start);
        }
        assert!(restarts.is_due(1 << 40, start + LONGEST_PAUSE));
    }
}
