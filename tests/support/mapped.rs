//! A backend over plain maps, by the same rules as SQLite: a second database in small.
//!
//! A transaction works on a copy of the maps. A check compares everything with what the documents themselves say.

use super::maps::Maps;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracestore::content::PieceHash;
use tracestore::documents::pending::Pending;
use tracestore::documents::pieces::owner::{Owner, User};
use tracestore::documents::rows::entry::EntryRows;
use tracestore::documents::rows::piece::OwnerUses;
use tracestore::documents::rows::said::SaidRow;
use tracestore::documents::rows::span::SpanRow;
use tracestore::documents::rows::span_word::SpanWordRow;
use tracestore::documents::{read, tenant, write};
use tracestore::error::{Code, Error, Result};
use tracestore::model::job::{Area, Report};
use tracestore::model::{Answer, Job, Outcome, Query, Receipt};
use tracestore::store::backend::{Backend, JobListener, OpGroup, Reader, SentOp, Warning, Writer};
use tracestore::store::transaction::{self, Care, Transaction};

/// A store in maps; every connection sees the same.
#[derive(Default)]
pub struct Mapped(Arc<Mutex<Maps>>);

struct MapWriter {
    committed: Arc<Mutex<Maps>>,
    /// What the open transaction has made of them.
    open: Option<Maps>,
    pending: Pending,
}

struct MapReader(Arc<Mutex<Maps>>);

impl Backend for Mapped {
    fn open_writer(&self, _: Duration) -> Result<Box<dyn Writer>> {
        Ok(Box::new(MapWriter { committed: Arc::clone(&self.0), open: None, pending: Pending::default() }))
    }
    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(MapReader(Arc::clone(&self.0))))
    }
    fn reads_on_writer(&self) -> bool {
        false
    }
    fn require_power(&self) {}
    fn check_place(&self) -> Result<()> {
        Ok(())
    }
}

impl Transaction for MapWriter {
    fn begin(&mut self, _: Duration, _: Care) -> Result<()> {
        let maps = self.committed.lock().unwrap().clone();
        self.pending.begin(maps.numbers);
        self.open = Some(maps);
        Ok(())
    }

    fn apply(&mut self, SentOp { tenant, op, at, .. }: &SentOp) -> Result<Receipt> {
        let maps = self.open.as_mut().unwrap();
        let (before, mark) = (maps.clone(), self.pending.mark());
        self.pending.now = *at;
        let applied = write::apply(maps, &mut self.pending, tenant, op);
        if applied.is_err() {
            *maps = before;
            self.pending.undo(&mark);
        }
        applied
    }

    fn stands(&self) -> bool {
        self.open.is_some()
    }

    fn commit(&mut self, bytes_in: u64) -> Result<()> {
        let maps = self.open.as_mut().unwrap();
        write::settle(maps, &mut self.pending, bytes_in)?;
        *self.committed.lock().unwrap() = self.open.take().unwrap();
        self.pending.commit();
        Ok(())
    }

    fn rollback(&mut self) {
        self.open = None;
        self.pending.undo_all();
    }
}

impl Writer for MapWriter {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        transaction::apply_group(self, group)
    }
    fn tidy(&mut self) -> Option<Warning> {
        None
    }
    fn close(&mut self) {}
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        MapReader(Arc::clone(&self.committed)).answer(query)
    }
    fn perform(&mut self, job: &Job, _: &Arc<dyn JobListener>) -> Result<Outcome> {
        assert_eq!(*job, Job::Verify);
        self.committed.lock().unwrap().clone().check().map(Outcome::Verify)
    }
}

impl Reader for MapReader {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        let rows = &mut *self.0.lock().unwrap();
        match query {
            Query::Documents { tenant, wanted, room } => {
                read::documents(rows, tenant, wanted, *room).map(Answer::Documents)
            }
            Query::Tenants(window) => tenant::page(rows, window).map(Answer::Tenants),
            Query::Info => Err(Error::new(Code::Unsupported, "no file")),
        }
    }
}

/// The documents of one owner that use a piece, one by as many of its manifests as do.
type Users = Vec<i64>;

impl Maps {
    fn check(&mut self) -> Result<Report> {
        let mut report = Report::default();
        let mut manifests = BTreeSet::new();
        let mut used: BTreeMap<(i64, i64), Users> = BTreeMap::new();
        for (user, body) in self.bodies() {
            manifests.insert(body);
            for piece in self.manifest(body)?.pieces() {
                used.entry((piece, user.owner().key())).or_default().push(user.document());
            }
        }
        let needed: BTreeSet<i64> = used.keys().map(|(piece, _)| *piece).chain(manifests).collect();
        if needed != self.entries.keys().copied().collect() {
            report.find(Area::Pieces, "not the entries that documents need are there");
        }
        let mut told = self.further.clone();
        for (hash, (piece, uses)) in self.homes.clone() {
            if hash != PieceHash::of(&self.text(piece)?) {
                report.find(Area::Pieces, format!("piece {piece} has another's hash"));
            }
            told.insert((piece, uses.owner), uses);
        }
        if told.keys().ne(used.keys()) {
            report.find(Area::Owners, "not the owners that use pieces have them");
        }
        for (key, uses) in &told {
            if used.get(key).is_some_and(|users| !agree(uses, users)) {
                report.find(Area::Owners, format!("{key:?}: {uses:?} is wrong"));
            }
        }
        Ok(report)
    }

    /// The entry of each document's manifest.
    fn bodies(&self) -> Vec<(User, i64)> {
        let span = |row: &SpanRow, body: i64| (User::Span { trace: row.trace, span: row.id }, body);
        let spans = self.spans.values().filter_map(|known| Some(span(&known.row, known.row.body?)));
        let word = |word: &SpanWordRow| (User::Span { trace: word.trace, span: word.span }, word.body);
        let spans = spans.chain(self.words.values().map(word));
        let said = |row: &SaidRow| (User::Said { trace: row.trace, said: row.id }, row.body);
        let scores = self.scores.values().map(|found| said(&found.row));
        let annotations = self.annotations.values().map(|found| said(&found.row));
        let traces = self.traces.values().map(|found| (Owner::Trace(found.row.id), found.row.body));
        let sessions = self.sessions.values().filter_map(|found| Some((Owner::Session(found.row.id), found.row.body?)));
        let snapshots = self.snapshots.values().map(|found| (Owner::ConfigSnapshot(found.row.id), found.row.body));
        let listed = traces.chain(sessions).chain(snapshots).map(|(owner, body)| (User::Listed(owner), body));
        spans.chain(scores).chain(annotations).chain(listed).collect()
    }
}

/// Whether what is told of an owner's uses is true.
fn agree(told: &OwnerUses, users: &Users) -> bool {
    told.uses.is_none_or(|uses| uses == i64::try_from(users.len()).unwrap())
        && told.first.is_none_or(|first| users.contains(&first))
}
