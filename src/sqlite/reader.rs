//! A connection that reads: each answer from one snapshot.

use super::assemble::Assembler;
use super::backup::{Copy, Target};
use super::busy;
use super::connection::{self, Claimed};
use super::flags::Flags;
use super::guard::FileId;
use super::{config_snapshot, info, list, session, span, trace, verify};
use crate::content::Compressor;
use crate::error::{Code, Error, Result};
use crate::model::answer::{Documents, Page};
use crate::model::{Answer, Job, Outcome, Query};
use crate::store::backend::{Reader, Watch};
use crate::store::options::Options;
use rusqlite::Connection;
use std::sync::Arc;

/// See the module.
pub struct FileReader {
    claimed: Claimed,
    compressor: Compressor,
    options: Options,
    flags: Arc<Flags>,
}

impl FileReader {
    /// A reader on an open connection.
    pub fn new(claimed: Claimed, options: &Options, flags: Arc<Flags>) -> Result<Self> {
        Ok(Self { claimed, compressor: Compressor::new()?, options: options.clone(), flags })
    }

    fn ask(&mut self, query: &Query) -> Result<Answer> {
        answer(&self.claimed.connection, &mut self.compressor, &self.options, &self.flags, query)
    }

    /// Asks; a file that was taken as one that nobody writes to is asked anew if somebody did.
    fn ask_steadily<T>(&mut self, mut ask: impl FnMut(&mut Self) -> Result<T>) -> Result<T> {
        busy::arm(self.options.busy_timeout());
        if !self.claimed.is_immutable() {
            return ask(self);
        }
        let file = FileId::of(&self.options.path).map_err(|error| Error::new(Code::Io, error.to_string()))?;
        loop {
            // A connection of its own for each answer: pages that it kept would not know of a change in between.
            self.claimed = connection::open_reader(&self.options, file)?;
            let answer = ask(self);
            if !self.claimed.has_changed(&self.options.path) {
                return answer;
            }
        }
    }
}

impl Reader for FileReader {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.ask_steadily(|reader| reader.ask(query))
    }

    fn perform(&mut self, job: &Job, watch: &Arc<dyn Watch>) -> Result<Outcome> {
        match job {
            Job::Backup { path } => {
                let target = Target::new(path, &self.options)?;
                let copy = self.ask_steadily(|reader| Copy::make(&reader.claimed.connection, &target, watch))?;
                copy.place().map(Outcome::Backup)
            }
            Job::Verify => {
                let check = |reader: &mut Self| {
                    // What is sorted may be larger than memory.
                    reader.claimed.connection.pragma_update(None, "temp_store", "file")?;
                    verify::run(&mut reader.claimed.connection, &mut reader.compressor, watch)
                };
                self.ask_steadily(check).map(Outcome::Verify)
            }
        }
    }
}

/// Answers a query; manifest and pieces come from one snapshot.
pub fn answer(
    connection: &Connection,
    compressor: &mut Compressor,
    options: &Options,
    flags: &Flags,
    query: &Query,
) -> Result<Answer> {
    let snapshot = connection.unchecked_transaction()?;
    let mut assembler = Assembler::new(&snapshot, compressor);
    let page = match query {
        Query::GetTrace { trace_id } => single(trace::get(&mut assembler, trace_id)),
        Query::GetSpans { trace_id } => single(span::list(&mut assembler, trace_id)),
        Query::GetSession { session_id } => single(session::get(&mut assembler, session_id)),
        Query::GetConfigSnapshot { snapshot_id } => single(config_snapshot::get(&mut assembler, snapshot_id)),
        Query::ListTraces(filter) => list::traces(&mut assembler, filter).map(Some),
        Query::ListSessions(filter) => list::sessions(&mut assembler, filter).map(Some),
        Query::Info => return info::answer(&snapshot, options, flags),
    }?;
    let documents: Documents = assembler.finish(page);
    snapshot.finish()?;
    Ok(Answer::Documents(documents))
}

fn single(found: Result<()>) -> Result<Option<Page>> {
    found.map(|()| None)
}
