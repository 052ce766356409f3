//! What an engine knows of itself, as `info()` tells it and instances are warned of it.

use super::backend::Warning;
use super::options::Options;
use super::queue::Depth;
use crate::error::{Code, Error};
use crate::model::answer::{ChoreInfo, EngineInfo, LastError};

/// Since the engine started.
#[derive(Default)]
pub struct Counters {
    pub dropped: u64,
    pub failed: u64,
    pub defects: u64,
    pub last_error: Option<LastError>,
    pub chore: Option<ChoreInfo>,
    /// For the next instance that hears of a settlement.
    pub warnings: Vec<Warning>,
}

impl Counters {
    /// As `info()` tells it.
    pub fn info(&self, options: &Options, depth: Depth) -> EngineInfo {
        EngineInfo {
            path: options.path.to_string_lossy().into_owned(),
            readonly: options.readonly,
            queued_operations: depth.operations,
            queued_bytes: depth.bytes,
            dropped_writes: self.dropped,
            failed_writes: self.failed,
            defects: self.defects,
            last_error: self.last_error.clone(),
            chore: self.chore,
        }
    }

    /// Remembers the last error, and counts it if it is a defect of ours.
    pub fn note(&mut self, error: &Error) {
        self.defects += u64::from(error.code == Code::Internal);
        let at = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp_millis();
        self.last_error = Some(LastError { code: error.code.as_str(), message: error.message.clone(), at });
    }

    /// Notes an error that nobody's call can answer with; the next settlement warns of it.
    pub fn note_and_warn(&mut self, error: Error) {
        self.note(&error);
        self.warnings.push(Warning { name: error.code.as_str(), message: error.message });
    }
}
