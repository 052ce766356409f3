//! The layer as SQLite knows it: a VFS with a name, which hands all but the opening of files on to the default one.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]

use super::{below, file, joined};
use crate::error::{Code, Error, Result};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

const NAME: &CStr = c"tracestore";

/// The name to open connections with; registers the layer on first use, above what is the default VFS then.
pub fn name() -> Result<&'static CStr> {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    match *REGISTERED.get_or_init(register) {
        ffi::SQLITE_OK => Ok(NAME),
        code => Err(Error::new(Code::Internal, format!("SQLite did not take the page checksums (code {code})"))),
    }
}

fn register() -> c_int {
    // SAFETY: a null name asks for the default VFS, which is never removed.
    let base = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
    if base.is_null() {
        return ffi::SQLITE_ERROR;
    }
    // SAFETY: SQLite keeps a VFS that it returned alive and unchanged but for `pNext`, which is not read here.
    let below = unsafe { &*base };
    let Ok(room) = c_int::try_from(below::ROOM) else { return ffi::SQLITE_ERROR };
    // SQLite keeps the pointer for ever.
    let ours = Box::leak(Box::new(sqlite3_vfs {
        iVersion: below.iVersion.min(3),
        szOsFile: below.szOsFile + room,
        mxPathname: below.mxPathname,
        pNext: null_mut(),
        zName: NAME.as_ptr(),
        pAppData: base.cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: Some(dl_open),
        xDlError: Some(dl_error),
        xDlSym: Some(dl_sym),
        xDlClose: Some(dl_close),
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(get_last_error),
        xCurrentTimeInt64: Some(current_time_int64),
        xSetSystemCall: below.xSetSystemCall.and(Some(set_system_call)),
        xGetSystemCall: below.xGetSystemCall.and(Some(get_system_call)),
        xNextSystemCall: below.xNextSystemCall.and(Some(next_system_call)),
    }));
    // SAFETY: the structure is complete and lives for ever.
    unsafe { ffi::sqlite3_vfs_register(ours, 0) }
}

/// The VFS below ours.
unsafe fn below(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    // SAFETY: SQLite calls with the structure that `register` made, whose `pAppData` is the default VFS.
    unsafe { (*vfs).pAppData.cast() }
}

/// Journals and temporary files lie below as they are.
unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    opened: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives room for `szOsFile` bytes, and the name with all that SQLite keeps around it goes on as it is.
    unsafe {
        let base = below(vfs);
        if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
            return file::open(base, name, opened, flags, out_flags);
        }
        if flags & ffi::SQLITE_OPEN_WAL != 0 {
            return joined::open(base, name, opened, flags, out_flags);
        }
        match (*base).xOpen {
            Some(open) => open(base, name, opened, flags, out_flags),
            None => ffi::SQLITE_CANTOPEN,
        }
    }
}

/// Functions that do nothing but call the same one of the VFS below.
macro_rules! hand_on {
    ($($name:ident = $method:ident($($arg:ident: $kind:ty),*) -> $answer:ty, or $otherwise:expr;)*) => {$(
        unsafe extern "C" fn $name(vfs: *mut sqlite3_vfs, $($arg: $kind),*) -> $answer {
            // SAFETY: the arguments are SQLite's own, meant for a VFS as the one below is.
            unsafe {
                let base = below(vfs);
                match (*base).$method {
                    Some(method) => method(base, $($arg),*),
                    None => $otherwise,
                }
            }
        }
    )*};
}

/// A function of a loaded library, or a system call.
type Symbol = Option<unsafe extern "C" fn(*mut sqlite3_vfs, *mut c_void, *const c_char)>;

hand_on! {
    delete = xDelete(name: *const c_char, sync: c_int) -> c_int, or ffi::SQLITE_IOERR;
    access = xAccess(name: *const c_char, flags: c_int, answer: *mut c_int) -> c_int, or ffi::SQLITE_IOERR;
    full_pathname = xFullPathname(name: *const c_char, room: c_int, answer: *mut c_char) -> c_int, or ffi::SQLITE_CANTOPEN;
    dl_open = xDlOpen(name: *const c_char) -> *mut c_void, or null_mut();
    dl_error = xDlError(room: c_int, answer: *mut c_char) -> (), or ();
    dl_sym = xDlSym(library: *mut c_void, name: *const c_char) -> Symbol, or None;
    dl_close = xDlClose(library: *mut c_void) -> (), or ();
    randomness = xRandomness(room: c_int, answer: *mut c_char) -> c_int, or 0;
    sleep = xSleep(microseconds: c_int) -> c_int, or 0;
    current_time = xCurrentTime(answer: *mut f64) -> c_int, or ffi::SQLITE_ERROR;
    get_last_error = xGetLastError(room: c_int, answer: *mut c_char) -> c_int, or 0;
    current_time_int64 = xCurrentTimeInt64(answer: *mut ffi::sqlite3_int64) -> c_int, or ffi::SQLITE_ERROR;
    set_system_call = xSetSystemCall(name: *const c_char, call: ffi::sqlite3_syscall_ptr) -> c_int, or ffi::SQLITE_NOTFOUND;
    get_system_call = xGetSystemCall(name: *const c_char) -> ffi::sqlite3_syscall_ptr, or None;
    next_system_call = xNextSystemCall(name: *const c_char) -> *const c_char, or std::ptr::null();
}
