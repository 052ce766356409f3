//! SQLite's own check: pages, cells, indexes against tables, types of columns.

use super::check::Check;
use crate::error::Result;
use crate::model::job::Area;

/// SQLite's own check of pages and indexes.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    check.each((Area::Database, "sqlite_schema"), include_str!("sql/database.sql"), [], |check, row| {
        let word: String = row.get(0)?;
        if word != "ok" {
            check.report.find(Area::Database, word);
        }
        Ok(())
    })
}
