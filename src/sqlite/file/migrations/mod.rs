//! The schema as numbered steps; `user_version` counts those that a file has had.

use super::schema::Schema;
use crate::error::{Code, Error, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::sync::OnceLock;

/// "TRCS": marks a file as ours.
pub const APPLICATION_ID: i64 = 0x5452_4353;

/// Every step in order; a published one never changes.
const STEPS: &[&str] = &[include_str!("0001_contract.sql")];

/// The schema version that this build writes.
pub fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// What a file is, before anything in it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// An SQLite file without any content.
    Empty,
    /// One of ours, at this version.
    Ours(i64),
}

/// Looks without changing anything; a foreign or newer file is an error, and one of ours whose schema is not what the
/// steps make is `CORRUPT`.
pub fn look(connection: &Connection) -> Result<Found> {
    // One moment of it: between two statements another process may make the file ours.
    let _snapshot = connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose()?;
    let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = version(connection)?;
    if application_id == APPLICATION_ID {
        return match made(version)? {
            Some(schema) => schema.require(connection).map(|()| Found::Ours(version)),
            None => Err(too_new(version)),
        };
    }
    let objects: i64 = connection.query_row(include_str!("../sql/count_objects.sql"), [], |row| row.get(0))?;
    if application_id == 0 && version == 0 && objects == 0 {
        return Ok(Found::Empty);
    }
    Err(Error::new(Code::Unsupported, "the file is an SQLite database of another program; choose another path"))
}

/// Fails with `SCHEMA_TOO_NEW` if a newer version of this package has changed the file since it was opened; asked in each
/// transaction, since what the statements of this version do to such a file nobody knows.
pub fn require_known(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("../sql/user_version.sql"))?;
    let version: i64 = statement.query_row([], |row| row.get(0))?;
    if version <= newest() { Ok(()) } else { Err(too_new(version)) }
}

/// What a statement of ours failed for: where somebody has changed the schema of an open file, that, and no defect of ours.
pub fn cause(connection: &Connection, error: Error) -> Error {
    if error.code == Code::Internal { look(connection).err().unwrap_or(error) } else { error }
}

/// The schema that the steps up to this version make; `None` of a version that this build does not know.
fn made(version: i64) -> Result<Option<&'static Schema>> {
    static MADE: OnceLock<Vec<Schema>> = OnceLock::new();
    let schemas = if let Some(schemas) = MADE.get() {
        schemas
    } else {
        let schemas = make_all()?;
        MADE.get_or_init(|| schemas)
    };
    let version = usize::try_from(version).map_err(|_| Error::corrupt("the file's version is below zero"))?;
    Ok(schemas.get(version))
}

/// After each number of steps, from none on.
fn make_all() -> Result<Vec<Schema>> {
    let connection = Connection::open_in_memory()?;
    let mut schemas = vec![Schema::of(&connection)?];
    for step in STEPS {
        connection.execute_batch(step)?;
        schemas.push(Schema::of(&connection)?);
    }
    Ok(schemas)
}

/// Brings a file to the newest version, in one transaction that keeps other processes out.
pub fn apply(connection: &mut Connection) -> Result<()> {
    if look(connection)? == Found::Ours(newest()) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another process may have been faster: what counts is what this transaction sees.
    let done = match look(&transaction)? {
        Found::Empty => 0,
        Found::Ours(version) => version,
    };
    for (number, step) in (1..).zip(STEPS).skip_while(|(number, _)| *number <= done) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn too_new(version: i64) -> Error {
    Error::new(
        Code::SchemaTooNew,
        format!(
            "the file was written by a newer tracestore (schema {version}, this version knows {}); update the package in this process",
            newest()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_applies_and_a_second_run_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection).unwrap();
        assert_eq!(look(&connection).unwrap(), Found::Ours(newest()));
        apply(&mut connection).unwrap();
    }

    #[test]
    fn foreign_and_newer_files_are_refused() {
        let foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("create table x (y)").unwrap();
        assert_eq!(look(&foreign).unwrap_err().code, Code::Unsupported);
        let mut newer = Connection::open_in_memory().unwrap();
        apply(&mut newer).unwrap();
        newer.pragma_update(None, "user_version", newest() + 1).unwrap();
        assert_eq!(look(&newer).unwrap_err().code, Code::SchemaTooNew);
    }
}
