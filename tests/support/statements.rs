//! Overhears every statement that this process runs in SQLite, whichever connection runs it, and what it cost.
//!
//! The library needs no seam for it: SQLite itself calls us for each connection that is opened.

#![allow(unsafe_code, reason = "SQLite's own hooks are C functions")]

use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, Once};

/// Text of a statement, and the most steps of SQLite's machine that one run of it took since the last `take`.
pub type Overheard = BTreeMap<String, i64>;

static OVERHEARD: Mutex<Overheard> = Mutex::new(BTreeMap::new());
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Listens to all connections opened from now on; the tests of one process take turns.
pub fn listen() -> MutexGuard<'static, ()> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `on_open` has the signature that SQLite calls an extension's entry point with.
        let registered = unsafe { ffi::sqlite3_auto_extension(Some(on_open)) };
        assert_eq!(registered, ffi::SQLITE_OK);
    });
    let turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    take();
    turn
}

/// What was overheard since the last time.
pub fn take() -> Overheard {
    std::mem::take(&mut *OVERHEARD.lock().unwrap())
}

unsafe extern "C" fn on_open(
    connection: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: the connection is open, and `on_statement` needs no context.
    unsafe { ffi::sqlite3_trace_v2(connection, ffi::SQLITE_TRACE_PROFILE, Some(on_statement), null_mut()) }
}

/// Called when a statement has ended.
unsafe extern "C" fn on_statement(_: c_uint, _: *mut c_void, statement: *mut c_void, _: *mut c_void) -> c_int {
    let statement = statement.cast::<ffi::sqlite3_stmt>();
    // SAFETY: SQLite passes a statement that is alive during this call; its text ends with NUL.
    let (text, steps) = unsafe {
        let text = CStr::from_ptr(ffi::sqlite3_sql(statement)).to_string_lossy().into_owned();
        (text, ffi::sqlite3_stmt_status(statement, ffi::SQLITE_STMTSTATUS_VM_STEP, 1))
    };
    if let Ok(mut overheard) = OVERHEARD.lock() {
        let most = overheard.entry(text).or_default();
        *most = (*most).max(i64::from(steps));
    }
    0
}
