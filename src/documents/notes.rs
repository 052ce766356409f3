//! Notes of a transaction, from which rows are made when it commits: in order, so that the last ones can be forgotten.

/// What was noted, of one kind.
pub struct Notes<T>(Vec<T>);

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Notes<T> {
    /// Notes one more.
    pub fn push(&mut self, note: T) {
        self.0.push(note);
    }

    /// The last one.
    pub fn last(&self) -> Option<&T> {
        self.0.last()
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// All of them; none is left.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.0.drain(..)
    }
}

impl<T> Extend<T> for Notes<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, notes: I) {
        self.0.extend(notes);
    }
}
