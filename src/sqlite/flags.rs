//! What the connections of one engine tell each other.

use super::watch::Watch;
use std::sync::atomic::AtomicBool;

/// See the module.
#[derive(Default)]
pub struct Flags {
    /// Commits must survive a loss of power.
    pub power: AtomicBool,
    /// A reader holds back the checkpoint.
    pub wal_blocked: AtomicBool,
    /// For somebody else in this process on the file.
    pub watch: Watch,
}
