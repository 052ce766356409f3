//! Keeps a file that somebody else may have made from doing anything: it is opened to be read, not to be obeyed.

use crate::error::Result;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

/// What our own statements and schema need, several times over. The length of a value stays SQLite's own limit: a write may
/// be that large.
const LIMITS: [(Limit, i32); 10] = [
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
    (Limit::SQLITE_LIMIT_VDBE_OP, 50_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 16),
    // `vacuum` attaches one.
    (Limit::SQLITE_LIMIT_ATTACHED, 1),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
];

/// Before anything is read: triggers and views don't run, the schema can call nothing that has effects, no statement
/// changes what only SQLite may, and cells that reach out of their page are damage.
pub fn harden(connection: &Connection) -> Result<()> {
    for (switch, on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    ] {
        connection.set_db_config(switch, on)?;
    }
    for (limit, most) in LIMITS {
        connection.set_limit(limit, most)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_could_do_to_its_reader_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        let made = "create table t (x); create table seen (x); create view v as select 1;
            create trigger r after insert on t begin insert into seen values (1); end";
        connection.execute_batch(made).unwrap();
        harden(&connection).unwrap();
        connection.execute_batch("insert into t values (1)").unwrap();
        let seen: i64 = connection.query_row("select count(*) from seen", [], |row| row.get(0)).unwrap();
        assert_eq!(seen, 0, "the trigger ran");
        let deep = format!("select {}1", "1+".repeat(200));
        let wide = format!("create table w ({})", (0..200).map(|n| format!("c{n}")).collect::<Vec<_>>().join(","));
        for refused in [
            "select * from v",
            "pragma writable_schema = on; update sqlite_schema set sql = ''",
            "attach ':memory:' as a; attach ':memory:' as b",
            &deep,
            &wide,
        ] {
            assert!(connection.execute_batch(refused).is_err(), "{refused}");
        }
    }
}
