//! A connection that is closed takes no lock with it that another thread of the process gets meanwhile.

#![cfg(target_os = "linux")]
#![allow(unsafe_code, reason = "SQLite is called, and asks the kernel for locks, by functions of C")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use std::ffi::c_int;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tracestore::sqlite::file::checked;

/// Where SQLite's shared locks lie in a file (`SHARED_FIRST`, `SHARED_SIZE`).
const SHARED: (i64, i64) = (0x4000_0002, 510);

static IS_SLOW: AtomicBool = AtomicBool::new(false);

/// As long as a thread may be kept waiting by others just before it closes a descriptor.
unsafe extern "C" fn slow_close(descriptor: c_int) -> c_int {
    if IS_SLOW.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(20));
    }
    // SAFETY: SQLite closes its own descriptors.
    unsafe { libc::close(descriptor) }
}

fn slow_down_closing() {
    // SAFETY: SQLite initializes itself on this call, keeps what it finds, and calls what it knows as `close` by this type.
    unsafe {
        let vfs = ffi::sqlite3_vfs_find(c"unix".as_ptr());
        let close = std::mem::transmute::<unsafe extern "C" fn(c_int) -> c_int, unsafe extern "C" fn()>(slow_close);
        assert_eq!((*vfs).xSetSystemCall.unwrap()(vfs, c"close".as_ptr(), Some(close)), ffi::SQLITE_OK);
    }
}

fn connect(path: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    checked::open(path, flags).unwrap()
}

fn write(connection: &Connection) -> bool {
    match connection.execute_batch("pragma user_version = 7") {
        Ok(()) => true,
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Whether this process has a shared lock; `probe` must have been opened before it, and be closed after it.
fn is_locked(probe: &File) -> bool {
    // SAFETY: zeroes are a valid value of the structure, and the descriptor is open.
    unsafe {
        let mut lock: libc::flock = std::mem::zeroed();
        lock.l_type = libc::c_short::try_from(libc::F_WRLCK).unwrap();
        (lock.l_start, lock.l_len) = SHARED;
        assert_eq!(libc::fcntl(probe.as_raw_fd(), libc::F_OFD_GETLK, &raw mut lock), 0);
        i32::from(lock.l_type) != libc::F_UNLCK
    }
}

#[test]
fn a_lock_that_is_taken_while_another_connection_is_closed_stays() {
    slow_down_closing();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let first = connect(&path);
    first.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(first);
    let probe = File::open(&path).unwrap();
    IS_SLOW.store(true, Ordering::Relaxed);
    for _ in 0..5 {
        let (closed, kept) = (connect(&path), connect(&path));
        assert!(write(&closed) && is_locked(&probe));
        let closing = thread::spawn(move || drop(closed));
        // The one that is closed has let go of its own locks, and not yet of its descriptor.
        while is_locked(&probe) || !write(&kept) {
            thread::sleep(Duration::from_millis(1));
        }
        closing.join().unwrap();
        assert!(is_locked(&probe), "others would take the file for one that nobody uses");
    }
}
