//! Which descriptors of this process are not our SQLite's, and what files they refer to.
//!
//! Our SQLite says when it opens and closes one: its system calls go through this module. No lock is held during those
//! calls, because one on a file system that hangs would hold up every store. So what a look can't tell from ours, because
//! we opened or closed meanwhile, counts as ours; the next look tells.

use super::identity::FileId;
use crate::error::Result;
use std::collections::HashMap;
use std::io;

/// A descriptor of somebody else for each file that has one.
pub type Others = HashMap<FileId, i32>;

#[cfg(unix)]
pub use unix::{follow, is_others, others, unseen};

#[cfg(unix)]
mod unix {
    use super::{FileId, HashMap, Others, Result, io};
    use crate::error::Error;
    use crate::sqlite::file::trust::{self, Standing};
    use parking_lot::Mutex;
    use rusqlite::ffi;
    use std::collections::{BTreeMap, HashSet};
    use std::ffi::{CStr, OsStr, c_char, c_int};
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;
    use std::sync::OnceLock;

    static OURS: Mutex<Ours> = Mutex::new(Ours::new());
    /// One look at a time.
    static LOOK: Mutex<()> = Mutex::new(());

    /// What our SQLite has opened and is opening, by the number of the call that opens it.
    struct Ours {
        last: u64,
        open: BTreeMap<i32, u64>,
        opening: BTreeMap<u64, Target>,
        /// What may have been seen of ours by the look that is under way although it is in neither map any more.
        ended: Option<Ended>,
    }

    #[derive(Default)]
    struct Ended {
        closed: HashSet<i32>,
        opening: Vec<Target>,
    }

    /// What a call that is under way may have opened already.
    #[derive(Clone, Copy)]
    enum Target {
        File(FileId),
        /// A file that is made on this device.
        NewOn(u64),
        Nothing,
    }

    impl Target {
        fn at(path: &Path) -> Self {
            if let Ok(id) = FileId::of(path) {
                return Self::File(id);
            }
            let folder = path.parent().and_then(|folder| FileId::of(folder).ok());
            folder.map_or(Self::Nothing, |folder| Self::NewOn(folder.device))
        }

        fn may_be(self, file: FileId) -> bool {
            match self {
                Self::File(id) => id == file,
                Self::NewOn(device) => device == file.device,
                Self::Nothing => false,
            }
        }
    }

    impl Ours {
        const fn new() -> Self {
            Self { last: 0, open: BTreeMap::new(), opening: BTreeMap::new(), ended: None }
        }

        fn begin(&mut self, target: Target) -> u64 {
            self.last += 1;
            self.opening.insert(self.last, target);
            self.last
        }

        fn end(&mut self, call: u64, opened: Option<i32>) {
            if let Some(target) = self.opening.remove(&call)
                && let Some(ended) = &mut self.ended
            {
                ended.opening.push(target);
            }
            if let Some(descriptor) = opened {
                self.open.insert(descriptor, call);
            }
        }

        /// Unless a later call has opened the same number by now.
        fn forget(&mut self, descriptor: i32, call: u64) {
            if self.open.get(&descriptor) == Some(&call) {
                self.open.remove(&descriptor);
            }
            if let Some(ended) = &mut self.ended {
                ended.closed.insert(descriptor);
            }
        }

        fn may_be_ours(&self, descriptor: i32, file: FileId) -> bool {
            let ended = self.ended.as_ref();
            let mut opening = self.opening.values().chain(ended.into_iter().flat_map(|ended| &ended.opening));
            self.open.contains_key(&descriptor)
                || ended.is_some_and(|ended| ended.closed.contains(&descriptor))
                || opening.any(|target| target.may_be(file))
        }
    }

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
        // While they are replaced another thread may come by; it waits here.
        let Some(calls) = CALLS.wait() else { return -1 };
        // SAFETY: the path is SQLite's own, and ends with NUL.
        let target = Target::at(Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes())));
        let call = OURS.lock().begin(target);
        // Of what was put there since it was looked at: a pipe would keep its caller waiting here.
        // SAFETY: the arguments are SQLite's own.
        let descriptor = unsafe { (calls.open)(path, flags | libc::O_NONBLOCK, mode) };
        if descriptor < 0 {
            let why = io::Error::last_os_error();
            OURS.lock().end(call, None);
            return refuse(why.raw_os_error().unwrap_or(libc::EIO));
        }
        // SAFETY: SQLite's paths end with NUL.
        let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()));
        if stat(descriptor).is_some_and(|found| is_odd(&found) || !take_part(path, descriptor, &found)) {
            // SAFETY: nobody else knows of the descriptor yet.
            unsafe { (calls.close)(descriptor) };
            OURS.lock().end(call, None);
            return refuse(libc::EINVAL);
        }
        OURS.lock().end(call, Some(descriptor));
        descriptor
    }

    /// SQLite looks why a call failed, and what we did since may have left another reason.
    fn refuse(reason: c_int) -> c_int {
        #[expect(unsafe_code, reason = "the standard library only reads the reason")]
        // SAFETY: the place is this thread's own.
        unsafe {
            #[cfg(target_os = "linux")]
            let place = libc::__errno_location();
            #[cfg(not(target_os = "linux"))]
            let place = libc::__error();
            *place = reason;
        }
        -1
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
        let Some(calls) = CALLS.wait() else { return -1 };
        let call = OURS.lock().open.get(&descriptor).copied();
        // SAFETY: the argument is SQLite's own.
        let closed = unsafe { (calls.close)(descriptor) };
        if let Some(call) = call {
            OURS.lock().forget(descriptor, call);
        }
        closed
    }

    /// Somebody else's descriptors now; fails where they can't be listed, for want of a free descriptor for one.
    pub fn others() -> io::Result<Others> {
        let _alone = LOOK.lock();
        OURS.lock().ended = Some(Ended::default());
        let listed = list();
        let mut ours = OURS.lock();
        let mut listed = listed.inspect_err(|_| ours.ended = None)?;
        listed.retain(|file, descriptor| !ours.may_be_ours(*descriptor, *file));
        ours.ended = None;
        Ok(listed)
    }

    fn list() -> io::Result<Others> {
        let listed = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
        let entries = match std::fs::read_dir(listed) {
            // No list, here or ever: as on a platform that has none.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Others::new()),
            listed => listed?,
        };
        let mut found = HashMap::new();
        for entry in entries {
            let Some(descriptor) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            if !OURS.lock().open.contains_key(&descriptor)
                && let Some(file) = look_at(descriptor)
            {
                found.insert(file, descriptor);
            }
        }
        Ok(found)
    }

    /// Does what opens the file at `path` without SQLite, and has closed it when it returns, so that no look takes it for
    /// somebody else's.
    pub fn unseen<T>(path: &Path, act: impl FnOnce() -> T) -> T {
        let target = Target::at(path);
        let call = OURS.lock().begin(target);
        let done = act();
        OURS.lock().end(call, None);
        done
    }

    /// Whether a descriptor that was somebody else's is so still, and refers to this file.
    pub fn is_others(descriptor: i32, file: FileId) -> bool {
        look_at(descriptor) == Some(file) && !OURS.lock().open.contains_key(&descriptor)
    }

    fn stat(descriptor: i32) -> Option<libc::stat> {
        let mut answer = std::mem::MaybeUninit::<libc::stat>::zeroed();
        #[expect(unsafe_code, reason = "the descriptor is looked at without owning it")]
        // SAFETY: `answer` has the size that the call fills, and zeroes are a valid value of it.
        unsafe {
            (libc::fstat(descriptor, answer.as_mut_ptr()) == 0).then(|| answer.assume_init())
        }
    }

    /// What a descriptor refers to; `None` if it is closed.
    ///
    /// As the kernel knows it: asking a file system that hangs would hold up every store.
    #[cfg(target_os = "linux")]
    fn look_at(descriptor: i32) -> Option<FileId> {
        let mut answer = std::mem::MaybeUninit::<libc::statx>::zeroed();
        let flags = libc::AT_EMPTY_PATH | libc::AT_STATX_DONT_SYNC;
        let wanted = libc::STATX_INO;
        #[expect(unsafe_code, reason = "a descriptor that is not ours must be looked at without owning it")]
        // SAFETY: the path ends with NUL, `answer` has the size that the call fills, and zeroes are a valid value of it.
        let found = unsafe {
            let failed = libc::statx(descriptor, c"".as_ptr(), flags, wanted, answer.as_mut_ptr());
            (failed == 0).then(|| answer.assume_init())?
        };
        let device = libc::makedev(found.stx_dev_major, found.stx_dev_minor);
        Some(FileId { device, inode: found.stx_ino })
    }

    /// What a descriptor refers to; `None` if it is closed.
    #[cfg(not(target_os = "linux"))]
    #[allow(
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "the fields' types differ between platforms"
    )]
    fn look_at(descriptor: i32) -> Option<FileId> {
        stat(descriptor).map(|found| FileId { device: found.st_dev as u64, inode: found.st_ino as u64 })
    }
}

/// Windows locks belong to handles: another library does no harm there.
#[cfg(not(unix))]
mod elsewhere {
    use super::{FileId, Others, Result, io};
    use std::path::Path;

    pub fn follow() -> Result<()> {
        Ok(())
    }

    pub fn others() -> io::Result<Others> {
        Ok(Others::new())
    }

    pub fn unseen<T>(_: &Path, act: impl FnOnce() -> T) -> T {
        act()
    }

    pub fn is_others(_: i32, _: FileId) -> bool {
        false
    }
}

#[cfg(not(unix))]
pub use elsewhere::{follow, is_others, others, unseen};

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
