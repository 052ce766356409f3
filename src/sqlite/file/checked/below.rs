//! The file of the VFS below, behind ours in the same memory.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_vfs};
use std::ffi::{c_int, c_void};
use std::ptr::null;

/// Where it begins, bytes: what ours may take.
pub const ROOM: usize = 96;

/// Opens the file below; ours has no functions yet.
///
/// # Safety
/// The arguments are those of SQLite's `xOpen`, with `vfs` the one below and `ROOM` bytes more at `opened`.
pub unsafe fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    opened: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: as the function's own; a file whose functions are set was opened, and is closed if that failed.
    unsafe {
        (*opened).pMethods = null();
        let base = below(opened);
        (*base).pMethods = null();
        let Some(open) = (*vfs).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = open(vfs, name, base, flags, out_flags);
        let methods = (*base).pMethods;
        if methods.is_null() {
            return if code == ffi::SQLITE_OK { ffi::SQLITE_CANTOPEN } else { code };
        }
        if code != ffi::SQLITE_OK
            && let Some(close) = (*methods).xClose
        {
            close(base);
        }
        code
    }
}

/// The version of the functions of an open file below.
///
/// # Safety
/// The file below ours is open.
pub unsafe fn version(file: *mut sqlite3_file) -> c_int {
    // SAFETY: an open file has functions.
    unsafe { (*(*below(file)).pMethods).iVersion }
}

/// The file below ours.
unsafe fn below(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: our VFS asks SQLite for that much more room than the one below needs.
    unsafe { file.cast::<u8>().add(ROOM).cast() }
}

/// Functions that do nothing but call the same one of the file below.
macro_rules! hand_on {
    ($($name:ident = $method:ident($($arg:ident: $kind:ty),*) -> $answer:ty, or $otherwise:expr;)*) => {$(
        pub unsafe extern "C" fn $name(file: *mut sqlite3_file, $($arg: $kind),*) -> $answer {
            // SAFETY: the arguments are SQLite's own, meant for an open file as the one below is.
            unsafe {
                let base = below(file);
                match (*(*base).pMethods).$method {
                    Some(method) => method(base, $($arg),*),
                    None => $otherwise,
                }
            }
        }
    )*};
}

hand_on! {
    close = xClose() -> c_int, or ffi::SQLITE_OK;
    read = xRead(into: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    write = xWrite(from: *const c_void, length: c_int, offset: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    truncate = xTruncate(size: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    sync = xSync(flags: c_int) -> c_int, or ffi::SQLITE_IOERR;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    lock = xLock(level: c_int) -> c_int, or ffi::SQLITE_IOERR;
    unlock = xUnlock(level: c_int) -> c_int, or ffi::SQLITE_IOERR;
    check_reserved_lock = xCheckReservedLock(answer: *mut c_int) -> c_int, or ffi::SQLITE_IOERR;
    file_control = xFileControl(op: c_int, argument: *mut c_void) -> c_int, or ffi::SQLITE_NOTFOUND;
    sector_size = xSectorSize() -> c_int, or 4096;
    device_characteristics = xDeviceCharacteristics() -> c_int, or 0;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, answer: *mut *mut c_void) -> c_int, or ffi::SQLITE_IOERR;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int, or ffi::SQLITE_IOERR;
    shm_barrier = xShmBarrier() -> (), or ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int, or ffi::SQLITE_OK;
}
