//! The row of `state`: numbers that every writer of the file reads when its transaction begins and writes when it commits.

use super::counts::Added;
use crate::error::Result;
use rusqlite::{Connection, named_params};

/// The numbers given out last, as the open transaction has them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// The order of writing.
    pub seq: i64,
    pub gc_epoch: i64,
    /// The id of an entry.
    pub entry: i64,
    /// Bytes of entries that wait to be packed; what was rewritten meanwhile is still counted.
    pub fresh_bytes: i64,
    /// What this transaction adds to the counts.
    pub added: Added,
}

impl Numbers {
    /// Those of the last commit.
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached(include_str!("sql/state_get.sql"))?;
        Ok(statement.query_row([], |row| {
            let (seq, gc_epoch, entry, fresh_bytes) = row.try_into()?;
            Ok(Self { seq, gc_epoch, entry, fresh_bytes, added: Added::default() })
        })?)
    }

    /// Writes them into their row; `bytes_in` counts the JSON that the transaction took in.
    pub fn write(&self, connection: &Connection, bytes_in: u64) -> Result<()> {
        let Added { traces, spans, sessions, config_snapshots } = self.added;
        connection.prepare_cached(include_str!("sql/state_set.sql"))?.execute(named_params! {
            ":seq": self.seq,
            ":gc_epoch": self.gc_epoch,
            ":entry": self.entry,
            ":fresh_bytes": self.fresh_bytes,
            ":bytes_in": i64::try_from(bytes_in).unwrap_or(i64::MAX),
            ":traces": traces,
            ":spans": spans,
            ":sessions": sessions,
            ":config_snapshots": config_snapshots,
        })?;
        Ok(())
    }

    /// The next number in the order of writing.
    pub fn next_seq(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }

    /// The id of the next entry; one that was committed is never given out again.
    pub fn next_entry(&mut self) -> i64 {
        self.entry += 1;
        self.entry
    }
}
