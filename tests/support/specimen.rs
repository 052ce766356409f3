//! A small store to be damaged: its files as bytes, everything that can be asked of it, and what it answers when whole.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::damage::Ask;
use super::support::operations::{op, query, span, start, time};
use super::support::{apply_each, options, sqlite};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tracestore::model::{Op, Query};
use tracestore::sqlite::file::identity::sidecar;
use tracestore::store::backend::Writer;

const PATIENCE: Duration = Duration::from_secs(5);

/// The bytes of a database and of the log beside it.
#[derive(Clone)]
pub struct Files {
    pub file: Vec<u8>,
    pub log: Option<Vec<u8>>,
}

impl Files {
    /// What lies at `path` now; nobody may write to it meanwhile.
    pub fn read(path: &Path) -> Self {
        Self { file: fs::read(path).unwrap(), log: fs::read(sidecar(path, "-wal")).ok() }
    }

    /// Puts the bytes in place of whatever lies there.
    pub fn write(&self, path: &Path) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(sidecar(path, suffix));
        }
        fs::write(path, &self.file).unwrap();
        if let Some(log) = &self.log {
            fs::write(sidecar(path, "-wal"), log).unwrap();
        }
    }
}

/// A store whose log was copied into its file.
pub fn closed(path: &Path) -> Files {
    let mut writer = sqlite(Some(path)).open_writer(PATIENCE).unwrap();
    for (at, group) in groups().into_iter().enumerate() {
        write_both(writer.as_mut(), &group);
        if at == 2 {
            // Its entries in a block, those of the others as they came.
            writer.close();
        }
    }
    drop(writer);
    Files::read(path)
}

/// A store with two groups in its file and the others in its log, and what it answers after each of those: a log that
/// breaks off in the middle is a store as it was before.
pub fn with_log(path: &Path, ask: &Ask) -> (Files, Vec<Vec<Value>>) {
    let backend = sqlite(Some(path));
    let mut groups = groups().into_iter();
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    groups.by_ref().take(2).for_each(|group| write_both(writer.as_mut(), &group));
    drop(writer);
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    let answers = |ask: &Ask| ask.all(&options(Some(path))).into_iter().map(Result::unwrap).collect::<Vec<_>>();
    let mut history = vec![answers(ask)];
    for group in groups {
        write_both(writer.as_mut(), &group);
        history.push(answers(ask));
    }
    let files = Files::read(path);
    drop(writer);
    (files, history)
}

/// Writes a group, and its first operations for a tenant too.
fn write_both(writer: &mut dyn Writer, group: &[Op]) {
    let both = group.iter().map(|op| ("", op)).chain(group[..2].iter().map(|op| ("acme", op)));
    assert!(apply_each(writer, both).iter().all(Result::is_ok));
}

/// Every kind of query, with an answer that holds something wherever that is possible.
pub fn queries() -> Vec<Query> {
    let mut found: Vec<Value> = (0..6)
        .flat_map(|n| {
            let id = format!("trace{n}");
            [json!({"query": "getTrace", "traceId": id}), json!({"query": "getSpans", "traceId": id})]
        })
        .collect();
    found.push(json!({"query": "getTrace", "traceId": "nobody"}));
    found.push(json!({"query": "getSession", "sessionId": "session0"}));
    found.push(json!({"query": "getConfigSnapshot", "snapshotId": "config0"}));
    for filter in [
        json!({}),
        json!({"agentName": "agent1"}),
        json!({"sessionId": "session0", "status": "completed"}),
        json!({"userId": 1}),
        json!({"status": "running"}),
        json!({"tags": ["even"]}),
        json!({"tags": ["all", "even"], "agentName": "agent0"}),
        json!({"after": 1_704_067_201_000_i64, "before": 1_704_067_204_000_i64}),
        // Behind the trace of second 3, whatever its number is.
        json!({"cursor": format!("{:x}.0", 1_704_067_203_000_000_000_i64)}),
    ] {
        let mut filter = filter;
        filter["query"] = json!("listTraces");
        filter["limit"] = json!(3);
        found.push(filter);
    }
    for filter in [json!({}), json!({"userId": 7}), json!({"tags": ["vip"]})] {
        let mut filter = filter;
        filter["query"] = json!("listSessions");
        filter["limit"] = json!(3);
        found.push(filter);
    }
    found.push(json!({"query": "getTrace", "traceId": "trace3", "tenant": "acme"}));
    found.push(json!({"query": "listTraces", "limit": 3, "tags": ["all"], "tenant": "acme"}));
    found.push(json!({"query": "listTenants", "limit": 3}));
    found.push(json!({"query": "info"}));
    found.iter().map(query).collect()
}

/// One write of each kind, each by its own way through the tables.
pub fn writes() -> Vec<Op> {
    vec![
        span("trace0", "later", 9, &conversation(0, 7)),
        span("trace1", "span0", 1, &json!({"messages": []})),
        start("trace9", 9),
        op(
            2,
            &json!({"traceId": "trace1", "now": 1_704_067_250_000_u64, "result": {"status": "failed", "tags": ["even"]}}),
        ),
        op(4, &json!({"traceId": "trace2", "io": {"apiInput": "i".repeat(400)}})),
        op(8, &json!({"traceId": "trace0", "tags": ["other"]})),
        session("vip", 50),
        op(6, &snapshot("config1")),
        op(
            10,
            &json!({"now": 1, "span": {"traceId": "trace2", "spanId": "live", "kind": "tool", "name": "n", "startedAt": time(7)}}),
        ),
        op(
            11,
            &json!({"traceId": "trace2", "spanId": "live", "now": 2, "changes": {"output": "o".repeat(400), "links": [{"to": {"traceId": "trace1"}}]}}),
        ),
        op(23, &json!({"traceId": "trace2", "spanId": "live", "now": 2, "events": [{"name": "e", "time": time(1)}]})),
        op(12, &json!({"traceId": "trace1", "spanId": "span1", "now": 3, "end": {"metadata": {"m": "n".repeat(400)}}})),
    ]
}

/// Conversations of several traces, a session and a snapshot, in the order in which an agent writes them.
fn groups() -> Vec<Vec<Op>> {
    let mut groups = vec![vec![op(6, &snapshot("config0")), session("vip", 0)]];
    for n in 0..6_u8 {
        let id = format!("trace{n}");
        let parity = if n % 2 == 0 { "even" } else { "odd" };
        let started = json!({"traceId": id, "agentName": format!("agent{}", n % 2), "agentVersion": "1",
            "userId": n % 3, "auditingId": 2.5, "sessionId": "session0", "configSnapshotId": "config0",
            "startedAt": time(n), "tags": ["all", parity], "metadata": {"n": n},
            "input": {"prompt": "p".repeat(300), "parameters": {}}});
        let mut group = vec![op(1, &started)];
        group.extend(
            (0..3).map(|turn| span(&id, &format!("span{turn}"), turn, &conversation(n, usize::from(turn) + 2))),
        );
        if n % 2 == 0 {
            group.push(op(2, &json!({"traceId": id, "now": 1_704_067_240_000_u64, "result": {"status": "completed", "output": {"success": true}}})));
        }
        groups.push(group);
    }
    groups
}

/// The whole conversation up to a turn, as agents send it each time.
fn conversation(n: u8, turns: usize) -> Value {
    let message = |turn: usize| json!({"role": "user", "content": format!("conversation {n} turn {turn} {}", "so it goes ".repeat(8))});
    json!({"messages": (0..turns).map(message).collect::<Vec<_>>()})
}

fn session(tag: &str, updated: u8) -> Op {
    op(
        5,
        &json!({"sessionId": "session0", "userId": 7, "auditingId": 1, "createdAt": time(0), "updatedAt": time(updated),
            "traceCount": 1, "tags": [tag], "metadata": {"note": "n".repeat(300)}}),
    )
}

fn snapshot(id: &str) -> Value {
    json!({"snapshotId": id, "agentName": "agent0", "agentVersion": "1", "model": "m", "modelParams": {},
        "prompts": {"system": "Be brief. ".repeat(40)}, "tags": [], "createdAt": time(0)})
}
