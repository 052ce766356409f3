//! One suite over every backend: random operations and queries must be answered like the reference answers them.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use support::memory::Memory;
use support::operations::{any_op_or_batch, any_query, op, query, span, span_text, start, time};
use support::{accounts, apply, rebuild, sqlite};
use tracestore::error::Code;
use tracestore::model::answer::ListPage;
use tracestore::model::query::Cursor;
use tracestore::model::time::Nanos;
use tracestore::model::{Job, Op, Query, Receipt};
use tracestore::store::backend::{Backend, Reader, Writer};
use tracestore::store::commit;
use tracestore::store::queue::Batch;
use tracestore::wire::frame;

const PATIENCE: Duration = Duration::from_secs(5);

/// A backend with its connections.
struct Subject {
    writer: Box<dyn Writer>,
    /// A second writer, as another process would have; the two take turns.
    other: Option<Box<dyn Writer>>,
    reader: Option<Box<dyn Reader>>,
}

impl Subject {
    fn new(backend: &Arc<dyn Backend>) -> Self {
        let writer = backend.open_writer(PATIENCE).unwrap();
        let reader = (!backend.reads_on_writer()).then(|| backend.open_reader().unwrap());
        Self { writer, other: None, reader }
    }

    /// With two writers on one place.
    fn shared(backend: &Arc<dyn Backend>) -> Self {
        Self { other: Some(backend.open_writer(PATIENCE).unwrap()), ..Self::new(backend) }
    }

    /// Applies the operations in one transaction; the receipts, and the codes of what failed, in their order.
    fn transact(&mut self, ops: &[Op]) -> Vec<Result<Receipt, Code>> {
        let results = apply(self.writer.as_mut(), ops);
        if let Some(other) = &mut self.other {
            std::mem::swap(&mut self.writer, other);
        }
        results
            .into_iter()
            .map(|result| {
                result.map_err(|error| {
                    if error.code == Code::Corrupt {
                        eprintln!("{error}");
                    }
                    error.code
                })
            })
            .collect()
    }

    fn ask(&mut self, query: &Query) -> (Vec<Value>, Option<ListPage>) {
        let answer = match &mut self.reader {
            Some(reader) => reader.answer(query),
            None => self.writer.answer(query),
        };
        let (documents, page) = rebuild::documents(&answer.unwrap());
        // Cursors carry each backend's own numbers: what counts is where they lead.
        (documents, page.map(|page| ListPage { next_cursor: page.next_cursor.map(|_| String::new()), ..page }))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_backend_answers_like_the_reference(
        groups in prop::collection::vec((prop::collection::vec(any_op_or_batch(), 1..12), any::<bool>()), 1..8),
        queries in prop::collection::vec(any_query(), 1..16),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces.db");
        let mut reference = Subject::new(&(Arc::new(Memory::default()) as Arc<dyn Backend>));
        let mut subjects = [Subject::shared(&sqlite(Some(&path))), Subject::new(&sqlite(None))];
        for (ops, rest) in &groups {
            let expected = reference.transact(ops);
            for subject in &mut subjects {
                prop_assert_eq!(subject.transact(ops), expected.clone());
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

/// Runs a case against every backend.
fn check(case: impl Fn(&mut Subject)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    for backend in [Arc::new(Memory::default()) as Arc<dyn Backend>, sqlite(Some(&path)), sqlite(None)] {
        case(&mut Subject::new(&backend));
    }
}

#[test]
fn a_span_joins_its_trace_when_that_starts() {
    check(|subject| {
        subject.transact(&[span("t", "s", 1, &json!(1))]);
        let list = query(&json!({"query": "listTraces", "limit": 10}));
        let trace = query(&json!({"query": "getTrace", "traceId": "t"}));
        let spans = query(&json!({"query": "getSpans", "traceId": "t"}));
        assert_eq!(subject.ask(&list).1.unwrap().total, Some(0));
        assert_eq!(subject.ask(&trace).0.len(), 0);
        assert_eq!(subject.ask(&spans).0.len(), 1);
        subject.transact(&[start("t", 0)]);
        assert_eq!(subject.ask(&list).1.unwrap().total, Some(1));
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

#[test]
fn a_cursor_leads_through_the_whole_list_while_others_write() {
    check(|subject| {
        let ids: Vec<String> = (0..10).map(|n| format!("t{n}")).collect();
        subject.transact(&ids.iter().map(|id| start(id, 3)).collect::<Vec<_>>());
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        for round in 0.. {
            let page = query(&json!({"query": "listTraces", "limit": 3, "cursor": cursor}));
            let answer = match &mut subject.reader {
                Some(reader) => reader.answer(&page),
                None => subject.writer.answer(&page),
            };
            let (documents, page) = rebuild::documents(&answer.unwrap());
            seen.extend(documents.iter().map(|document| document["traceId"].as_str().unwrap().to_owned()));
            subject.transact(&[start(&format!("new{round}"), 9)]);
            cursor = page.unwrap().next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        seen.reverse();
        assert_eq!(seen, ids);
    });
}

/// All documents of a query, page by page; `between` is called after each.
fn walk(subject: &mut Subject, wanted: &Value, mut between: impl FnMut(&mut Subject)) -> Vec<Value> {
    let (mut seen, mut page) = (Vec::new(), wanted.clone());
    loop {
        let answer = match &mut subject.reader {
            Some(reader) => reader.answer(&query(&page)),
            None => subject.writer.answer(&query(&page)),
        };
        let (mut documents, place) = rebuild::documents(&answer.unwrap());
        let place = place.unwrap();
        assert_eq!(place.has_more, place.next_cursor.is_some());
        assert!(!documents.is_empty() || !place.has_more, "a page that shows nothing");
        seen.append(&mut documents);
        let Some(cursor) = place.next_cursor else { return seen };
        let is_list = wanted["query"].as_str().unwrap().starts_with("list");
        if is_list {
            page["cursor"] = json!(cursor);
        } else {
            page["page"]["cursor"] = json!(cursor);
        }
        between(subject);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_any_size_are_the_whole(
        ops in prop::collection::vec(any_op_or_batch(), 1..60),
        limit in 1_u32..9,
        max_bytes in prop::option::of(1_u64..20_000),
    ) {
        let mut reference = Subject::new(&(Arc::new(Memory::default()) as Arc<dyn Backend>));
        let mut subject = Subject::new(&sqlite(None));
        for subject in [&mut reference, &mut subject] {
            subject.transact(&ops);
        }
        for trace in 0..4 {
            let id = format!("trace{trace}");
            let whole = reference.ask(&query(&json!({"query": "getSpans", "traceId": id}))).0;
            let pages = json!({"query": "getSpans", "traceId": id, "page": {"limit": limit, "maxBytes": max_bytes}});
            prop_assert_eq!(&walk(&mut reference, &pages, |_| {}), &whole);
            prop_assert_eq!(&walk(&mut subject, &pages, |_| {}), &whole);
        }
        for list in ["listTraces", "listSessions"] {
            let whole = reference.ask(&query(&json!({"query": list, "limit": 100}))).0;
            let pages = json!({"query": list, "limit": limit, "maxBytes": max_bytes});
            prop_assert_eq!(&walk(&mut reference, &pages, |_| {}), &whole);
            prop_assert_eq!(&walk(&mut subject, &pages, |_| {}), &whole);
        }
    }
}

#[test]
fn pages_of_spans_show_those_of_the_first_page_while_others_write() {
    check(|subject| {
        let child = |id: &str, parent: &str| {
            let mut text = span_text("t", id, 1, &json!(id));
            text["parentSpanId"] = json!(parent);
            op(3, &text)
        };
        subject.transact(
            &[("a", "later0"), ("b", "d"), ("c", "none"), ("d", "none"), ("e", "e")].map(|(id, of)| child(id, of)),
        );
        let mut round = 0;
        // Between "a", which was shown, and "c", which was not: that would come in front of "a" now.
        let seen = walk(subject, &json!({"query": "getSpans", "traceId": "t", "page": {"limit": 1}}), |subject| {
            subject
                .transact(&[child(&format!("later{round}"), "c"), span("t", &format!("early{round}"), 0, &json!(0))]);
            round += 1;
        });
        let ids: Vec<_> = seen.iter().map(|span| span["spanId"].as_str().unwrap()).collect();
        assert_eq!(ids, ["a", "d", "b", "c", "e"]);
    });
}

#[test]
fn a_span_that_begins_at_another_time_now_costs_no_other_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut subject = Subject::new(&sqlite(Some(&folder.path().join("traces.db"))));
    subject.transact(&["a", "b", "c"].map(|id| span("t", id, 1, &json!(id))));
    let pages = json!({"query": "getSpans", "traceId": "t", "page": {"limit": 2}});
    let seen = walk(&mut subject, &pages, |subject| {
        subject.transact(&[span("t", "b", 5, &json!("late"))]);
    });
    let ids: Vec<_> = seen.iter().map(|span| span["spanId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "a", "c", "b"], "shown again rather than left out");
}

#[test]
fn what_passes_its_room_is_refused_or_ends_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut subject = Subject::new(&sqlite(Some(&folder.path().join("traces.db"))));
    let text = |n: u8| json!(format!("{n} ").repeat(5000));
    let spans: Vec<Op> = (0..10).map(|n| span("t", &format!("s{n}"), n, &text(n))).collect();
    subject.transact(&spans);
    let reader = subject.reader.as_mut().unwrap();
    let mut ask = |more: &Value| {
        let mut wanted = json!({"query": "getSpans", "traceId": "t"});
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        reader.answer(&query(&wanted)).map(|answer| rebuild::documents(&answer).0.len()).map_err(|error| error.code)
    };
    let mine = 35_000;
    // The texts count twice against the budget, as they come and as they are kept.
    assert_eq!(ask(&json!({"budget": 2 * mine})), Err(Code::TooLarge));
    assert_eq!(ask(&json!({"budget": 2 * mine, "page": {}})), Ok(3));
    assert_eq!(ask(&json!({"page": {"maxBytes": mine}})), Ok(3));
    assert_eq!(ask(&json!({"page": {"maxBytes": 1}})), Ok(1), "one at least");
    assert_eq!(ask(&json!({"budget": 1, "page": {}})), Err(Code::TooLarge), "but for one that there is no room for");
    assert_eq!(ask(&json!({"budget": 1_000_000})), Ok(10));
}

/// More traces than are looked up one by one: lists are led along the index of their narrowest filter.
#[test]
fn a_long_list_is_the_same_under_every_combination_of_filters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut reference = Subject::new(&(Arc::new(Memory::default()) as Arc<dyn Backend>));
    let mut subject = Subject::new(&sqlite(Some(&path)));
    // Rows that only wait for their trace come first, so that the others lie in two parts of their facets.
    let waiting: Vec<Op> = (0..3300).map(|n| span(&format!("waiting{n}"), "s", 1, &json!(null))).collect();
    for subject in [&mut reference, &mut subject] {
        subject.transact(&[Op::Batch(waiting.clone())]);
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
fn a_cursor_and_the_end_of_the_time_both_hold() {
    check(|subject| {
        subject.transact(&(0..20).map(|n| start(&format!("t{n:02}"), n)).collect::<Vec<_>>());
        let millis = |at: u64| 1_704_067_200_000 + at * 1000;
        let mut ask = |before: u64, cursor: u64| {
            let cursor = Cursor { time: Nanos::from_millis(i64::try_from(millis(cursor)).unwrap()), seq: 1 };
            let page = query(
                &json!({"query": "listTraces", "limit": 2, "before": millis(before), "cursor": cursor.to_text()}),
            );
            let (documents, page) = subject.ask(&page);
            let ids: Vec<String> =
                documents.iter().map(|document| document["traceId"].as_str().unwrap().to_owned()).collect();
            (ids.join(" "), page.unwrap().total.unwrap())
        };
        assert_eq!(ask(10, 5), ("t04 t03".to_owned(), 10));
        assert_eq!(
            ask(5, 10),
            ("t04 t03".to_owned(), 5),
            "a cursor of another filter shows nothing that this one hides"
        );
        assert_eq!(ask(5, 5), ("t04 t03".to_owned(), 5));
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
fn what_was_rolled_back_leaves_no_piece_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut subject = Subject::new(&sqlite(Some(&path)));
    let long = json!("x".repeat(400));
    let batch = Op::Batch(vec![start("t", 0), span("t", "s", 1, &long), start("t", 0)]);
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
