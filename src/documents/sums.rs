//! Which traces' sums are to be made anew: once when the transaction commits, however many spans it brought.

use super::notes::Notes;
use std::collections::BTreeSet;

/// What a transaction changed in what traces show of their spans together.
pub type SumNotes = Notes<i64>;

impl SumNotes {
    /// Notes a trace, whose spans changed or whose end did.
    pub fn note(&mut self, trace: i64) {
        if self.last() != Some(&trace) {
            self.push(trace);
        }
    }

    /// Each of them once.
    pub fn take(&mut self) -> BTreeSet<i64> {
        self.drain().collect()
    }
}
