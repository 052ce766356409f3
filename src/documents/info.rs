//! Info records: a trace or a span without its payload.

use super::assemble::Assembler;
use super::rows::span::KnownSpan;
use super::{span, trace};
use crate::error::Result;
use crate::model::history::History;
use crate::model::info::{SpanInfo, TraceInfo};
use crate::model::link::LinkEnd;

/// Adds the record of a trace to an answer, if there is one.
pub fn push_trace(assembler: &mut Assembler<'_>, trace_id: &str) -> Result<()> {
    let Some(found) = trace::find(assembler.rows, assembler.tenant, trace_id)? else { return Ok(()) };
    let writer = trace::writer_process(assembler.rows, &found)?;
    let end = LinkEnd::Trace(trace_id.to_owned());
    let counts = assembler.rows.info_counts(assembler.tenant, found.row.id, None, &end)?;
    let history = History::new(found.row.created_at, found.row.updated_at, found.row.version);
    assembler.push_header(&TraceInfo::of(&found.trace, writer, counts, history))
}

/// Adds the record of a span to an answer, if it is there.
pub fn push_span(assembler: &mut Assembler<'_>, trace_id: &str, span_id: &str) -> Result<()> {
    let found = span::shown(assembler.rows, assembler.tenant, trace_id, span_id)?;
    let Some(KnownSpan { row, span }) = found else { return Ok(()) };
    let writer = span::writer_process(assembler.rows, &span, row.engine)?;
    let end = LinkEnd::Span { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() };
    let counts = assembler.rows.info_counts(assembler.tenant, row.trace, Some(span_id), &end)?;
    let history = History::new(row.created_at, row.updated_at, row.version);
    assembler.push_header(&SpanInfo::of(&span, writer, counts, history))
}
