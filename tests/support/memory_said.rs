//! What the reference backend remembers of scores, annotations and links: in the order in which they were first said.

use tracestore::model::Receipt;
use tracestore::model::annotation::Annotation;
use tracestore::model::history::History;
use tracestore::model::info::InfoCounts;
use tracestore::model::link::{Direction, Link, LinkEnd, SpanLink};
use tracestore::model::score::{MapChange, Score, ScoreMap};
use tracestore::model::time::Nanos;

/// Something with the times and the number of its writing.
#[derive(Clone)]
pub struct Told<T> {
    pub it: T,
    /// Its place among all that was said.
    pub place: i64,
    created_at: Nanos,
    updated_at: Nanos,
    pub version: i64,
}

impl<T> Told<T> {
    pub fn history(&self) -> History {
        History::new(self.created_at, self.updated_at, self.version)
    }

    fn again(&mut self, it: T, now: Nanos) {
        (self.it, self.updated_at) = (it, now);
        self.version += 1;
    }
}

#[derive(Clone, Default)]
pub struct SaidAfterwards {
    pub scores: Vec<Told<Score>>,
    pub annotations: Vec<Told<Annotation>>,
    links: Vec<Told<Link>>,
    /// Those that spans give.
    given: Vec<Told<Link>>,
    places: i64,
}

impl SaidAfterwards {
    fn told<T>(&mut self, it: T, now: Nanos) -> Told<T> {
        self.places += 1;
        Told { it, place: self.places, created_at: now, updated_at: now, version: 1 }
    }

    pub fn add_score(&mut self, score: &Score, now: Nanos) -> Receipt {
        let id = score.id.clone();
        if let Some(known) = self.scores.iter_mut().find(|known| known.it.id == id) {
            known.again(score.clone(), now);
            return Receipt::Said { id, version: known.version };
        }
        let told = self.told(score.clone(), now);
        self.scores.push(told);
        Receipt::Said { id, version: 1 }
    }

    pub fn delete_score(&mut self, id: &str) -> Receipt {
        let before = self.scores.len();
        self.scores.retain(|score| score.it.id != id);
        Receipt::Deleted { id: id.to_owned(), deleted: self.scores.len() < before }
    }

    pub fn change_map(&mut self, trace_id: &str, change: &MapChange, now: Nanos) {
        match change {
            MapChange::Silent => {}
            MapChange::Cleared => self.scores.retain(|told| !(told.it.trace_id == trace_id && told.it.is_mapped())),
            MapChange::Given(scores) => scores.iter().for_each(|score| drop(self.add_score(score, now))),
        }
    }

    pub fn map(&self, trace_id: &str) -> ScoreMap {
        let own = self.scores.iter().map(|told| &told.it).filter(|score| score.trace_id == trace_id);
        own.filter(|score| score.is_mapped()).map(|score| (score.name.clone(), score.value.unwrap())).collect()
    }

    pub fn identified(
        &self,
        trace_id: &str,
        span_id: Option<&str>,
        identifier: Option<&str>,
    ) -> Option<&Told<Annotation>> {
        self.annotations.iter().find(|Told { it, .. }| {
            identifier.is_some()
                && (it.trace_id.as_str(), it.span_id.as_deref(), it.identifier.as_deref())
                    == (trace_id, span_id, identifier)
        })
    }

    pub fn add_annotation(&mut self, annotation: &Annotation, now: Nanos) -> Receipt {
        let Annotation { trace_id, span_id, identifier, .. } = annotation;
        let known = self.identified(trace_id, span_id.as_deref(), identifier.as_deref());
        if let Some(id) = known.map(|known| known.it.id.clone()) {
            let known = self.annotations.iter_mut().find(|known| known.it.id == id).unwrap();
            known.again(Annotation { id: id.clone(), ..annotation.clone() }, now);
            return Receipt::Said { id, version: known.version };
        }
        let told = self.told(annotation.clone(), now);
        self.annotations.push(told);
        Receipt::Said { id: annotation.id.clone(), version: 1 }
    }

    pub fn delete_annotation(&mut self, id: &str) -> Receipt {
        let before = self.annotations.len();
        self.annotations.retain(|annotation| annotation.it.id != id);
        Receipt::Deleted { id: id.to_owned(), deleted: self.annotations.len() < before }
    }

    pub fn add_link(&mut self, link: &Link, now: Nanos) -> Receipt {
        let same = |known: &&mut Told<Link>| {
            (&known.it.from, &known.it.to, &known.it.kind) == (&link.from, &link.to, &link.kind)
        };
        if let Some(known) = self.links.iter_mut().find(same) {
            if link.attributes.is_some() && link.attributes != known.it.attributes {
                known.again(link.clone(), now);
            }
            return Receipt::written(known.version);
        }
        let told = self.told(link.clone(), now);
        self.links.push(told);
        Receipt::written(1)
    }

    /// Those of a span in the place of what it gave, unless they are equal.
    pub fn give_links(&mut self, trace_id: &str, span_id: &str, links: &[SpanLink], now: Nanos) {
        let from = LinkEnd::Span { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() };
        let links: Vec<Link> = links.iter().map(|link| link.leading_from(&from)).collect();
        let before: Vec<Link> =
            self.given.iter().map(|told| &told.it).filter(|link| link.from == from).cloned().collect();
        if before != links {
            self.given.retain(|told| told.it.from != from);
            let told: Vec<_> = links.into_iter().map(|link| self.told(link, now)).collect();
            self.given.extend(told);
        }
    }

    pub fn links_of<'a>(&'a self, end: &'a LinkEnd, direction: Direction) -> impl Iterator<Item = &'a Told<Link>> {
        let is_of = move |told: &&Told<Link>| {
            (direction != Direction::To && told.it.from == *end) || (direction != Direction::From && told.it.to == *end)
        };
        let mut found: Vec<_> = self.links.iter().chain(&self.given).filter(is_of).collect();
        found.sort_by_key(|told| told.place);
        found.into_iter()
    }

    /// What was said of a trace or a span itself.
    pub fn counts(&self, trace_id: &str, span_id: Option<&str>, below: usize) -> InfoCounts {
        let end = match span_id {
            None => LinkEnd::Trace(trace_id.to_owned()),
            Some(span_id) => LinkEnd::Span { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() },
        };
        let is_own = |trace: &str, span: &Option<String>| trace == trace_id && span.as_deref() == span_id;
        InfoCounts {
            below: below as u64,
            scores: self.scores.iter().filter(|told| is_own(&told.it.trace_id, &told.it.span_id)).count() as u64,
            annotations: self.annotations.iter().filter(|told| is_own(&told.it.trace_id, &told.it.span_id)).count()
                as u64,
            links: self.links_of(&end, Direction::Both).count() as u64,
        }
    }
}
