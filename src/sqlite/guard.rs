//! No second SQLite on the file in this process.
//!
//! POSIX locks belong to the process: when any copy of SQLite, or anything else, closes a descriptor of the file, the
//! locks of all others are gone and commits are lost without an error. Two connections of *our* copy know of each
//! other; what this module looks for is somebody else's descriptor.

use crate::error::{Code, Error, Result};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};

/// What tells one file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// How many connections of ours each file has.
static OURS: Mutex<Vec<(FileId, usize)>> = Mutex::new(Vec::new());

/// One connection of ours to a file; dropped after the connection.
#[derive(Debug)]
pub struct Claim(FileId);

impl Claim {
    /// Announces a connection; `CONFLICT` if somebody else in this process has the file open.
    pub fn new(file: FileId, path: &Path) -> Result<Self> {
        let mut ours = OURS.lock();
        if let Some((_, count)) = ours.iter_mut().find(|(id, _)| *id == file) {
            *count += 1;
            return Ok(Self(file));
        }
        if let Some(held) = foreign_descriptor(file, path) {
            return Err(Error::new(
                Code::Conflict,
                format!(
                    "the file is open in this process outside this copy of tracestore (file descriptor {held}): two SQLite libraries in one process lose each other's commits. Close better-sqlite3, node:sqlite or the other version of tracestore first, or use the file from another process"
                ),
            ));
        }
        ours.push((file, 1));
        Ok(Self(file))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut ours = OURS.lock();
        if let Some(at) = ours.iter().position(|(id, _)| *id == self.0) {
            ours[at].1 -= 1;
            if ours[at].1 == 0 {
                ours.swap_remove(at);
            }
        }
    }
}

/// A descriptor of this process that refers to the database, its log or its index.
#[cfg(unix)]
fn foreign_descriptor(file: FileId, path: &Path) -> Option<i32> {
    let mut wanted = vec![file];
    wanted.extend([sidecar(path, "-wal"), sidecar(path, "-shm")].iter().filter_map(|path| FileId::of(path).ok()));
    let listed = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let descriptors =
        std::fs::read_dir(listed).ok()?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    descriptors.into_iter().find(|descriptor| file_of(*descriptor).is_some_and(|id| wanted.contains(&id)))
}

#[cfg(unix)]
fn file_of(descriptor: i32) -> Option<FileId> {
    let mut answer = std::mem::MaybeUninit::<libc::stat>::zeroed();
    #[expect(unsafe_code, reason = "a descriptor that is not ours must be looked at without owning it")]
    // SAFETY: `answer` has the size that the call fills, and zeroes are a valid value of it.
    let answer = unsafe {
        if libc::fstat(descriptor, answer.as_mut_ptr()) != 0 {
            return None;
        }
        answer.assume_init()
    };
    #[allow(
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "the fields' types differ between platforms"
    )]
    Some(FileId { device: answer.st_dev as u64, inode: answer.st_ino as u64 })
}

/// Windows locks belong to handles: another library does no harm there.
#[cfg(not(unix))]
fn foreign_descriptor(_file: FileId, _path: &Path) -> Option<i32> {
    None
}

/// The path of the file beside the database with this suffix.
pub fn sidecar(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_descriptor_is_refused_and_ours_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let held = std::fs::File::create(&path).unwrap();
        let id = FileId::of(&path).unwrap();
        assert_eq!(Claim::new(id, &path).unwrap_err().code, Code::Conflict);
        drop(held);
        let first = Claim::new(id, &path).unwrap();
        let ours = std::fs::File::open(&path).unwrap();
        let second = Claim::new(id, &path).unwrap();
        drop((first, second));
        assert_eq!(Claim::new(id, &path).unwrap_err().code, Code::Conflict);
        drop(ours);
    }

    #[test]
    fn the_log_counts_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        std::fs::write(&path, "").unwrap();
        let _held = std::fs::File::create(sidecar(&path, "-wal")).unwrap();
        assert_eq!(Claim::new(FileId::of(&path).unwrap(), &path).unwrap_err().code, Code::Conflict);
    }
}
