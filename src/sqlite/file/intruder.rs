//! Looks, now and again, whether something else in this process has opened a file that is in use.
//!
//! Once that is found it stays true for this engine: the other's closing takes our locks along, so that every connection
//! must be opened anew.

use super::guard;
use super::identity::FileId;
use crate::error::{Error, Result};
use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// A look costs some ten microseconds, more in a process with thousands of descriptors: at most this often, and at most
/// this share of the time.
const EVERY: Duration = Duration::from_millis(100);
const SHARE: u32 = 100;

/// What was found so far, and when to look again.
#[derive(Default)]
pub struct Lookout(Mutex<LastLook>);

#[derive(Default)]
struct LastLook {
    next: Option<Instant>,
    found: Option<Error>,
}

impl Lookout {
    /// `CONFLICT` if somebody else had the file open when it was last looked at, which may be now.
    pub fn check(&self, file: FileId) -> Result<()> {
        let mut state = self.0.lock();
        let started = Instant::now();
        if state.found.is_none() && state.next.is_none_or(|next| next <= started) {
            state.found = guard::look_again(file).err();
            state.next = Some(started + EVERY.max(started.elapsed() * SHARE));
        }
        state.found.clone().map_or(Ok(()), Err)
    }

    /// Whether somebody else was found.
    pub fn has_found(&self) -> bool {
        self.0.lock().found.is_some()
    }
}
