//! What an error of SQLite means to the user of a store.

use super::checked;
use crate::error::{Code, Error};
use rusqlite::ffi::{self, ErrorCode};

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if let Some(what) = odd_value(&error) {
            return Self::corrupt(format!("a stored row is damaged; restore the file from a backup ({what})"));
        }
        if error.sqlite_error().is_some_and(|cause| cause.extended_code == ffi::SQLITE_IOERR_DATA) {
            return Self::corrupt(format!(
                "{}: it was damaged, or written by another program; restore the file from a backup",
                checked::damage()
            ));
        }
        let (code, remedy) = match error.sqlite_error_code() {
            // The last is what many connections get that begin to read the log at the same moment.
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => (
                Code::Busy,
                "another process held the file's write lock for longer than busyTimeoutMs; raise it, or let that process write in shorter transactions",
            ),
            Some(ErrorCode::DiskFull) => (Code::Full, "the disk is full; free space and the store goes on"),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
                Code::Io,
                "the file or its folder is read-only; make both writable, or open the store with readonly: true",
            ),
            Some(ErrorCode::CannotOpen) => (
                Code::Io,
                "the file can't be opened; check that it exists and that this user may read it, and write in its folder unless the store is opened with readonly: true",
            ),
            Some(ErrorCode::SystemIoFailure) => (Code::Io, "the file system failed"),
            // SQLite's own words quote the file's.
            Some(ErrorCode::DatabaseCorrupt) => {
                return Self::corrupt("the file is damaged; restore it from a backup");
            }
            // What is written was measured before.
            Some(ErrorCode::TooBig) => {
                return Self::corrupt(
                    "a stored row says that it is larger than it can be; restore the file from a backup",
                );
            }
            // Each compares with what is stored, or with sums of it.
            Some(ErrorCode::ConstraintViolation) => (
                Code::Corrupt,
                "what is stored contradicts what is written; verify() says where, and if it finds nothing please report it",
            ),
            Some(ErrorCode::NotADatabase) => (
                Code::Unsupported,
                "the file is not a tracestore file (or its first page is damaged); choose another path",
            ),
            Some(ErrorCode::OutOfMemory) => (Code::Io, "there is no memory left"),
            _ => (Code::Internal, "SQLite refused a statement; please report it"),
        };
        Self::new(code, format!("{remedy} ({error})"))
    }
}

/// What is wrong with a value that none of our statements can have written, without the value.
fn odd_value(error: &rusqlite::Error) -> Option<String> {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    match error {
        InvalidColumnType(_, column, kind) => Some(format!("column {column} holds {kind}")),
        FromSqlConversionFailure(column, ..) | IntegralValueOutOfRange(column, _) | Utf8Error(column, _) => {
            Some(format!("column {column} of the answer holds what it can't"))
        }
        _ => None,
    }
}
