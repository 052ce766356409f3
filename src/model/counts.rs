//! How many documents there are.

use serde::Serialize;

/// How many of each noun there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NounCounts {
    pub traces: u64,
    pub spans: u64,
    pub sessions: u64,
    pub config_snapshots: u64,
}
