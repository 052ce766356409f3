//! Which part of the house answers which query.

use super::documents::assemble::Assembler;
use super::documents::{config_snapshot, info, session, span, trace};
use super::file::migrations;
use super::file::signals::Signals;
use super::lists::nouns;
use crate::content::Compressor;
use crate::error::{Code, Error, Result};
use crate::model::answer::{Documents, ListPage};
use crate::model::query::{Room, Wanted};
use crate::model::{Answer, Query};
use crate::store::options::Options;
use rusqlite::Connection;

/// Answers a query; manifest and pieces come from one snapshot.
pub fn answer(
    connection: &Connection,
    compressor: &mut Compressor,
    options: &Options,
    signals: &Signals,
    query: &Query,
) -> Result<Answer> {
    let snapshot = connection.unchecked_transaction()?;
    migrations::require_known(&snapshot)?;
    let answer = match query {
        Query::Documents(wanted, room) => documents(&snapshot, compressor, wanted, *room),
        Query::Info => info::answer(&snapshot, options, signals),
    };
    answer.map_err(|error| migrations::cause(&snapshot, error))
}

fn documents(snapshot: &Connection, compressor: &mut Compressor, wanted: &Wanted, room: Room) -> Result<Answer> {
    let mut assembler = Assembler::new(snapshot, compressor, room);
    let page = match wanted {
        Wanted::Trace { trace_id } => single(trace::get(&mut assembler, trace_id)),
        Wanted::Spans { trace_id } => single(span::list(&mut assembler, trace_id)),
        Wanted::SpanPage { trace_id, window } => span::page(&mut assembler, trace_id, window).map(Some),
        Wanted::Session { session_id } => single(session::get(&mut assembler, session_id)),
        Wanted::ConfigSnapshot { snapshot_id } => single(config_snapshot::get(&mut assembler, snapshot_id)),
        Wanted::List(list) => nouns::page(&mut assembler, list).map(Some),
    };
    let page = page.map_err(|error| advise(error, wanted, room))?;
    let documents: Documents = assembler.finish(page);
    Ok(Answer::Documents(documents))
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
