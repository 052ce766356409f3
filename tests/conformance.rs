//! One suite over every backend: random operations and queries must be answered like the reference answers them.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use support::connected::{BACKENDS, Subject, check};
use support::operations::{any_op_or_batch, any_query, any_tenant, op, query, span, start, time};
use support::{accounts, sqlite};
use tracestore::error::Code;
use tracestore::model::op::BatchItem;
use tracestore::model::query::Cursor;
use tracestore::model::time::Nanos;
use tracestore::model::{Job, Op, Query, Receipt};
use tracestore::store::commit;
use tracestore::store::queue::Batch;
use tracestore::wire::frame;

const PATIENCE: Duration = Duration::from_secs(5);

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_backend_answers_like_the_reference(
        groups in prop::collection::vec((prop::collection::vec((any_tenant(), any_op_or_batch()), 1..12), any::<bool>()), 1..8),
        queries in prop::collection::vec(any_query(), 1..16),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let [mut reference, mut subjects @ ..] = BACKENDS.map(|(_, make)| make(&path));
        for (ops, rest) in &groups {
            let ops = || ops.iter().map(|(tenant, op)| (*tenant, op));
            let expected = reference.transact_each(ops());
            for subject in &mut subjects {
                prop_assert_eq!(subject.transact_each(ops()), expected.clone());
                if *rest {
                    subject.writer.close();
                }
            }
        }
        for query in &queries {
            let expected = reference.ask(query);
            for subject in &mut subjects {
                prop_assert_eq!(subject.ask(query), expected.clone(), "{:?}", query);
            }
        }
        for subject in &mut subjects {
            let report = accounts::report(subject.writer.perform(&Job::Verify, &accounts::patient())).unwrap();
            prop_assert_eq!(report.problems, []);
        }
        drop(subjects);
        accounts::balance(&path);
    }
}

#[test]
fn a_trace_is_there_from_its_first_span() {
    check(|subject| {
        subject.transact(&[span("t", "s", 1, &json!(1))]);
        let list = query(&json!({"query": "listTraces", "limit": 10}));
        let trace = query(&json!({"query": "getTrace", "traceId": "t"}));
        let spans = query(&json!({"query": "getSpans", "traceId": "t"}));
        assert_eq!(subject.ask(&list).1.unwrap().total, Some(1));
        let found = subject.ask(&trace).0.remove(0);
        assert_eq!((&found["agentName"], &found["status"]), (&json!("n"), &json!("completed")));
        assert_eq!(found["input"], json!({"prompt": "", "parameters": {}}));
        assert_eq!(subject.ask(&spans).0.len(), 1);
        subject.transact(&[start("t", 0)]);
        assert_eq!(subject.ask(&list).1.unwrap().total, Some(1));
        let started = subject.ask(&trace).0.remove(0);
        assert_eq!((&started["agentName"], &started["status"]), (&json!("a"), &json!("running")));
        assert_eq!(subject.ask(&spans).0.len(), 1);
    });
}

#[test]
fn ties_are_told_apart_by_the_order_of_writing() {
    check(|subject| {
        subject.transact(&[span("b", "early", 1, &json!(null))]);
        subject.transact(&[start("a", 5), start("b", 5), start("c", 5)]);
        let (documents, _) = subject.ask(&query(&json!({"query": "listTraces", "limit": 10})));
        let ids: Vec<_> = documents.iter().map(|document| document["traceId"].as_str().unwrap()).collect();
        assert_eq!(ids, ["c", "b", "a"], "a trace counts from its start, not from its first span");
        subject.transact(&["z", "y", "x"].map(|id| span("a", id, 9, &json!(id))));
        subject.transact(&[span("a", "z", 9, &json!("again"))]);
        let (documents, _) = subject.ask(&query(&json!({"query": "getSpans", "traceId": "a"})));
        let ids: Vec<_> = documents.iter().map(|document| document["spanId"].as_str().unwrap()).collect();
        assert_eq!(ids, ["z", "y", "x"], "a rewrite keeps its place");
        assert_eq!(documents[0]["input"], "again");
    });
}

/// More traces than are looked up one by one: lists are led along the index of their narrowest filter.
#[test]
fn a_long_list_is_the_same_under_every_combination_of_filters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let [mut reference, mut subject, ..] = BACKENDS.map(|(_, make)| make(&path));
    // Rows that only wait for their trace come first, so that the others lie in two parts of their facets.
    let waiting: Vec<Op> = (0..3300).map(|n| span(&format!("waiting{n}"), "s", 1, &json!(null))).collect();
    for subject in [&mut reference, &mut subject] {
        subject.transact(&[Op::Batch(BatchItem::all(waiting.clone()))]);
    }
    let ops = many(1800);
    for subject in [&mut reference, &mut subject] {
        assert!(subject.transact(&ops).iter().all(Result::is_ok));
    }
    let millis = |at: u64| 1_704_067_200_000 + at * 1000;
    for n in 0..256_u64 {
        let is = |bit: u32| n >> bit & 1 == 1;
        let given = |bit: u32, value: Value| if is(bit) { value } else { json!(null) };
        let tags: Vec<&str> =
            [(4, "most"), (5, "half")].into_iter().filter(|(bit, _)| is(*bit)).map(|(_, tag)| tag).collect();
        let mut filter = json!({"query": "listTraces", "limit": 7, "agentName": given(0, json!("a1")), "sessionId": given(1, json!("s1")),
                "userId": given(2, json!(1)), "status": given(3, json!("completed")), "tags": tags, "total": n % 5 != 0,
                "after": given(6, json!(millis(11))), "before": given(7, json!(millis(43)))});
        if n % 3 == 0 {
            filter["offset"] = json!(n * 3);
        } else if n % 3 == 1 {
            let time = Nanos::from_millis(i64::try_from(millis(40)).unwrap());
            filter["cursor"] = json!(Cursor { time, seq: 900 }.to_text());
        }
        let query = query(&filter);
        assert_eq!(subject.ask(&query), reference.ask(&query), "{filter}");
    }
    drop(subject);
    accounts::balance(&path);
}

/// Traces of which many meet any combination of the filters above.
fn many(count: usize) -> Vec<Op> {
    let trace = |n: usize| {
        let tags: Vec<&str> = [(!n.is_multiple_of(11), "most"), (n.is_multiple_of(2), "half")]
            .into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, tag)| tag)
            .collect();
        let one = |every: usize| u8::from(!n.is_multiple_of(every));
        op(
            1,
            &json!({"traceId": format!("t{n}"), "agentName": format!("a{}", one(7)), "sessionId": format!("s{}", one(13)), "agentVersion": "1",
            "userId": one(17), "auditingId": 1, "startedAt": time(u8::try_from(n * 7 % 60).unwrap()), "tags": tags, "input": {"prompt": "p", "parameters": {}}}),
        )
    };
    let end = |n: usize| {
        op(2, &json!({"traceId": format!("t{n}"), "now": 1_704_067_300_000_u64, "result": {"status": "completed"}}))
    };
    (0..count).flat_map(|n| [Some(trace(n)), (!n.is_multiple_of(19)).then(|| end(n))]).flatten().collect()
}

#[test]
fn a_user_is_the_same_however_the_number_is_written() {
    check(|subject| {
        let trace = |id: &str, user: &str| {
            frame(
                1,
                &format!(
                    r#"{{"traceId":"{id}","agentName":"a","agentVersion":"1","userId":{user},"auditingId":1,"startedAt":"2024-01-01T00:00:00.000Z","input":{{"prompt":"p","parameters":{{}}}}}}"#
                ),
            )
        };
        let users = ["1", "1.0", "10e-1", "-0.0", "0", "1.5", "1e300"];
        let frames: Vec<u8> = users.iter().enumerate().flat_map(|(n, user)| trace(&n.to_string(), user)).collect();
        let batch = Batch::only(&frames);
        assert!(commit::commit(subject.writer.as_mut(), &[batch], PATIENCE)[0].failures.is_empty());
        for (user, total) in [("1", 3), ("1.0", 3), ("0", 2), ("-0.0", 2), ("1.5", 1), ("1e300", 1), ("2", 0)] {
            for filter in ["", r#",{"field":"agentName","op":"equals","value":"a"}"#] {
                let list = format!(
                    r#"{{"query":"listTraces","limit":9,"where":[{{"field":"userId","op":"equals","value":{user}}}{filter}]}}"#
                );
                let (documents, page) = subject.ask(&Query::parse(&list).unwrap());
                assert_eq!((documents.len(), page.unwrap().total), (total, Some(total as u64)), "{list}");
            }
        }
    });
}

#[test]
fn a_text_that_goes_and_comes_back_in_one_transaction_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::new(&sqlite(Some(&path)));
    let session = |letter: &str| {
        let metadata = json!({"m": letter.repeat(400)});
        let session = json!({"sessionId": "s", "userId": 1, "auditingId": 1, "createdAt": time(0), "updatedAt": time(1), "traceCount": 0, "tags": [], "metadata": metadata});
        op(5, &session)
    };
    subject.transact(&[session("a"), span("t", "s", 1, &json!("a".repeat(400)))]);
    let round = ["b", "a"].map(|letter| span("t", "s", 1, &json!(letter.repeat(400))));
    subject.transact(&[session("b"), session("a"), round[0].clone(), round[1].clone()]);
    let (documents, _) = subject.ask(&query(&json!({"query": "getSession", "sessionId": "s"})));
    assert_eq!(documents[0]["metadata"]["m"], "a".repeat(400));
    drop(subject);
    accounts::balance(&path);
}

#[test]
fn uses_that_another_writer_made_unknown_are_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::shared(&sqlite(Some(&path)));
    let long = json!("x".repeat(400));
    // The writers take turns: the second still remembers the count that the first makes unknown.
    let turns = [
        span("t", "one", 1, &long),
        span("other", "s", 1, &long),
        span("t", "two", 1, &long),
        span("t", "two", 1, &json!("short")),
        span("t", "one", 1, &json!("short")),
        span("other", "s", 1, &json!("short")),
    ];
    for turn in turns {
        assert_eq!(subject.transact(&[turn]), [Ok(Receipt::Nothing)]);
    }
    drop(subject);
    accounts::balance(&path);
}

#[test]
fn what_was_rolled_back_leaves_no_piece_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::new(&sqlite(Some(&path)));
    let long = json!("x".repeat(400));
    let ops = [start("t", 0), span("t", "s", 1, &long), start("t", 0)];
    let batch = Op::Batch(BatchItem::all(ops));
    assert_eq!(subject.transact(&[batch]), [Err(Code::AlreadyExists)]);
    subject.transact(&[start("t", 0), span("t", "s", 1, &long)]);
    let (documents, _) = subject.ask(&query(&json!({"query": "getSpans", "traceId": "t"})));
    assert_eq!(documents[0]["input"], long);
    drop(subject);
    accounts::balance(&path);
}

#[test]
fn an_operation_that_fails_midway_leaves_nothing_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::new(&sqlite(Some(&path)));
    let long = "x".repeat(400);
    // Brackets that close in the wrong order are found only after a row and a piece were written.
    let span = |id: &str, input: &str| {
        frame(
            3,
            &format!(
                r#"{{"traceId":"t","spanId":"{id}","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":1,"input":{input}}}"#
            ),
        )
    };
    let whole = format!(r#"["{long}"]"#);
    let broken = format!(r#"["{long}",[1}}]"#);
    let frames =
        [span("a", &whole), span("bad1", &broken), span("b", "1"), span("bad2", &broken), span("c", &whole)].concat();
    let batch = Batch::only(&frames);
    let settled = commit::commit(subject.writer.as_mut(), &[batch], PATIENCE);
    let failed: Vec<_> = settled[0].failures.iter().map(|(index, error)| (*index, error.code)).collect();
    assert_eq!(failed, [(Some(1), Code::InvalidArgument), (Some(3), Code::InvalidArgument)]);
    let (documents, _) = subject.ask(&query(&json!({"query": "getSpans", "traceId": "t"})));
    let ids: Vec<_> = documents.iter().map(|document| document["spanId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    drop(subject);
    accounts::balance(&path);
}
