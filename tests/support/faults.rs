//! A file system that fails when it is told to: SQLite's default VFS, with faults in the calls that a plan names.
//!
//! It becomes the process's default before the first store is opened, so that the layer of the library lies above it,
//! as it lies above the real one. Each database has a plan of its own, so that tests may run side by side.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// What SQLite asks of the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Open,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    ShmMap,
    /// Not the unlocking, which can't fail.
    ShmLock,
    /// By the program itself, as are the next two; see `system.rs`.
    Flush,
    Link,
    Rename,
}

/// Which file a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Database,
    Log,
    /// The journal with which a new file is made.
    Journal,
    /// The folder itself.
    Folder,
}

/// What comes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done, and this code returned: SQLite's, or the system's where the program itself calls.
    Code(c_int),
    /// Half is written, and the disk is full.
    Half,
}

/// Which calls fail and how.
#[derive(Debug, Clone)]
pub struct Plan {
    pub calls: Vec<Call>,
    pub places: Vec<Place>,
    /// Calls of these kinds that succeed first, and that fail then.
    pub spared: usize,
    pub struck: usize,
    pub fault: Fault,
}

/// The faults of one database.
#[derive(Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    plan: Option<Plan>,
    struck: usize,
}

impl Faults {
    /// From now on calls fail by this plan.
    pub fn arm(&self, plan: Plan) {
        *self.lock() = State { plan: Some(plan), struck: 0 };
    }

    /// Ends the faults and says how many there were.
    pub fn disarm(&self) -> usize {
        std::mem::take(&mut *self.lock()).struck
    }

    /// What comes of this call, if it is to fail.
    pub fn strike(&self, call: Call, place: Place) -> Option<Fault> {
        let mut state = self.lock();
        let plan = state.plan.as_mut().filter(|plan| plan.calls.contains(&call) && plan.places.contains(&place))?;
        if plan.spared > 0 {
            plan.spared -= 1;
            return None;
        }
        plan.struck = plan.struck.checked_sub(1)?;
        let fault = plan.fault;
        state.struck += 1;
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

static WATCHED: Mutex<Vec<(PathBuf, Arc<Faults>)>> = Mutex::new(Vec::new());

/// The faults of the database at `path`, or of all in that folder; nobody has opened them yet.
pub fn watch(path: &Path) -> Arc<Faults> {
    let faults = Arc::new(Faults::default());
    base();
    WATCHED.lock().unwrap().push((path.to_owned(), Arc::clone(&faults)));
    faults
}

/// The faults of the file at `path`, if it is watched.
pub fn of(path: &Path) -> Option<Arc<Faults>> {
    let folder = path.parent();
    let watched = WATCHED.lock().unwrap();
    let found = watched.iter().find(|(watched, _)| watched == path || Some(watched.as_path()) == folder);
    found.map(|(_, faults)| Arc::clone(faults))
}

/// Forgets a database, or a folder.
pub fn unwatch(path: &Path) {
    WATCHED.lock().unwrap().retain(|(watched, _)| watched != path);
}

/// What a watched file keeps behind what the VFS below keeps.
struct Extra {
    faults: Arc<Faults>,
    place: Place,
    /// The functions of the VFS below.
    below: *const sqlite3_io_methods,
    /// Those, with ours in the place of some.
    ours: sqlite3_io_methods,
}

/// A pointer to the default VFS, which lives for ever.
struct Base(*mut sqlite3_vfs);

// SAFETY: SQLite's own VFS may be called from any thread.
unsafe impl Send for Base {}
// SAFETY: as above.
unsafe impl Sync for Base {}

/// The VFS below; on first use ours becomes the default.
fn base() -> *mut sqlite3_vfs {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        // SAFETY: the default VFS lives for ever. Its functions look at nothing but `pAppData` in the structure that
        // they are given, which is the same in the copy.
        unsafe {
            let base = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut ours = *base;
            ours.szOsFile = room(base) as c_int + size_of::<*mut Extra>() as c_int;
            ours.zName = c"faults".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), ffi::SQLITE_OK);
            Base(base)
        }
    })
    .0
}

/// Bytes of a file of the VFS below, up to where ours begin.
unsafe fn room(base: *mut sqlite3_vfs) -> usize {
    // SAFETY: the default VFS lives for ever.
    usize::try_from(unsafe { (*base).szOsFile }).unwrap().next_multiple_of(8)
}

/// Where a file of ours keeps what is its own.
unsafe fn own(file: *mut sqlite3_file) -> *mut *mut Extra {
    #[allow(
        clippy::cast_ptr_alignment,
        reason = "SQLite aligns a file to eight bytes, and the room is a multiple of that"
    )]
    // SAFETY: SQLite gave as much room as our VFS asked for.
    unsafe {
        file.cast::<u8>().add(room(base())).cast()
    }
}

unsafe fn extra<'a>(file: *mut sqlite3_file) -> &'a Extra {
    // SAFETY: only files that `open` gave an `Extra` have functions that ask for it.
    unsafe { &**own(file) }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: the arguments are SQLite's; the room behind the file of the VFS below is ours.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let watched = watched(name, flags);
        if let Some((faults, place)) = &watched
            && let Some(Fault::Code(code)) = faults.strike(Call::Open, *place)
        {
            return code;
        }
        let code = (*base()).xOpen.unwrap()(base(), name, file, flags, out_flags);
        if let Some((faults, place)) = watched
            && code == ffi::SQLITE_OK
        {
            let below = (*file).pMethods;
            let mut ours = *below;
            ours.xClose = Some(close);
            ours.xRead = Some(read);
            ours.xWrite = Some(write);
            ours.xTruncate = Some(truncate);
            ours.xSync = Some(sync);
            ours.xFileSize = Some(file_size);
            ours.xLock = Some(lock);
            ours.xShmMap = Some(shm_map);
            ours.xShmLock = Some(shm_lock);
            let extra = Box::into_raw(Box::new(Extra { faults, place, below, ours }));
            own(file).write(extra);
            (*file).pMethods = &raw const (*extra).ours;
        }
        code
    }
}

/// Whose file it is, if it is one of a watched database.
unsafe fn watched(name: ffi::sqlite3_filename, flags: c_int) -> Option<(Arc<Faults>, Place)> {
    let (place, suffix) = match flags {
        _ if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 => (Place::Database, ""),
        _ if flags & ffi::SQLITE_OPEN_WAL != 0 => (Place::Log, "-wal"),
        _ if flags & ffi::SQLITE_OPEN_MAIN_JOURNAL != 0 => (Place::Journal, "-journal"),
        _ => return None,
    };
    // SAFETY: such a file has a name, which ends with NUL.
    let name = unsafe { CStr::from_ptr(name) }.to_str().unwrap().strip_suffix(suffix)?;
    of(Path::new(name)).map(|faults| (faults, place))
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; what `open` boxed is freed with it.
    unsafe {
        let extra = Box::from_raw(own(file).read());
        (*file).pMethods = extra.below;
        (*extra.below).xClose.unwrap()(file)
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite's own arguments; half of `length` is there too.
    unsafe {
        let Extra { faults, place, below, .. } = extra(file);
        let write = (**below).xWrite.unwrap();
        match faults.strike(Call::Write, *place) {
            None => write(file, from, length, offset),
            Some(Fault::Code(code)) => code,
            Some(Fault::Half) => {
                write(file, from, length / 2, offset);
                ffi::SQLITE_FULL
            }
        }
    }
}

/// Functions that fail, or call the same one of the VFS below.
macro_rules! may_fail {
    ($($name:ident = $call:ident $method:ident($($arg:ident: $kind:ty),*);)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($arg: $kind),*) -> c_int {
            // SAFETY: the arguments are SQLite's own.
            unsafe {
                let Extra { faults, place, below, .. } = extra(file);
                match faults.strike(Call::$call, *place) {
                    None => (**below).$method.unwrap()(file, $($arg),*),
                    Some(Fault::Code(code)) => code,
                    Some(Fault::Half) => ffi::SQLITE_IOERR,
                }
            }
        }
    )*};
}

may_fail! {
    read = Read xRead(into: *mut c_void, length: c_int, offset: sqlite3_int64);
    truncate = Truncate xTruncate(size: sqlite3_int64);
    sync = Sync xSync(flags: c_int);
    file_size = FileSize xFileSize(size: *mut sqlite3_int64);
    lock = Lock xLock(level: c_int);
    shm_map = ShmMap xShmMap(page: c_int, size: c_int, extend: c_int, answer: *mut *mut c_void);
    shm_lock_held = ShmLock xShmLock(offset: c_int, count: c_int, flags: c_int);
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    // SAFETY: SQLite's own arguments.
    unsafe {
        if flags & ffi::SQLITE_SHM_LOCK != 0 {
            return shm_lock_held(file, offset, count, flags);
        }
        (*extra(file).below).xShmLock.unwrap()(file, offset, count, flags)
    }
}
