//! Which part of the house answers which query.

use super::documents::assemble::Assembler;
use super::documents::{config_snapshot, info, session, span, trace};
use super::file::migrations;
use super::file::signals::Signals;
use super::lists::nouns;
use crate::content::Compressor;
use crate::error::Result;
use crate::model::answer::{Documents, ListPage};
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
    let answer = in_snapshot(&snapshot, compressor, options, signals, query);
    answer.map_err(|error| migrations::cause(&snapshot, error))
}

fn in_snapshot(
    snapshot: &Connection,
    compressor: &mut Compressor,
    options: &Options,
    signals: &Signals,
    query: &Query,
) -> Result<Answer> {
    let mut assembler = Assembler::new(snapshot, compressor);
    let page = match query {
        Query::GetTrace { trace_id } => single(trace::get(&mut assembler, trace_id)),
        Query::GetSpans { trace_id } => single(span::list(&mut assembler, trace_id)),
        Query::GetSession { session_id } => single(session::get(&mut assembler, session_id)),
        Query::GetConfigSnapshot { snapshot_id } => single(config_snapshot::get(&mut assembler, snapshot_id)),
        Query::List(list) => nouns::page(&mut assembler, list).map(Some),
        Query::Info => return info::answer(snapshot, options, signals),
    }?;
    let documents: Documents = assembler.finish(page);
    Ok(Answer::Documents(documents))
}

fn single(found: Result<()>) -> Result<Option<ListPage>> {
    found.map(|()| None)
}
