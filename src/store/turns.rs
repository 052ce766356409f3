//! Reads that wait, each in its instance's line: lines take turns, so that one with many reads holds up no other.

use crate::error::{Code, Error, Result};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An instance as its reads carry it.
#[derive(Debug, Default)]
pub struct Asker {
    gone: AtomicBool,
}

impl Asker {
    /// Nobody is left to hear an answer: what still waits is refused instead of read.
    pub fn leave(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    /// `CLOSED` if nobody is left to hear an answer.
    pub fn check(&self) -> Result<()> {
        let gone = self.gone.load(Ordering::Relaxed);
        if gone { Err(Error::new(Code::Closed, "whoever asked is gone")) } else { Ok(()) }
    }
}

/// One line for each asker that has something waiting; the front one is next.
pub struct Turns<T> {
    lines: VecDeque<(Arc<Asker>, VecDeque<T>)>,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self { lines: VecDeque::new() }
    }
}

impl<T> Turns<T> {
    /// Appends to the asker's line.
    pub fn push(&mut self, asker: &Arc<Asker>, item: T) {
        match self.lines.iter_mut().find(|(of, _)| Arc::ptr_eq(of, asker)) {
            Some((_, line)) => line.push_back(item),
            None => self.lines.push_back((Arc::clone(asker), VecDeque::from([item]))),
        }
    }

    /// The first of the line whose turn it is, which then is the last line.
    pub fn pop(&mut self) -> Option<(Arc<Asker>, T)> {
        let (asker, mut line) = self.lines.pop_front()?;
        let item = line.pop_front()?;
        if !line.is_empty() {
            self.lines.push_back((Arc::clone(&asker), line));
        }
        Some((asker, item))
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.lines.iter().map(|(_, line)| line.len()).sum()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_take_turns_and_keep_their_order() {
        let (many, few) = (Arc::<Asker>::default(), Arc::<Asker>::default());
        let mut turns = Turns::default();
        (1..=4).for_each(|item| turns.push(&many, item));
        turns.push(&few, 10);
        turns.push(&few, 11);
        assert_eq!(turns.len(), 6);
        let order: Vec<i32> = std::iter::from_fn(|| turns.pop()).map(|(_, item)| item).collect();
        assert_eq!(order, [1, 10, 2, 11, 3, 4]);
        assert!(turns.is_empty());
    }
}
