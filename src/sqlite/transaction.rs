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
    /// What this transaction adds to the counts.
    pub counts: Counts,
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
