//! Links, found from both ends: those that are said, once for each pair of ends and each kind, and those that spans give.

use super::assemble::Assembler;
use super::pending::Pending;
use super::rows::Rows;
use super::rows::link::LinkRow;
use super::rows::state::next;
use crate::error::Result;
use crate::model::Receipt;
use crate::model::fields::ColumnChange;
use crate::model::link::{Direction, Link, LinkEnd, SpanLink};
use crate::model::span_word::{SpanWord, SpanWordKind};
use std::collections::HashMap;

/// Records a link; of one that is known already only the attributes change, if others are given.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, link: &Link) -> Result<Receipt> {
    let now = pending.now;
    let row = match rows.find_link(tenant, link)? {
        None => row(pending, 0),
        Some(known) if link.attributes.is_none() || link.attributes == known.link.attributes => {
            return Ok(Receipt::written(known.row.version));
        }
        Some(known) => LinkRow { version: known.row.version.saturating_add(1), updated_at: now, ..known.row },
    };
    rows.write_link(tenant, &row, link)?;
    Ok(Receipt::written(row.version))
}

/// Puts the links that a span gives in the place of those that it gave: equal ones stay as they are.
pub fn give(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    (trace_id, span_id): (&str, &str),
    links: &[SpanLink],
) -> Result<()> {
    let from = LinkEnd::Span { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() };
    let before = rows.links_of_span(tenant, &from)?;
    let links: Vec<Link> = links.iter().map(|link| link.leading_from(&from)).collect();
    if before.iter().map(|found| &found.link).eq(&links) {
        return Ok(());
    }
    for found in before {
        rows.remove_link(found.row.id)?;
    }
    for (place, link) in (1..).zip(&links) {
        rows.write_link(tenant, &row(pending, place), link)?;
    }
    Ok(())
}

/// What a later word makes of them: a start gives them where there are none.
pub fn say(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, word: &SpanWord) -> Result<()> {
    let ids = (word.trace_id.as_str(), word.span_id.as_str());
    let links = match &word.links {
        ColumnChange::Keep => return Ok(()),
        ColumnChange::Clear => &[],
        ColumnChange::Set(links) => links.as_slice(),
    };
    if word.kind == SpanWordKind::Start && !of_span(rows, tenant, ids.0, ids.1)?.is_empty() {
        return Ok(());
    }
    give(rows, pending, tenant, ids, links)
}

/// Those that a span gives.
pub fn of_span(rows: &mut dyn Rows, tenant: i64, trace_id: &str, span_id: &str) -> Result<Vec<SpanLink>> {
    let span = LinkEnd::Span { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() };
    rows.links_of_span(tenant, &span)?.into_iter().map(|found| SpanLink::of(found.link)).collect()
}

/// Those that the spans of a trace give, by the ids of these.
pub fn of_spans(rows: &mut dyn Rows, tenant: i64, trace_id: &str) -> Result<HashMap<String, Vec<SpanLink>>> {
    let mut links: HashMap<String, Vec<SpanLink>> = HashMap::new();
    for found in rows.links_of_spans(tenant, trace_id)? {
        if let LinkEnd::Span { span_id, .. } = &found.link.from {
            links.entry(span_id.clone()).or_default().push(SpanLink::of(found.link)?);
        }
    }
    Ok(links)
}

fn row(pending: &mut Pending, place: i64) -> LinkRow {
    let now = pending.now;
    LinkRow { id: next(&mut pending.numbers.said), place, version: 1, created_at: now, updated_at: now }
}

/// Adds the links of an end to an answer.
pub fn list(assembler: &mut Assembler<'_>, end: &LinkEnd, direction: Direction) -> Result<()> {
    for found in assembler.rows.links(assembler.tenant, end, direction)? {
        assembler.push_header(&found.link.header(found.row.history())?)?;
    }
    Ok(())
}
