//! Sessions that follow their traces: what a write costs does not depend on how many traces its session has, what is below
//! a started trace costs a session nothing (both counted in steps of SQLite's machine), and the check of a store finds one
//! that does not follow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

#[path = "support/statements.rs"]
mod statements;

use rusqlite::OpenFlags;
use serde_json::{Value, json};
use statements::{Overheard, listen, take};
use std::time::Duration;
use support::accounts::{verify, verify_told};
use support::operations::{op, span, time};
use support::{sqlite, write};
use tracestore::model::Op;
use tracestore::model::job::Area;
use tracestore::sqlite::file::checked;
use tracestore::store::backend::Writer;

const PATIENCE: Duration = Duration::from_secs(5);

fn started(trace_id: &str, at: u8) -> Op {
    op(
        1,
        &json!({"traceId": trace_id, "agentName": "a", "agentVersion": "1", "sessionId": "s", "userId": 1, "auditingId": 1,
        "startedAt": time(at), "input": {"prompt": "p", "parameters": {}}}),
    )
}

fn ended(trace_id: &str, at: u8) -> Op {
    op(2, &json!({"traceId": trace_id, "now": 1, "result": {"status": "completed", "completedAt": time(at)}}))
}

fn told(trace_id: &str, fields: &Value) -> Op {
    let mut trace = json!({"traceId": trace_id});
    trace.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    op(13, &json!({"now": 1, "trace": trace}))
}

/// A session of so many traces, each with an end, that nobody upserted.
fn writer_of(traces: usize) -> Box<dyn Writer> {
    let mut writer = sqlite(None).open_writer(PATIENCE).unwrap();
    let name = |n: usize| format!("t{n}");
    write(writer.as_mut(), &(0..traces).flat_map(|n| [started(&name(n), 10), ended(&name(n), 20)]).collect::<Vec<_>>());
    writer
}

/// What each write takes that changes the session, and what reading the other one takes, which it leaves and comes to.
fn overheard(traces: usize) -> Overheard {
    let mut writer = writer_of(traces);
    take();
    let writes = [
        started("first", 1),
        started("last", 30),
        ended("last", 50),
        ended("last", 40),
        ended("last", 5),
        told("first", &json!({"startedAt": time(2), "userId": 2})),
        told("first", &json!({"sessionId": "other"})),
        told("first", &json!({"sessionId": "s"})),
        started("third", 31),
        ended("third", 59),
    ];
    for op in writes {
        write(writer.as_mut(), &[op]);
    }
    take()
}

#[test]
fn a_write_costs_the_same_in_a_session_a_hundred_times_as_large() {
    let _turn = listen();
    let [small, large] = [20, 2000].map(overheard);
    let follows = |sql: &&String| sql.contains("last_start");
    assert_eq!(large.keys().filter(follows).count(), 1, "nothing was followed: {large:#?}");
    for (sql, steps) in &large {
        assert!(*steps <= small[sql] + 50, "{} steps became {steps}: {sql}", small[sql]);
    }
}

#[test]
fn what_is_below_a_started_trace_and_said_of_it_does_not_touch_its_session() {
    let _turn = listen();
    let mut writer = writer_of(3);
    write(writer.as_mut(), &[started("running", 12)]);
    take();
    let root = span("running", "root", 1, &json!("text"));
    let spoken = json!({"traceId": "running", "spanId": "spoken", "kind": "llm", "name": "n", "startedAt": time(1)});
    let spoken = json!({"now": 1, "span": spoken});
    let below = [root.clone(), root, op(10, &spoken), op(8, &json!({"traceId": "running", "tags": ["x"]}))];
    for op in below {
        write(writer.as_mut(), &[op]);
    }
    let touches = |sql: &String| ["from session", "into session", "last_start"].iter().any(|part| sql.contains(part));
    let touched: Vec<_> = take().into_keys().filter(touches).collect();
    assert!(touched.is_empty(), "{touched:#?}");
}

/// A statement, and a part of the message of a problem that it makes.
const DAMAGES: &[(&str, &str)] = &[
    ("update session set updated_at = 1 where session_id = 's'", r#"session "s" is not what its traces tell of it"#),
    ("update session set user_id = null where session_id = 's'", r#"session "s" is not what its traces tell of it"#),
    ("update session set version = 1 where session_id = 's'", r#"session "s" is not what its traces tell of it"#),
    ("update session set version = 0 where session_id = 'u'", r#"session "u" is not what its traces tell of it"#),
    ("update trace set session_id = null", r#"session "s" is not what its traces tell of it"#),
    ("delete from session where session_id = 's'", r#"session "s" is not there, and traces name it"#),
    ("update session set tenant = 1 where session_id = 's'", r#"session "s" is not there, and traces name it"#),
];

#[test]
fn the_check_of_a_store_finds_a_session_that_does_not_follow() {
    let upserted = json!({"sessionId": "u", "userId": 1, "auditingId": 1, "createdAt": time(0), "updatedAt": time(1),
        "traceCount": 0, "tags": []});
    for (statements, message) in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let ops = [started("t1", 10), started("t2", 12), ended("t1", 20), op(5, &upserted)];
        write(sqlite(Some(&path)).open_writer(PATIENCE).unwrap().as_mut(), &ops);
        let (report, told) = verify_told(&sqlite(Some(&path))).unwrap();
        assert_eq!(report.problems, []);
        let [.., last_but_one, last] = &told[..] else { panic!("little is told: {told:?}") };
        assert_eq!(last_but_one.done + 1, last.total, "not every row was counted before");
        let connection = checked::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        connection.execute_batch(statements).unwrap();
        drop(connection);
        let report = verify(&sqlite(Some(&path))).unwrap();
        let found = report.problems.iter().any(|problem| problem.area == Area::Lists && problem.message == *message);
        assert!(found, "{statements}: {:#?}", report.problems);
    }
}
