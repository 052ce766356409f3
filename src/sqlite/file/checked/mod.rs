//! Between SQLite and the file system: a page that changed on the disk is an error, never a wrong answer, and a commit
//! is one write.
//!
//! A layer that SQLite calls a VFS. Our files keep eight bytes free at the end of each page; a page that goes to the
//! database file gets a checksum there, and one that comes from it is held against it. The frames of the write-ahead log
//! have checksums of their own; those of a transaction go to the file together (`joined.rs`).
//! A page's number is part of its checksum, so that one in another's place is found. SQLite is shown zeros instead of it,
//! and zeros mean that nobody checked: so what other programs copy from the log (a checkpoint by the `sqlite3` shell,
//! `.backup`, replication) can be read. A lost sector doesn't pass for that (`page.rs`).

// In reading order.
mod vfs;

mod joined;

mod file;

mod held;

mod page;

mod below;

use crate::error::{Code, Error, Result};
use rusqlite::{Connection, OpenFlags, ffi};
use std::cell::RefCell;
use std::path::Path;

thread_local! {
    /// What was wrong with the last page that this thread could not accept; SQLite hands on a number only.
    static DAMAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Opens a file whose pages are checked.
pub fn open(path: impl AsRef<Path>, flags: OpenFlags) -> Result<Connection> {
    Ok(Connection::open_with_flags_and_vfs(path, flags, vfs::name()?)?)
}

/// Makes room for the checksums; the file is still without any content, and best without any page.
///
/// Whoever made it may have written a first page without that room. True if so: the room is there only once the file is
/// written anew (`vacuum`).
pub fn reserve(connection: &Connection) -> Result<bool> {
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let before = control_reserve(connection, -1)?;
    control_reserve(connection, page::RESERVED)?;
    Ok(pages > 0 && before != page::RESERVED)
}

/// What was wrong with the last page that this thread could not accept.
pub fn damage() -> String {
    DAMAGE.try_with(RefCell::take).ok().flatten().unwrap_or_else(|| "a page does not match its checksum".to_owned())
}

/// Sets how many bytes are kept free in each page, and returns how many were; -1 only asks.
fn control_reserve(connection: &Connection, bytes: i32) -> Result<i32> {
    let mut answer = bytes;
    #[expect(unsafe_code, reason = "rusqlite has no binding for this control")]
    // SAFETY: the connection is open during the call, the name ends with NUL, and the control takes one int.
    let code = unsafe {
        ffi::sqlite3_file_control(
            connection.handle(),
            c"main".as_ptr(),
            ffi::SQLITE_FCNTL_RESERVE_BYTES,
            (&raw mut answer).cast(),
        )
    };
    if code == ffi::SQLITE_OK {
        return Ok(answer);
    }
    Err(Error::new(Code::Internal, format!("SQLite did not make room for checksums (code {code}); please report it")))
}
