//! The row of `state`.

use crate::documents::rows::state::Numbers;
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// Greater numbers nobody has given out: from here on there is room for every number that a process can count.
const GREATEST: i64 = i64::MAX / 2;

/// Those of the last commit.
pub fn read(connection: &Connection) -> Result<Numbers> {
    let mut statement = connection.prepare_cached(include_str!("sql/state_get.sql"))?;
    let read = |row: &Row<'_>| {
        let mut numbers = [0; 15];
        for (column, number) in numbers.iter_mut().enumerate() {
            *number = row.get(column)?;
        }
        Ok(numbers)
    };
    let numbers: Option<[i64; 15]> = statement.query_row([], read).optional()?;
    let numbers =
        numbers.ok_or_else(|| Error::corrupt("the row of state is missing; restore the file from a backup"))?;
    if numbers.iter().any(|number| !(0..=GREATEST).contains(number)) {
        return Err(Error::corrupt("the row of state has numbers that can't be; restore the file from a backup"));
    }
    let [seq, gc_epoch, tenant, entry, trace, span, session, config_snapshot, said, engine, fresh_bytes, counts @ ..] =
        numbers;
    Ok(Numbers {
        seq,
        gc_epoch,
        tenant,
        entry,
        trace,
        span,
        session,
        config_snapshot,
        said,
        engine,
        fresh_bytes,
        counts,
    })
}

/// Fails if an id that is still to be given out is in use: in a row of `state` that an older copy took the place of it
/// may be, and one that is used again would show another trace's text.
pub fn require_new_ids(connection: &Connection, numbers: &Numbers) -> Result<()> {
    let given = [
        ("tenant", numbers.tenant),
        ("entry", numbers.entry),
        ("trace", numbers.trace),
        ("span", numbers.span),
        ("session", numbers.session),
        ("config_snapshot", numbers.config_snapshot),
        ("said", numbers.said),
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
pub fn write(connection: &Connection, numbers: &Numbers, bytes_in: u64) -> Result<()> {
    let [traces, spans, sessions, config_snapshots] = numbers.counts;
    connection.prepare_cached(include_str!("sql/state_set.sql"))?.execute(named_params! {
        ":seq": numbers.seq,
        ":gc_epoch": numbers.gc_epoch,
        ":tenant": numbers.tenant,
        ":entry": numbers.entry,
        ":trace": numbers.trace,
        ":span": numbers.span,
        ":session": numbers.session,
        ":config_snapshot": numbers.config_snapshot,
        ":said": numbers.said,
        ":engine": numbers.engine,
        ":fresh_bytes": numbers.fresh_bytes,
        ":traces": traces,
        ":spans": spans,
        ":sessions": sessions,
        ":config_snapshots": config_snapshots,
        ":bytes_in": i64::try_from(bytes_in).unwrap_or(i64::MAX),
    })?;
    Ok(())
}
