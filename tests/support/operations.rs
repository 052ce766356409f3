//! Operations and queries in short form, and strategies that make them up.

#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

use super::spoken::{any_added_events, any_span_word, any_usage, event, link};
use proptest::prelude::*;
use serde_json::{Value, json};
use tracestore::model::op::BatchItem;
use tracestore::model::op::names;
use tracestore::model::{Op, Query};

/// An operation from its code and JSON.
pub fn op(code: u8, text: &Value) -> Op {
    Op::parse(code, text.to_string().as_bytes()).unwrap()
}

/// A query from its JSON, in which filters stand by their keys, as callers give them.
pub fn query(text: &Value) -> Query {
    const FILTERS: &[(&str, &str, &str)] = &[
        ("agentName", "agentName", "equals"),
        ("sessionId", "sessionId", "equals"),
        ("userId", "userId", "equals"),
        ("endUserId", "endUserId", "equals"),
        ("status", "status", "equals"),
        ("tags", "tags", "all"),
        ("after", "startedAt", "from"),
        ("before", "startedAt", "until"),
        ("traceId", "traceId", "equals"),
        ("spanId", "spanId", "equals"),
        ("name", "name", "equals"),
        ("label", "label", "equals"),
        ("source", "source", "equals"),
        ("author", "author", "equals"),
        ("minValue", "value", "atLeast"),
        ("maxValue", "value", "atMost"),
    ];
    let mut wire = text.clone();
    if ["listTraces", "listSessions"].contains(&text["query"].as_str().unwrap()) {
        let fields = wire.as_object_mut().unwrap();
        let given = |(key, field, op): &(&str, &str, &str)| {
            let value = fields.remove(*key).filter(|value| !value.is_null())?;
            Some(json!({"field": field, "op": op, "value": value}))
        };
        let conditions: Vec<Value> = FILTERS.iter().filter_map(given).collect();
        wire["where"] = json!(conditions);
    }
    Query::parse(&wire.to_string()).unwrap()
}

/// A time text; few different ones, so that ties happen.
pub fn time(at: u8) -> String {
    format!("2024-01-01T00:00:{:02}.000Z", at % 60)
}

/// A `startTrace` of trace `id`.
pub fn start(id: &str, at: u8) -> Op {
    op(1, &trace(id, at, &json!({})))
}

/// An `addSpan` with this input.
pub fn span(trace: &str, id: &str, at: u8, input: &Value) -> Op {
    op(3, &span_text(trace, id, at, input))
}

/// The JSON of an `addSpan`.
pub fn span_text(trace: &str, id: &str, at: u8, input: &Value) -> Value {
    json!({"traceId": trace, "spanId": id, "kind": "llm", "name": "n", "status": "ok", "startedAt": time(at), "durationMs": 1.5, "input": input})
}

/// The codes and JSON of spans of a MiB each that hardly compress: six are more than the log holds before it is copied
/// into the file.
pub fn large_spans(count: u8) -> Vec<(u8, Value)> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = || {
        let mut text = String::new();
        while text.len() < 1 << 20 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.extend(
                (0..10).map(|digit| char::from(b'0' + (state >> (6 * digit) & 63) as u8)).filter(|c| *c != '\\'),
            );
        }
        json!(text)
    };
    (0..count).map(|n| (3, span_text("trace0", &format!("large{n}"), 1, &noise()))).collect()
}

fn trace(id: &str, at: u8, more: &Value) -> Value {
    let mut trace = json!({"traceId": id, "agentName": "a", "agentVersion": "1", "userId": 1, "auditingId": 2.5,
        "startedAt": time(at), "input": {"prompt": "p", "parameters": {}}});
    merge(&mut trace, more);
    trace
}

pub fn merge(into: &mut Value, more: &Value) {
    for (key, value) in more.as_object().unwrap() {
        into[key] = value.clone();
    }
}

fn id(prefix: &'static str) -> impl Strategy<Value = String> {
    (0_u8..4).prop_map(move |n| format!("{prefix}{n}"))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(id("tag"), 0..4)
}

/// Values from a small pool, long enough to become pieces, so that documents share and let go of them.
pub fn content() -> impl Strategy<Value = Value> {
    let long = (0_u8..5).prop_map(|n| json!(format!("{n}").repeat(300)));
    let messages = prop::collection::vec(
        (0_u8..6).prop_map(|n| json!({"role": "user", "content": format!("{n} ").repeat(60)})),
        0..6,
    );
    prop_oneof![
        Just(json!(null)),
        Just(json!({"x": [1, "y", {"__proto__": 1}]})),
        long,
        messages.prop_map(|messages| json!({"messages": messages}))
    ]
}

/// Any operation on few ids.
pub fn any_op() -> impl Strategy<Value = Op> {
    any_write().prop_map(|(code, text)| op(code, &text))
}

/// Any operation, or several that stand or fall together.
pub fn any_op_or_batch() -> impl Strategy<Value = Op> {
    prop_oneof![8 => any_op(), 1 => prop::collection::vec(any_op(), 0..6).prop_map(|ops| Op::Batch(BatchItem::all(ops)))]
}

/// Any operation as its code and JSON.
pub fn any_write() -> impl Strategy<Value = (u8, Value)> {
    prop_oneof![
        3 => (id("trace"), 0_u8..6, 0_u8..3, tags(), prop::option::of(id("session")), content()).prop_map(|(id, at, user, tags, session, content)| {
            (1, trace(&id, at, &json!({"userId": user, "endUserId": (user > 0).then(|| format!("u{user}")), "tags": tags, "sessionId": session, "agentName": format!("agent{}", at % 2), "metadata": {"m": content}, "extra": at})))
        }),
        3 => (id("trace"), 0_u8..3, 0_u8..50, tags(), content(), prop::option::of(0_u8..50), prop::option::weighted(0.3, prop_oneof![Just(json!(null)), mapped_scores()])).prop_map(|(id, status, now, tags, content, completed, scores)| {
            let mut result = json!({"status": (["completed", "failed", "timeout"][usize::from(status)]), "tags": tags, "output": content, "metadata": {"e": now}});
            if let Some(scores) = scores {
                result["scores"] = scores;
            }
            if let Some(completed) = completed {
                result["completedAt"] = json!(time(completed));
            }
            match now % 8 {
                0 => result["tokens"] = json!({"input": 1, "output": now, "total": 3}),
                1 => result["cost"] = json!(null),
                2 => result["statusReason"] = json!("aborted"),
                _ => {}
            }
            (2, json!({"traceId": id, "now": 1_704_067_200_000_u64 + u64::from(now) * 1000, "result": result}))
        }),
        6 => any_span().prop_map(|text| (3, text)),
        1 => any_span().prop_map(|text| (22, text)),
        8 => any_span_word(),
        3 => any_added_events(),
        1 => (id("trace"), content()).prop_map(|(id, content)| (4, json!({"traceId": id, "io": {"apiInput": content}}))),
        2 => (id("session"), 0_u8..6, 0_u8..6, tags(), content()).prop_map(|(id, created, updated, tags, content)| {
            (5, json!({"sessionId": id, "userId": created, "endUserId": (created % 2 > 0).then(|| format!("u{updated}")), "auditingId": 1, "createdAt": time(created), "updatedAt": time(updated), "traceCount": 1, "tags": tags, "metadata": {"m": content}}))
        }),
        1 => (id("config"), content()).prop_map(|(id, content)| {
            (6, json!({"snapshotId": id, "agentName": "a", "agentVersion": "1", "model": "m", "modelParams": {}, "prompts": {"p": content}, "tags": [], "createdAt": time(0)}))
        }),
        2 => (id("trace"), mapped_scores()).prop_map(|(id, scores)| (7, json!({"traceId": id, "scores": scores}))),
        1 => (id("trace"), tags()).prop_map(|(id, tags)| (8, json!({"traceId": id, "tags": tags}))),
        2 => any_told().prop_map(|text| (13, text)),
        5 => any_word(),
        1 => (0_u8..3, prop_oneof![5 => any_word(), 1 => any_span_word()].prop_filter("links have no versions", |(code, _)| *code != 20)).prop_map(|(version, (code, text))| {
            (21, json!({"ifVersion": version, "method": names()[usize::from(code) - 1], "document": text}))
        }),
    ]
}

/// The scores of a map, on the wire: each with an id of its own.
fn mapped_scores() -> BoxedStrategy<Value> {
    prop::collection::vec((any::<u64>(), 0_u8..3, 0_u8..9), 0..3)
        .prop_map(|scores| {
            scores
                .into_iter()
                .map(|(id, name, value)| json!([format!("given{id}"), format!("s{name}"), value]))
                .collect()
        })
        .boxed()
}

/// Something that is said of a trace, or of a span of it that may not be there.
fn any_word() -> BoxedStrategy<(u8, Value)> {
    let about = || (id("trace"), prop::option::of(id("span")));
    let few = |prefix| prop::option::of(id(prefix));
    prop_oneof![
        (id("trace"), tags(), tags()).prop_map(|(id, add, remove)| (14, json!({"traceId": id, "changes": {"add": add, "remove": remove}}))),
        (id("trace"), id("span"), tags()).prop_map(|(id, span, add)| (15, json!({"traceId": id, "spanId": span, "changes": {"add": add}}))),
        (about(), id("score"), id("s"), prop::option::of(0_u8..9), few("label"), few("author"), content()).prop_map(|((trace, span), id, name, value, label, author, content)| {
            (16, json!({"traceId": trace, "spanId": span, "id": id, "name": name, "value": value, "label": label, "source": author, "author": author, "reason": content}))
        }),
        id("score").prop_map(|id| (17, json!({"id": id}))),
        (about(), any::<u64>(), few("identifier"), content()).prop_map(|((trace, span), id, identifier, value)| {
            (18, json!({"traceId": trace, "spanId": span, "id": format!("annotation{}", id % 1000), "identifier": identifier, "value": value}))
        }),
        (0_u64..1000).prop_map(|id| (19, json!({"id": format!("annotation{id}")}))),
        (any_end(), any_end(), id("type"), prop::option::of(0_u8..3)).prop_map(|(from, to, kind, n)| {
            (20, json!({"from": from, "to": to, "type": kind, "attributes": n.map(|n| json!({"n": n}))}))
        }),
    ]
    .boxed()
}

fn any_end() -> BoxedStrategy<Value> {
    prop_oneof![
        3 => id("trace").prop_map(|id| json!({"traceId": id})),
        3 => (id("trace"), id("span")).prop_map(|(trace, span)| json!({"traceId": trace, "spanId": span})),
        1 => Just(json!({"store": "s", "id": "trace0"})),
        1 => Just(json!({"externalId": "trace0"})),
        1 => Just(json!({"url": "trace0"})),
    ]
    .boxed()
}

/// What `ensureTrace` tells: any part of a trace.
fn any_told() -> impl Strategy<Value = Value> {
    let given = prop::collection::vec(any::<bool>(), 10);
    (id("trace"), 0_u8..6, tags(), content(), given).prop_map(|(id, at, tags, content, given)| {
        let all = [
            ("agentName", json!(format!("agent{}", at % 2))),
            ("agentVersion", json!(at.to_string())),
            ("userId", json!(at % 3)),
            ("auditingId", json!(at)),
            ("endUserId", json!(format!("u{}", at % 3))),
            ("sessionId", json!(format!("session{}", at % 4))),
            ("startedAt", json!(time(at))),
            ("input", json!({"prompt": content, "parameters": {}})),
            ("metadata", json!({format!("k{}", at % 2): content})),
            ("scores", json!([[format!("told{at}"), format!("s{}", at % 3), at]])),
        ];
        let mut told = json!({"traceId": id, "tags": tags});
        for ((key, value), _) in all.into_iter().zip(&given).filter(|(_, given)| **given) {
            told[key] = value;
        }
        json!({"now": 1_704_067_200_000_u64 + u64::from(at) * 1000, "trace": told})
    })
}

/// Of few times, also within one millisecond, and with any parent: itself, one of its own children, one that never comes.
pub fn any_span() -> impl Strategy<Value = Value> {
    (id("trace"), 0_u8..8, prop::option::of(0_u8..9), 0_u8..2, 0_u32..3, prop::option::weighted(0.3, tags()), content())
        .prop_map(|(trace, id, parent, second, step, tags, content)| {
            let mut span = span_text(&trace, &format!("span{id}"), second, &content);
            span["startedAt"] = json!(format!("2024-01-01T00:00:{second:02}.{:07}Z", step * 5000));
            span["tags"] = json!(tags);
            if second == 1 {
                span["events"] = json!([event(id % 4, &content)]);
                span["links"] = json!([link(id % 4)]);
            }
            if id % 2 == 0 {
                span["kind"] = json!("llm");
                merge(&mut span, &any_usage(second + id));
            }
            span["parentSpanId"] = json!(parent.map(|parent| format!("span{parent}")));
            if parent.is_none() {
                span["sessionId"] = json!(format!("session{}", id % 4));
                span["endUserId"] = json!(format!("u{}", id % 3));
                span["userId"] = json!(id % 3);
                let model = json!({"genAiAttributes": {"gen_ai.request.model": format!("model{second}")}});
                merge(&mut span, &model);
            }
            span
        })
}

/// Few, one of them nameless.
pub fn any_tenant() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(""), 2 => Just("acme"), 1 => Just("other"), 1 => Just("é")]
}

/// Any query on the same ids, of any tenant.
pub fn any_query() -> impl Strategy<Value = Query> {
    let page = (0_u32..4, prop::option::of(any_tenant()));
    let tenants =
        page.prop_map(|(limit, after)| query(&json!({"query": "listTenants", "limit": limit, "after": after})));
    prop_oneof![12 => any_documents(), 1 => tenants]
}

fn any_documents() -> impl Strategy<Value = Query> {
    (any_tenant(), any_wanted()).prop_map(|(tenant, mut wanted)| {
        wanted["tenant"] = json!(tenant);
        query(&wanted)
    })
}

fn any_wanted() -> impl Strategy<Value = Value> {
    let page = (0_u32..4, 0_u64..3, prop::bool::weighted(0.8));
    prop_oneof![
        id("trace").prop_map(|id| json!({"query": "getTrace", "traceId": id})),
        id("trace").prop_map(|id| json!({"query": "getSpans", "traceId": id})),
        id("session").prop_map(|id| json!({"query": "getSession", "sessionId": id})),
        id("config").prop_map(|id| json!({"query": "getConfigSnapshot", "snapshotId": id})),
        (page.clone(), prop::option::of(0_u8..3), prop::option::of(tags()))
            .prop_map(|((limit, offset, total), user, tags)| json!({"query": "listSessions", "limit": limit, "offset": offset, "total": total, "userId": user, "endUserId": user.map(|user| format!("u{user}")), "tags": tags.unwrap_or_default()})),
        (id("trace"), id("span")).prop_map(|(id, span)| json!({"query": "getSpan", "traceId": id, "spanId": span})),
        id("trace").prop_map(|id| json!({"query": "getRootSpans", "traceId": id})),
        id("trace").prop_map(|id| json!({"query": "getTraceInfo", "traceId": id})),
        (id("trace"), id("span")).prop_map(|(id, span)| json!({"query": "getSpanInfo", "traceId": id, "spanId": span})),
        (id("trace"), prop::option::of(id("span"))).prop_map(|(id, span)| json!({"query": "getAnnotations", "traceId": id, "spanId": span})),
        (any_end(), prop_oneof![Just("from"), Just("to"), Just("both")])
            .prop_map(|(end, direction)| json!({"query": "getLinks", "end": end, "direction": direction})),
        (page.clone(), any_score_filter()).prop_map(|((limit, offset, total), mut filter)| {
            merge(&mut filter, &json!({"query": "listScores", "limit": limit, "offset": offset, "total": total}));
            filter
        }),
        (page, any_filter()).prop_map(|((limit, offset, total), mut filter)| {
            merge(&mut filter, &json!({"query": "listTraces", "limit": limit, "offset": offset, "total": total}));
            filter
        }),
    ]
}

fn any_score_filter() -> BoxedStrategy<Value> {
    let few = |prefix| prop::option::weighted(0.2, id(prefix));
    let bound = || prop::option::weighted(0.2, 0_u8..9);
    (few("trace"), few("span"), few("s"), few("label"), few("author"), bound(), bound()).prop_map(
        |(trace, span, name, label, author, least, most)| {
            json!({"traceId": trace, "spanId": span, "name": name, "label": label, "source": author, "author": author, "minValue": least, "maxValue": most})
        },
    )
    .boxed()
}

fn any_filter() -> impl Strategy<Value = Value> {
    let millis = |at: Option<u8>| at.map(|at| 1_704_067_200_000_u64 + u64::from(at) * 1000);
    (
        prop::option::of((0_u8..2).prop_map(|n| format!("agent{n}"))),
        prop::option::of(id("session")),
        (prop::option::of(0_u8..3), prop::option::weighted(0.2, (0_u8..3).prop_map(|n| format!("u{n}")))),
        prop::option::of(prop_oneof![Just("running"), Just("completed"), Just("failed")]),
        prop::option::of(tags()),
        prop::option::of(0_u8..6),
        prop::option::of(0_u8..6),
    )
        .prop_map(move |(agent, session, (user, end_user), status, tags, after, before)| {
            json!({"agentName": agent, "sessionId": session, "userId": user, "endUserId": end_user, "status": status, "tags": tags.unwrap_or_default(), "after": millis(after), "before": millis(before)})
        })
}
