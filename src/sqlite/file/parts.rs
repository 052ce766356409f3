//! The log and its index beside an open file: whether they are still those that were opened.
//!
//! While one of our connections is open SQLite leaves both in place, whoever closes. When one is gone all the same (a
//! clean-up script), our handles lead to files that nobody else can open, and whoever opens the database next makes
//! new ones.

use super::identity::{FileId, is_absent, sidecar};
use super::one_per::OnePer;
use crate::error::{Code, Error, Result};
use parking_lot::Mutex;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// What this process knows of them: one for each database, because its connections share the index.
#[derive(Default)]
pub struct Parts(Mutex<Known>);

static PARTS: OnePer<FileId, Parts> = OnePer::new();

#[derive(Default)]
struct Known {
    connections: usize,
    log: Option<FileId>,
    index: Option<FileId>,
    /// The database itself when both were last in place; only a log that is copied into it changes it.
    database: Option<LastSeen>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct LastSeen {
    length: u64,
    modified: SystemTime,
}

/// A connection that uses them; let go before it is closed, because the last one's closing removes both.
pub struct PartsInUse(Arc<Parts>);

/// What became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    InPlace,
    /// Only our handles lead to the log, and nobody has written to the file since.
    LogGone,
    /// The log is in place, and nobody has opened the file since.
    IndexGone,
    /// Somebody may have written to the file without what our log holds.
    Replaced,
}

impl Parts {
    /// Those of this database.
    pub fn of(file: FileId) -> Arc<Self> {
        PARTS.of(file)
    }

    /// Notes what a connection that was just opened to the database at `path` uses.
    pub fn use_by_connection(self: &Arc<Self>, path: &Path) -> PartsInUse {
        self.0.lock().connections += 1;
        self.find(path);
        PartsInUse(Arc::clone(self))
    }

    /// `IO` if one of them is no longer the one that was opened: every connection must be opened anew.
    pub fn check(&self, path: &Path) -> Result<()> {
        if self.find(path) == Whereabouts::InPlace {
            return Ok(());
        }
        Err(Error::new(
            Code::Io,
            format!(
                "{}-wal or -shm was deleted or replaced while the store was open; once each of its instances in this process was used again or closed, the file is opened anew. Nothing but SQLite may touch them",
                path.display()
            ),
        ))
    }

    /// Looks. What can't be seen says nothing.
    pub fn find(&self, path: &Path) -> Whereabouts {
        let mut known = self.0.lock();
        if known.connections == 0 {
            return Whereabouts::InPlace;
        }
        let (log, index) = (sidecar(path, "-wal"), sidecar(path, "-shm"));
        let (log_stays, index_stays) = (stays(&mut known.log, &log), stays(&mut known.index, &index));
        if log_stays && index_stays {
            known.database = LastSeen::of(path);
            return Whereabouts::InPlace;
        }
        // Whoever opens the database makes both, and can't remove them while we have it open.
        if log_stays {
            return if is_empty(&index) { Whereabouts::IndexGone } else { Whereabouts::Replaced };
        }
        let unchanged = known.database.is_some() && LastSeen::of(path) == known.database;
        if unchanged && is_empty(&log) { Whereabouts::LogGone } else { Whereabouts::Replaced }
    }
}

impl Drop for PartsInUse {
    fn drop(&mut self) {
        let mut known = self.0.0.lock();
        known.connections -= 1;
        if known.connections == 0 {
            *known = Known::default();
        }
    }
}

impl LastSeen {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self { length: metadata.len(), modified: metadata.modified().ok()? })
    }
}

/// Whether the file at `path` is the known one, which it becomes if none is known.
fn stays(known: &mut Option<FileId>, path: &Path) -> bool {
    match FileId::of(path) {
        Ok(found) => *known.get_or_insert(found) == found,
        Err(error) => known.is_none() || !is_absent(&error),
    }
}

fn is_empty(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(metadata) => metadata.len() == 0,
        Err(error) => is_absent(&error),
    }
}
