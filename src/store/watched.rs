//! A backend that remembers, whichever thread found it out, that its place is no longer the one that was opened.

use super::backend::{Backend, Reader, Writer};
use crate::error::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The backend of an engine, as all its threads use it.
pub struct Watched {
    backend: Arc<dyn Backend>,
    replaced: AtomicBool,
}

impl Watched {
    /// A backend whose place is as it was.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, replaced: AtomicBool::new(false) }
    }

    /// Whether the place is the one that was opened; a look that nobody is told of, so that the next use still is.
    pub fn is_in_place(&self) -> bool {
        self.backend.check_place().is_ok()
    }

    /// Whether `check_place` has failed.
    pub fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Relaxed)
    }
}

impl Backend for Watched {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        self.backend.open_writer(patience)
    }

    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        self.backend.open_reader()
    }

    fn reads_on_writer(&self) -> bool {
        self.backend.reads_on_writer()
    }

    fn require_power(&self) {
        self.backend.require_power();
    }

    fn check_place(&self) -> Result<()> {
        self.backend.check_place().inspect_err(|_| self.replaced.store(true, Ordering::Relaxed))
    }

    fn check_handles(&self) -> Result<()> {
        self.backend.check_handles()
    }

    fn leave(&self) {
        self.backend.leave();
    }
}
