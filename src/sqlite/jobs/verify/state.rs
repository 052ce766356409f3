//! The row of `state`: its counts are what was counted, and nothing has a number that is still to be given out.

use super::check::Check;
use crate::error::Result;
use crate::model::job::{Area, Checked};
use crate::sqlite::counts;
use rusqlite::Connection;

/// Compares the row of `state`; everything else is counted by then.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let compared = counts(check);
    check.note(compared, Area::Lists, || "the counts of the row of state".to_owned())?;
    let compared = numbers(check);
    check.note(compared, Area::Database, || "the numbers of the row of state".to_owned())
}

fn counts(check: &mut Check<'_>) -> Result<()> {
    let (told, _) = counts::read(check.connection)?;
    let Checked { traces, spans, sessions, config_snapshots, .. } = check.report.counts;
    let pairs = [
        ("traces", told.traces, traces),
        ("spans", told.spans, spans),
        ("sessions", told.sessions, sessions),
        ("config snapshots", told.config_snapshots, config_snapshots),
    ];
    for (noun, told, counted) in pairs {
        if told != counted {
            check.report.find(Area::Lists, format!("state says {told} {noun}, {counted} were found"));
        }
    }
    Ok(())
}

fn numbers(check: &mut Check<'_>) -> Result<()> {
    let [entry, greatest_entry, seq, greatest_seq] = given(check.connection)?;
    if entry < greatest_entry {
        let message = format!("state says that entry {entry} was given out last, and there is entry {greatest_entry}");
        check.report.find(Area::Pieces, message);
    }
    if seq < greatest_seq {
        let message = format!(
            "state says that place {seq} in the order of writing was given out last, and there is {greatest_seq}"
        );
        check.report.find(Area::Lists, message);
    }
    Ok(())
}

fn given(connection: &Connection) -> Result<[i64; 4]> {
    Ok(connection.query_row(include_str!("sql/given.sql"), [], |row| {
        Ok([row.get("entry")?, row.get("greatest_entry")?, row.get("seq")?, row.get("greatest_seq")?])
    })?)
}
