//! The connection that writes: its transactions, and what is done between them.

use super::answer;
use super::chores::Chores;
use super::entries::write::EntryWriter;
use super::file::busy;
use super::file::connection::{self, Claimed};
use super::file::identity::FileId;
use super::file::log::Log;
use super::file::migrations;
use super::file::parts::PartsInUse;
use super::file::signals::Signals;
use super::jobs::backup::{Copy, Target};
use super::jobs::verify;
use super::numbers;
use super::rows::SqliteRows;
use crate::content::Compressor;
use crate::documents::pending::Pending;
use crate::documents::rows::state::Numbers;
use crate::documents::write;
use crate::error::{Error, Result};
use crate::model::answer::ChoreInfo;
use crate::model::{Answer, Job, Outcome, Query, Receipt};
use crate::store::backend::{JobListener, OpGroup, SentOp, Warning, Writer};
use crate::store::chore::Slice;
use crate::store::options::{Durability, Options};
use crate::store::transaction::{self, Care, Transaction};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The file is worth a warning from here on, bytes.
const LARGE_FILE: u64 = 2 << 30;

/// A writing connection with all that it remembers.
pub struct SqliteWriter {
    /// Before the connection, as its type demands; `None` in memory.
    _parts: Option<PartsInUse>,
    claimed: Claimed,
    compressor: Compressor,
    pending: Pending,
    options: Options,
    /// The file that was opened.
    file: Option<FileId>,
    log: Log,
    signals: Arc<Signals>,
    durability: Durability,
    care: Care,
    chores: Chores,
    ids_are_new: bool,
    abandoned: bool,
    warned_of_size: bool,
}

impl SqliteWriter {
    /// A writer on an open connection.
    pub fn new(mut claimed: Claimed, options: &Options, file: Option<FileId>, signals: Arc<Signals>) -> Result<Self> {
        let log = Log::of(&mut claimed.connection)?;
        Ok(Self {
            _parts: file.map(|_| signals.parts.use_by_connection(&options.path)),
            claimed,
            compressor: Compressor::new()?,
            pending: Pending::default(),
            options: options.clone(),
            file,
            log,
            signals,
            durability: options.durability,
            care: Care::Each,
            chores: Chores::new(),
            ids_are_new: false,
            abandoned: false,
            warned_of_size: false,
        })
    }

    fn connection(&self) -> &Connection {
        &self.claimed.connection
    }

    fn run(&self, statement: &str) -> Result<()> {
        self.connection().prepare_cached(statement)?.execute([])?;
        Ok(())
    }

    /// Without a savepoint, which would cost a tenth of the writer's time: an operation that fails after it changed
    /// something takes the transaction with it.
    fn apply_in_group(&mut self, write: &SentOp) -> Result<Receipt> {
        let (mark, changes) = (self.pending.mark(), self.connection().total_changes());
        let applied = self.dispatch(write);
        if applied.is_err() {
            // A refusal before the first change leaves nothing to undo.
            if self.connection().total_changes() != changes || self.pending.has_changed(&mark) {
                self.rollback();
            }
            self.pending.undo(&mark);
        }
        applied
    }

    fn apply_alone(&mut self, write: &SentOp) -> Result<Receipt> {
        self.run(include_str!("file/sql/savepoint.sql"))?;
        let mark = self.pending.mark();
        let applied = self.dispatch(write);
        if applied.is_err() {
            self.pending.undo(&mark);
            if self.stands() {
                self.run(include_str!("file/sql/savepoint_rollback.sql"))?;
            }
        }
        if self.stands() {
            self.run(include_str!("file/sql/savepoint_release.sql"))?;
        }
        applied
    }

    fn dispatch(&mut self, SentOp { tenant, op, at, .. }: &SentOp) -> Result<Receipt> {
        let Self { claimed, compressor, pending, .. } = self;
        pending.now = *at;
        let applied = write::apply(&mut SqliteRows::new(&claimed.connection, compressor), pending, tenant, op);
        applied.map_err(|error| migrations::cause(&claimed.connection, error))
    }

    /// One slice in a transaction of its own, unless another process writes.
    fn do_slice(&mut self, at: usize, slice: &Slice<'_>) -> Result<ChoreInfo> {
        let Self { claimed, compressor, pending, chores, .. } = self;
        let chore = chores.at(at);
        let mut place = EntryWriter { connection: &claimed.connection, compressor, numbers: &mut pending.numbers };
        let progress = chore.work(&mut place, slice)?;
        let under_way = ChoreInfo { name: chore.name(), progress };
        self.commit(0)?;
        self.chores.wake_others(at);
        Ok(under_way)
    }

    fn warn_of_size(&mut self, large: u64) -> Option<Warning> {
        let bytes = std::fs::metadata(&self.options.path).ok()?.len();
        if bytes < large || std::mem::replace(&mut self.warned_of_size, true) {
            return None;
        }
        Some(Warning {
            name: "LARGE_FILE",
            message: format!(
                "{} has grown to {bytes} bytes; it grows for as long as nothing deletes",
                self.options.path.display()
            ),
        })
    }

    /// The lock on the number is there before anybody can see the number: it is committed with what is written under it.
    fn begin_pending(&mut self, mut numbers: Numbers) {
        self.pending.engine = match self.file {
            Some(_) => self.signals.presence.number(&self.options.path, numbers.engine),
            // In a copy of it in a file, nobody is there under this number.
            None => Some(0),
        };
        numbers.engine = numbers.engine.max(self.pending.engine.unwrap_or_default());
        self.pending.begin(numbers);
    }

    fn read_numbers(&mut self) -> Result<Numbers> {
        migrations::require_known(self.connection())?;
        let numbers = numbers::read(self.connection())?;
        if !self.ids_are_new {
            numbers::require_new_ids(self.connection(), &numbers)?;
            self.ids_are_new = true;
        }
        Ok(numbers)
    }
}

impl Transaction for SqliteWriter {
    fn begin(&mut self, patience: Duration, care: Care) -> Result<()> {
        self.care = care;
        busy::arm(patience);
        if self.durability == Durability::Process && self.signals.power.load(Ordering::Relaxed) {
            connection::set_durability(self.connection(), Durability::Power)?;
            self.durability = Durability::Power;
        }
        self.run(include_str!("file/sql/begin_immediate.sql"))?;
        match self.read_numbers() {
            Ok(numbers) => self.begin_pending(numbers),
            Err(error) => {
                let error = migrations::cause(self.connection(), error);
                self.rollback();
                return Err(error);
            }
        }
        if self.file.is_some() {
            self.log.note_id(&self.options.path);
        }
        Ok(())
    }

    fn apply(&mut self, write: &SentOp) -> Result<Receipt> {
        match self.care {
            Care::Group => self.apply_in_group(write),
            Care::Each => self.apply_alone(write),
        }
    }

    fn stands(&self) -> bool {
        !self.connection().is_autocommit()
    }

    fn commit(&mut self, bytes_in: u64) -> Result<()> {
        let Self { claimed, compressor, pending, .. } = self;
        let stored = write::settle(&mut SqliteRows::new(&claimed.connection, compressor), pending, bytes_in);
        stored.map_err(|error| migrations::cause(self.connection(), error))?;
        self.run(include_str!("file/sql/commit.sql"))?;
        self.pending.commit();
        Ok(())
    }

    fn rollback(&mut self) {
        if self.stands() {
            // Its failure leaves nothing to undo: SQLite rolls back by itself when it can't.
            let _ = self.run(include_str!("file/sql/rollback.sql"));
        }
        self.pending.undo_all();
    }
}

impl Writer for SqliteWriter {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        let applied = transaction::apply_group(self, group);
        self.log.count_written(applied.iter().filter(|result| result.is_ok()).count());
        applied
    }

    fn tidy(&mut self) -> Option<Warning> {
        if !self.log.is_long() {
            return None;
        }
        let log = self.log.checkpoint(&self.claimed.connection, &self.options.path, &self.signals);
        log.or_else(|| self.warn_of_size(LARGE_FILE))
    }

    fn work(&mut self, slice: &Slice<'_>) -> Result<Option<ChoreInfo>> {
        let Self { claimed, compressor, pending, chores, .. } = self;
        let numbers = &mut pending.numbers;
        let Some(at) = chores.next(&EntryWriter { connection: &claimed.connection, compressor, numbers }) else {
            return Ok(None);
        };
        if self.begin(Duration::ZERO, Care::Group).is_err() {
            return Ok(None);
        }
        let mut before = self.pending.numbers;
        let error = match self.do_slice(at, slice) {
            Ok(under_way) => return Ok(Some(under_way)),
            Err(error) => error,
        };
        self.rollback();
        let Self { claimed, compressor, chores, options, .. } = self;
        let place = EntryWriter { connection: &claimed.connection, compressor, numbers: &mut before };
        let warning = chores.put_off(at, &place, &error);
        warning.map_or(Ok(None), |warning| Err(warning.at(&options.path.display().to_string())))
    }

    fn abandon(&mut self) -> Option<Error> {
        if std::mem::replace(&mut self.abandoned, true) {
            return None;
        }
        self.rollback();
        let Self { claimed, options, file, log, signals, .. } = self;
        log.leave(&claimed.connection, &options.path, *file, signals, options.busy_timeout())
    }

    fn close(&mut self) {
        self.chores.hurry();
        while let Ok(Some(_)) = self.work(&Slice::endless()) {}
        busy::arm(Duration::ZERO);
        let vacuumed = self.connection().prepare(include_str!("file/sql/vacuum_some.sql")).and_then(|mut statement| {
            let mut freed = statement.query([])?;
            while freed.next()?.is_some() {}
            Ok(())
        });
        // Free pages are used again; giving them back can wait.
        let _ = vacuumed;
    }

    fn answer(&mut self, query: &Query) -> Result<Answer> {
        busy::arm(self.options.busy_timeout());
        let Self { claimed, compressor, options, signals, .. } = self;
        answer::answer(&claimed.connection, compressor, options, signals, query)
    }

    fn perform(&mut self, job: &Job, listener: &Arc<dyn JobListener>) -> Result<Outcome> {
        busy::arm(self.options.busy_timeout());
        match job {
            Job::Backup { path } => {
                let target = Target::new(path, &self.options)?;
                Copy::make(&self.claimed.connection, &target, listener)?.place().map(Outcome::Backup)
            }
            Job::Verify => {
                verify::run(&mut self.claimed.connection, &mut self.compressor, listener).map(Outcome::Verify)
            }
        }
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.abandon();
    }
}

#[cfg(test)]
mod tests;
