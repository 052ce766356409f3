//! Tenants in the file: when their rows are made, and what is said of those that are wrong.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use rusqlite::OpenFlags;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::time::Duration;
use support::accounts::verify;
use support::connected::Subject;
use support::operations::{op, query, span, start, time};
use support::{sqlite, write, write_of};
use tracestore::error::Code;
use tracestore::model::{Op, Receipt};
use tracestore::sqlite::file::checked;

const PATIENCE: Duration = Duration::from_secs(5);

/// One document of each kind, but of spans two.
fn ops() -> Vec<Op> {
    vec![
        start("t0", 0),
        op(8, &json!({"traceId": "t0", "tags": ["all"]})),
        span("t0", "s0", 1, &json!("shared ".repeat(80))),
        span("t0", "s1", 1, &json!("shared ".repeat(80))),
        op(
            5,
            &json!({"sessionId": "c", "userId": 1, "auditingId": 1, "createdAt": time(0), "updatedAt": time(1), "traceCount": 0, "tags": ["all"]}),
        ),
        op(
            6,
            &json!({"snapshotId": "g", "agentName": "a", "agentVersion": "1", "model": "m", "modelParams": {}, "prompts": {"p": "prompt ".repeat(60)},
                "tags": [], "createdAt": time(0)}),
        ),
    ]
}

/// The rows of tenants, and the number that was given out last.
fn rows(path: &Path) -> (Vec<(i64, String)>, i64) {
    let connection = checked::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection.prepare("select id, name from tenant order by id").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    (rows, connection.query_row("select tenant from state", [], |row| row.get(0)).unwrap())
}

#[test]
fn a_tenant_is_made_by_the_first_write_that_is_not_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::shared(&sqlite(Some(&path)));
    let tags = op(8, &json!({"traceId": "t0", "tags": []}));
    let undone = Op::Batch(vec![start("t0", 0), start("t0", 0)]);
    let refused = subject.transact_each([("a", &tags), ("b", &undone), ("c", &tags)]);
    assert_eq!(refused, [Err(Code::NotFound), Err(Code::AlreadyExists), Err(Code::NotFound)]);
    let mixed = [("a", &tags), ("b", &start("t0", 0)), ("a", &start("t0", 0)), ("b", &start("t0", 0))];
    let written = Ok(Receipt::Nothing);
    assert_eq!(
        subject.transact_each(mixed),
        [Err(Code::NotFound), written.clone(), written.clone(), Err(Code::AlreadyExists)]
    );
    // The other writer finds the rows, and makes the next one.
    let more = [("b", &span("t0", "s", 1, &json!(1))), ("a", &start("t0", 0)), ("c", &start("t0", 0))];
    assert_eq!(subject.transact_each(more), [written.clone(), Err(Code::AlreadyExists), written]);
    let (documents, _) = subject.ask(&query(&json!({"query": "getSpans", "traceId": "t0", "tenant": "b"})));
    assert_eq!(documents.len(), 1);
    drop(subject);
    let named = |id: i64, name: &str| (id, name.to_owned());
    assert_eq!(rows(&path), (vec![named(1, "b"), named(2, "a"), named(3, "c")], 3));
    assert_eq!(verify(&sqlite(Some(&path))).unwrap().problems, []);
}

/// Statements, and what is said of the store after them.
const DAMAGES: &[(&str, &str)] = &[
    ("delete from tenant", "1 traces belong to tenant 1, which is not there"),
    ("delete from tenant", "1 config snapshots belong to tenant 1, which is not there"),
    ("update tenant set traces = 7", r#"tenant "acme" says 7 traces, 1 were found"#),
    ("update tenant set spans = 7", r#"tenant "acme" says 7 spans, 2 were found"#),
    ("update tenant set sessions = -1", "a row of table tenant"),
    ("update tenant set id = 2; update state set tenant = 2", r#"tenant "acme" says 1 sessions, 0 were found"#),
    ("update trace set tenant = 9 where tenant = 1", "2 spans belong to tenant 9, which is not there"),
    ("update trace set tenant = 1, trace_id = 'x' where id = 1", r#"tenant "acme" says 1 traces, 2 were found"#),
    ("update session set tenant = 1, session_id = 'x' where tenant = 0", "state says 1 sessions, 0 were found"),
    (
        "update trace_tag set tenant = 0 where tenant = 1",
        r#"trace "t0" of tenant "acme" is not listed under its tag "all""#,
    ),
    ("update span set body = 0 where trace = 2", r#"span "s1" of trace "t0" of tenant "acme": entry 0 is missing"#),
    ("update facet set tenant = 7 where tenant = 1", "the sets of traces by status"),
    ("update state set tenant = 0", "state says that tenant 0 was given out last, and there is tenant 1"),
];

#[test]
fn damage_of_tenants_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = sqlite(Some(&path)).open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &ops());
    write_of(writer.as_mut(), "acme", &ops());
    drop(writer);
    let sound = fs::read(&path).unwrap();
    assert_eq!(verify(&sqlite(Some(&path))).unwrap().problems, []);
    for (statements, message) in DAMAGES {
        fs::write(&path, &sound).unwrap();
        let connection = checked::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        connection.execute_batch(statements).unwrap();
        drop(connection);
        let report = verify(&sqlite(Some(&path))).unwrap();
        let found = report.problems.iter().any(|problem| problem.message.contains(message));
        assert!(found, "{statements}: {:#?}", report.problems);
    }
}
