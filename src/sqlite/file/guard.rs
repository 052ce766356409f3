//! No second SQLite on the file in this process.
//!
//! POSIX locks belong to the process: when any copy of SQLite, or anything else, closes a descriptor of the file, the
//! locks of all others are gone and commits are lost without an error. Two connections of *our* copy know of each
//! other; what this module looks for is somebody else's descriptor, before our first connection and then now and again.

use super::identity::{FileId, sidecar};
use crate::error::{Code, Error, Result};
use parking_lot::Mutex;
use std::path::Path;

/// What this copy of SQLite has open of one file.
struct Ours {
    file: FileId,
    connections: usize,
    /// Of the database itself: more than connections, where SQLite puts off closing one.
    descriptors: Vec<i32>,
}

static OURS: Mutex<Vec<Ours>> = Mutex::new(Vec::new());

/// One connection of ours to a file; dropped after the connection.
#[derive(Debug)]
pub struct Claim(FileId);

impl Claim {
    /// Announces a connection; `CONFLICT` if somebody else in this process has the file open.
    pub fn new(file: FileId, path: &Path) -> Result<Self> {
        let mut ours = OURS.lock();
        if let Some(known) = ours.iter_mut().find(|known| known.file == file) {
            known.connections += 1;
            return Ok(Self(file));
        }
        let sidecars = [sidecar(path, "-wal"), sidecar(path, "-shm")];
        let wanted: Vec<_> = sidecars.iter().filter_map(|path| FileId::of(path).ok()).chain([file]).collect();
        if let Some(held) = descriptors_of(&wanted).first() {
            return Err(conflict(*held));
        }
        ours.push(Ours { file, connections: 1, descriptors: Vec::new() });
        Ok(Self(file))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut ours = OURS.lock();
        if let Some(at) = ours.iter().position(|known| known.file == self.0) {
            ours[at].connections -= 1;
            if ours[at].connections == 0 {
                ours.swap_remove(at);
            } else {
                // The number that was closed is the next that somebody else gets.
                let held = descriptors_of(&[self.0]);
                ours[at].descriptors.retain(|descriptor| held.contains(descriptor));
            }
        }
    }
}

/// Opens a connection to a file that is claimed, and notes which descriptor is ours by it.
pub fn opening<T>(path: &Path, open: impl FnOnce() -> Result<T>) -> Result<T> {
    let mut ours = OURS.lock();
    let file = FileId::of(path).ok();
    let Some(known) = ours.iter_mut().find(|known| Some(known.file) == file) else { return open() };
    known.refuse_others()?;
    let opened = open();
    known.add_new();
    opened
}

/// Does what opens a file without SQLite, while nobody looks for somebody else's descriptors.
pub fn unseen<T>(act: impl FnOnce() -> T) -> T {
    let _nobody_looks = OURS.lock();
    act()
}

/// `CONFLICT` if somebody else in this process has opened the file since.
pub fn look_again(file: FileId) -> Result<()> {
    OURS.lock().iter_mut().find(|known| known.file == file).map_or(Ok(()), Ours::refuse_others)
}

impl Ours {
    /// Opening brings one descriptor at most. Of several one is somebody else's who came meanwhile; nobody can tell which,
    /// so none counts as ours and the next look refuses.
    fn add_new(&mut self) {
        let mut new = descriptors_of(&[self.file]);
        new.retain(|descriptor| !self.descriptors.contains(descriptor));
        if let [one] = new[..] {
            self.descriptors.push(one);
        }
    }

    fn refuse_others(&mut self) -> Result<()> {
        let held = descriptors_of(&[self.file]);
        self.descriptors.retain(|descriptor| held.contains(descriptor));
        let other = held.into_iter().find(|descriptor| !self.descriptors.contains(descriptor));
        other.map_or(Ok(()), |descriptor| Err(conflict(descriptor)))
    }
}

fn conflict(descriptor: i32) -> Error {
    Error::new(
        Code::Conflict,
        format!(
            "the file is open in this process outside this copy of tracestore (file descriptor {descriptor}): two SQLite libraries in one process lose each other's commits. Close better-sqlite3, node:sqlite or the other version of tracestore first, or use the file from another process"
        ),
    )
}

/// The descriptors of this process that refer to one of these files.
#[cfg(unix)]
fn descriptors_of(wanted: &[FileId]) -> Vec<i32> {
    let listed = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let Ok(entries) = std::fs::read_dir(listed) else { return Vec::new() };
    let descriptors = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    descriptors.filter(|descriptor| file_of(*descriptor).is_some_and(|id| wanted.contains(&id))).collect()
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
fn descriptors_of(_wanted: &[FileId]) -> Vec<i32> {
    Vec::new()
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

    #[test]
    fn a_foreign_descriptor_that_comes_later_is_told_from_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        std::fs::write(&path, "").unwrap();
        let id = FileId::of(&path).unwrap();
        let open = || opening(&path, || Ok(std::fs::File::open(&path).unwrap()));
        let (_first_claim, second_claim) = (Claim::new(id, &path).unwrap(), Claim::new(id, &path).unwrap());
        let _first = open().unwrap();
        let second = open().unwrap();
        look_again(id).unwrap();
        // It may get the very number that one of ours had.
        drop(second);
        drop(second_claim);
        let foreign = std::fs::File::open(&path).unwrap();
        assert_eq!(look_again(id).unwrap_err().code, Code::Conflict);
        assert_eq!(open().unwrap_err().code, Code::Conflict);
        drop(foreign);
        look_again(id).unwrap();
    }

    #[test]
    fn a_foreign_descriptor_that_comes_while_we_open_is_no_longer_taken_for_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        std::fs::write(&path, "").unwrap();
        let id = FileId::of(&path).unwrap();
        let _claim = Claim::new(id, &path).unwrap();
        let open = || std::fs::File::open(&path).unwrap();
        let (_ours, foreign) = opening(&path, || Ok((open(), open()))).unwrap();
        assert_eq!(look_again(id).unwrap_err().code, Code::Conflict);
        drop(foreign);
    }
}
