//! A backend that panics: the process lives on, the call that met it gets `INTERNAL`, the store says so from then on.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]
#![allow(clippy::panic, reason = "a backend that does is what is tested")]

mod support;

use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use support::memory::Memory;
use support::operations::query;
use tracestore::error::{Code, Error, Result};
use tracestore::model::answer::Info;
use tracestore::model::{Answer, Query, Receipt};
use tracestore::store::backend::{Backend, OpGroup, Reader, Warning, Writer};
use tracestore::store::engine::Engine;
use tracestore::store::handle::Handle;
use tracestore::wire::frame;

/// The places where the backend panics, each once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    OpenWriter,
    ApplyGroup,
    Tidy,
    OpenReader,
    Answer,
}

/// A backend with a defect in one place.
struct Defective {
    inner: Arc<dyn Backend>,
    defect: Arc<Defect>,
}

struct Defect {
    place: Place,
    left: AtomicUsize,
}

impl Defect {
    fn meet(&self, place: Place) {
        let due = self.place == place
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        assert!(!due, "a defect on purpose in {place:?}");
    }
}

struct Connection<T: ?Sized>(Arc<Defect>, Box<T>);

impl Backend for Defective {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        self.defect.meet(Place::OpenWriter);
        Ok(Box::new(Connection(Arc::clone(&self.defect), self.inner.open_writer(patience)?)))
    }
    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        self.defect.meet(Place::OpenReader);
        Ok(Box::new(Connection(Arc::clone(&self.defect), self.inner.open_reader()?)))
    }
    fn reads_on_writer(&self) -> bool {
        self.inner.reads_on_writer()
    }
    fn require_power(&self) {}
    fn check_place(&self) -> Result<()> {
        Ok(())
    }
}

impl Writer for Connection<dyn Writer> {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        self.0.meet(Place::ApplyGroup);
        self.1.apply_group(group)
    }
    fn tidy(&mut self) -> Option<Warning> {
        self.0.meet(Place::Tidy);
        self.1.tidy()
    }
    fn close(&mut self) {
        self.1.close();
    }
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.0.meet(Place::Answer);
        self.1.answer(query)
    }
}

impl Reader for Connection<dyn Reader> {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        if *query == Query::Info {
            return Ok(Answer::Info(Box::<Info>::default()));
        }
        self.0.meet(Place::Answer);
        self.1.answer(query)
    }
}

fn store(place: Place) -> Handle {
    store_on(Arc::<Memory>::default(), place)
}

fn store_on(inner: Arc<dyn Backend>, place: Place) -> Handle {
    let defect = Arc::new(Defect { place, left: AtomicUsize::new(1) });
    let engine = Engine::start(support::options(None), Arc::new(Defective { inner, defect })).unwrap();
    Handle::new(support::options(None), Box::new(move || Ok(Arc::clone(&engine))))
}

/// Writes a session and waits for what becomes of it: the settlement.
fn write(handle: &Handle, id: &str) -> Value {
    let session = json!({"sessionId": id, "userId": 1, "auditingId": 1, "createdAt": "2024-01-01T00:00:00.000Z",
        "updatedAt": "2024-01-01T00:00:00.000Z", "traceCount": 0, "tags": []});
    handle.write(&frame(5, &session.to_string()), 0);
    let (sender, receiver) = mpsc::channel();
    handle.wait_settled(Box::new(move || sender.send(()).unwrap()));
    receiver.recv().unwrap();
    serde_json::from_str(&handle.poll_settled()).unwrap()
}

fn read(handle: &Handle, query: Query) -> Result<Value> {
    let (sender, receiver) = mpsc::channel();
    handle.read(query, Box::new(move |answer: Result<Answer>| sender.send(answer).unwrap()));
    receiver.recv().unwrap().map(|answer| serde_json::from_str(&answer.into_parts(usize::MAX).concat()).unwrap())
}

fn sessions(handle: &Handle) -> Result<u64> {
    let answer = read(handle, query(&json!({"query": "listSessions", "limit": 0})))?;
    answer["total"].as_u64().ok_or_else(|| Error::internal("no total"))
}

/// The store says that it met one defect.
fn says_so(handle: &Handle) {
    // What is tidied up afterwards nobody waits for.
    let until = Instant::now() + Duration::from_secs(10);
    let ask = || read(handle, Query::Info).unwrap()["info"].clone();
    let mut info = ask();
    while info["defects"] != 1 && Instant::now() < until {
        info = ask();
    }
    assert_eq!(info["defects"], 1);
    assert_eq!(info["lastError"]["code"], "INTERNAL");
    assert!(info["lastError"]["message"].as_str().unwrap().contains("report"));
}

#[test]
fn a_panic_in_a_write_costs_that_write() {
    for place in [Place::OpenWriter, Place::ApplyGroup] {
        let handle = store(place);
        let failed = &write(&handle, "a")["failed"];
        assert_eq!(failed[0][2], "INTERNAL", "{place:?}");
        says_so(&handle);
        assert_eq!(write(&handle, "b")["failed"], json!([]), "{place:?}");
        assert_eq!(sessions(&handle).unwrap(), 1, "{place:?}");
        says_so(&handle);
    }
}

#[test]
fn a_panic_in_a_read_costs_that_read() {
    for place in [Place::OpenReader, Place::Answer] {
        let handle = store(place);
        assert_eq!(write(&handle, "a")["failed"], json!([]));
        let error = sessions(&handle).unwrap_err();
        assert_eq!(error.code, Code::Internal, "{place:?}");
        assert_eq!(sessions(&handle).unwrap(), 1, "{place:?}");
        says_so(&handle);
    }
}

#[test]
fn a_panic_between_transactions_costs_nobody_anything_and_is_warned_of() {
    let handle = store(Place::Tidy);
    assert_eq!(write(&handle, "a")["failed"], json!([]));
    says_so(&handle);
    let settled = write(&handle, "b");
    assert_eq!(settled["failed"], json!([]));
    assert_eq!(settled["warnings"][0][0], "INTERNAL");
    assert_eq!(sessions(&handle).unwrap(), 2);
}

#[test]
fn a_panic_that_costs_a_store_in_memory_its_connection_is_its_end() {
    for place in [Place::ApplyGroup, Place::Answer, Place::Tidy] {
        let handle = store_on(support::sqlite(None), place);
        write(&handle, "a");
        // The one that meets the panic, unless tidying up did.
        let _ = sessions(&handle);
        let until = Instant::now() + Duration::from_secs(10);
        while sessions(&handle).is_ok() && Instant::now() < until {}
        for _ in 0..2 {
            let error = sessions(&handle).unwrap_err();
            assert_eq!(error.code, Code::Internal, "{place:?}");
            assert!(error.message.contains("':memory:'") && error.message.contains("new store"), "{}", error.message);
            let settled = write(&handle, "b");
            assert_eq!(settled["failed"][0][2], "INTERNAL", "{place:?}");
            assert_eq!(settled["failed"][0][3], error.message.as_str(), "{place:?}");
        }
    }
}

#[test]
fn a_panic_while_a_store_in_memory_is_made_costs_nothing() {
    let handle = store_on(support::sqlite(None), Place::OpenWriter);
    assert_eq!(write(&handle, "a")["failed"][0][2], "INTERNAL");
    assert_eq!(write(&handle, "b")["failed"], json!([]));
    assert_eq!(sessions(&handle).unwrap(), 1);
}
