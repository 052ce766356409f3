//! Scores, annotations and links over plain maps, beside the other row operations in `maps.rs`.

use super::maps::Maps;
use tracestore::documents::rows::annotation::{AnnotationRows, StoredAnnotation};
use tracestore::documents::rows::info::InfoRows;
use tracestore::documents::rows::link::{LinkRow, LinkRows, StoredLink};
use tracestore::documents::rows::said::SaidRow;
use tracestore::documents::rows::score::{ScoreRows, StoredScore};
use tracestore::documents::rows::span::KnownSpan;
use tracestore::error::Result;
use tracestore::model::annotation::Annotation;
use tracestore::model::info::InfoCounts;
use tracestore::model::link::{Direction, Link, LinkEnd};
use tracestore::model::score::{Score, ScoreMap};

impl ScoreRows for Maps {
    fn find_score(&mut self, tenant: i64, score_id: &str) -> Result<Option<SaidRow>> {
        let is_it = |found: &&StoredScore| found.score.id == score_id && self.tenant_of(found.row.trace) == tenant;
        Ok(self.scores.values().find(is_it).map(|found| found.row))
    }

    fn score_by_id(&mut self, id: i64) -> Result<Option<StoredScore>> {
        Ok(self.scores.get(&id).cloned())
    }

    fn write_score(&mut self, _: i64, row: &SaidRow, score: &Score) -> Result<()> {
        let score = Score { body: String::new(), ..score.clone() };
        self.scores.insert(row.id, StoredScore { row: *row, score });
        Ok(())
    }

    fn remove_score(&mut self, id: i64) -> Result<()> {
        assert!(self.scores.remove(&id).is_some(), "score {id} is not there");
        Ok(())
    }

    fn score_map(&mut self, trace: i64) -> Result<ScoreMap> {
        // Later ones take the place of earlier ones.
        Ok(self.mapped(trace).map(|found| (found.score.name.clone(), found.score.value.unwrap())).collect())
    }

    fn mapped_scores(&mut self, trace: i64) -> Result<Vec<SaidRow>> {
        Ok(self.mapped(trace).map(|found| found.row).collect())
    }
}

impl Maps {
    fn links_of(&self, tenant: i64) -> impl Iterator<Item = &StoredLink> {
        self.links.values().filter(move |(owner, _)| *owner == tenant).map(|(_, found)| found)
    }

    fn mapped(&self, trace: i64) -> impl Iterator<Item = &StoredScore> {
        self.scores.values().filter(move |found| found.row.trace == trace && found.score.is_mapped())
    }
}

impl AnnotationRows for Maps {
    fn find_annotation(&mut self, tenant: i64, annotation_id: &str) -> Result<Option<SaidRow>> {
        let is_it = |found: &&StoredAnnotation| {
            found.annotation.id == annotation_id && self.tenant_of(found.row.trace) == tenant
        };
        Ok(self.annotations.values().find(is_it).map(|found| found.row))
    }

    fn identified(&mut self, trace: i64, span_id: Option<&str>, identifier: &str) -> Result<Option<StoredAnnotation>> {
        let is_it = |found: &&StoredAnnotation| {
            let annotation = &found.annotation;
            found.row.trace == trace
                && annotation.span_id.as_deref() == span_id
                && annotation.identifier.as_deref() == Some(identifier)
        };
        Ok(self.annotations.values().find(is_it).cloned())
    }

    fn write_annotation(&mut self, _: i64, row: &SaidRow, annotation: &Annotation) -> Result<()> {
        let annotation = Annotation { body: String::new(), ..annotation.clone() };
        self.annotations.insert(row.id, StoredAnnotation { row: *row, annotation });
        Ok(())
    }

    fn remove_annotation(&mut self, id: i64) -> Result<()> {
        assert!(self.annotations.remove(&id).is_some(), "annotation {id} is not there");
        Ok(())
    }

    fn annotations(&mut self, trace: i64, span_id: Option<&str>) -> Result<Vec<StoredAnnotation>> {
        let is_of = |found: &&StoredAnnotation| {
            found.row.trace == trace && (span_id.is_none() || found.annotation.span_id.as_deref() == span_id)
        };
        Ok(self.annotations.values().filter(is_of).cloned().collect())
    }
}

impl LinkRows for Maps {
    fn find_link(&mut self, tenant: i64, link: &Link) -> Result<Option<StoredLink>> {
        let same = |found: &&StoredLink| {
            found.row.place == 0
                && (&found.link.from, &found.link.to, &found.link.kind) == (&link.from, &link.to, &link.kind)
        };
        Ok(self.links_of(tenant).find(same).cloned())
    }

    fn write_link(&mut self, tenant: i64, row: &LinkRow, link: &Link) -> Result<()> {
        self.links.insert(row.id, (tenant, StoredLink { row: *row, link: link.clone() }));
        Ok(())
    }

    fn remove_link(&mut self, id: i64) -> Result<()> {
        assert!(self.links.remove(&id).is_some(), "link {id} is not there");
        Ok(())
    }

    fn links_of_span(&mut self, tenant: i64, span: &LinkEnd) -> Result<Vec<StoredLink>> {
        Ok(self.links_of(tenant).filter(|found| found.row.place > 0 && found.link.from == *span).cloned().collect())
    }

    fn links_of_spans(&mut self, tenant: i64, of: &str) -> Result<Vec<StoredLink>> {
        let is_of = |end: &LinkEnd| matches!(end, LinkEnd::Span { trace_id, .. } if trace_id == of);
        Ok(self.links_of(tenant).filter(|found| found.row.place > 0 && is_of(&found.link.from)).cloned().collect())
    }

    fn links(&mut self, tenant: i64, end: &LinkEnd, direction: Direction) -> Result<Vec<StoredLink>> {
        let is_of = |found: &&StoredLink| match direction {
            Direction::From => found.link.from == *end,
            Direction::To => found.link.to == *end,
            Direction::Both => found.link.from == *end || found.link.to == *end,
        };
        Ok(self.links_of(tenant).filter(is_of).cloned().collect())
    }
}

impl InfoRows for Maps {
    fn info_counts(&mut self, tenant: i64, trace: i64, span_id: Option<&str>, end: &LinkEnd) -> Result<InfoCounts> {
        let is_below = |known: &&KnownSpan| span_id.is_none() || known.span.parent_span_id.as_deref() == span_id;
        let is_own = |row: &SaidRow, of: &Option<String>| row.trace == trace && of.as_deref() == span_id;
        let scores = self.scores.values().filter(|found| is_own(&found.row, &found.score.span_id)).count();
        let annotations =
            self.annotations.values().filter(|found| is_own(&found.row, &found.annotation.span_id)).count();
        Ok(InfoCounts {
            below: self.shown(trace).filter(is_below).count() as u64,
            scores: scores as u64,
            annotations: annotations as u64,
            links: self.links(tenant, end, Direction::Both)?.len() as u64,
        })
    }
}
