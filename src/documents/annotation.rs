//! Annotations: said of a trace or a span, replaced by the same identifier, taken back.

use super::assemble::Assembler;
use super::pending::Pending;
use super::rows::Rows;
use super::said;
use crate::error::Result;
use crate::model::Receipt;
use crate::model::annotation::Annotation;

/// Records an annotation, whether or not what it is about is there. One with a known identifier takes the place of that
/// one, and its id.
pub fn add(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, given: &Annotation) -> Result<Receipt> {
    let mut annotation = given.clone();
    let mut before = None;
    if let (Some(identifier), Some(known)) = (&given.identifier, rows.find_trace(tenant, &given.trace_id)?)
        && let Some(found) = rows.identified(known.id, given.span_id.as_deref(), identifier)?
    {
        annotation.id = found.annotation.id;
        before = Some(found.row);
    }
    let row = said::store(rows, pending, tenant, &annotation.trace_id, before.as_ref(), &annotation.body)?;
    rows.write_annotation(tenant, &row, &annotation)?;
    Ok(Receipt::Said { id: annotation.id, version: row.version })
}

/// Takes an annotation back, if it is there.
pub fn delete(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, annotation_id: &str) -> Result<Receipt> {
    let found = rows.find_annotation(tenant, annotation_id)?;
    if let Some(row) = &found {
        said::let_go(rows, pending, row)?;
        rows.remove_annotation(row.id)?;
    }
    Ok(Receipt::Deleted { id: annotation_id.to_owned(), deleted: found.is_some() })
}

/// Adds the annotations of a trace and its spans, or of one span, to an answer.
pub fn list(assembler: &mut Assembler<'_>, trace_id: &str, span_id: Option<&str>) -> Result<()> {
    let Some(known) = assembler.rows.find_trace(assembler.tenant, trace_id)? else { return Ok(()) };
    for found in assembler.rows.annotations(known.id, span_id)? {
        assembler.push(&found.annotation.header(found.row.history()), found.row.body)?;
    }
    Ok(())
}
