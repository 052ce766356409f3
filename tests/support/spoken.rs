//! Strategies that make up what is said of a few spans.

use super::operations::{any_span, content, merge, time};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What `startSpan`, `updateSpan` or `endSpan` say of a few spans, with their codes.
pub fn any_span_word() -> impl Strategy<Value = (u8, Value)> {
    let fields = prop::collection::vec((0_u8..22, 0_u8..3, content()), 0..4);
    (0_u8..3, any_span(), 0_u8..50, fields, prop::option::of(0_u8..50)).prop_map(|(kind, span, now, fields, ended)| {
        let mut given = json!({});
        for (field, n, content) in fields {
            merge(&mut given, &any_field(field, n, &content));
        }
        let now = 1_704_067_200_000_u64 + u64::from(now) * 1000;
        let ids = json!({"traceId": span["traceId"], "spanId": span["spanId"], "now": now});
        if kind == 0 {
            let mut started = span;
            let fields = started.as_object_mut().unwrap();
            fields.remove("status");
            fields.remove("durationMs");
            given.as_object_mut().unwrap().remove("durationMs");
            merge(&mut started, &given);
            return (10, json!({"now": now, "span": started}));
        }
        if kind == 2
            && let Some(ended) = ended
        {
            given["endedAt"] = json!(time(ended));
        }
        let mut call = ids;
        call[if kind == 1 { "changes" } else { "end" }] = given;
        (10 + kind, call)
    })
}

/// What `addEvents` says of a few spans, with its code: few different events, so that equal ones meet.
pub fn any_added_events() -> impl Strategy<Value = (u8, Value)> {
    let events = prop::collection::vec((0_u8..4, content()).prop_map(|(n, content)| event(n, &content)), 0..4);
    (any_span(), 0_u8..50, events).prop_map(|(span, now, events)| {
        let now = 1_704_067_200_000_u64 + u64::from(now) * 1000;
        (23, json!({"traceId": span["traceId"], "spanId": span["spanId"], "now": now, "events": events}))
    })
}

pub fn link(n: u8) -> Value {
    match n {
        0 => json!({"to": {"traceId": "trace0"}}),
        1 => json!({"to": {"traceId": "trace0", "spanId": "span0"}, "type": "type1", "attributes": {"n": n}}),
        _ => json!({"to": {"url": "trace0"}, "type": format!("type{n}")}),
    }
}

pub fn event(n: u8, content: &Value) -> Value {
    json!({"name": format!("e{}", n / 2), "time": time(n), "attributes": {"a": content}})
}

/// What a model call used, told in one of several ways.
pub fn any_usage(n: u8) -> Value {
    match n % 4 {
        0 => json!({"tokens": {"input": n, "output": 2}, "cost": {"total": 0.25, "currency": "USD"}}),
        1 => json!({"genAiAttributes": {"gen_ai.usage.prompt_tokens": n, "gen_ai.system": "s"}}),
        2 => json!({"tokens": {"total": 9}, "cost": {"total": n, "currency": "EUR"}}),
        _ => json!({"genAiAttributes": {"gen_ai.usage.output_tokens": 1.5, "gen_ai.usage.total_tokens": n}}),
    }
}

fn any_field(field: u8, n: u8, content: &Value) -> Value {
    match field {
        0 | 1 => json!({"output": content}),
        2 => json!({"input": content}),
        3 => json!({"metadata": {format!("m{n}"): content}}),
        4 => json!({"metadata": {"m0": n, "m1": content}}),
        5 => json!({"metadata": null}),
        6 => json!({"metadata": {}}),
        7 => json!({"genAiAttributes": {format!("g{n}"): n}}),
        8 => json!({"name": format!("n{n}"), "kind": "tool"}),
        9 => json!({"parentSpanId": if n == 0 { Value::Null } else { json!(format!("span{n}")) }, "toolType": "mcp"}),
        10 => json!({"error": "it failed"}),
        11 => json!({"startedAt": time(n), "tags": if n == 0 { Value::Null } else { json!([format!("tag{n}")]) }}),
        13 => json!({"events": [event(n, content), event(2, &json!(null)), event(n, content)]}),
        14 => json!({"events": null}),
        15 => json!({"links": [link(n), link(2), link(n)]}),
        16 => json!({"links": if n == 0 { Value::Null } else { json!([]) }}),
        12 => json!({"status": "error", "state": "running"}),
        17 => any_usage(n),
        18 => json!({"kind": "llm", "cost": null, "tokens": null}),
        19 => json!({"genAiAttributes": null, "provider": "p"}),
        _ => json!({"durationMs": n}),
    }
}
