//! The options of an engine, as `lib/settings.ts` sends them: checked, resolved, with every default filled in.

use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// How one engine behaves; instances on one file must agree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Absolute, or `:memory:` where `memory` says so.
    pub path: PathBuf,
    pub memory: bool,
    pub readonly: bool,
    pub durability: Durability,
    pub locking: Locking,
    pub busy_timeout_ms: u64,
    pub max_queue_bytes: usize,
    pub on_full: OnFull,
    pub block_timeout_ms: u64,
    pub exit_timeout_ms: u64,
    /// Permissions of a new file; new folders get the same with search permission added.
    pub file_mode: Option<u32>,
}

/// Against what a committed write is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Durability {
    /// A crash of the process.
    Process,
    /// A loss of power too.
    Power,
}

/// Who else may use the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Locking {
    /// Other processes too.
    Shared,
    /// Nobody: needed on file systems without shared memory between processes.
    Exclusive,
}

/// What a write does when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnFull {
    /// Blocks the calling thread for at most `block_timeout_ms`, then fails.
    Block,
    /// Fails at once.
    Reject,
    /// Is dropped and counted.
    Drop,
}

impl Options {
    /// From JSON text.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::invalid(format!("options: {error}")))
    }

    /// The first option in which two instances on one file must agree and don't.
    ///
    /// `durability` is not among them: the engine takes the strongest that was asked for.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            ("locking", self.locking == other.locking),
            ("busyTimeoutMs", self.busy_timeout_ms == other.busy_timeout_ms),
            ("maxQueueBytes", self.max_queue_bytes == other.max_queue_bytes),
            ("onFull", self.on_full == other.on_full),
            ("blockTimeoutMs", self.block_timeout_ms == other.block_timeout_ms),
            ("exitTimeoutMs", self.exit_timeout_ms == other.exit_timeout_ms),
            ("fileMode", self.file_mode == other.file_mode),
        ];
        pairs.into_iter().find(|(_, agree)| !agree).map(|(name, _)| name)
    }

    /// `busy_timeout_ms` as a duration.
    pub fn busy_timeout(&self) -> Duration {
        Duration::from_millis(self.busy_timeout_ms)
    }

    /// `block_timeout_ms` as a duration.
    pub fn block_timeout(&self) -> Duration {
        Duration::from_millis(self.block_timeout_ms)
    }

    /// `exit_timeout_ms` as a duration.
    pub fn exit_timeout(&self) -> Duration {
        Duration::from_millis(self.exit_timeout_ms)
    }
}
