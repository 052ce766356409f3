//! Long work goes on in slices: groups are committed between them, a stop ends it, and a crash costs no more than one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use support::accounts::verify;
use support::memory::Memory;
use support::operations::{op, query, span, start};
use support::{sqlite, write};
use tracestore::error::Result;
use tracestore::model::answer::{ChoreInfo, Info};
use tracestore::model::job::Progress;
use tracestore::model::{Answer, Op, Query, Receipt};
use tracestore::sqlite::file::checked;
use tracestore::store::backend::{Backend, OpGroup, Reader, Warning, Writer};
use tracestore::store::chore::Slice;
use tracestore::store::engine::Engine;
use tracestore::store::handle::Handle;
use tracestore::wire::frame;

const PATIENCE: Duration = Duration::from_secs(5);
/// What waits for something that never comes is a failure.
const FOR_EVER: Duration = Duration::from_secs(60);

/// Text that hardly compresses, always the same for a seed.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + u8::try_from(state >> 60).unwrap())
    };
    (0..length).map(|_| next()).collect()
}

/// A trace of this many spans of 20 KB, ended.
fn trace(id: &str, spans: u8) -> Vec<Op> {
    let seed = |n: u8| u64::from(n) + id.bytes().fold(7_u64, |sum, byte| sum * 31 + u64::from(byte));
    let mut ops = vec![start(id, 1)];
    ops.extend((0..spans).map(|n| span(id, &format!("s{n}"), n, &json!({ "text": noise(seed(n), 20_000) }))));
    ops.push(op(2, &json!({"traceId": id, "now": 1_704_067_260_000_u64, "result": {"status": "completed"}})));
    ops
}

fn spans_of(writer: &mut dyn Writer, id: &str) -> String {
    writer.answer(&query(&json!({"query": "getSpans", "traceId": id}))).unwrap().into_parts(usize::MAX).concat()
}

/// One step: no slice of a chore that is stopped makes more.
fn step(writer: &mut dyn Writer) -> Option<ChoreInfo> {
    writer.work(&Slice::now(&|| true)).unwrap()
}

fn work(writer: &mut dyn Writer) -> Vec<ChoreInfo> {
    std::iter::from_fn(|| step(writer)).collect()
}

/// Of a closed store.
fn number(path: &Path, sql: &str) -> i64 {
    let connection = checked::open(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn packing_takes_a_slice_for_each_block_if_it_must() {
    let folder = tempfile::tempdir().unwrap();
    let backend = sqlite(Some(&folder.path().join("traces.db")));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &trace("t", 60));
    let first = step(writer.as_mut()).unwrap();
    assert!(first.name == "packing" && 0 < first.progress.done && first.progress.done < first.progress.total);
    // What was planned is rewritten, and other things come, before it is their turn.
    write(writer.as_mut(), &[span("t", "s59", 59, &json!({ "text": "another" }))]);
    write(writer.as_mut(), &trace("other", 1));
    let before = [spans_of(writer.as_mut(), "t"), spans_of(writer.as_mut(), "other")];
    let slices = work(writer.as_mut());
    let packing: Vec<Progress> =
        slices.iter().filter(|slice| slice.name == "packing").map(|slice| slice.progress).collect();
    assert!(packing.len() >= 4, "{packing:?}");
    assert!(packing.is_sorted_by_key(|progress| progress.done));
    assert_eq!(packing.last().map(|progress| progress.done), Some(first.progress.total));
    assert_eq!([spans_of(writer.as_mut(), "t"), spans_of(writer.as_mut(), "other")], before);
    drop(writer);
    assert_eq!(verify(&backend).unwrap().problems.len(), 0);
}

#[test]
fn packing_goes_on_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &trace("t", 60));
    let before = spans_of(writer.as_mut(), "t");
    step(writer.as_mut()).unwrap();
    // Without `close`, which would pack the rest.
    drop(writer);
    assert!(number(&path, "select count(*) from fresh") > 0);
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &[]);
    assert!(work(writer.as_mut()).len() > 1);
    assert_eq!(spans_of(writer.as_mut(), "t"), before);
    drop(writer);
    assert_eq!(number(&path, "select count(*) from fresh"), 0);
    assert_eq!(number(&path, "select fresh_bytes from state"), 0);
}

/// A store that was opened and closed so often, with a small trace each time.
fn small_blocks(path: &Path, times: u8) -> Vec<String> {
    let mut before = Vec::new();
    for n in 0..times {
        let mut writer = sqlite(Some(path)).open_writer(PATIENCE).unwrap();
        let id = format!("t{n}");
        write(writer.as_mut(), &[start(&id, n), span(&id, "s", n, &json!({ "text": noise(n.into(), 3000) }))]);
        before.push(spans_of(writer.as_mut(), &id));
        writer.close();
    }
    before
}

#[test]
fn small_blocks_of_many_closings_become_few() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let before = small_blocks(&path, 40);
    assert_eq!(number(&path, "select count(*) from block"), 40);
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &[]);
    let slices = work(writer.as_mut());
    assert!(slices.iter().all(|slice| slice.name == "merging"));
    assert_eq!(slices.last().map(|slice| slice.progress), Some(Progress { done: 40, total: 40 }));
    assert!(work(writer.as_mut()).is_empty(), "until there is another block");
    let after: Vec<String> = (0..40).map(|n| spans_of(writer.as_mut(), &format!("t{n}"))).collect();
    assert_eq!(after, before);
    drop(writer);
    assert!(number(&path, "select count(*) from block") <= 2);
    assert_eq!(verify(&backend).unwrap().problems.len(), 0);
}

#[test]
fn small_blocks_that_another_leaves_are_counted_after_some_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    small_blocks(&path, 3);
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &[start("a", 1)]);
    assert!(work(writer.as_mut()).is_empty(), "too few");
    let mut other = backend.open_writer(PATIENCE).unwrap();
    write(other.as_mut(), &[span("a", "s", 1, &json!({ "text": noise(99, 3000) }))]);
    other.close();
    drop(other);
    write(writer.as_mut(), &[start("b", 1)]);
    assert!(work(writer.as_mut()).is_empty(), "not with each write");
    let more: Vec<Op> = (0..64).map(|n| start(&format!("c{n}"), 1)).collect();
    write(writer.as_mut(), &more);
    assert_eq!(work(writer.as_mut()).last().map(|slice| slice.progress), Some(Progress { done: 4, total: 4 }));
}

#[test]
fn a_damaged_block_and_what_lies_beside_a_large_one_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    small_blocks(&path, 3);
    let mut writer = sqlite(Some(&path)).open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &trace("large", 12));
    writer.close();
    drop(writer);
    let before = number(&path, "select count(*) from block");
    for n in 10..15_u8 {
        let mut writer = sqlite(Some(&path)).open_writer(PATIENCE).unwrap();
        let id = format!("u{n}");
        write(writer.as_mut(), &[start(&id, n), span(&id, "s", n, &json!({ "text": noise(n.into(), 3000) }))]);
        writer.close();
    }
    let connection = checked::open(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let damaged = "update block set data = x'0241' where id = (select max(id) from block)";
    assert_eq!(connection.execute(damaged, []).unwrap(), 1);
    drop(connection);
    let mut writer = sqlite(Some(&path)).open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &[]);
    work(writer.as_mut());
    drop(writer);
    // The three before the large one are too few, and of the five behind it one is damaged.
    assert_eq!(number(&path, "select count(*) from block"), before + 2);
    assert_eq!(number(&path, "select count(*) from block where data = x'0241'"), 1);
}

/// What the writer of an engine was asked for, in order.
#[derive(Default)]
struct Log {
    asked: Mutex<Vec<&'static str>>,
}

/// A backend with a chore of ten slices, of which each waits until it is allowed.
struct Laborious {
    inner: Memory,
    log: Arc<Log>,
    begun: Mutex<mpsc::Sender<u64>>,
    allowed: Arc<Mutex<mpsc::Receiver<()>>>,
}

struct Labour {
    inner: Box<dyn Writer>,
    log: Arc<Log>,
    begun: mpsc::Sender<u64>,
    allowed: Arc<Mutex<mpsc::Receiver<()>>>,
    done: u64,
}

struct InfoOnly;

impl Backend for Laborious {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        let (inner, log) = (self.inner.open_writer(patience)?, Arc::clone(&self.log));
        let (begun, allowed) = (self.begun.lock().unwrap().clone(), Arc::clone(&self.allowed));
        Ok(Box::new(Labour { inner, log, begun, allowed, done: 0 }))
    }
    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(InfoOnly))
    }
    fn reads_on_writer(&self) -> bool {
        false
    }
    fn require_power(&self) {}
    fn check_place(&self) -> Result<()> {
        Ok(())
    }
}

impl Reader for InfoOnly {
    fn answer(&mut self, _: &Query) -> Result<Answer> {
        Ok(Answer::Info(Box::<Info>::default()))
    }
}

impl Writer for Labour {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        self.log.asked.lock().unwrap().push("group");
        self.inner.apply_group(group)
    }
    fn tidy(&mut self) -> Option<Warning> {
        None
    }
    fn work(&mut self, _: &Slice<'_>) -> Result<Option<ChoreInfo>> {
        if self.done == 10 {
            return Ok(None);
        }
        self.done += 1;
        self.begun.send(self.done).unwrap();
        self.allowed.lock().unwrap().recv_timeout(FOR_EVER).unwrap();
        self.log.asked.lock().unwrap().push("slice");
        Ok(Some(ChoreInfo { name: "labour", progress: Progress { done: self.done, total: 10 } }))
    }
    fn close(&mut self) {
        self.log.asked.lock().unwrap().push("close");
    }
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.inner.answer(query)
    }
}

struct Labouring {
    engine: Arc<Engine>,
    handle: Handle,
    log: Arc<Log>,
    begun: mpsc::Receiver<u64>,
    allow: mpsc::Sender<()>,
}

impl Labouring {
    fn new() -> Self {
        let ((begin, begun), (allow, allowed)) = (mpsc::channel(), mpsc::channel());
        let log = Arc::<Log>::default();
        let backend = Laborious {
            inner: Memory::default(),
            log: Arc::clone(&log),
            begun: Mutex::new(begin),
            allowed: Arc::new(Mutex::new(allowed)),
        };
        let options = support::options(None);
        let engine = Engine::start(options.clone(), Arc::new(backend)).unwrap();
        let own = Arc::clone(&engine);
        let handle = Handle::new(options, Box::new(move || Ok(Arc::clone(&own))));
        Self { engine, handle, log, begun, allow }
    }

    fn write(&self) {
        let tags = json!({"traceId": "t", "tags": []});
        self.handle.write(&frame(8, &tags.to_string()));
    }

    fn wait_for_slice(&self, number: u64) {
        assert_eq!(self.begun.recv_timeout(FOR_EVER).unwrap(), number);
    }

    fn info(&self) -> Value {
        let (sender, receiver) = mpsc::channel();
        self.handle.read(Query::Info, Box::new(move |answer| sender.send(answer).unwrap()));
        let answer = receiver.recv_timeout(FOR_EVER).unwrap().unwrap();
        serde_json::from_str::<Value>(&answer.into_parts(usize::MAX).concat()).unwrap()["info"].clone()
    }
}

#[test]
fn a_group_that_comes_during_a_slice_is_committed_after_it_and_an_idle_queue_waits_for_none() {
    let labour = Labouring::new();
    labour.write();
    labour.wait_for_slice(1);
    labour.write();
    labour.allow.send(()).unwrap();
    labour.wait_for_slice(2);
    // Nothing waits now: the rest goes on without a group.
    assert_eq!(labour.info()["chore"], json!({"name": "labour", "done": 1, "total": 10}));
    for number in 3..=10 {
        labour.allow.send(()).unwrap();
        labour.wait_for_slice(number);
    }
    labour.allow.send(()).unwrap();
    let asked = labour.log.asked.lock().unwrap().clone();
    assert_eq!(asked[..4], ["group", "slice", "group", "slice"]);
    assert!(asked[4..].iter().all(|asked| *asked == "slice"), "{asked:?}");
}

#[test]
fn closing_ends_it_after_the_slice_that_is_under_way() {
    let labour = Labouring::new();
    labour.write();
    labour.wait_for_slice(1);
    let (gone, end) = mpsc::channel();
    labour.engine.queue.close();
    labour.engine.when_gone(Box::new(move || gone.send(()).unwrap()));
    labour.allow.send(()).unwrap();
    end.recv_timeout(FOR_EVER).unwrap();
    assert_eq!(*labour.log.asked.lock().unwrap(), ["group", "slice", "close"]);
}
