//! A store under faults beside a reference that holds what was acknowledged: the whole engine, as the addon uses it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::faults::{self, Faults};
use super::support::memory::Memory;
use super::support::operations::{op, query};
use super::support::{NOW, accounts, apply, options, rebuild, sqlite};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tempfile::TempDir;
use tracestore::error::{Code, Result};
use tracestore::model::answer::ListPage;
use tracestore::model::{Answer, Job, Outcome, Query};
use tracestore::open;
use tracestore::store::backend::Backend;
use tracestore::store::handle::Handle;
use tracestore::store::options::{Durability, Options};
use tracestore::store::running_job::Step;
use tracestore::wire::frame;

/// Much longer than anything takes on a busy machine.
const HANG: Duration = Duration::from_secs(60);

/// Codes that tell a user what the file system did.
const CLEAR: &[&str] = &["IO", "FULL", "CORRUPT"];

/// A write by its code and JSON.
pub type Write = (u8, Value);

pub struct Subject {
    /// For messages.
    name: String,
    folder: TempDir,
    options: Options,
    pub faults: Arc<Faults>,
    handle: Handle,
    reference: Memory,
    failed: BTreeMap<&'static str, usize>,
}

impl Subject {
    /// A store that nobody has used yet.
    pub fn new(name: &str, durability: Durability) -> Self {
        Self::with(name, |options| options.durability = durability)
    }

    /// As `new`, with other options.
    pub fn with(name: &str, change: impl FnOnce(&mut Options)) -> Self {
        let folder = new_folder();
        let path = folder.path().join("traces.db");
        let faults = faults::watch(&path);
        let mut options = options(Some(&path));
        change(&mut options);
        let handle = open::handle(options.clone());
        let (reference, failed) = (Memory::default(), BTreeMap::new());
        Self { name: name.to_owned(), folder, options, faults, handle, reference, failed }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("traces.db")
    }

    /// Hands a batch over, waits for its settlement, and holds that against the reference: what the documents alone
    /// decide must come out the same, and what the file system refused must say so. Returns the latter.
    pub fn write(&mut self, writes: &[Write]) -> Vec<(Code, String)> {
        let bytes: Vec<u8> = writes.iter().flat_map(|(code, text)| frame(*code, &text.to_string())).collect();
        let ticket = self.handle.write(&bytes, NOW.0 / 1_000_000);
        let mut settled: BTreeMap<i64, (String, String)> = BTreeMap::new();
        loop {
            let (sender, receiver) = mpsc::channel();
            self.handle.wait_settled(Box::new(move || sender.send(()).unwrap()));
            receiver.recv_timeout(HANG).unwrap_or_else(|_| panic!("{}: a write hangs", self.name));
            let text: Value = serde_json::from_str(&self.handle.poll_settled()).unwrap();
            for failure in text["failed"].as_array().unwrap() {
                let text = |at: usize| failure[at].as_str().unwrap().to_owned();
                settled.insert(failure[1].as_i64().unwrap(), (text(2), text(3)));
            }
            if text["done"].as_array().unwrap().contains(&json!(ticket)) {
                break;
            }
        }
        self.follow(writes, &settled)
    }

    fn follow(&mut self, writes: &[Write], settled: &BTreeMap<i64, (String, String)>) -> Vec<(Code, String)> {
        let mut reference = self.reference.open_writer(HANG).unwrap();
        let mut failures = Vec::new();
        for (at, (code, text)) in (0..).zip(writes) {
            let write = op(*code, text);
            // -1 stands for the whole batch.
            match settled.get(&at).or_else(|| settled.get(&-1)) {
                Some((code, message)) if CLEAR.contains(&code.as_str()) => {
                    assert!(message.len() > 20, "{}: {message}", self.name);
                    let code = [Code::Io, Code::Full, Code::Corrupt].into_iter().find(|known| known.as_str() == code);
                    *self.failed.entry(code.unwrap().as_str()).or_default() += 1;
                    failures.push((code.unwrap(), message.clone()));
                }
                refused => {
                    let applied = apply(reference.as_mut(), &[write]).remove(0);
                    let expected = applied.err().map(|error| error.code.as_str().to_owned());
                    let code = refused.map(|(code, _)| code.clone());
                    assert_eq!(code, expected, "{}: {refused:?} for {text}", self.name);
                }
            }
        }
        failures
    }

    /// Writes when nothing fails.
    pub fn write_all(&mut self, writes: &[Write]) {
        let failures = self.write(writes);
        assert!(failures.is_empty(), "{}: still fails: {failures:?}", self.name);
    }

    fn ask(&self, query: &Query) -> Result<Answer> {
        let (sender, receiver) = mpsc::channel();
        self.handle.read(query.clone(), Box::new(move |answer| sender.send(answer).unwrap()));
        receiver.recv_timeout(HANG).unwrap_or_else(|_| panic!("{}: a read hangs", self.name))
    }

    /// Everything there is must be what was acknowledged, and nothing else.
    pub fn check(&self) {
        for query in queries() {
            let answer = self.ask(&query).unwrap_or_else(|error| panic!("{}: {error}", self.name));
            assert_eq!(plain(&answer), self.right(&query), "{}: {query:?}", self.name);
        }
    }

    /// A read may fail now, with a cause; it is never wrong.
    pub fn ask_under_faults(&self, failed: &mut BTreeMap<&'static str, usize>) {
        for query in queries() {
            match self.ask(&query) {
                Ok(answer) => assert_eq!(plain(&answer), self.right(&query), "{}: {query:?}", self.name),
                Err(error) => {
                    assert!(CLEAR.contains(&error.code.as_str()), "{}: {error}", self.name);
                    *failed.entry(error.code.as_str()).or_default() += 1;
                }
            }
        }
    }

    /// What comes of a job.
    pub fn perform(&self, job: Job) -> Result<Outcome> {
        let order = self.handle.start_job(job);
        loop {
            let (sender, receiver) = mpsc::channel();
            order.next(Box::new(move |step| sender.send(step).unwrap()));
            match receiver.recv_timeout(HANG).unwrap_or_else(|_| panic!("{}: a job hangs", self.name)) {
                Step::At(_) => {}
                Step::Over(outcome) => return outcome,
            }
        }
    }

    /// The store at `path`, too, has everything that was acknowledged, and nothing else, and passes its own check.
    pub fn check_copy(&self, path: &Path) {
        let mut reader = sqlite(Some(path)).open_reader().unwrap();
        for query in queries() {
            assert_eq!(plain(&reader.answer(&query).unwrap()), self.right(&query), "{}: {query:?}", self.name);
        }
        accounts::balance(path);
    }

    fn right(&self, query: &Query) -> (Vec<Value>, Option<ListPage>) {
        plain(&self.reference.open_reader().unwrap().answer(query).unwrap())
    }

    pub fn close(&self) {
        let (sender, receiver) = mpsc::channel();
        self.handle.close(Box::new(move |_| sender.send(()).unwrap()));
        receiver.recv_timeout(HANG).unwrap_or_else(|_| panic!("{}: the end hangs", self.name));
    }

    /// Another store on the same file.
    pub fn reopen(&mut self) {
        self.handle = open::handle(self.options.clone());
    }

    /// Opens anew, checks everything down to the accounts, and returns how often what failed.
    pub fn finish(mut self) -> BTreeMap<&'static str, usize> {
        self.close();
        self.reopen();
        self.check();
        self.close();
        accounts::balance(&self.path());
        let connection = Connection::open(self.path()).unwrap();
        let sound: String = connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok", "{}", self.name);
        faults::unwatch(&self.path());
        self.failed
    }
}

/// In memory where there is such a place: hundreds of files are written.
pub fn new_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn plain(answer: &Answer) -> (Vec<Value>, Option<ListPage>) {
    let (documents, page) = rebuild::documents(answer);
    // Cursors carry each backend's own numbers.
    (rebuild::whoever_is_there(documents), page.map(|page| ListPage { next_cursor: None, ..page }))
}

/// Everything that can be in the store, whole.
fn queries() -> Vec<Query> {
    let each = (0..4).flat_map(|n| {
        [
            json!({"query": "getTrace", "traceId": format!("trace{n}")}),
            json!({"query": "getSpans", "traceId": format!("trace{n}")}),
            json!({"query": "getSession", "sessionId": format!("session{n}")}),
            json!({"query": "getConfigSnapshot", "snapshotId": format!("config{n}")}),
        ]
    });
    let lists = [
        json!({"query": "listTraces", "limit": 50}),
        json!({"query": "listTraces", "limit": 50, "tags": ["tag1"]}),
        json!({"query": "listSessions", "limit": 50}),
    ];
    each.chain(lists).map(|text| query(&text)).collect()
}
