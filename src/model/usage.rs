//! Tokens and cost of a trace: the sums of its `llm` spans, where nobody gave them.

use super::derived::Derived;
use super::fact::Fact;
use super::facts::{FactValue, Facts};
use super::number::Number;
use std::collections::HashMap;

/// What a trace takes over as one, with what says that it does.
pub const SUMMED: [(Derived, &[Fact]); 2] = [
    (Derived::TOKENS, &[Fact::InputTokens, Fact::OutputTokens, Fact::TotalTokens]),
    (Derived::COST, &[Fact::Cost, Fact::Currency]),
];

/// What a trace shows of what its spans used together.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceSums {
    pub has_ended: bool,
    /// Of which of its fields that is.
    pub derived: Derived,
    /// Those of `SUMMED`.
    pub facts: Facts,
}

impl TraceSums {
    /// Whether anything is.
    pub fn is_summed(&self) -> bool {
        self.derived.is_summed(self.has_ended)
    }

    /// Takes over what its spans used together.
    pub fn take(&mut self, sums: &Facts) {
        let is_summed = self.is_summed();
        for fact in summed(self.derived) {
            self.facts.set(*fact, sums.get(*fact).filter(|_| is_summed).cloned());
        }
    }
}

/// The facts that a trace takes over.
pub fn summed(derived: Derived) -> impl Iterator<Item = &'static Fact> {
    SUMMED.iter().filter(move |(of, _)| derived.has(*of)).flat_map(|(_, facts)| *facts)
}

/// What a span used, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanUsage {
    pub span_id: String,
    pub parent_span_id: Option<String>,
    pub is_llm: bool,
    /// Those of `SUMMED`.
    pub facts: Facts,
}

/// What the spans of a trace used together: of its `llm` spans those that have none below them, since the others only pass
/// on what these used. The cost only if all is in one currency.
pub fn sum(spans: &[SpanUsage]) -> Facts {
    let mut sums = Facts::default();
    let is_passed_on = with_llm_below(spans);
    let counted =
        || spans.iter().zip(&is_passed_on).filter(|(span, below)| span.is_llm && !**below).map(|(span, _)| span);
    let tokens = counted().filter_map(|span| tokens_of(&span.facts));
    if let Some(tokens) = tokens.reduce(|sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]) {
        for (fact, tokens) in SUMMED[0].1.iter().zip(tokens) {
            sums.set(*fact, Some(FactValue::Number(tokens)));
        }
    }
    let costs: Vec<_> = counted().filter_map(|span| cost_of(&span.facts)).collect();
    let Some((_, currency)) = costs.first().filter(|first| costs.iter().all(|other| first.1 == other.1)) else {
        return sums;
    };
    let cost = costs.iter().map(|(cost, _)| *cost).fold(Number::Whole(0), |sum, one| sum + one);
    sums.set(Fact::Cost, Some(FactValue::Number(cost)));
    sums.set(Fact::Currency, Some(FactValue::Text((*currency).to_owned())));
    sums
}

/// What one that doesn't give all of them used.
fn tokens_of(facts: &Facts) -> Option<[Number; 3]> {
    let [input, output, total] =
        [Fact::InputTokens, Fact::OutputTokens, Fact::TotalTokens].map(|fact| facts.number(fact));
    input.or(output).or(total)?;
    let [input, output] = [input, output].map(|tokens| tokens.unwrap_or(Number::Whole(0)));
    Some([input, output, total.unwrap_or(input + output)])
}

fn cost_of(facts: &Facts) -> Option<(Number, &str)> {
    Some((facts.number(Fact::Cost)?, facts.text(Fact::Currency)?))
}

/// Of each span whether an `llm` span is somewhere below it; in a ring of parents no span is below itself.
fn with_llm_below(spans: &[SpanUsage]) -> Vec<bool> {
    let places: HashMap<&str, usize> = spans.iter().enumerate().map(|(at, span)| (span.span_id.as_str(), at)).collect();
    let parent = |at: usize| spans[at].parent_span_id.as_deref().and_then(|id| places.get(id).copied());
    let mut below = vec![false; spans.len()];
    for (at, _) in spans.iter().enumerate().filter(|(_, span)| span.is_llm) {
        let mut above = parent(at);
        while let Some(found) = above.filter(|found| *found != at && !below[*found]) {
            below[found] = true;
            above = parent(found);
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::body::Body;

    fn span(span_id: &str, parent: Option<&str>, is_llm: bool, body: &str) -> SpanUsage {
        let facts = Facts::of(Body::parse(body).unwrap().fields());
        SpanUsage { span_id: span_id.to_owned(), parent_span_id: parent.map(str::to_owned), is_llm, facts }
    }

    fn tokens(spans: &[SpanUsage]) -> Option<(f64, f64, f64)> {
        let sums = sum(spans);
        let number = |fact| sums.number(fact).map(Number::to_real);
        Some((number(Fact::InputTokens)?, number(Fact::OutputTokens)?, number(Fact::TotalTokens)?))
    }

    #[test]
    fn spans_that_pass_on_what_others_used_are_not_counted() {
        let used = |tokens: u32| format!(r#"{{"tokens":{{"input":{tokens},"output":1}}}}"#);
        let spans = [
            span("outer", None, true, &used(100)),
            span("tool", Some("outer"), false, &used(1000)),
            span("inner", Some("tool"), true, &used(10)),
            span("other", Some("gone"), true, r#"{"genAiAttributes":{"gen_ai.usage.output_tokens":5}}"#),
        ];
        assert_eq!(tokens(&spans), Some((10.0, 6.0, 16.0)));
        assert_eq!(tokens(&[span("a", None, true, "{}")]), None);
    }

    #[test]
    fn a_ring_of_parents_ends() {
        let used = r#"{"tokens":{"total":7}}"#;
        let ring =
            [span("a", Some("b"), true, used), span("b", Some("a"), false, "{}"), span("c", Some("c"), true, used)];
        assert_eq!(tokens(&ring), Some((0.0, 0.0, 14.0)));
    }

    #[test]
    fn costs_in_two_currencies_have_no_sum() {
        let cost = |currency: &str| format!(r#"{{"cost":{{"total":0.25,"currency":"{currency}"}}}}"#);
        let one = |id: &str, currency: &str| span(id, None, true, &cost(currency));
        let sums = sum(&[one("a", "USD"), one("b", "USD"), span("c", None, true, "{}")]);
        assert_eq!((sums.number(Fact::Cost), sums.text(Fact::Currency)), (Some(Number::Real(0.5)), Some("USD")));
        assert_eq!(sum(&[one("a", "USD"), one("b", "EUR")]), Facts::default());
    }
}
