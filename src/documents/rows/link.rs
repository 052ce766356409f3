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
    /// The link of this kind between the same ends.
    fn find_link(&mut self, tenant: i64, link: &Link) -> Result<Option<StoredLink>>;

    /// Writes all columns of a link, whose row is made if it is not there.
    fn write_link(&mut self, tenant: i64, row: &LinkRow, link: &Link) -> Result<()>;

    /// The links of an end, as they were first said.
    fn links(&mut self, tenant: i64, end: &LinkEnd, direction: Direction) -> Result<Vec<StoredLink>>;
}
