//! The tables of tags: a row for each tag of each document, and no other.

use super::check::Check;
use crate::error::Result;
use crate::model::job::Area;
use crate::sqlite::columns::Strings;
use std::collections::HashSet;

/// A table of tags and the documents that it is made from.
struct Table {
    name: &'static str,
    /// What its documents are called.
    noun: &'static str,
    documents: &'static str,
    find: &'static str,
    rows: &'static str,
}

const TABLES: [Table; 2] = [
    Table {
        name: "trace_tag",
        noun: "trace",
        documents: include_str!("sql/tagged_traces.sql"),
        find: include_str!("sql/trace_tag.sql"),
        rows: include_str!("sql/trace_tags.sql"),
    },
    Table {
        name: "session_tag",
        noun: "session",
        documents: include_str!("sql/tagged_sessions.sql"),
        find: include_str!("sql/session_tag.sql"),
        rows: include_str!("sql/session_tags.sql"),
    },
];

/// Both tables of tags, each in both directions.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    for table in &TABLES {
        missing(check, table)?;
        superfluous(check, table)?;
    }
    Ok(())
}

fn missing(check: &mut Check<'_>, table: &Table) -> Result<()> {
    check.each((Area::Tags, table.noun), table.documents, [], |check, row| {
        let document: String = row.get(0)?;
        let (tenant, id, time, seq): (i64, i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        let Strings(tags) = row.get(5)?;
        for tag in tags.iter().collect::<HashSet<_>>() {
            let mut statement = check.connection.prepare_cached(table.find)?;
            if !statement.query_row((tenant, tag, time, seq, id), |row| row.get::<_, bool>(0))? {
                let whose = check.owner_words(tenant)?;
                let message = format!("{} {document:?}{whose} is not listed under its tag {tag:?}", table.noun);
                check.report.find(Area::Tags, message);
            }
        }
        Ok(())
    })
}

fn superfluous(check: &mut Check<'_>, table: &Table) -> Result<()> {
    check.each((Area::Tags, table.name), table.rows, [], |check, row| {
        let tag: String = row.get(0)?;
        let document: Option<String> = row.get(1)?;
        let in_place = row.get::<_, Option<bool>>(2)?.unwrap_or(false);
        let tags = row.get::<_, Option<Strings>>(3)?.is_some_and(|Strings(tags)| tags.contains(&tag));
        if !in_place || !tags {
            let document =
                document.map_or_else(|| "that is not there".to_owned(), |id| format!("{id:?} that lacks it"));
            check.report.find(Area::Tags, format!("under tag {tag:?} a {} {document} is listed", table.noun));
        }
        Ok(())
    })
}
