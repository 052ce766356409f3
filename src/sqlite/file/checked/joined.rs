//! The write-ahead log as SQLite holds it: the frames of a transaction go to the file in one write, with the last one.
//!
//! That write's error is the answer to SQLite's writing of the last frame, which fails the commit as ever. Whatever else
//! SQLite does with the log first writes out what is held, and fails if that does; what could not be written stays
//! held, so that no later commit can leave a gap. What is held when SQLite lets go of the right to write is dropped:
//! that transaction was rolled back, and the place belongs to the next writer, of any process.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]

use super::below;
use super::file;
use super::held::HeldFrames;
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{c_int, c_void};
use std::ptr::null;

/// What SQLite gets to see begins with the pointer to our functions.
#[repr(C, align(8))]
struct JoinedLog {
    seen: sqlite3_file,
    /// The database's, open for longer than its log.
    database: *mut sqlite3_file,
}

const _: () = assert!(size_of::<JoinedLog>() <= below::ROOM, "it would reach into the file below");

/// Opens the log below and puts ours in front of it.
///
/// # Safety
/// As `below::open`, for the log of a database that `file::open` opened.
pub unsafe fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    opened: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: as the function's own; SQLite names a log so that its database can be found.
    unsafe {
        let database = ffi::sqlite3_database_file_object(name);
        debug_assert!(
            below::device_characteristics(database) & ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE != 0,
            "SQLite's file systems all say this; without it frames would come in pieces, to fill sectors",
        );
        let code = below::open(vfs, name, opened, flags, out_flags);
        if code == ffi::SQLITE_OK {
            let seen = sqlite3_file { pMethods: &raw const METHODS };
            opened.cast::<JoinedLog>().write(JoinedLog { seen, database });
        }
        code
    }
}

/// A log is neither shared memory nor mapped.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(below::lock),
    xUnlock: Some(below::unlock),
    xCheckReservedLock: Some(below::check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(below::sector_size),
    xDeviceCharacteristics: Some(below::device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// What is held of this log.
unsafe fn held<'a>(log: *mut sqlite3_file) -> &'a mut HeldFrames {
    // SAFETY: `open` initialised it, the database is open, and SQLite uses both from one thread at a time.
    unsafe { file::held((*log.cast::<JoinedLog>()).database) }
}

/// What is held then belongs to no transaction that was committed.
unsafe extern "C" fn close(log: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and its database later.
    unsafe {
        held(log).clear();
        let code = below::close(log);
        (*log).pMethods = null();
        code
    }
}

unsafe extern "C" fn write(log: *mut sqlite3_file, from: *const c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives `length` bytes to be written.
    unsafe {
        let part = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(length).unwrap_or(0));
        if !held(log).accepts(part, offset) {
            let code = write_out(log);
            if code != ffi::SQLITE_OK {
                return code;
            }
            if !held(log).accepts(part, offset) {
                return below::write(log, from, length, offset);
            }
        }
        if !held(log).take(part, offset) {
            return ffi::SQLITE_OK;
        }
        let code = write_out(log);
        // A commit that SQLite is told has failed must not succeed later.
        held(log).clear();
        code
    }
}

/// Writes what is held, which stays held if that fails.
unsafe fn write_out(log: *mut sqlite3_file) -> c_int {
    // SAFETY: the log is open, and what is held is not changed by the file below.
    unsafe {
        let held = held(log);
        let Some((bytes, offset)) = held.all() else { return ffi::SQLITE_OK };
        let Ok(length) = c_int::try_from(bytes.len()) else { return ffi::SQLITE_IOERR_WRITE };
        let code = below::write(log, bytes.as_ptr().cast(), length, offset);
        if code == ffi::SQLITE_OK {
            held.clear();
        }
        code
    }
}

/// Functions that write out what is held, and then call the same one of the file below.
macro_rules! after_writing_out {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {$(
        unsafe extern "C" fn $name(log: *mut sqlite3_file, $($arg: $kind),*) -> c_int {
            // SAFETY: the arguments are SQLite's own.
            unsafe {
                match write_out(log) {
                    ffi::SQLITE_OK => below::$name(log, $($arg),*),
                    code => code,
                }
            }
        }
    )*};
}

after_writing_out! {
    read(into: *mut c_void, length: c_int, offset: sqlite3_int64);
    truncate(size: sqlite3_int64);
    sync(flags: c_int);
    file_size(size: *mut sqlite3_int64);
    file_control(op: c_int, argument: *mut c_void);
}
