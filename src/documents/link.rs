//! Links: once for each pair of ends and each kind, found from both.

use super::assemble::Assembler;
use super::pending::Pending;
use super::rows::Rows;
use super::rows::link::LinkRow;
use super::rows::state::next;
use crate::error::Result;
use crate::model::Receipt;
use crate::model::link::{Direction, Link, LinkEnd};

/// Records a link; of one that is known already only the attributes change, if others are given.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, link: &Link) -> Result<Receipt> {
    let now = pending.now;
    let row = match rows.find_link(tenant, link)? {
        None => LinkRow { id: next(&mut pending.numbers.said), version: 1, created_at: now, updated_at: now },
        Some(known) if link.attributes.is_none() || link.attributes == known.link.attributes => {
            return Ok(Receipt::written(known.row.version));
        }
        Some(known) => LinkRow { version: known.row.version.saturating_add(1), updated_at: now, ..known.row },
    };
    rows.write_link(tenant, &row, link)?;
    Ok(Receipt::written(row.version))
}

/// Adds the links of an end to an answer.
pub fn list(assembler: &mut Assembler<'_>, end: &LinkEnd, direction: Direction) -> Result<()> {
    for found in assembler.rows.links(assembler.tenant, end, direction)? {
        assembler.push_header(&found.link.header(found.row.history())?)?;
    }
    Ok(())
}
