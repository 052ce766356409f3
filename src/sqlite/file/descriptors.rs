//! Which descriptors of this process are not our SQLite's, and what files they refer to.
//!
//! Our SQLite says when it opens and closes one: its system calls go through this module. So a look tells somebody
//! else's from ours for certain, whoever opens or closes meanwhile.

use super::identity::FileId;
use crate::error::Result;
use std::collections::HashMap;
use std::io;

/// A descriptor of somebody else for each file that has one.
pub type Others = HashMap<FileId, i32>;

#[cfg(unix)]
pub use unix::{file_of, follow, others, unseen};

#[cfg(unix)]
mod unix {
    use super::{FileId, HashMap, Others, Result, io};
    use crate::error::Error;
    use crate::sqlite::file::trust::{self, Standing};
    use parking_lot::Mutex;
    use rusqlite::ffi;
    use std::collections::BTreeSet;
    use std::ffi::{CStr, OsStr, c_char, c_int};
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;
    use std::sync::OnceLock;

    /// The descriptors of our SQLite. Whoever opens or closes one holds it meanwhile, and whoever looks.
    static OURS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

    static CALLS: OnceLock<Option<Calls>> = OnceLock::new();

    type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
    type Close = unsafe extern "C" fn(c_int) -> c_int;

    /// The system calls that SQLite made before it was asked to make them through us.
    struct Calls {
        open: Open,
        close: Close,
    }

    /// Makes our SQLite tell what it opens and closes; before it opens anything. Once is enough.
    pub fn follow() -> Result<()> {
        let refused = || Error::internal("SQLite does not tell what it opens; please report it");
        CALLS.get_or_init(intercept).as_ref().map(drop).ok_or_else(refused)
    }

    #[expect(unsafe_code, reason = "rusqlite has no binding for SQLite's table of system calls")]
    fn intercept() -> Option<Calls> {
        // SAFETY: the name ends with NUL, and SQLite initializes itself on this call.
        let vfs = unsafe { ffi::sqlite3_vfs_find(c"unix".as_ptr()) };
        // SAFETY: a VFS that was found lives as long as the library.
        let (get, set) = unsafe { vfs.as_ref() }.and_then(|vfs| Some((vfs.xGetSystemCall?, vfs.xSetSystemCall?)))?;
        let find = |name: &CStr| {
            // SAFETY: `get` belongs to this VFS, and the name ends with NUL.
            unsafe { get(vfs, name.as_ptr()) }
        };
        // SAFETY: SQLite calls what it keeps under these names by just these types (`aSyscall` in os_unix.c).
        let calls = unsafe {
            Calls {
                open: std::mem::transmute::<unsafe extern "C" fn(), Open>(find(c"open")?),
                close: std::mem::transmute::<unsafe extern "C" fn(), Close>(find(c"close")?),
            }
        };
        // SAFETY: as above, the other way round; both functions live as long as the library.
        let replaced = unsafe {
            let ours = std::mem::transmute::<Open, unsafe extern "C" fn()>(open);
            let opens = set(vfs, c"open".as_ptr(), Some(ours));
            let ours = std::mem::transmute::<Close, unsafe extern "C" fn()>(close);
            opens == ffi::SQLITE_OK && set(vfs, c"close".as_ptr(), Some(ours)) == ffi::SQLITE_OK
        };
        replaced.then_some(calls)
    }

    #[expect(unsafe_code, reason = "SQLite calls it in place of open()")]
    unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
        let mut ours = OURS.lock();
        // While they are replaced another thread may come by; it waits here.
        let Some(calls) = CALLS.wait() else { return -1 };
        // Of what was put there since it was looked at: a pipe would keep everybody waiting here.
        // SAFETY: the arguments are SQLite's own.
        let descriptor = unsafe { (calls.open)(path, flags | libc::O_NONBLOCK, mode) };
        if descriptor < 0 {
            return descriptor;
        }
        // SAFETY: SQLite's paths end with NUL.
        let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()));
        if stat(descriptor).is_some_and(|found| is_odd(&found) || !take_part(path, descriptor, &found)) {
            // SAFETY: nobody else knows of the descriptor yet.
            unsafe { (calls.close)(descriptor) };
            return -1;
        }
        ours.insert(descriptor);
        descriptor
    }

    fn is_odd(found: &libc::stat) -> bool {
        matches!(found.st_mode & libc::S_IFMT, libc::S_IFIFO | libc::S_IFBLK)
    }

    /// Whether it is no part of a database, or may be one; who may use more of it than of the database no longer may.
    fn take_part(path: &Path, descriptor: c_int, found: &libc::stat) -> bool {
        let Some(database) = trust::database_of(path) else { return true };
        let (part, user) = (Standing::of_descriptor(found), trust::user());
        if let Some(mode) = part.excess(database, user).and_then(|mode| libc::mode_t::try_from(mode).ok()) {
            #[expect(unsafe_code, reason = "the descriptor is SQLite's")]
            // SAFETY: it takes two numbers. Where it fails, the file is as it was.
            unsafe {
                libc::fchmod(descriptor, mode)
            };
        }
        part.objection(database, user).is_none()
    }

    #[expect(unsafe_code, reason = "SQLite calls it in place of close()")]
    unsafe extern "C" fn close(descriptor: c_int) -> c_int {
        let mut ours = OURS.lock();
        let Some(calls) = CALLS.wait() else { return -1 };
        ours.remove(&descriptor);
        // SAFETY: the argument is SQLite's own.
        unsafe { (calls.close)(descriptor) }
    }

    /// Somebody else's descriptors now; fails where they can't be listed, for want of a free descriptor for one.
    pub fn others() -> io::Result<Others> {
        let ours = OURS.lock();
        let listed = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
        let entries = match std::fs::read_dir(listed) {
            // No list, here or ever: as on a platform that has none.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Others::new()),
            listed => listed?,
        };
        let mut found = HashMap::new();
        for entry in entries {
            let Some(descriptor) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            if !ours.contains(&descriptor)
                && let Some(file) = file_of(descriptor)
            {
                found.insert(file, descriptor);
            }
        }
        Ok(found)
    }

    /// Does what opens a file without SQLite, while nobody looks.
    pub fn unseen<T>(act: impl FnOnce() -> T) -> T {
        let _nobody_looks = OURS.lock();
        act()
    }

    /// The file that a descriptor refers to; `None` if it is closed.
    #[allow(
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "the fields' types differ between platforms"
    )]
    pub fn file_of(descriptor: i32) -> Option<FileId> {
        stat(descriptor).map(|found| FileId { device: found.st_dev as u64, inode: found.st_ino as u64 })
    }

    fn stat(descriptor: i32) -> Option<libc::stat> {
        let mut answer = std::mem::MaybeUninit::<libc::stat>::zeroed();
        #[expect(unsafe_code, reason = "a descriptor that is not ours must be looked at without owning it")]
        // SAFETY: `answer` has the size that the call fills, and zeroes are a valid value of it.
        unsafe {
            (libc::fstat(descriptor, answer.as_mut_ptr()) == 0).then(|| answer.assume_init())
        }
    }
}

/// Windows locks belong to handles: another library does no harm there.
#[cfg(not(unix))]
mod elsewhere {
    use super::{FileId, Others, Result, io};

    pub fn follow() -> Result<()> {
        Ok(())
    }

    pub fn others() -> io::Result<Others> {
        Ok(Others::new())
    }

    pub fn unseen<T>(act: impl FnOnce() -> T) -> T {
        act()
    }

    pub fn file_of(_descriptor: i32) -> Option<FileId> {
        None
    }
}

#[cfg(not(unix))]
pub use elsewhere::{file_of, follow, others, unseen};

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::file::identity::sidecar;
    use rusqlite::Connection;

    #[test]
    fn sqlite_opens_nothing_that_was_planted_since_it_was_looked_at() {
        follow().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let made = Connection::open(&path).unwrap();
        made.execute_batch("pragma journal_mode = wal; create table t (x)").unwrap();
        drop(made);
        let count = || {
            let connection = Connection::open(&path).unwrap();
            connection
                .query_row("select count(*) from t", [], |row| row.get::<_, i64>(0))
                .map_err(|error| error.sqlite_error_code())
        };
        std::fs::write(sidecar(&path, "-wal"), "").unwrap();
        assert_eq!(count(), Ok(0));
        std::fs::write(sidecar(&path, "-wal"), "planted").unwrap();
        if let Err(error) = std::os::unix::fs::chown(sidecar(&path, "-wal"), Some(65534), Some(65534)) {
            // Only root can give a file to somebody else.
            return assert_ne!(crate::sqlite::file::trust::user(), 0, "{error}");
        }
        assert_eq!(count(), Err(Some(rusqlite::ErrorCode::CannotOpen)));
    }
}
