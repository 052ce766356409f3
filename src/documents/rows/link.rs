//! Rows of links.

use crate::error::Result;
use crate::model::history::History;
use crate::model::link::{Direction, Link, LinkEnd};
use crate::model::time::Nanos;

/// What stands in the row of a link beside its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkRow {
    /// The order in which it was first said, among scores, annotations and links.
    pub id: i64,
    /// Of one that a span gives its place among those, from 1; 0 of one that `addLinks` made.
    pub place: i64,
    /// How often its attributes were written.
    pub version: i64,
    pub created_at: Nanos,
    pub updated_at: Nanos,
}

impl LinkRow {
    /// What is told of its writing.
    pub fn history(&self) -> History {
        History::new(self.created_at, self.updated_at, self.version)
    }
}

/// A link as it was read.
#[derive(Debug, Clone)]
pub struct StoredLink {
    pub row: LinkRow,
    pub link: Link,
}

/// Reads and writes the rows of links.
pub trait LinkRows {
    /// The link of this kind between the same ends that no span gives.
    fn find_link(&mut self, tenant: i64, link: &Link) -> Result<Option<StoredLink>>;

    /// Writes all columns of a link, whose row is made if it is not there.
    fn write_link(&mut self, tenant: i64, row: &LinkRow, link: &Link) -> Result<()>;

    /// Removes a link.
    fn remove_link(&mut self, id: i64) -> Result<()>;

    /// The links that this span gives, in their order.
    fn links_of_span(&mut self, tenant: i64, span: &LinkEnd) -> Result<Vec<StoredLink>>;

    /// The links that the spans of a trace give, those of each in their order.
    fn links_of_spans(&mut self, tenant: i64, trace_id: &str) -> Result<Vec<StoredLink>>;

    /// The links of an end, as they were first said.
    fn links(&mut self, tenant: i64, end: &LinkEnd, direction: Direction) -> Result<Vec<StoredLink>>;
}
