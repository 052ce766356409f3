//! What the parts of a check share: the snapshot, the report, and how far they are.

use super::tally::Tally;
use crate::documents::rows::tenant::NAMELESS;
use crate::error::{Code, Error, Result};
use crate::model::counts::NounCounts;
use crate::model::job::{Area, Progress, Report};
use crate::sqlite::rows::SqliteRows;
use crate::store::backend::JobListener;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::collections::BTreeMap;

/// Rows between two words on how far it is.
const TELL_ROWS: u64 = 64;

/// What the parts of a check share.
pub struct Check<'a> {
    /// In one transaction from the first row to the last.
    pub connection: &'a Connection,
    pub listener: &'a dyn JobListener,
    pub report: Report,
    pub progress: Progress,
    /// Of the same snapshot.
    pub rows: SqliteRows<'a>,
    /// Entries that documents have as their manifests.
    pub manifests: Tally,
    /// How many documents of each tenant were found.
    pub tenants: BTreeMap<i64, NounCounts>,
}

impl Check<'_> {
    /// Hands on every row of a statement, and counts it. A row that can't be read is a problem; where a table can't be
    /// read on, its walk ends with one.
    pub fn each(
        &mut self,
        (area, table): (Area, &str),
        sql: &str,
        parameters: impl Params,
        mut on_row: impl FnMut(&mut Self, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        loop {
            if self.listener.is_over() {
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

    /// What was found of a tenant.
    pub fn found(&mut self, tenant: i64) -> &mut NounCounts {
        self.tenants.entry(tenant).or_default()
    }

    /// How a document is told beside its noun and its id: whose it is, unless that is nobody's.
    pub fn owner_words(&self, tenant: i64) -> Result<String> {
        if tenant == NAMELESS {
            return Ok(String::new());
        }
        let mut statement = self.connection.prepare_cached(include_str!("sql/tenant_name.sql"))?;
        let name: Option<String> = statement.query_row([tenant], |row| row.get(0)).optional()?;
        Ok(name.map_or_else(|| format!(" of tenant {tenant}"), |name| format!(" of tenant {name:?}")))
    }

    /// Makes a problem of an error that means damage; any other is handed on.
    pub fn note(&mut self, done: Result<()>, area: Area, place: impl FnOnce() -> String) -> Result<()> {
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
    pub fn row_done(&mut self) {
        let Progress { done, total } = &mut self.progress;
        *done += 1;
        *total = (*total).max(*done + 1);
        if done.is_multiple_of(TELL_ROWS) {
            self.listener.progress(self.progress);
        }
    }

    /// Tells how many rows there are to look at.
    pub fn count_rows(&mut self) -> Result<()> {
        let counted = self.connection.query_row(include_str!("sql/rows.sql"), [], |row| row.get(0));
        match counted {
            Ok(total) => self.progress.total = total,
            Err(error) => self.note(Err(error.into()), Area::Database, || "rows can't be counted".to_owned())?,
        }
        self.listener.progress(self.progress);
        Ok(())
    }
}
