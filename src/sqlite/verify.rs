//! Checks everything that is stored against everything that it should agree with, in one snapshot, writing nothing.
//!
//! Each part walks its tables row by row and holds no more than what one owner's documents use. Damage is reported and
//! the walk goes on behind it; only what is no damage (a disk that fails, a job that is given up) ends it.

mod database;

mod documents;

mod facets;

mod owners;

mod pieces;

mod state;

mod tags;

mod tally;

use self::tally::Tally;
use super::entry::OpenBlocks;
use crate::content::Compressor;
use crate::error::{Code, Error, Result};
use crate::model::job::{Area, Progress, Report};
use crate::store::backend::Watch;
use rusqlite::{Connection, Params, Row};
use std::sync::Arc;

/// Steps of SQLite's machine, or pages, between two looks at who ordered it.
const PATIENCE: i32 = 1000;
/// Rows between two words on how far it is.
const TELL_ROWS: u64 = 64;

/// All but the row of `state`, which comes last.
const PARTS: [fn(&mut Check<'_>) -> Result<()>; 5] =
    [database::check, documents::check, pieces::check, tags::check, facets::check];

/// Checks the store as `connection` sees it now.
pub fn run(connection: &mut Connection, compressor: &mut Compressor, watch: &Arc<dyn Watch>) -> Result<Report> {
    let asked = Arc::clone(watch);
    // Some statements are long: the check of the database is one.
    connection.progress_handler(PATIENCE, Some(move || asked.is_over()))?;
    let report = in_snapshot(connection, compressor, watch.as_ref());
    connection.progress_handler(0, None::<fn() -> bool>)?;
    report
}

fn in_snapshot(connection: &Connection, compressor: &mut Compressor, watch: &dyn Watch) -> Result<Report> {
    let snapshot = connection.unchecked_transaction()?;
    let mut check = Check {
        connection: &snapshot,
        compressor,
        watch,
        report: Report::default(),
        progress: Progress { done: 0, total: 1 },
        blocks: OpenBlocks::default(),
        manifests: Tally::default(),
    };
    check.count_rows()?;
    for part in PARTS {
        part(&mut check)?;
        check.watch.progress(check.progress);
    }
    state::check(&mut check)?;
    // Fewer were done where some are missing or can't be read.
    check.progress.done = check.progress.total;
    check.watch.progress(check.progress);
    Ok(check.report)
}

/// What the parts of a check share.
struct Check<'a> {
    /// In one transaction from the first row to the last.
    connection: &'a Connection,
    compressor: &'a mut Compressor,
    watch: &'a dyn Watch,
    report: Report,
    progress: Progress,
    blocks: OpenBlocks,
    /// Entries that spans have as their manifests.
    manifests: Tally,
}

impl Check<'_> {
    /// Hands on every row of a statement, and counts it. A row that can't be read is a problem; where a table can't be
    /// read on, its walk ends with one.
    fn each(
        &mut self,
        (area, table): (Area, &str),
        sql: &str,
        parameters: impl Params,
        mut on_row: impl FnMut(&mut Self, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        loop {
            if self.watch.is_over() {
                return Err(Error::internal("the check was given up"));
            }
            match rows.next() {
                Ok(None) => return Ok(()),
                Ok(Some(row)) => {
                    let done = on_row(self, row);
                    self.note(done, area, || format!("a row of table {table}"))?;
                    self.row_done();
                }
                Err(error) => {
                    return self.note(Err(error.into()), area, || format!("table {table} can't be read to its end"));
                }
            }
        }
    }

    /// Makes a problem of an error that means damage; any other is handed on.
    fn note(&mut self, done: Result<()>, area: Area, place: impl FnOnce() -> String) -> Result<()> {
        match done {
            Err(error) if error.code == Code::Corrupt => {
                self.report.find(area, error.at(&place()).message);
                Ok(())
            }
            done => done,
        }
    }

    /// One of the rows that were counted at the beginning is looked at; where there are more than that, as only damage
    /// makes them, the total grows: the last row is still to come.
    fn row_done(&mut self) {
        let Progress { done, total } = &mut self.progress;
        *done += 1;
        *total = (*total).max(*done + 1);
        if done.is_multiple_of(TELL_ROWS) {
            self.watch.progress(self.progress);
        }
    }

    fn count_rows(&mut self) -> Result<()> {
        let counted = self.connection.query_row(include_str!("sql/verify_rows.sql"), [], |row| row.get(0));
        match counted {
            Ok(total) => self.progress.total = total,
            Err(error) => self.note(Err(error.into()), Area::Database, || "rows can't be counted".to_owned())?,
        }
        self.watch.progress(self.progress);
        Ok(())
    }
}
