//! Numbers that every writer reads when its transaction begins and writes when it commits.

use crate::error::Result;

/// The numbers given out last, as the open transaction has them; one that was committed is never given out again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// The order of writing.
    pub seq: i64,
    /// Raised when what others remember of the rows of pieces is wrong.
    pub gc_epoch: i64,
    /// Ids of rows.
    pub tenant: i64,
    pub entry: i64,
    pub trace: i64,
    pub span: i64,
    pub session: i64,
    pub config_snapshot: i64,
    /// Of scores, annotations and links together.
    pub said: i64,
    /// Of processes that write.
    pub engine: i64,
    /// Bytes of entries that came fresh; the database takes away what it put elsewhere.
    pub fresh_bytes: i64,
    /// How many of each noun the nameless tenant has, by `Counted`.
    pub counts: [i64; 4],
}

/// The next of these numbers.
pub fn next(number: &mut i64) -> i64 {
    *number += 1;
    *number
}

/// A noun that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Trace,
    Span,
    Session,
    ConfigSnapshot,
}

/// Writes them. The backend reads them as it begins a transaction, when it has kept all other writers out.
pub trait StateRows {
    /// Writes all numbers; `bytes_in` is added to the JSON that was taken in so far.
    fn write_numbers(&mut self, numbers: &Numbers, bytes_in: u64) -> Result<()>;
}
