//! The row of `state`: numbers that every writer of the file reads when its transaction begins and writes when it commits.

use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// Greater numbers nobody has given out: from here on there is room for every number that a process can count.
const GREATEST: i64 = i64::MAX / 2;

/// The numbers given out last, as the open transaction has them; one that was committed is never given out again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// The order of writing.
    pub seq: i64,
    pub gc_epoch: i64,
    /// Ids of rows.
    pub entry: i64,
    pub trace: i64,
    pub span: i64,
    pub session: i64,
    pub config_snapshot: i64,
    /// Bytes of entries that wait to be packed; what was rewritten meanwhile is still counted.
    pub fresh_bytes: i64,
    /// How many of each noun the nameless tenant has, by `Counted`.
    pub counts: [i64; 4],
}

impl Numbers {
    /// Those of the last commit.
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached(include_str!("sql/state_get.sql"))?;
        let read = |row: &Row<'_>| {
            let mut numbers = [0; 12];
            for (column, number) in numbers.iter_mut().enumerate() {
                *number = row.get(column)?;
            }
            Ok(numbers)
        };
        let numbers: Option<[i64; 12]> = statement.query_row([], read).optional()?;
        let numbers =
            numbers.ok_or_else(|| Error::corrupt("the row of state is missing; restore the file from a backup"))?;
        if numbers.iter().any(|number| !(0..=GREATEST).contains(number)) {
            return Err(Error::corrupt("the row of state has numbers that can't be; restore the file from a backup"));
        }
        let [seq, gc_epoch, entry, trace, span, session, config_snapshot, fresh_bytes, counts @ ..] = numbers;
        Ok(Self { seq, gc_epoch, entry, trace, span, session, config_snapshot, fresh_bytes, counts })
    }

    /// Fails if an id that is still to be given out is in use: in a row of `state` that an older copy took the place of it
    /// may be, and one that is used again would show another trace's text.
    pub fn require_new_ids(&self, connection: &Connection) -> Result<()> {
        let given = [
            ("entry", self.entry),
            ("trace", self.trace),
            ("span", self.span),
            ("session", self.session),
            ("config_snapshot", self.config_snapshot),
        ];
        let mut statement = connection.prepare(include_str!("sql/state_newest.sql"))?;
        let mut rows = statement.query([])?;
        let Some(row) = rows.next()? else { return Ok(()) };
        for (kind, given) in given {
            let newest: i64 = row.get(kind)?;
            if newest > given {
                return Err(Error::corrupt(format!(
                    "{kind} {newest} exists and {given} was the last to be made: a part of the file is older than the rest; restore it from a backup"
                )));
            }
        }
        Ok(())
    }

    /// Writes them into their row; `bytes_in` counts the JSON that the transaction took in.
    pub fn write(&self, connection: &Connection, bytes_in: u64) -> Result<()> {
        let [traces, spans, sessions, config_snapshots] = self.counts;
        connection.prepare_cached(include_str!("sql/state_set.sql"))?.execute(named_params! {
            ":seq": self.seq,
            ":gc_epoch": self.gc_epoch,
            ":entry": self.entry,
            ":trace": self.trace,
            ":span": self.span,
            ":session": self.session,
            ":config_snapshot": self.config_snapshot,
            ":fresh_bytes": self.fresh_bytes,
            ":traces": traces,
            ":spans": spans,
            ":sessions": sessions,
            ":config_snapshots": config_snapshots,
            ":bytes_in": i64::try_from(bytes_in).unwrap_or(i64::MAX),
        })?;
        Ok(())
    }
}

/// The next of these numbers.
pub fn next(number: &mut i64) -> i64 {
    *number += 1;
    *number
}
