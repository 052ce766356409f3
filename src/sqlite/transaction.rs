//! What one operation works with inside the writer's transaction.

use super::content::Content;
use super::counts::Counts;
use super::facet::Facets;
use rusqlite::Connection;

/// The row of `state`, read when a transaction begins and written when it commits.
#[derive(Debug, Clone, Copy, Default)]
pub struct State {
    pub seq: i64,
    pub gc_epoch: i64,
    /// The id of an entry given out last.
    pub entry: i64,
    /// Bytes of entries that wait to be packed; what was rewritten meanwhile is still counted.
    pub fresh_bytes: i64,
    /// What this transaction adds to the counts.
    pub counts: Counts,
}

impl State {
    /// The id of the next entry; one that was committed is never given out again.
    pub fn next_entry(&mut self) -> i64 {
        self.entry += 1;
        self.entry
    }
}

/// What an operation may use: the connection, the codec, the facets, the counts, and the order of writing.
pub struct Transaction<'a> {
    pub connection: &'a Connection,
    pub content: &'a mut Content,
    pub facets: &'a mut Facets,
    pub state: &'a mut State,
}

impl Transaction<'_> {
    /// The next number in the order of writing.
    pub fn next_seq(&mut self) -> i64 {
        self.state.seq += 1;
        self.state.seq
    }
}
