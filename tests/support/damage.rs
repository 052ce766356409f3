//! Asks a store that may be damaged, as the engine would, and judges each answer: right, refused, or a finding.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::support::{apply, rebuild};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tracestore::error::{Code, Error, Result};
use tracestore::model::{Answer, Op, Query};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, Reader};
use tracestore::store::options::Options;

/// Much longer than any round takes on a busy machine.
const HANG: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);

/// Codes that tell a user of damage. `SCHEMA_TOO_NEW` is what a flipped version number looks like.
const CLEAR: &[Code] = &[Code::Corrupt, Code::Unsupported, Code::Io, Code::SchemaTooNew];

/// The queries of a suite.
pub struct Ask(pub Vec<Query>);

impl Ask {
    /// Every answer, each as the engine's reader threads give it: after an error on a new connection.
    pub fn all(&self, options: &Options) -> Vec<Result<Value>> {
        let file = match SqliteBackend::prepare(options) {
            Ok(file) => SqliteBackend::new(options.clone(), file),
            Err(error) => return self.0.iter().map(|_| Err(error.clone())).collect(),
        };
        let mut reader: Option<Box<dyn Reader>> = None;
        let ask = |query: &Query| {
            let open = match reader.take() {
                Some(open) => Ok(open),
                None => file.open_reader(),
            };
            let mut open = open?;
            let answer = open.answer(query)?;
            reader = Some(open);
            Ok(plain(&answer))
        };
        self.0.iter().map(ask).collect()
    }
}

/// What a user sees of an answer.
pub fn plain(answer: &Answer) -> Value {
    if let Answer::Info(info) = answer {
        let counts = &info.file.counts;
        return json!([counts.traces, counts.spans, counts.sessions, counts.config_snapshots, info.file.bytes_in]);
    }
    let (documents, page) = rebuild::documents(answer);
    json!({"documents": rebuild::whoever_is_there(documents), "page": page.map(|page| (page.total, page.has_more, page.next_cursor))})
}

/// When a round asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Before,
    After,
    Both,
}

/// The answers of a store before and after one write, and what became of that write.
pub struct Round {
    pub before: Vec<Result<Value>>,
    pub written: Result<()>,
    pub after: Vec<Result<Value>>,
}

impl Round {
    /// Opens as a store that writes does: the writer first; if that fails nobody reads.
    pub fn run(options: &Options, ask: &Ask, asked: Asked, write: &Op) -> Self {
        let opened = SqliteBackend::prepare(options)
            .and_then(|file| SqliteBackend::new(options.clone(), file).open_writer(PATIENCE));
        let mut writer = match opened {
            Ok(writer) => writer,
            Err(error) => {
                let refused = || ask.0.iter().map(|_| Err(error.clone())).collect();
                return Self { before: refused(), written: Err(error.clone()), after: refused() };
            }
        };
        let before = if asked == Asked::After { Vec::new() } else { ask.all(options) };
        let written = apply(writer.as_mut(), std::slice::from_ref(write)).remove(0).map(drop);
        let after = if asked == Asked::Before { Vec::new() } else { ask.all(options) };
        Self { before, written, after }
    }
}

/// Counts what came of the rounds.
#[derive(Debug, Default)]
pub struct Tally {
    pub right: usize,
    pub refused: BTreeMap<&'static str, usize>,
    /// By kind of finding: how often, and the first case in full.
    pub findings: BTreeMap<String, (usize, String)>,
}

impl Tally {
    /// Notes a thing that must not be.
    pub fn find(&mut self, kind: &str, case: impl FnOnce() -> String) {
        self.findings.entry(kind.to_owned()).or_insert_with(|| (0, case())).0 += 1;
    }

    /// Notes a refusal; an unclear one is a finding.
    pub fn refuse(&mut self, error: &Error, case: impl FnOnce() -> String) {
        *self.refused.entry(error.code.as_str()).or_default() += 1;
        if !CLEAR.contains(&error.code) {
            self.find(&format!("unclear {}", error.code.as_str()), || format!("{error} at {}", case()));
        }
    }

    /// Judges an answer, of which several may be right.
    pub fn judge(&mut self, answer: &Result<Value>, right: &[&Value], case: impl Fn() -> String) {
        match answer {
            Ok(answer) if right.contains(&answer) => self.right += 1,
            Ok(answer) => {
                let kind = format!("wrong {}", difference(answer, right[0]));
                self.find(&kind, || format!("{}\n  got   {answer}\n  right {}", case(), right[0]));
            }
            Err(error) => self.refuse(error, case),
        }
    }

    /// Fails if there is a finding; prints the counts.
    pub fn report(&self, name: &str) {
        println!("{name}: {} right, refused {:?}", self.right, self.refused);
        for (kind, (times, case)) in &self.findings {
            println!("{name}: {times} times {kind}, first: {case}");
        }
        assert!(self.findings.is_empty(), "{name}: {} kinds of findings, see above", self.findings.len());
    }
}

/// What is wrong with an answer, in a word or two.
fn difference(answer: &Value, right: &Value) -> String {
    let (Some(got), Some(wanted)) = (answer["documents"].as_array(), right["documents"].as_array()) else {
        return "info".to_owned();
    };
    if got.len() != wanted.len() || answer["page"] != right["page"] {
        return "list".to_owned();
    }
    let fields = got.iter().zip(wanted).find_map(|(got, wanted)| {
        let keys = wanted.as_object().into_iter().flat_map(|wanted| wanted.keys());
        keys.into_iter().find(|key| got[key.as_str()] != wanted[key.as_str()]).cloned()
    });
    fields.map_or_else(|| "order".to_owned(), |field| format!("field {field}"))
}

/// Runs rounds on a thread of their own, so that one that hangs is a failure with a name; a panic is a finding.
pub fn rounds<T: Send + 'static>(
    cases: impl Iterator<Item = (String, T)> + Send + 'static,
    mut round: impl FnMut(&mut Tally, &str, T) + Send + 'static,
) -> Tally {
    let (progress, watched) = mpsc::channel();
    let work = thread::spawn(move || {
        let mut tally = Tally::default();
        for (name, case) in cases {
            let _ = progress.send(name.clone());
            if catch_unwind(AssertUnwindSafe(|| round(&mut tally, &name, case))).is_err() {
                tally.find("panic", || name.clone());
            }
        }
        tally
    });
    let mut last = String::new();
    loop {
        match watched.recv_timeout(HANG) {
            Ok(name) => last = name,
            Err(mpsc::RecvTimeoutError::Disconnected) => return work.join().unwrap(),
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("hangs: {last}"),
        }
    }
}
