//! A backend with its connections, as the suites over every backend use it.

use super::mapped::Mapped;
use super::memory::Memory;
use super::{apply_each, rebuild, sqlite};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracestore::error::Code;
use tracestore::model::answer::ListPage;
use tracestore::model::{Op, Query, Receipt};
use tracestore::store::backend::{Backend, Reader, Writer};

const PATIENCE: Duration = Duration::from_secs(5);

/// A backend with its connections.
pub struct Subject {
    pub writer: Box<dyn Writer>,
    /// A second writer, as another process would have; the two take turns.
    other: Option<Box<dyn Writer>>,
    pub reader: Option<Box<dyn Reader>>,
}

impl Subject {
    /// With one writer.
    pub fn new(backend: &Arc<dyn Backend>) -> Self {
        let writer = backend.open_writer(PATIENCE).unwrap();
        let reader = (!backend.reads_on_writer()).then(|| backend.open_reader().unwrap());
        Self { writer, other: None, reader }
    }

    /// With two writers on one place.
    pub fn shared(backend: &Arc<dyn Backend>) -> Self {
        Self { other: Some(backend.open_writer(PATIENCE).unwrap()), ..Self::new(backend) }
    }

    /// Applies operations of the nameless tenant in one transaction; the receipts, and the codes of what failed, in their
    /// order.
    pub fn transact(&mut self, ops: &[Op]) -> Vec<Result<Receipt, Code>> {
        self.transact_each(ops.iter().map(|op| ("", op)))
    }

    /// The same, each of the tenant with this name.
    pub fn transact_each<'a>(
        &mut self,
        ops: impl IntoIterator<Item = (&'a str, &'a Op)>,
    ) -> Vec<Result<Receipt, Code>> {
        let results = apply_each(self.writer.as_mut(), ops);
        if let Some(other) = &mut self.other {
            std::mem::swap(&mut self.writer, other);
        }
        results
            .into_iter()
            .map(|result| {
                result.map_err(|error| {
                    if error.code == Code::Corrupt {
                        eprintln!("{error}");
                    }
                    error.code
                })
            })
            .collect()
    }

    /// What a query is answered, by whoever reads.
    pub fn ask(&mut self, query: &Query) -> (Vec<Value>, Option<ListPage>) {
        let answer = match &mut self.reader {
            Some(reader) => reader.answer(query),
            None => self.writer.answer(query),
        };
        let (documents, page) = rebuild::documents(&answer.unwrap());
        // Cursors carry each backend's own numbers: what counts is where they lead.
        (documents, page.map(|page| ListPage { next_cursor: page.next_cursor.map(|_| String::new()), ..page }))
    }
}

/// What the suite takes of a backend: how to make one, given a path that is its own. The first is the reference.
type MakeSubject = fn(&Path) -> Subject;

pub const BACKENDS: [(&str, MakeSubject); 4] = [
    ("reference", |_| Subject::new(&(Arc::new(Memory::default()) as Arc<dyn Backend>))),
    ("SQLite, two writers on one file", |path| Subject::shared(&sqlite(Some(path)))),
    ("SQLite in memory", |_| Subject::new(&sqlite(None))),
    ("maps by SQLite's rules, two writers", |_| Subject::shared(&(Arc::new(Mapped::default()) as Arc<dyn Backend>))),
];

/// Runs a case against every backend.
pub fn check(case: impl Fn(&mut Subject)) {
    for (name, make) in BACKENDS {
        let folder = tempfile::tempdir().unwrap();
        println!("{name}");
        case(&mut make(&folder.path().join("traces.db")));
    }
}
