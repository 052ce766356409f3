//! Answers a query from one snapshot.

use super::file::migrations;
use super::file::presence::Roll;
use super::file::signals::Signals;
use super::info;
use super::rows::SqliteRows;
use crate::content::Compressor;
use crate::documents::{read, tenant};
use crate::error::Result;
use crate::model::{Answer, Query};
use crate::store::options::Options;
use rusqlite::Connection;

/// Answers a query; manifest and pieces come from one snapshot.
pub fn answer(
    connection: &Connection,
    compressor: &mut Compressor,
    options: &Options,
    signals: &Signals,
    query: &Query,
) -> Result<Answer> {
    let snapshot = connection.unchecked_transaction()?;
    migrations::require_known(&snapshot)?;
    let answer = match query {
        Query::Documents { tenant, wanted, room } => {
            let roll = if options.memory { Roll::default() } else { Roll::of(&options.path) };
            let mut rows = SqliteRows::new(&snapshot, compressor).asking(roll);
            read::documents(&mut rows, tenant, wanted, *room).map(Answer::Documents)
        }
        Query::Tenants(window) => {
            tenant::page(&mut SqliteRows::new(&snapshot, compressor), window).map(Answer::Tenants)
        }
        Query::Info => info::answer(&snapshot, options, signals),
    };
    answer.map_err(|error| migrations::cause(&snapshot, error))
}
