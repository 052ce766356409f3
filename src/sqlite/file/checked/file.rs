//! The database file as SQLite holds it: ours in front, and behind it in the same memory the file of the VFS below.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]

use super::DAMAGE;
use super::page::{self, HEADER, Policy};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::null_mut;

/// What SQLite gets to see begins with the pointer to our functions.
#[repr(C, align(8))]
struct CheckedFile {
    seen: sqlite3_file,
    /// For messages; alive for as long as the file is open.
    name: *const c_char,
    policy: Policy,
    /// A page on its way to the disk: SQLite's own must not change.
    page: Vec<u8>,
}

/// Where the file below begins, bytes.
pub const ROOM: usize = size_of::<CheckedFile>();

/// Opens the file below and puts ours in front of it.
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
        (*opened).pMethods = std::ptr::null();
        let base = below(opened);
        (*base).pMethods = std::ptr::null();
        let Some(open) = (*vfs).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = open(vfs, name, base, flags, out_flags);
        let methods = (*base).pMethods;
        if methods.is_null() {
            return if code == ffi::SQLITE_OK { ffi::SQLITE_CANTOPEN } else { code };
        }
        if code != ffi::SQLITE_OK {
            if let Some(close) = (*methods).xClose {
                close(base);
            }
            return code;
        }
        let seen = sqlite3_file { pMethods: functions((*methods).iVersion) };
        let ours = CheckedFile { seen, name, policy: Policy::NEW, page: Vec::new() };
        opened.cast::<CheckedFile>().write(ours);
        code
    }
}

/// Our functions, of the same version as those below.
fn functions(version: c_int) -> *const sqlite3_io_methods {
    static VERSIONS: [sqlite3_io_methods; 3] = [methods(1), methods(2), methods(3)];
    &raw const VERSIONS[match version {
        ..=1 => 0,
        2 => 1,
        _ => 2,
    }]
}

const fn methods(version: c_int) -> sqlite3_io_methods {
    sqlite3_io_methods {
        iVersion: version,
        xClose: Some(close),
        xRead: Some(read),
        xWrite: Some(write),
        xTruncate: Some(truncate),
        xSync: Some(sync),
        xFileSize: Some(file_size),
        xLock: Some(lock),
        xUnlock: Some(unlock),
        xCheckReservedLock: Some(check_reserved_lock),
        xFileControl: Some(file_control),
        xSectorSize: Some(sector_size),
        xDeviceCharacteristics: Some(device_characteristics),
        xShmMap: Some(shm_map),
        xShmLock: Some(shm_lock),
        xShmBarrier: Some(shm_barrier),
        xShmUnmap: Some(shm_unmap),
        xFetch: Some(fetch),
        xUnfetch: Some(unfetch),
    }
}

/// The file below ours.
unsafe fn below(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: our VFS asks SQLite for that much more room than the one below needs.
    unsafe { file.cast::<u8>().add(ROOM).cast() }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and `open` initialised it.
    unsafe {
        let code = close_below(file);
        std::ptr::drop_in_place(file.cast::<CheckedFile>());
        (*file).pMethods = std::ptr::null();
        code
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives `length` bytes, which the file below fills, and uses a file from one thread at a time.
    let (ours, code, bytes) = unsafe {
        let code = read_below(file, into, length, offset);
        let length = usize::try_from(length).unwrap_or(0);
        (&mut *file.cast::<CheckedFile>(), code, std::slice::from_raw_parts_mut(into.cast::<u8>(), length))
    };
    if code == ffi::SQLITE_OK && offset == 0 && bytes.len() >= HEADER {
        ours.policy = Policy::of(bytes);
    }
    let Some(number) = page::number(bytes.len(), offset).filter(|_| ours.policy.check) else { return code };
    let sound = match code {
        ffi::SQLITE_OK => page::accept(number, bytes),
        // Behind the end there is nothing; half a page is what a file has that was cut off.
        ffi::SQLITE_IOERR_SHORT_READ => page::accept_part(number, bytes),
        _ => return code,
    };
    if sound {
        return code;
    }
    // SAFETY: the name outlives the open file and ends with NUL; there is none for a temporary one.
    let name = (!ours.name.is_null()).then(|| unsafe { CStr::from_ptr(ours.name) });
    let name = name.unwrap_or_default().to_string_lossy();
    // At the end of a process the place may be gone, and a panic must not leave for C.
    let _ =
        DAMAGE.try_with(|damage| damage.replace(Some(format!("page {number} of {name} does not match its checksum"))));
    ffi::SQLITE_IOERR_DATA
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives `length` bytes to be written, and uses a file from one thread at a time.
    let (ours, bytes) = unsafe {
        let length = usize::try_from(length).unwrap_or(0);
        (&mut *file.cast::<CheckedFile>(), std::slice::from_raw_parts(from.cast::<u8>(), length))
    };
    if offset == 0 && bytes.len() >= HEADER {
        ours.policy = Policy::of(bytes);
    }
    let mut source = from;
    if let Some(number) = page::number(bytes.len(), offset).filter(|_| ours.policy.write) {
        ours.page.clear();
        ours.page.extend_from_slice(bytes);
        page::seal(number, &mut ours.page);
        source = ours.page.as_ptr().cast();
    }
    // SAFETY: `source` is SQLite's bytes or our copy of them, of the same length.
    unsafe { write_below(file, source, length, offset) }
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: the arguments are SQLite's; this one asks for a text that the caller frees with `sqlite3_free`.
    unsafe {
        let code = file_control_below(file, op, argument);
        if op != ffi::SQLITE_FCNTL_VFSNAME || code != ffi::SQLITE_OK {
            return code;
        }
        let answer = argument.cast::<*mut c_char>();
        let base = if (*answer).is_null() { c"" } else { CStr::from_ptr(*answer) };
        if let Ok(name) = CString::new([b"tracestore/", base.to_bytes()].concat()) {
            let name = ffi::sqlite3_mprintf(c"%s".as_ptr(), name.as_ptr());
            ffi::sqlite3_free((*answer).cast());
            *answer = name;
        }
        code
    }
}

/// Parts of pages would come unchecked.
unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: the file is open.
    unsafe { device_characteristics_below(file) & !ffi::SQLITE_IOCAP_SUBPAGE_READ }
}

/// Mapped pages would come unchecked: SQLite reads when it gets none.
unsafe extern "C" fn fetch(_: *mut sqlite3_file, _: sqlite3_int64, _: c_int, answer: *mut *mut c_void) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *answer = null_mut() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn unfetch(_: *mut sqlite3_file, _: sqlite3_int64, _: *mut c_void) -> c_int {
    ffi::SQLITE_OK
}

/// Functions that do nothing but call the same one of the file below.
macro_rules! hand_on {
    ($($name:ident = $method:ident($($arg:ident: $kind:ty),*) -> $answer:ty, or $otherwise:expr;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($arg: $kind),*) -> $answer {
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
    close_below = xClose() -> c_int, or ffi::SQLITE_OK;
    read_below = xRead(into: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    write_below = xWrite(from: *const c_void, length: c_int, offset: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    truncate = xTruncate(size: sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    sync = xSync(flags: c_int) -> c_int, or ffi::SQLITE_IOERR;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int, or ffi::SQLITE_IOERR;
    lock = xLock(level: c_int) -> c_int, or ffi::SQLITE_IOERR;
    unlock = xUnlock(level: c_int) -> c_int, or ffi::SQLITE_IOERR;
    check_reserved_lock = xCheckReservedLock(answer: *mut c_int) -> c_int, or ffi::SQLITE_IOERR;
    file_control_below = xFileControl(op: c_int, argument: *mut c_void) -> c_int, or ffi::SQLITE_NOTFOUND;
    sector_size = xSectorSize() -> c_int, or 4096;
    device_characteristics_below = xDeviceCharacteristics() -> c_int, or 0;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, answer: *mut *mut c_void) -> c_int, or ffi::SQLITE_IOERR;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int, or ffi::SQLITE_IOERR;
    shm_barrier = xShmBarrier() -> (), or ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int, or ffi::SQLITE_OK;
}
