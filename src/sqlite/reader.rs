//! A connection that reads: each answer from one snapshot.

use super::answer;
use crate::content::Compressor;
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Job, Outcome, Query};
use crate::sqlite::file::busy;
use crate::sqlite::file::connection::{self, Claimed};
use crate::sqlite::file::identity::FileId;
use crate::sqlite::file::parts::PartsInUse;
use crate::sqlite::file::signals::Signals;
use crate::sqlite::jobs::backup::{Copy, Target};
use crate::sqlite::jobs::steady::SteadyListener;
use crate::sqlite::jobs::verify;
use crate::store::backend::{JobListener, Reader};
use crate::store::options::Options;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So often a job begins anew on a file that changes meanwhile.
const ATTEMPTS: u32 = 5;

/// A reading connection; opened anew for each answer where nobody writes to the file.
pub struct SqliteReader {
    /// Before the connection, as its type demands; `None` where it takes the file as one that never changes.
    _parts: Option<PartsInUse>,
    claimed: Claimed,
    compressor: Compressor,
    options: Options,
    signals: Arc<Signals>,
}

impl SqliteReader {
    /// A reader on an open connection.
    pub fn new(claimed: Claimed, options: &Options, signals: Arc<Signals>) -> Result<Self> {
        let parts = (!claimed.is_immutable()).then(|| signals.parts.use_by_connection(&options.path));
        Ok(Self { _parts: parts, claimed, compressor: Compressor::new()?, options: options.clone(), signals })
    }

    fn ask(&mut self, query: &Query) -> Result<Answer> {
        answer::answer(&self.claimed.connection, &mut self.compressor, &self.options, &self.signals, query)
    }

    /// Asks; a file that was taken as one that nobody writes to is asked anew if somebody did, until `patience` is over,
    /// and a few times in any case.
    fn ask_steadily<T>(&mut self, patience: Duration, mut ask: impl FnMut(&mut Self) -> Result<T>) -> Result<T> {
        busy::arm(self.options.busy_timeout());
        if !self.claimed.is_immutable() {
            return ask(self);
        }
        let file = FileId::of(&self.options.path).map_err(|error| Error::new(Code::Io, error.to_string()))?;
        let started = Instant::now();
        let mut attempts = 0;
        while attempts < ATTEMPTS || started.elapsed() < patience {
            attempts += 1;
            // A connection of its own for each answer: pages that it kept would not know of a change in between.
            self.claimed = connection::open_reader(&self.options, file)?;
            let answer = ask(self);
            if !self.claimed.has_changed(&self.options.path) {
                return answer;
            }
        }
        Err(Error::new(
            Code::Busy,
            format!(
                "other processes opened, changed and closed the file during each of {attempts} attempts to read it; try again, or open the store without readonly: true, which keeps what it reads"
            ),
        ))
    }

    /// Does a job as `ask_steadily` asks; who ordered it hears of one.
    fn perform_steadily<T>(
        &mut self,
        listener: &Arc<dyn JobListener>,
        mut perform: impl FnMut(&mut Self, &Arc<dyn JobListener>) -> Result<T>,
    ) -> Result<T> {
        let steady = Arc::new(SteadyListener::new(listener, self.options.path.clone()));
        let told: Arc<dyn JobListener> = Arc::clone(&steady) as _;
        let done = self.ask_steadily(Duration::ZERO, |reader| {
            if listener.is_over() {
                return Err(Error::internal("the job was given up"));
            }
            steady.begin(reader.claimed.stamp());
            perform(reader, &told)
        })?;
        steady.end();
        Ok(done)
    }
}

impl Reader for SqliteReader {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.ask_steadily(self.options.busy_timeout(), |reader| reader.ask(query))
    }

    fn perform(&mut self, job: &Job, listener: &Arc<dyn JobListener>) -> Result<Outcome> {
        match job {
            Job::Backup { path } => {
                let target = Target::new(path, &self.options)?;
                let copy = |reader: &mut Self, listener: &_| Copy::make(&reader.claimed.connection, &target, listener);
                self.perform_steadily(listener, copy)?.place().map(Outcome::Backup)
            }
            Job::Verify => {
                let check = |reader: &mut Self, listener: &_| {
                    // What is sorted may be larger than memory.
                    reader.claimed.connection.pragma_update(None, "temp_store", "file")?;
                    verify::run(&mut reader.claimed.connection, &mut reader.compressor, listener)
                };
                self.perform_steadily(listener, check).map(Outcome::Verify)
            }
        }
    }
}
