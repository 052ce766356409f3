//! When a document was first and last written, and how often.

use super::time::Nanos;
use serde::Serialize;

/// What is told of it; times in milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    created_at: i64,
    updated_at: i64,
    /// Its own changes, from 1.
    version: i64,
}

impl History {
    /// From the columns of a row.
    pub fn new(created_at: Nanos, updated_at: Nanos, version: i64) -> Self {
        Self { created_at: created_at.millis(), updated_at: updated_at.millis(), version }
    }
}
