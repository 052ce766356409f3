//! How many of each noun the file holds: kept in the row of `state`, so that nobody has to count.

use crate::error::Result;
use crate::model::answer;
use rusqlite::Connection;

/// What a transaction adds; written with the row of `state` when it commits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Added {
    pub traces: i64,
    pub spans: i64,
    pub sessions: i64,
    pub config_snapshots: i64,
}

/// The counts that are committed, and the bytes of JSON taken in since the file was made.
pub fn read(connection: &Connection) -> Result<(answer::NounCounts, u64)> {
    let mut statement = connection.prepare_cached(include_str!("sql/state_counts.sql"))?;
    Ok(statement.query_row([], |row| {
        let counts = answer::NounCounts {
            traces: row.get("traces")?,
            spans: row.get("spans")?,
            sessions: row.get("sessions")?,
            config_snapshots: row.get("config_snapshots")?,
        };
        Ok((counts, row.get("bytes_in")?))
    })?)
}
