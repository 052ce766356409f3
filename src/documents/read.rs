//! Answers what asks for documents.

use super::assemble::Assembler;
use super::rows::Rows;
use super::{annotation, config_snapshot, info, link, list, session, span, tenant, trace};
use crate::error::{Code, Error, Result};
use crate::model::TenantName;
use crate::model::answer::{Documents, ListPage};
use crate::model::query::{Room, Wanted};

/// The documents of a tenant that are wanted; `TOO_LARGE` if there is no room for them.
pub fn documents(rows: &mut dyn Rows, name: &TenantName, wanted: &Wanted, room: Room) -> Result<Documents> {
    let found = tenant::find(rows, name).and_then(|tenant| of_tenant(rows, tenant, wanted, room));
    found.map_err(|error| name.in_error(error))
}

fn of_tenant(rows: &mut dyn Rows, tenant: i64, wanted: &Wanted, room: Room) -> Result<Documents> {
    let mut assembler = Assembler::new(rows, tenant, room);
    let page = match wanted {
        Wanted::Trace { trace_id } => single(trace::get(&mut assembler, trace_id)),
        Wanted::Spans { trace_id } => single(span::list(&mut assembler, trace_id)),
        Wanted::SpanPage { trace_id, window } => span::page(&mut assembler, trace_id, window).map(Some),
        Wanted::Session { session_id } => single(session::get(&mut assembler, session_id)),
        Wanted::ConfigSnapshot { snapshot_id } => single(config_snapshot::get(&mut assembler, snapshot_id)),
        Wanted::Span { trace_id, span_id } => single(span::get(&mut assembler, trace_id, span_id)),
        Wanted::RootSpans { trace_id } => single(span::list_roots(&mut assembler, trace_id)),
        Wanted::TraceInfo { trace_id } => single(info::push_trace(&mut assembler, trace_id)),
        Wanted::SpanInfo { trace_id, span_id } => single(info::push_span(&mut assembler, trace_id, span_id)),
        Wanted::Annotations { trace_id, span_id } => {
            single(annotation::list(&mut assembler, trace_id, span_id.as_deref()))
        }
        Wanted::Links { end, direction } => single(link::list(&mut assembler, end, *direction)),
        Wanted::List(list) => list::page(&mut assembler, list).map(Some),
    };
    let page = page.map_err(|error| advise(error, wanted, room))?;
    Ok(assembler.finish(page))
}

fn single(found: Result<()>) -> Result<Option<ListPage>> {
    found.map(|()| None)
}

/// What to do about an answer that is too large.
fn advise(mut error: Error, wanted: &Wanted, room: Room) -> Error {
    if error.code == Code::TooLarge {
        error.message += match wanted {
            Wanted::Spans { .. } => "; read it in pages, by getSpans(traceId, { maxBytes }) and its nextCursor",
            Wanted::List(_) if room.page.is_none() => "; read it in smaller pages, by maxBytes and nextCursor",
            _ => "; one document alone is so large: give the process a larger heap (node --max-old-space-size)",
        };
    }
    error
}
