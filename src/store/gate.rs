//! Something that happens once, and that any number of callers wait for.

use super::queue::Notice;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Calls everyone who waits once it opens; later ones at once.
#[derive(Default)]
pub struct Gate {
    waiting: Mutex<Vec<Notice>>,
    open: AtomicBool,
}

impl Gate {
    /// Calls `done` once it is open.
    pub fn when_open(&self, done: Notice) {
        let mut waiting = self.waiting.lock();
        if self.open.load(Ordering::Relaxed) {
            drop(waiting);
            done();
        } else {
            waiting.push(done);
        }
    }

    /// Opens it, for good.
    pub fn open(&self) {
        let mut waiting = self.waiting.lock();
        self.open.store(true, Ordering::Relaxed);
        let called = std::mem::take(&mut *waiting);
        drop(waiting);
        for done in called {
            done();
        }
    }
}
