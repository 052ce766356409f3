//! Files that somebody else made: nothing in them runs, nothing in them is believed, and whoever opens one hears `CORRUPT`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::accounts::verify;
use support::operations::{query, span, start};
use support::{apply, options, sqlite, write};
use tracestore::error::{Code, Error};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::sqlite::file::checked;
use tracestore::store::backend::Backend;
use tracestore::store::options::Options;

const PATIENCE: Duration = Duration::from_secs(5);

/// A closed store with a trace and two spans.
fn store(folder: &Path) -> PathBuf {
    let path = folder.join("traces.db");
    let ops = [start("t", 1), span("t", "s", 1, &json!({"messages": ["m".repeat(400)]})), span("t", "u", 2, &json!(1))];
    write(sqlite(Some(&path)).open_writer(PATIENCE).unwrap().as_mut(), &ops);
    path
}

/// As whoever crafts a file does it.
fn craft(path: &Path, statements: &str) {
    let connection = checked::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    connection.execute_batch(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

fn viewer(path: &Path) -> SqliteBackend {
    let options = Options { readonly: true, ..options(Some(path)) };
    let file = SqliteBackend::prepare(&options).unwrap();
    SqliteBackend::new(options, file)
}

/// What everybody hears who opens the file, to read or to write.
fn refusal(path: &Path) -> Error {
    let before = std::fs::read(path).unwrap();
    let error = viewer(path).open_reader().err().unwrap();
    let writing = sqlite(Some(path)).open_writer(PATIENCE).err().unwrap();
    assert_eq!(error, writing);
    assert!(std::fs::read(path).unwrap() == before, "it was changed");
    error
}

/// A change of the schema, and what is said of it.
const SCHEMAS: &[(&str, &str)] = &[
    ("create trigger thief after insert on span begin delete from trace; end", "a trigger named \"thief\""),
    ("create view v as select 1", "a view named \"v\""),
    ("create table more (x)", "a table named \"more\""),
    ("create index i on span (name)", "an index named \"i\""),
    ("drop table facet", "it lacks the table facet"),
    ("drop index trace_by_status", "it lacks the index trace_by_status"),
    ("alter table span drop column tool_type", "its table span is another one"),
    ("alter table span rename column name to title", "its table span is another one"),
    ("alter table span add column more integer", "its table span is another one"),
    ("alter table span rename to spam", "a table named \"spam\""),
    (
        "drop table alone; create view alone as with recursive r(id, data) as (select 1, x'00' union all select id, data from r) select * from r",
        "a view named \"alone\"",
    ),
    ("pragma user_version = -1", "version is below zero"),
    ("pragma user_version = 0", "named"),
];

#[test]
fn a_schema_that_is_not_ours_is_refused_by_name() {
    for (statements, said) in SCHEMAS {
        let folder = tempfile::tempdir().unwrap();
        let path = store(folder.path());
        craft(&path, statements);
        let error = refusal(&path);
        assert_eq!(error.code, Code::Corrupt, "{statements}: {error}");
        assert!(
            error.message.replace("an index", "a index").contains(&said.replace("an index", "a index")),
            "{statements}: {error}"
        );
    }
}

#[test]
fn a_foreign_name_is_shown_in_part_and_its_text_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    craft(&path, &format!("create view {} as select 'secret'", "v".repeat(100_000)));
    let error = refusal(&path);
    assert!(error.code == Code::Corrupt && error.message.len() < 400, "{}", error.message.len());
    // SQLite itself can't read this one, and quotes it.
    let path = folder.path().join("other.db");
    std::fs::copy(store(tempfile::tempdir().unwrap().path()), &path).unwrap();
    craft(
        &path,
        "pragma writable_schema = on; update sqlite_schema set sql = 'create table secret (' where name = 'facet'",
    );
    let error = refusal(&path);
    assert!(error.code == Code::Corrupt && !error.message.contains("secret"), "{error}");
}

#[test]
fn what_a_connection_met_sound_runs_no_trigger_that_comes_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    craft(&path, "create trigger thief after insert on span begin delete from trace; end");
    write(writer.as_mut(), &[span("t", "v", 3, &json!(1))]);
    let traces: i64 = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .unwrap()
        .query_row("select count(*) from trace", [], |row| row.get(0))
        .unwrap();
    assert_eq!(traces, 1);
}

#[test]
fn a_table_that_is_dropped_under_an_open_store_is_damage_and_no_defect() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    let mut reader = backend.open_reader().unwrap();
    let spans = query(&json!({"query": "getSpans", "traceId": "t"}));
    reader.answer(&spans).unwrap();
    craft(&path, "drop table span");
    for error in [
        reader.answer(&spans).unwrap_err(),
        apply(writer.as_mut(), &[span("t", "v", 3, &json!(1))]).remove(0).unwrap_err(),
    ] {
        assert_eq!(error.code, Code::Corrupt, "{error}");
        assert!(error.message.contains("it lacks the table span"), "{error}");
    }
    let report =
        support::accounts::report(reader.perform(&tracestore::model::Job::Verify, &support::accounts::patient()));
    let report = report.unwrap();
    assert!(report.problems.iter().any(|problem| problem.message.contains("it lacks the table span")), "{report:?}");
}

/// Numbers and rows that contradict what all statements count on.
const ROWS: &[&str] = &[
    "delete from state",
    "update state set traces = -7",
    "update state set entry = 9223372036854775807",
    "update state set seq = -5",
    "update state set spans = 9223372036854775807",
    "update state set bytes_in = 9223372036854775807",
    "update trace set version = 9223372036854775807",
    "update span set kind = 'secret'",
    "update span set tool_type = 'secret'",
    "update trace set tags = '{\"secret\":1}'",
    "update trace set tags = 'secret'",
    "update span set name = cast(x'ff00ff' as text)",
    "update piece_hash set uses = 9223372036854775807",
    "update trace set origin = 9",
    "update trace set derived = 99999",
    "update trace set root = 0, root_started_at = null, derived = 127",
    "update facet set part = 9223372036854775807",
    "update facet set members = x'ff'",
];

#[test]
fn rows_that_contradict_each_other_are_damage_and_no_defect() {
    for statements in ROWS {
        let folder = tempfile::tempdir().unwrap();
        let path = store(folder.path());
        craft(&path, statements);
        let mut said = Vec::new();
        for text in [
            json!({"query": "getTrace", "traceId": "t"}),
            json!({"query": "getSpans", "traceId": "t"}),
            json!({"query": "listTraces", "limit": 3}),
            json!({"query": "listTraces", "limit": 3, "status": "running"}),
            json!({"query": "info"}),
        ] {
            said.extend(viewer(&path).open_reader().and_then(|mut reader| reader.answer(&query(&text))).err());
        }
        let report = verify(&sqlite(Some(&path))).unwrap();
        assert!(
            report.problem_count > 0 || statements.contains("version") || statements.contains("bytes_in"),
            "{statements}"
        );
        assert!(report.problems.iter().all(|problem| !problem.message.contains("secret")), "{report:?}");
        match sqlite(Some(&path)).open_writer(PATIENCE) {
            Ok(mut writer) => {
                let ops = [span("t", "s", 3, &json!(2)), start("new", 4), span("t", "u", 2, &json!(1))];
                said.extend(apply(writer.as_mut(), &ops).into_iter().filter_map(Result::err));
            }
            Err(error) => said.push(error),
        }
        for error in &said {
            assert_eq!(error.code, Code::Corrupt, "{statements}: {error}");
            assert!(!error.message.contains("secret"), "{statements}: {error}");
        }
    }
}
