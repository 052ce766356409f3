//! Checks everything that is stored against everything that it should agree with, in one snapshot, writing nothing.
//!
//! Each part walks its tables row by row and holds no more than what one owner's documents use. Damage is reported and
//! the walk goes on behind it; only what is no damage (a disk that fails, a job that is given up) ends it.

mod check;

mod database;

mod documents;

mod facets;

mod owners;

mod pieces;

mod sessions;

mod state;

mod tags;

mod tally;

mod tenants;

mod used;

use self::check::Check;
use self::tally::Tally;
use crate::content::Compressor;
use crate::error::Result;
use crate::model::job::{Area, Progress, Report};
use crate::sqlite::file::migrations;
use crate::sqlite::rows::SqliteRows;
use crate::store::backend::JobListener;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Steps of SQLite's machine, or pages, between two looks at who ordered it.
const PATIENCE: i32 = 1000;
/// All but the rows that count, which come last.
const PARTS: [fn(&mut Check<'_>) -> Result<()>; 6] =
    [database::check, documents::check, pieces::check, tags::check, facets::check, sessions::check];

/// Checks the store as `connection` sees it now.
pub fn run(
    connection: &mut Connection,
    compressor: &mut Compressor,
    listener: &Arc<dyn JobListener>,
) -> Result<Report> {
    let asked = Arc::clone(listener);
    // Some statements are long: the check of the database is one.
    connection.progress_handler(PATIENCE, Some(move || asked.is_over()))?;
    let report = in_snapshot(connection, compressor, listener.as_ref());
    connection.progress_handler(0, None::<fn() -> bool>)?;
    report
}

fn in_snapshot(connection: &Connection, compressor: &mut Compressor, listener: &dyn JobListener) -> Result<Report> {
    let snapshot = connection.unchecked_transaction()?;
    let mut check = Check {
        connection: &snapshot,
        listener,
        report: Report::default(),
        progress: Progress { done: 0, total: 1 },
        rows: SqliteRows::new(&snapshot, compressor),
        manifests: Tally::default(),
        tenants: BTreeMap::new(),
    };
    let walked = walk(&mut check).map_err(|error| migrations::cause(&snapshot, error));
    // What is missing of the schema ends the walk, and is all that can be said.
    check.note(walked, Area::Database, || "not everything could be checked".to_owned())?;
    // Fewer were done where some are missing or can't be read.
    check.progress.done = check.progress.total;
    check.listener.progress(check.progress);
    Ok(check.report)
}

fn walk(check: &mut Check<'_>) -> Result<()> {
    check.count_rows()?;
    for part in PARTS {
        part(check)?;
        check.listener.progress(check.progress);
    }
    tenants::check(check)?;
    state::check(check)
}
