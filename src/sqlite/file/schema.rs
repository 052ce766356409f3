//! Whether the tables and indexes of a file are exactly those that the migrations make: anything else, somebody else made.

use crate::error::{Code, Error, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

/// Characters of a foreign name that a message shows.
const SHOWN: usize = 60;

/// A row of `sqlite_schema`: what kind of object, its name, its table's, and the statement that makes it.
type SchemaRow = [String; 4];

/// The objects of a schema, each with how often it is there.
pub struct Schema(BTreeMap<SchemaRow, usize>);

impl Schema {
    /// That of a file that was just made.
    pub fn of(connection: &Connection) -> Result<Self> {
        let mut objects = BTreeMap::new();
        each(connection, |row| {
            *objects.entry(row).or_default() += 1;
            Ok(())
        })?;
        Ok(Self(objects))
    }

    /// `CORRUPT` if the file has an object that this schema lacks, or lacks one. Holds one row of the file at a time.
    pub fn require(&self, connection: &Connection) -> Result<()> {
        let mut missing = self.0.clone();
        let compared = each(connection, |row| match missing.get_mut(&row) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Ok(())
            }
            _ => Err(self.foreign(&row)),
        });
        compared.map_err(|error| match error.code {
            // Nothing of our statement can be wrong in every file but this.
            Code::Internal => Error::corrupt("the file's schema can't be read; restore the file from a backup"),
            _ => error,
        })?;
        // Tables before their indexes.
        match missing.iter().rev().find(|(_, left)| **left > 0) {
            Some(([kind, name, ..], _)) => Err(foreign(&format!("it lacks the {kind} {name}"))),
            None => Ok(()),
        }
    }

    fn foreign(&self, [kind, name, ..]: &SchemaRow) -> Error {
        let kind = ["table", "index", "trigger", "view"].into_iter().find(|known| known == kind).unwrap_or("object");
        if self.0.keys().any(|[known_kind, known, ..]| known_kind == kind && known == name) {
            return foreign(&format!("its {kind} {name} is another one"));
        }
        let shown: String = name.chars().take(SHOWN).collect();
        let more = if shown.len() < name.len() { "…" } else { "" };
        foreign(&format!("it has a {kind} named {shown:?}{more}"))
    }
}

fn foreign(what: &str) -> Error {
    Error::corrupt(format!(
        "the file is not as tracestore makes it: {what}; another program made or changed it. Restore it from a backup"
    ))
}

fn each(connection: &Connection, mut on_row: impl FnMut(SchemaRow) -> Result<()>) -> Result<()> {
    let mut statement = connection.prepare(include_str!("sql/schema.sql"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        on_row([text(row, 0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?])?;
    }
    Ok(())
}

/// The table of the schema holds whatever was put there.
fn text(row: &Row<'_>, column: usize) -> Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        // An index that belongs to a constraint has no statement.
        ValueRef::Null => String::new(),
        other => format!("{:?}", other.data_type()),
    })
}
