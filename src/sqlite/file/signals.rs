//! What the connections of one engine tell each other.

use super::intruder::Lookout;
use super::parts::Parts;
use super::presence::Presence;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Shared by the backend and all its connections.
#[derive(Default)]
pub struct Signals {
    /// Commits must survive a loss of power.
    pub power: AtomicBool,
    /// A reader holds back the checkpoint.
    pub wal_blocked: AtomicBool,
    /// For somebody else in this process on the file.
    pub lookout: Lookout,
    /// For the log and its index being taken away.
    pub parts: Arc<Parts>,
    /// The place of this process among those that write.
    pub presence: Presence,
}
