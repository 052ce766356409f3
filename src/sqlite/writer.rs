//! The connection that writes.

use super::backup::{Copy, Target};
use super::busy;
use super::connection::{self, Claimed};
use super::content::Content;
use super::counts::Counts;
use super::facet::Facets;
use super::flags::Flags;
use super::guard::{FileId, sidecar};
use super::packing::{LOOK_BYTES, Scope};
use super::piece::Owner;
use super::transaction::{State, Transaction};
use super::{config_snapshot, reader, session, span, trace, verify};
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Job, Op, Outcome, Query};
use crate::store::backend::{Care, Warning, Watch, Writer};
use crate::store::options::{Durability, Options};
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, named_params};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

/// A log of more pages is copied into the file, pages.
const CHECKPOINT_PAGES: i32 = 1000;
/// A log that is still longer after that is held back by a reader, pages.
const BLOCKED_PAGES: i64 = 4000;
/// How long the writer waits for others to let the log begin anew.
const RESTART_PATIENCE: Duration = Duration::from_millis(200);
/// The file is worth a warning from here on, bytes.
const LARGE_FILE: u64 = 2 << 30;

/// See the module.
pub struct FileWriter {
    claimed: Claimed,
    content: Content,
    facets: Facets,
    options: Options,
    /// The file that was opened, and the log beside it once that exists.
    file: Option<FileId>,
    log: Option<FileId>,
    flags: Arc<Flags>,
    durability: Durability,
    state: State,
    care: Care,
    /// Fresh bytes from which on it is worth looking for what can be packed.
    pack_from: i64,
    /// The log's length after the last commit, pages.
    wal_pages: Arc<AtomicI32>,
    ids_are_new: bool,
    warned_of_packing: bool,
    warned_of_size: bool,
    warned_of_log: bool,
}

impl FileWriter {
    /// A writer on an open connection.
    pub fn new(mut claimed: Claimed, options: &Options, file: Option<FileId>, flags: Arc<Flags>) -> Result<Self> {
        let wal_pages = Arc::new(AtomicI32::new(0));
        let noted = Arc::clone(&wal_pages);
        // Takes the place of SQLite's own checkpoint, for which callers would have to wait.
        claimed.connection.wal_hook(Some(move |_: &mut Wal, pages| {
            noted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self {
            claimed,
            content: Content::new()?,
            facets: Facets::default(),
            options: options.clone(),
            file,
            log: None,
            flags,
            durability: options.durability,
            state: State::default(),
            care: Care::Each,
            pack_from: LOOK_BYTES,
            wal_pages,
            ids_are_new: false,
            warned_of_packing: false,
            warned_of_size: false,
            warned_of_log: false,
        })
    }

    fn connection(&self) -> &Connection {
        &self.claimed.connection
    }

    fn run(&self, statement: &str) -> Result<()> {
        self.connection().prepare_cached(statement)?.execute([])?;
        Ok(())
    }

    fn dispatch(&mut self, op: &Op) -> Result<()> {
        let mut transaction = Transaction {
            connection: &self.claimed.connection,
            content: &mut self.content,
            facets: &mut self.facets,
            state: &mut self.state,
        };
        match op {
            Op::StartTrace(trace) => trace::start(&mut transaction, trace),
            Op::EndTrace(end) => trace::change(&mut transaction, &end.trace_id, |trace| trace.end(end)),
            Op::AddSpan(span) => span::add(&mut transaction, span),
            Op::ChangeTrace(change) => {
                trace::change(&mut transaction, &change.trace_id, |trace| trace.change_body(&change.fields))
            }
            Op::SetTraceTags(change) => trace::set_tags(&mut transaction, change),
            Op::UpsertSession(session) => session::upsert(&mut transaction, session),
            Op::EnsureConfigSnapshot(snapshot) => config_snapshot::ensure(&mut transaction, snapshot),
        }
    }

    /// Without a savepoint, which would cost a tenth of the writer's time: an operation that fails after it changed
    /// something takes the transaction with it.
    fn apply_in_group(&mut self, op: &Op) -> Result<()> {
        let (mark, state, changes) = (self.content.mark(), self.state, self.connection().total_changes());
        let noted = self.facets.mark();
        let applied = self.dispatch(op);
        // A refusal before the first change leaves nothing to undo.
        if applied.is_err() && (self.connection().total_changes(), self.content.mark()) != (changes, mark) {
            self.rollback();
        }
        if applied.is_err() {
            self.facets.undo(noted);
            self.state = state;
        }
        applied
    }

    fn apply_alone(&mut self, op: &Op) -> Result<()> {
        self.run(include_str!("sql/savepoint.sql"))?;
        let (mark, noted, state) = (self.content.mark(), self.facets.mark(), self.state);
        let applied = self.dispatch(op);
        if applied.is_err() {
            self.content.undo(mark);
            self.facets.undo(noted);
            self.state = state;
            if self.stands() {
                self.run(include_str!("sql/savepoint_rollback.sql"))?;
            }
        }
        if self.stands() {
            self.run(include_str!("sql/savepoint_release.sql"))?;
        }
        applied
    }

    /// Packs what is fresh in a transaction of its own, unless another process writes; failing loses nothing.
    fn pack(&mut self, scope: Scope) -> Option<Warning> {
        if self.begin(Duration::ZERO, Care::Group).is_err() {
            return None;
        }
        let waiting = self.state.fresh_bytes;
        let Self { claimed, content, state, .. } = self;
        let packed = content.pack_fresh(&claimed.connection, state, scope).and_then(|()| self.commit(0));
        let Err(error) = packed else {
            self.pack_from = self.state.fresh_bytes + LOOK_BYTES;
            return None;
        };
        self.rollback();
        // Each attempt looks at all that waits, so that they must become rarer while none helps.
        self.pack_from = waiting.saturating_mul(2).max(LOOK_BYTES);
        // What the disk refuses, callers hear of with their own writes.
        let told = matches!(error.code, Code::Busy | Code::Full | Code::Io);
        if told || std::mem::replace(&mut self.warned_of_packing, true) {
            return None;
        }
        let message =
            format!("{}: what traces brought can't be packed: {}", self.options.path.display(), error.message);
        Some(Warning { name: error.code.as_str(), message })
    }

    /// Looks once whether the ids to come are new: in a row of `state` that an older copy took the place of they are not,
    /// and one that is used again would show another trace's text.
    fn require_new_ids(&mut self, given: i64) -> Result<()> {
        if self.ids_are_new {
            return Ok(());
        }
        let newest: i64 = self.connection().query_row(include_str!("sql/entry_newest.sql"), [], |row| row.get(0))?;
        if newest > given {
            return Err(Error::corrupt(format!(
                "entry {newest} exists and {given} was the last to be made: a part of the file is older than the rest; restore it from a backup"
            )));
        }
        self.ids_are_new = true;
        Ok(())
    }

    /// Remembers which log is ours, once it exists.
    fn note_log(&mut self) {
        if self.log.is_none() && self.file.is_some() {
            self.log = FileId::of(&sidecar(&self.options.path, "-wal")).ok();
        }
    }

    /// Copies the log into the file; readers may hold part of it back.
    fn checkpoint(&mut self) -> Option<Warning> {
        let mut left = self.copy_log(include_str!("sql/checkpoint.sql"));
        if left > BLOCKED_PAGES {
            // Other processes that write all the time never let it be copied whole, so that it would never begin anew:
            // keep them out for a moment.
            busy::arm(RESTART_PATIENCE);
            left = self.copy_log(include_str!("sql/checkpoint_restart.sql"));
        }
        let blocked = left > BLOCKED_PAGES;
        // Once may be another process's checkpoint; twice in a row is a reader.
        let again = self.flags.wal_blocked.swap(blocked, Ordering::Relaxed) && blocked;
        if !again || std::mem::replace(&mut self.warned_of_log, true) {
            return None;
        }
        Some(Warning {
            name: "WAL_BLOCKED",
            message: format!(
                "{}: a reader holds the write-ahead log back and it keeps growing ({left} pages); end long read transactions on the file",
                self.options.path.display()
            ),
        })
    }

    /// The log's length if part of it could not be copied, pages; 0 if all was.
    fn copy_log(&self, statement: &str) -> i64 {
        let copied = self
            .connection()
            .query_row(statement, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
        match copied {
            Ok((busy, logged, copied)) if busy != 0 || copied < logged => logged,
            _ => 0,
        }
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
}

impl Writer for FileWriter {
    fn begin(&mut self, patience: Duration, care: Care) -> Result<()> {
        self.care = care;
        busy::arm(patience);
        if self.durability == Durability::Process && self.flags.power.load(Ordering::Relaxed) {
            connection::set_durability(self.connection(), Durability::Power)?;
            self.durability = Durability::Power;
        }
        self.run(include_str!("sql/begin_immediate.sql"))?;
        let read = self.connection().prepare_cached(include_str!("sql/state_get.sql")).and_then(|mut statement| {
            statement.query_row([], |row| {
                let (seq, gc_epoch, entry, fresh_bytes) = row.try_into()?;
                Ok(State { seq, gc_epoch, entry, fresh_bytes, counts: Counts::default() })
            })
        });
        let read = read.map_err(Error::from).and_then(|state| {
            self.require_new_ids(state.entry)?;
            Ok(state)
        });
        match read {
            Ok(state) => {
                self.state = state;
                self.note_log();
                self.content.begin(state.gc_epoch);
                Ok(())
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn apply(&mut self, op: &Op) -> Result<()> {
        match self.care {
            Care::Group => self.apply_in_group(op),
            Care::Each => self.apply_alone(op),
        }
    }

    fn stands(&self) -> bool {
        !self.connection().is_autocommit()
    }

    fn commit(&mut self, bytes_in: u64) -> Result<()> {
        let connection = &self.claimed.connection;
        self.content.settle_released(connection, &mut self.state, |entries, owner| match owner {
            Owner::Trace(id) => trace::pieces(entries, id),
            Owner::Session(id) => session::pieces(entries, id),
            Owner::ConfigSnapshot(_) => Err(Error::internal("a config snapshot was rewritten")),
        })?;
        let epoch = self.state.gc_epoch + i64::from(self.content.disowned_pieces());
        self.facets.store(connection)?;
        let Counts { traces, spans, sessions, config_snapshots } = self.state.counts;
        connection.prepare_cached(include_str!("sql/state_set.sql"))?.execute(named_params! {
            ":seq": self.state.seq,
            ":gc_epoch": epoch,
            ":entry": self.state.entry,
            ":fresh_bytes": self.state.fresh_bytes,
            ":bytes_in": i64::try_from(bytes_in).unwrap_or(i64::MAX),
            ":traces": traces,
            ":spans": spans,
            ":sessions": sessions,
            ":config_snapshots": config_snapshots,
        })?;
        self.run(include_str!("sql/commit.sql"))?;
        self.content.commit(epoch);
        Ok(())
    }

    fn rollback(&mut self) {
        if self.stands() {
            // Its failure leaves nothing to undo: SQLite rolls back by itself when it can't.
            let _ = self.run(include_str!("sql/rollback.sql"));
        }
        self.content.undo_all();
        self.facets.undo(0);
    }

    fn tidy(&mut self) -> Option<Warning> {
        let packing = if self.state.fresh_bytes < self.pack_from { None } else { self.pack(Scope::Due) };
        if self.wal_pages.load(Ordering::Relaxed) < CHECKPOINT_PAGES {
            return packing;
        }
        self.wal_pages.store(0, Ordering::Relaxed);
        let log = self.checkpoint();
        packing.or(log).or_else(|| self.warn_of_size(LARGE_FILE))
    }

    fn close(&mut self) {
        if self.state.fresh_bytes > 0 {
            self.pack(Scope::All);
        }
        busy::arm(Duration::ZERO);
        let vacuumed = self.connection().prepare(include_str!("sql/vacuum_some.sql")).and_then(|mut statement| {
            let mut freed = statement.query([])?;
            while freed.next()?.is_some() {}
            Ok(())
        });
        // Free pages are used again; giving them back can wait.
        let _ = vacuumed;
    }

    fn answer(&mut self, query: &Query) -> Result<Answer> {
        busy::arm(self.options.busy_timeout());
        reader::answer(&self.claimed.connection, self.content.compressor(), &self.options, &self.flags, query)
    }

    fn perform(&mut self, job: &Job, watch: &Arc<dyn Watch>) -> Result<Outcome> {
        busy::arm(self.options.busy_timeout());
        match job {
            Job::Backup { path } => {
                let target = Target::new(path, &self.options)?;
                Copy::make(&self.claimed.connection, &target, watch)?.place().map(Outcome::Backup)
            }
            Job::Verify => {
                verify::run(&mut self.claimed.connection, self.content.compressor(), watch).map(Outcome::Verify)
            }
        }
    }
}

impl Drop for FileWriter {
    /// A file that was moved gets its log's content: SQLite itself would leave the log behind on closing, and play it
    /// into whatever file takes this one's place.
    fn drop(&mut self) {
        if self.flags.watch.has_found() {
            // Nor may the log be copied and removed under somebody whom no lock of ours keeps out.
            let _ = self.connection().set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            return;
        }
        if self.log.is_none() || FileId::of(&self.options.path).ok() == self.file {
            return;
        }
        busy::arm(self.options.busy_timeout());
        let copied =
            self.connection().query_row(include_str!("sql/checkpoint_all.sql"), [], |row| row.get::<_, i64>(0));
        let log = sidecar(&self.options.path, "-wal");
        if copied.is_ok_and(|busy| busy == 0) && FileId::of(&log).ok() == self.log {
            let _ = std::fs::remove_file(log);
            let _ = std::fs::remove_file(sidecar(&self.options.path, "-shm"));
        }
    }
}

#[cfg(test)]
mod tests;
