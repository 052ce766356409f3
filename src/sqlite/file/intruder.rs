//! Looks, now and again, whether something else in this process has opened a file that is in use.
//!
//! Once that is found it stays true for this engine: the other's closing takes our locks along, so that every connection
//! must be opened anew.

use super::guard;
use super::identity::FileId;
use crate::error::{Error, Result};
use parking_lot::Mutex;

/// What was found so far.
#[derive(Default)]
pub struct Lookout(Mutex<Option<Error>>);

impl Lookout {
    /// `CONFLICT` if somebody else had the file open when it was last looked at, which may be now.
    pub fn check(&self, file: FileId) -> Result<()> {
        let mut found = self.0.lock();
        if found.is_none() {
            *found = guard::look_again(file).err();
        }
        found.clone().map_or(Ok(()), Err)
    }

    /// Whether somebody else was found.
    pub fn has_found(&self) -> bool {
        self.0.lock().is_some()
    }
}
