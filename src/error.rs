//! The one error type of the core: a code from the closed list of `types/errors.d.ts` and a sentence.
//!
//! Every layer returns it; only `binding` turns it into JSON text.

use std::fmt;

/// Why something was refused or failed; equal to `TraceStoreErrorCode` in `types/errors.d.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The caller gave something that the contract does not allow.
    InvalidArgument,
    /// The trace that an update names does not exist.
    NotFound,
    /// A trace with this id was started before.
    AlreadyExists,
    /// Something else stands in the way: another SQLite on the file, or options that differ.
    Conflict,
    /// The store was closed.
    Closed,
    /// Another process held the write lock for longer than `busyTimeoutMs`.
    Busy,
    /// The file system refused.
    Io,
    /// The disk is full.
    Full,
    /// The file's content contradicts itself.
    Corrupt,
    /// The file was written by a newer version.
    SchemaTooNew,
    /// The file, the file system or the platform is not one that this version serves.
    Unsupported,
    /// The queue stayed full for longer than `blockTimeoutMs`, or `onFull` is `'reject'`.
    QueueFull,
    /// An answer takes more memory than JavaScript has left.
    TooLarge,
    /// A defect in this package.
    Internal,
}

impl Code {
    /// The code as users see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Conflict => "CONFLICT",
            Self::Closed => "CLOSED",
            Self::Busy => "BUSY",
            Self::Io => "IO",
            Self::Full => "FULL",
            Self::Corrupt => "CORRUPT",
            Self::SchemaTooNew => "SCHEMA_TOO_NEW",
            Self::Unsupported => "UNSUPPORTED",
            Self::QueueFull => "QUEUE_FULL",
            Self::TooLarge => "TOO_LARGE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A code and a sentence that says what was being done, to what, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: Code,
    pub message: String,
}

impl Error {
    /// Any code with a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Something the caller gave is not allowed.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    /// A defect of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Code::Internal, message)
    }

    /// The file contradicts itself.
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::new(Code::Corrupt, message)
    }

    /// The same error with the place or the act in front of its message.
    pub fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

/// What every fallible function of the core returns.
pub type Result<T> = std::result::Result<T, Error>;
