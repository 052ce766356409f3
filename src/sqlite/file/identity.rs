//! What tells one file from another, and what lies beside a database.

use crate::store::backend::StoreIdentity;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file beside a database in which the processes that write to it have locks.
pub const LIVE: &str = "-live";

/// Files with these endings are parts of the one without: SQLite's, and ours.
pub const SUFFIXES: [&str; 4] = ["-wal", "-shm", "-journal", LIVE];

/// What tells one file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    pub device: u64,
    pub inode: u64,
}

impl FileId {
    /// The file at `path` now.
    #[cfg(unix)]
    pub fn of(path: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map(|metadata| Self { device: metadata.dev(), inode: metadata.ino() })
    }

    /// The file at `path` now: by its full name, because an open file can't be replaced there.
    #[cfg(not(unix))]
    pub fn of(path: &Path) -> std::io::Result<Self> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        std::fs::canonicalize(path)?.hash(&mut hasher);
        Ok(Self { device: 0, inode: hasher.finish() })
    }

    /// For who only asks whether two are the same.
    pub fn identity(self) -> StoreIdentity {
        StoreIdentity(u128::from(self.device) << 64 | u128::from(self.inode))
    }
}

/// Whether nothing is there, and not only nothing to be seen.
pub fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The path of the file beside the database with this suffix.
pub fn sidecar(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
