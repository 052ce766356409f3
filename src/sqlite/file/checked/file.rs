//! The database file as SQLite holds it: ours in front, and behind it in the same memory the file of the VFS below.

#![allow(unsafe_code, reason = "SQLite's file system interface is C functions and pointers")]

use super::DAMAGE;
use super::below;
use super::held::HeldFrames;
use super::page::{self, HEADER, Policy};
use crate::sqlite::file::identity::FileId;
use crate::sqlite::file::one_per::OnePer;
use parking_lot::Mutex;
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::null_mut;
use std::sync::Arc;

/// The first of the locks in the log's index, which whoever writes holds exclusively.
const WRITE_LOCK: c_int = 0;

/// Of each file: nobody in this process takes a lock on it while one of its descriptors is closed.
///
/// A descriptor that is closed takes the locks of the whole process with it. SQLite closes none while it has locks on the
/// file, but it looks first and closes then, and what another thread locks in between would be lost: another process
/// could take the file for one that nobody uses, and remove its log.
type Door = Mutex<()>;

static DOORS: OnePer<FileId, Door> = OnePer::new();

/// What SQLite gets to see begins with the pointer to our functions.
#[repr(C, align(8))]
struct CheckedFile {
    seen: sqlite3_file,
    /// For messages; alive for as long as the file is open.
    name: *const c_char,
    /// As the file's header said when it came by; `policy` tells whether that is still so.
    policy: Policy,
    /// A page on its way to the disk: SQLite's own must not change.
    page: Vec<u8>,
    /// Of this database's log, which knows no locks.
    held: HeldFrames,
    door: Arc<Door>,
}

const _: () = assert!(size_of::<CheckedFile>() <= below::ROOM, "it would reach into the file below");

/// Opens the file below and puts ours in front of it.
///
/// # Safety
/// As `below::open`.
pub unsafe fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    opened: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: as the function's own.
    unsafe {
        let code = below::open(vfs, name, opened, flags, out_flags);
        if code == ffi::SQLITE_OK {
            let seen = sqlite3_file { pMethods: functions(below::version(opened)) };
            let (page, held, door) = (Vec::new(), HeldFrames::default(), door(name));
            opened.cast::<CheckedFile>().write(CheckedFile { seen, name, policy: Policy::NEW, page, held, door });
        }
        code
    }
}

/// That of the file with this name, which was just opened; one without a name has it alone.
///
/// # Safety
/// The name is SQLite's own.
unsafe fn door(name: ffi::sqlite3_filename) -> Arc<Door> {
    if name.is_null() {
        return Arc::default();
    }
    // SAFETY: SQLite's names end with NUL.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    FileId::of(Path::new(&*name)).map_or_else(|_| Arc::default(), |file| DOORS.of(file))
}

/// What the log of this database holds back.
///
/// # Safety
/// `open` opened it, and nothing else uses it meanwhile.
pub unsafe fn held<'a>(database: *mut sqlite3_file) -> &'a mut HeldFrames {
    // SAFETY: as the function's own.
    unsafe { &mut (*database.cast::<CheckedFile>()).held }
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
        xTruncate: Some(below::truncate),
        xSync: Some(below::sync),
        xFileSize: Some(below::file_size),
        xLock: Some(lock),
        xUnlock: Some(below::unlock),
        xCheckReservedLock: Some(below::check_reserved_lock),
        xFileControl: Some(file_control),
        xSectorSize: Some(below::sector_size),
        xDeviceCharacteristics: Some(device_characteristics),
        xShmMap: Some(below::shm_map),
        xShmLock: Some(shm_lock),
        xShmBarrier: Some(below::shm_barrier),
        xShmUnmap: Some(below::shm_unmap),
        xFetch: Some(fetch),
        xUnfetch: Some(unfetch),
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and `open` initialised it.
    unsafe {
        let door = Arc::clone(&(*file.cast::<CheckedFile>()).door);
        let _closing = door.lock();
        let code = below::close(file);
        std::ptr::drop_in_place(file.cast::<CheckedFile>());
        (*file).pMethods = std::ptr::null();
        code
    }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open, and the argument is SQLite's own.
    unsafe {
        let _locking = (*file.cast::<CheckedFile>()).door.lock();
        below::lock(file, level)
    }
}

/// What holds for these bytes of the file, which were read with this code or are to be written.
///
/// A file without room for checksums may get it from another connection, and then the new header comes to this one by the
/// log, which doesn't pass here: such a file is asked each time.
unsafe fn policy(file: *mut sqlite3_file, bytes: &[u8], offset: sqlite3_int64, code: c_int) -> Policy {
    // SAFETY: the file is open, and the header has room for what is read into it.
    unsafe {
        let known = &raw mut (*file.cast::<CheckedFile>()).policy;
        if offset == 0 && bytes.len() >= HEADER {
            if code == ffi::SQLITE_OK {
                *known = Policy::of(bytes);
            }
        } else if *known != Policy::NEW {
            let mut header = [0_u8; HEADER];
            let read = c_int::try_from(HEADER).map(|length| below::read(file, header.as_mut_ptr().cast(), length, 0));
            if read == Ok(ffi::SQLITE_OK) {
                *known = Policy::of(&header);
            }
        }
        *known
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives `length` bytes, which the file below fills, and uses a file from one thread at a time.
    let (code, bytes) = unsafe {
        let code = below::read(file, into, length, offset);
        let length = usize::try_from(length).unwrap_or(0);
        (code, std::slice::from_raw_parts_mut(into.cast::<u8>(), length))
    };
    // SAFETY: the file is open.
    let policy = unsafe { policy(file, bytes, offset, code) };
    let Some(number) = page::number(bytes.len(), offset).filter(|_| policy.check) else { return code };
    let sound = match code {
        ffi::SQLITE_OK => page::accept(number, bytes),
        // Behind the end there is nothing; half a page is what a file has that was cut off.
        ffi::SQLITE_IOERR_SHORT_READ => page::accept_part(number, bytes),
        _ => return code,
    };
    if sound {
        return code;
    }
    // SAFETY: the file is open; its name outlives it and ends with NUL, and there is none for a temporary one.
    let name = unsafe { (*file.cast::<CheckedFile>()).name };
    // SAFETY: as above.
    let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) });
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
    let (policy, ours, bytes) = unsafe {
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(length).unwrap_or(0));
        (policy(file, bytes, offset, ffi::SQLITE_OK), &mut *file.cast::<CheckedFile>(), bytes)
    };
    let mut source = from;
    if let Some(number) = page::number(bytes.len(), offset).filter(|_| policy.write) {
        ours.page.clear();
        ours.page.extend_from_slice(bytes);
        page::seal(number, &mut ours.page);
        source = ours.page.as_ptr().cast();
    }
    // SAFETY: `source` is SQLite's bytes or our copy of them, of the same length.
    unsafe { below::write(file, source, length, offset) }
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: the arguments are SQLite's; this one asks for a text that the caller frees with `sqlite3_free`.
    unsafe {
        let code = below::file_control(file, op, argument);
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

/// With the right to write goes what is held: its transaction is over, and was not committed.
unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    if offset == WRITE_LOCK && flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        // SAFETY: the file is open.
        unsafe { held(file).clear() };
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { below::shm_lock(file, offset, count, flags) }
}

/// Parts of pages would come unchecked.
unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: the file is open.
    unsafe { below::device_characteristics(file) & !ffi::SQLITE_IOCAP_SUBPAGE_READ }
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
