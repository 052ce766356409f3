//! No read walks through a table that grows: asked of SQLite's query planner, and measured on stores of two sizes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

#[path = "support/statements.rs"]
mod statements;

use rusqlite::Connection;
use serde_json::{Value, json};
use statements::{Overheard, listen, take};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use support::operations::{op, query, span};
use support::{apply, sqlite};
use tracestore::model::Op;
use tracestore::store::backend::Writer;

const PATIENCE: Duration = Duration::from_secs(5);

/// What a plan may walk over: what the schema is, not what users wrote; a row for each tenant; and a row without a table.
const MAY_WALK: &[&str] = &["sqlite_schema", "SCAN tenant", "CONSTANT ROW"];

/// Every query there is, with every combination of filters.
fn queries() -> Vec<Value> {
    let mut found = vec![
        json!({"query": "getTrace", "traceId": "t1"}),
        json!({"query": "getSpans", "traceId": "t1"}),
        json!({"query": "getSpans", "traceId": "t1", "page": {"limit": 2, "cursor": "1.1.ffff"}}),
        json!({"query": "getSession", "sessionId": "s1"}),
        json!({"query": "getConfigSnapshot", "snapshotId": "c"}),
        json!({"query": "info"}),
        json!({"query": "getSpan", "traceId": "t1", "spanId": "one"}),
        json!({"query": "getRootSpans", "traceId": "t1"}),
        json!({"query": "getTraceInfo", "traceId": "t1"}),
        json!({"query": "getSpanInfo", "traceId": "t1", "spanId": "one"}),
        json!({"query": "getAnnotations", "traceId": "t1"}),
        json!({"query": "getAnnotations", "traceId": "t1", "spanId": "one"}),
        json!({"query": "getLinks", "end": {"traceId": "t1"}}),
        json!({"query": "getLinks", "end": {"traceId": "t1"}, "direction": "from"}),
        json!({"query": "getLinks", "end": {"traceId": "t1"}, "direction": "to"}),
        json!({"query": "listTenants", "limit": 5}),
        json!({"query": "listTenants", "limit": 5, "after": "a"}),
        json!({"query": "getTrace", "traceId": "t1", "tenant": "acme"}),
    ];
    let tags = json!([[], ["all"], ["all", "even"], ["all", "even", "third"]]);
    let traces = json!({"agentName": [null, "a1"], "sessionId": [null, "s1"], "userId": [null, 1], "endUserId": [null, "u1"], "status": [null, "completed"],
        "tags": tags, "after": [null, 1_704_067_200_000_i64], "before": [null, 1_704_067_260_000_i64], "cursor": cursors(), "total": [true, false]});
    let sessions = json!({"userId": [null, 1], "endUserId": [null, "u1"], "tags": tags, "cursor": cursors(), "total": [true, false]});
    // What no index tells is looked up in the rows that one leads to.
    let scores = json!({"traceId": [null, "t1"], "name": [null, "n1"], "label": [null, "l1"], "source": [null, "s1"], "author": [null, "a1"],
        "minValue": [null, 1], "cursor": [null, "0.ffff"]});
    found.extend(combinations("listScores", &scores));
    found.extend(combinations("listTraces", &traces));
    found.extend(combinations("listSessions", &sessions));
    found
}

/// None, and one in the middle of all times.
fn cursors() -> Value {
    json!([null, format!("{:x}.ffff", 1_704_067_230_000_000_000_i64)])
}

/// One query for every choice of a value per filter, with and without an offset.
fn combinations(name: &str, choices: &Value) -> Vec<Value> {
    let mut all = vec![json!({"query": name, "limit": 5}), json!({"query": name, "limit": 5, "offset": 10})];
    for (filter, values) in choices.as_object().unwrap() {
        all = all
            .iter()
            .flat_map(|query| {
                values.as_array().unwrap().iter().map(move |value| {
                    let mut query = query.clone();
                    query[filter] = value.clone();
                    query
                })
            })
            .collect();
    }
    all
}

/// A store of so many traces, each with a span, with all that reads it ran.
fn asked(path: &Path, traces: usize) -> Overheard {
    let backend = sqlite(Some(path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), traces);
    let mut reader = backend.open_reader().unwrap();
    take();
    for text in queries() {
        reader.answer(&query(&text)).unwrap();
    }
    take()
}

fn write(writer: &mut dyn Writer, traces: usize) {
    let mut ops: Vec<Op> = vec![op(
        6,
        &json!({"snapshotId": "c", "agentName": "a", "agentVersion": "1", "model": "m", "modelParams": {}, "prompts": {}, "tags": [], "createdAt": time(0)}),
    )];
    for n in 0..traces {
        let id = format!("t{n}");
        let tags: Vec<&str> = [(1, "all"), (2, "even"), (3, "third")]
            .iter()
            .filter(|(every, _)| n % every == 0)
            .map(|(_, tag)| *tag)
            .collect();
        // As many documents for each session, agent and user in a large store as in a small one.
        let group = n / 8;
        ops.push(op(5, &json!({"sessionId": format!("s{n}"), "userId": group, "endUserId": format!("u{group}"), "auditingId": 1, "createdAt": time(n), "updatedAt": time(n), "traceCount": 0, "tags": tags})));
        ops.push(op(1, &json!({"traceId": id, "agentName": format!("a{group}"), "agentVersion": "1", "sessionId": format!("s{group}"), "userId": group, "endUserId": format!("u{group}"), "auditingId": 1,
            "startedAt": time(n), "tags": tags, "input": {"prompt": "p", "parameters": {}}})));
        ops.push(span(&id, "one", 1, &json!(null)));
        ops.push(op(16, &json!({"id": id, "traceId": id, "name": format!("n{group}"), "value": 1, "label": format!("l{group}"), "source": format!("s{group}"), "author": format!("a{group}")})));
        ops.push(op(18, &json!({"id": id, "traceId": id, "spanId": "one", "identifier": "i", "value": n})));
        ops.push(op(20, &json!({"from": {"traceId": id}, "to": {"traceId": format!("t{}", n + 1)}, "type": "x"})));
        ops.push(op(2, &json!({"traceId": id, "now": 1_704_067_300_000_u64, "result": {"status": (if n % 2 == 0 { "completed" } else { "failed" })}})));
    }
    assert!(apply(writer, &ops).iter().all(Result::is_ok));
}

/// All of them within a minute, however many.
fn time(n: usize) -> String {
    format!("2024-01-01T00:00:{:02}.{:03}Z", n * 7 % 60, n % 1000)
}

/// The steps of a statement's plan, one per line.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
    // What is left unbound is null, which the planner does not look at.
    let steps = statement.raw_query().mapped(|row| row.get(3));
    steps.map(Result::unwrap).collect()
}

/// Statements of our own: what SQLite runs by itself has no plan of its own.
fn ours(overheard: &Overheard) -> impl Iterator<Item = &String> {
    overheard.keys().filter(|sql| ["select", "insert", "update", "delete"].iter().any(|verb| sql.starts_with(verb)))
}

#[test]
fn no_plan_of_a_read_walks_a_table() {
    let _turn = listen();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    // More than are looked up one by one: lists are led along indexes too.
    let overheard = asked(&path, 2400);
    // As many statements as there are ways through a list, not as there are filters: a connection keeps them prepared.
    assert!((20..90).contains(&ours(&overheard).count()), "{}", ours(&overheard).count());
    // Without statistics, and with those that somebody who looked at the file may have left in it.
    for prepare in ["", "analyze"] {
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(prepare).unwrap();
        let mut plans: BTreeMap<Vec<String>, Vec<&String>> = BTreeMap::new();
        for sql in ours(&overheard) {
            plans.entry(plan(&connection, sql)).or_default().push(sql);
        }
        let mut bad = Vec::new();
        for (plan, statements) in &plans {
            println!("{} statements: {}", statements.len(), plan.join("; "));
            if plan.iter().any(|step| walks(step, statements[0]) || sorts(step, statements[0])) {
                bad.push(format!("{}\n  {}", plan.join("; "), statements[0]));
            }
        }
        assert!(bad.is_empty(), "{} plans walk or sort {prepare}:\n{}", bad.len(), bad.join("\n"));
    }
}

/// Whether a step goes through a whole table or index; that of the time too must be entered at the bounds.
fn walks(step: &str, sql: &str) -> bool {
    let counts = sql.starts_with("select count(*)")
        && !step.contains("COVERING INDEX")
        && !step.contains("_tag USING PRIMARY KEY");
    counts || step.starts_with("SCAN ") && !MAY_WALK.iter().any(|what| step.contains(what))
}

/// Whether a step sorts what its index should give in order; the spans of one trace may be sorted.
fn sorts(step: &str, sql: &str) -> bool {
    step.contains("TEMP B-TREE") && !sql.contains("from span")
}

/// Statements of these stores that take more steps in the large one, the worst first.
fn grown(wanted: fn(&str) -> bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let small = asked(&folder.path().join("small.db"), 240);
    let large = asked(&folder.path().join("large.db"), 2400);
    let mut grown: Vec<(i64, i64, &String)> = ours(&large)
        .filter(|sql| wanted(sql))
        .map(|sql| (large[sql], small.get(sql).copied().unwrap_or(0), sql))
        .filter(|(after, before, _)| *after > before * 2 + 200)
        .collect();
    grown.sort_unstable_by(|one, other| other.cmp(one));
    let shown = |(after, before, sql): &(i64, i64, &String)| format!("{before} to {after} steps: {sql}");
    grown.iter().map(shown).collect()
}

#[test]
fn a_read_costs_the_same_in_a_store_ten_times_as_large() {
    let _turn = listen();
    // What a filter of the time leaves of the others is counted: the one total that grows with what it tells.
    let grown = grown(|sql| !counts_within_a_time(sql));
    assert!(grown.is_empty(), "{} statements take longer:\n{}", grown.len(), grown.join("\n"));
}

/// What tells how many of a filter's rows lie within a time: read from an index alone, entered at the bounds.
fn counts_within_a_time(sql: &str) -> bool {
    let counted = ["select count(*) from ", "select id from ", "select trace from ", "select session from "];
    counted.iter().any(|start| sql.starts_with(start)) && !sql.contains("_by_session")
}
