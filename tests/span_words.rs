//! What a check of a store finds wrong with the words about its spans.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

use rusqlite::OpenFlags;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use support::accounts::verify;
use support::operations::{op, start, time};
use support::{sqlite, write};
use tracestore::model::job::Area;
use tracestore::sqlite::file::checked;

/// What is done to the file, and how the check names it.
const DAMAGES: &[(&str, Area, &str)] = &[
    ("update span_word set keys = x'00'", Area::Documents, "the keys of a span word are cut off"),
    ("update span_word set keys = zeroblob(8)", Area::Documents, "its keys tell another form of word"),
    (
        r#"update link set source = '["span","t","gone"]'"#,
        Area::Documents,
        "link 1 is given by a span that is not there",
    ),
    ("update link set attributes = '[]'", Area::Documents, "no JSON object"),
    ("update span_word set span = 999", Area::Documents, "a word is on span 999 of trace 1, which is not there"),
    ("delete from span_word", Area::Pieces, "entries match no hash"),
    ("delete from span_word", Area::Owners, "which none of its documents uses"),
    ("update span_word set body = 999", Area::Documents, r#"a later word on span "s" of trace "t""#),
    ("update span set started_at = null", Area::Documents, "it has no start"),
    ("update span set state = 'awaited'", Area::Lists, "state says 1 spans, 0 were found"),
    ("update span set state = 'other'", Area::Documents, r#"span "s" of trace "t""#),
    ("update trace set engine = 9", Area::Pieces, "engine 1 was given out last, and there is engine 9"),
];

/// A started trace with a span that runs.
fn store(path: &Path) {
    let long = |word: &str| json!(word.repeat(90));
    let begun = json!({"traceId": "t", "spanId": "s", "kind": "tool", "name": "n", "startedAt": time(1), "input": long("in "), "links": [{"to": {"url": "u"}}]});
    let update = |changes: Value| op(11, &json!({"traceId": "t", "spanId": "s", "now": 1, "changes": changes}));
    let ops = [
        start("t", 0),
        op(10, &json!({"now": 1, "span": begun})),
        update(json!({"output": long("half ")})),
        update(json!({"output": long("whole ")})),
        update(json!({"metadata": {"m": long("more ")}})),
        op(23, &json!({"traceId": "t", "spanId": "s", "now": 1, "events": [{"name": "e", "time": time(1)}]})),
    ];
    write(sqlite(Some(path)).open_writer(Duration::from_secs(5)).unwrap().as_mut(), &ops);
}

#[test]
fn every_kind_of_damage_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    for (at, (statement, area, message)) in DAMAGES.iter().enumerate() {
        let path = folder.path().join(format!("{at}.db"));
        store(&path);
        assert_eq!(verify(&sqlite(Some(&path))).unwrap().problems, []);
        let connection = checked::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        assert!(connection.execute(statement, []).unwrap() > 0, "{statement}");
        drop(connection);
        let report = verify(&sqlite(Some(&path))).unwrap();
        let found = report.problems.iter().any(|problem| problem.area == *area && problem.message.contains(message));
        assert!(found, "{statement}: {:#?}", report.problems);
    }
}
