//! The order of a trace's spans: by the millisecond of their start, a parent before its children, by the nanosecond, as written.
//!
//! What starts in one millisecond has mostly equal times, and is written when it ends: a tool before the model call that
//! asked for it, and that before the run.

use super::span::Span;
use std::collections::HashMap;

/// Things with spans, which come by their start and as written, in the order in which they are read.
pub fn ordered<T>(things: Vec<T>, span: impl Fn(&T) -> &Span) -> Vec<T> {
    let order = order(things.iter().map(span));
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| things[at].take()).collect()
}

fn order<'a>(spans: impl IntoIterator<Item = &'a Span>) -> Vec<usize> {
    let spans: Vec<&Span> = spans.into_iter().collect();
    let mut ordered = Vec::with_capacity(spans.len());
    for together in spans.chunk_by(|one, next| one.begin().millis() == next.begin().millis()) {
        let first = ordered.len();
        match together {
            [_] => ordered.push(first),
            _ => ordered.extend(parents_first(together).into_iter().map(|at| first + at)),
        }
    }
    ordered
}

/// Each span after those of its ancestors that have not come yet.
fn parents_first(spans: &[&Span]) -> Vec<usize> {
    let parents = acyclic(parents(spans));
    let mut taken = vec![false; spans.len()];
    let mut ordered = Vec::with_capacity(spans.len());
    let mut way = Vec::new();
    for span in 0..spans.len() {
        let mut next = Some(span);
        while let Some(at) = next.filter(|at| !taken[*at]) {
            taken[at] = true;
            way.push(at);
            next = parents[at];
        }
        ordered.extend(way.drain(..).rev());
    }
    ordered
}

/// Which of these spans is the parent of each.
fn parents(spans: &[&Span]) -> Vec<Option<usize>> {
    let places: HashMap<&str, usize> = spans.iter().enumerate().map(|(at, span)| (span.span_id.as_str(), at)).collect();
    let parent = |span: &&Span| places.get(span.parent_span_id.as_deref()?).copied();
    spans.iter().map(parent).collect()
}

/// The same without the parents of spans that are ancestors of themselves.
fn acyclic(mut parents: Vec<Option<usize>>) -> Vec<Option<usize>> {
    let mut first_walk: Vec<Option<usize>> = vec![None; parents.len()];
    for walk in 0..parents.len() {
        let mut next = Some(walk);
        while let Some(at) = next.filter(|at| first_walk[*at].is_none()) {
            first_walk[at] = Some(walk);
            next = parents[at];
        }
        // A walk that met itself found a circle: it is gone round once, and cut everywhere.
        let mut on_circle = next.filter(|at| first_walk[*at] == Some(walk));
        while let Some(at) = on_circle {
            on_circle = parents[at].take();
        }
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Nanos;
    use proptest::prelude::*;

    /// A span by its id, its parent's, and the nanosecond of its start.
    fn span(id: &str, parent: Option<&str>, started_at: i64) -> Span {
        let text = r#"{"traceId":"t","spanId":"s","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":1}"#;
        let given = Span::parse(text).unwrap();
        Span {
            span_id: id.to_owned(),
            parent_span_id: parent.map(str::to_owned),
            started_at: Some(Nanos(started_at)),
            ..given
        }
    }

    fn ids(spans: &[Span]) -> String {
        let ids: Vec<&str> = order(spans).into_iter().map(|at| spans[at].span_id.as_str()).collect();
        ids.join(" ")
    }

    #[test]
    fn parents_come_first_within_a_millisecond_only() {
        let tree = [
            span("tool1", Some("call1"), 0),
            span("call1", Some("run"), 0),
            span("tool2", Some("call2"), 1),
            span("call2", Some("run"), 2),
            span("other", None, 3),
            span("run", None, 4),
            span("late", Some("later"), 1_000_000),
            span("later", None, 2_000_000),
        ];
        assert_eq!(ids(&tree), "run call1 tool1 call2 tool2 other late later");
    }

    #[test]
    fn circles_and_unknown_parents_change_nothing() {
        let spans = [
            span("a", Some("b"), 0),
            span("b", Some("c"), 0),
            span("c", Some("a"), 0),
            span("child", Some("below"), 0),
            span("self", Some("self"), 0),
            span("lost", Some("nobody"), 0),
            span("below", Some("b"), 0),
        ];
        assert_eq!(ids(&spans), "a b c below child self lost");
    }

    #[test]
    fn a_long_chain_is_no_recursion() {
        let count = 20_000;
        let spans: Vec<Span> =
            (0..count).map(|n| span(&n.to_string(), Some((n + 1).to_string().as_str()), 0)).collect();
        assert_eq!(order(&spans), (0..count).rev().collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn any_spans_keep_their_milliseconds_and_follow_their_parents(
            given in prop::collection::vec((prop::option::of(0_usize..12), 0_i64..4), 0..12),
        ) {
            let mut spans: Vec<Span> = given
                .iter()
                .enumerate()
                .map(|(id, (parent, at))| span(&id.to_string(), parent.map(|id| id.to_string()).as_deref(), at * 500_000))
                .collect();
            spans.sort_by_key(|span| span.started_at);
            let ordered = order(&spans);
            let mut all = ordered.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..spans.len()).collect::<Vec<_>>());
            let millis: Vec<i64> = ordered.iter().map(|at| spans[*at].begin().millis()).collect();
            prop_assert!(millis.is_sorted());
            let place = |id: &str| ordered.iter().position(|at| spans[*at].span_id == id);
            let parent = |id: &str| spans.iter().find(|span| span.span_id == id)?.parent_span_id.as_deref();
            let is_own_ancestor = |id: &str| {
                let mut at = parent(id);
                for _ in 0..spans.len() {
                    if at == Some(id) {
                        return true;
                    }
                    at = at.and_then(parent);
                }
                false
            };
            for (n, at) in ordered.iter().enumerate() {
                let span = &spans[*at];
                let Some(parent) = span.parent_span_id.as_deref().and_then(place) else { continue };
                let apart = millis[parent] != millis[n];
                prop_assert!(apart || parent < n || is_own_ancestor(&span.span_id), "{:?}", spans);
            }
        }
    }
}
