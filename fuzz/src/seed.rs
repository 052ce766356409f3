//! Makes the first corpus of every target from the recorded conversations: `cargo run --bin seed`, in this folder.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Longer ones only slow the fuzzer down, bytes.
const LONGEST: usize = 3 * 1024;
/// Of each kind, which is plenty for a corpus.
const MOST: usize = 40;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recorded = fs::read_to_string(folder.join("../fixtures/trajectories.jsonl")).unwrap();
    let corpus = folder.join("corpus");
    for target in ["operations", "queries", "content", "manifests", "store"] {
        fs::create_dir_all(corpus.join(target)).unwrap();
    }
    let write = |target: &str, name: &str, bytes: &[u8]| fs::write(corpus.join(target).join(name), bytes).unwrap();

    let mut counts: HashMap<u8, usize> = HashMap::new();
    for (number, line) in recorded.lines().enumerate() {
        let call: Value = serde_json::from_str(line).unwrap();
        let (code, text) = operation(&call);
        let count = counts.entry(code).or_default();
        if text.len() > LONGEST || *count == MOST {
            continue;
        }
        *count += 1;
        write("operations", &format!("{number}"), &[&[code], text.as_bytes()].concat());
        write("content", &format!("{number}"), text.as_bytes());
        write("content", &format!("{number}-twice"), format!("{text}\0{text}").as_bytes());
        write("manifests", &format!("{number}"), &[&[0], text.as_bytes()].concat());
        write("store", &format!("{number}"), renamed(code, &text).as_bytes());
    }
    for (number, query) in queries().iter().enumerate() {
        write("queries", &format!("{number}"), query.to_string().as_bytes());
    }
}

/// Code and text, as the TypeScript side hands them over.
fn operation(call: &Value) -> (u8, String) {
    let args = &call["args"];
    let (code, text) = match call["op"].as_str().unwrap() {
        "startTrace" => (1, args["trace"].clone()),
        "endTrace" => (2, json!({"traceId": args["traceId"], "now": call["at"], "result": ended(&args["result"])})),
        "addSpan" => (3, args["span"].clone()),
        "setApiIO" => (4, args.clone()),
        "upsertSession" => (5, args["session"].clone()),
        "ensureConfigSnapshot" => (6, args["snapshot"].clone()),
        "setTraceScores" => (7, json!({"traceId": args["traceId"], "scores": scores(&args["scores"])})),
        "setTraceTags" => (8, args.clone()),
        other => panic!("unknown call {other}"),
    };
    (code, text.to_string())
}

/// The end of a trace as it crosses.
fn ended(result: &Value) -> Value {
    let mut result = result.clone();
    if result["scores"].is_object() {
        result["scores"] = scores(&result["scores"]);
    }
    result
}

/// The scores of a map as they cross, each with an id.
fn scores(map: &Value) -> Value {
    map.as_object().unwrap().iter().map(|(name, value)| json!([format!("score of {name}"), name, value])).collect()
}

/// A line of the `store` target: the operation on a trace that was started, twice.
fn renamed(code: u8, text: &str) -> String {
    let mut document: Value = serde_json::from_str(text).unwrap();
    for key in ["traceId", "sessionId", "snapshotId"] {
        if document.get(key).is_some() {
            document[key] = json!("t");
        }
    }
    let start = r#"1{"traceId":"t","agentName":"a","agentVersion":"1","userId":1,"auditingId":2,"startedAt":"2024-01-01T00:00:00.000Z","tags":["x"],"input":{"prompt":"p","parameters":{}},"metadata":{"a":1}}"#;
    format!("{start}\n{code}{document}\n{code}{document}")
}

fn queries() -> Vec<Value> {
    vec![
        json!({"query": "getTrace", "traceId": "t"}),
        json!({"query": "getSpans", "traceId": "t"}),
        json!({"query": "getSession", "sessionId": "s"}),
        json!({"query": "getConfigSnapshot", "snapshotId": "c"}),
        json!({"query": "info"}),
        json!({"query": "listTraces", "limit": 5, "offset": 1, "agentName": "a", "sessionId": "s", "userId": 1, "status": "running",
            "tags": ["x", "y"], "after": -5, "before": 8_640_000_000_000_000_i64, "cursor": "17a5f3e1b2c40000.1"}),
        json!({"query": "listTraces", "limit": 0, "userId": 1.5}),
        json!({"query": "listSessions", "limit": 5, "offset": 0, "userId": 1, "tags": ["x"], "cursor": "ff.2"}),
    ]
}
