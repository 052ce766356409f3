//! Which traces' sums are to be made anew: once when the transaction commits, however many spans it brought.

use std::collections::BTreeSet;

/// What a transaction changed in what traces show of their spans together.
#[derive(Default)]
pub struct SumNotes {
    notes: Vec<i64>,
}

impl SumNotes {
    /// Notes a trace, whose spans changed or whose end did.
    pub fn note(&mut self, trace: i64) {
        if self.notes.last() != Some(&trace) {
            self.notes.push(trace);
        }
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.notes.truncate(mark);
    }

    /// Each of them once.
    pub fn take(&mut self) -> BTreeSet<i64> {
        self.notes.drain(..).collect()
    }
}
