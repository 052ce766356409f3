//! Pages over every backend: of any size they are the whole, whatever is written meanwhile, and end where there is no room.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use support::connected::{Subject, check};
use support::memory::Memory;
use support::operations::{any_op_or_batch, op, query, span, span_text, start};
use support::{rebuild, sqlite};
use tracestore::error::Code;
use tracestore::model::Op;
use tracestore::model::query::Cursor;
use tracestore::model::time::Nanos;
use tracestore::store::backend::Backend;

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
