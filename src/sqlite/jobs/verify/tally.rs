//! Tells two sets apart that are walked in different orders, in as little space as that takes: a report tells which
//! kind of set disagrees, not which id.

use crate::content::checksum;

/// Which ids were seen, in whatever order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub count: u64,
    sum: u64,
}

impl Tally {
    /// Adds an id.
    pub fn note(&mut self, id: i64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(checksum(0, &id.to_le_bytes()));
    }
}
