//! Reads of one instance hold up no other's, and end with an instance that is gone.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use serde_json::json;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;
use support::memory::Memory;
use support::operations::query;
use tracestore::error::{Code, Result};
use tracestore::model::{Answer, Query, Receipt};
use tracestore::store::backend::{Backend, OpGroup, Reader, Warning, Writer};
use tracestore::store::engine::Engine;
use tracestore::store::handle::Handle;

/// A lost answer would never come.
const FOR_EVER: Duration = Duration::from_secs(60);

/// Keeps everybody who reads waiting until it is opened, and counts who came.
#[derive(Default)]
struct Barrier {
    state: Mutex<(bool, Vec<Query>)>,
    changed: Condvar,
}

impl Barrier {
    fn pass(&self, query: &Query) {
        let mut state = self.state.lock().unwrap();
        state.1.push(query.clone());
        self.changed.notify_all();
        drop(self.changed.wait_while(state, |(open, _)| !*open).unwrap());
    }
    fn wait_for(&self, readers: usize) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |(_, came)| came.len() < readers).unwrap());
    }
    fn open(&self) {
        self.state.lock().unwrap().0 = true;
        self.changed.notify_all();
    }
    fn came(&self) -> Vec<Query> {
        self.state.lock().unwrap().1.clone()
    }
}

struct Barred {
    inner: Memory,
    on_writer: bool,
    barrier: Arc<Barrier>,
}

struct Connection<T: ?Sized>(Arc<Barrier>, Box<T>);

impl Backend for Barred {
    fn open_writer(&self, patience: Duration) -> Result<Box<dyn Writer>> {
        Ok(Box::new(Connection(Arc::clone(&self.barrier), self.inner.open_writer(patience)?)))
    }
    fn open_reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(Connection(Arc::clone(&self.barrier), self.inner.open_reader()?)))
    }
    fn reads_on_writer(&self) -> bool {
        self.on_writer
    }
    fn require_power(&self) {}
    fn check_place(&self) -> Result<()> {
        Ok(())
    }
}

impl Writer for Connection<dyn Writer> {
    fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
        self.1.apply_group(group)
    }
    fn tidy(&mut self) -> Option<Warning> {
        self.1.tidy()
    }
    fn close(&mut self) {
        self.1.close();
    }
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.0.pass(query);
        self.1.answer(query)
    }
}

impl Reader for Connection<dyn Reader> {
    fn answer(&mut self, query: &Query) -> Result<Answer> {
        self.0.pass(query);
        self.1.answer(query)
    }
}

/// Two instances on one engine; the first has asked for much and waits for `readers` of it.
struct Crowd {
    barrier: Arc<Barrier>,
    many: Handle,
    few: Handle,
    answers: mpsc::Receiver<Result<Answer>>,
    sender: mpsc::Sender<Result<Answer>>,
    readers: usize,
}

const MANY: usize = 200;

fn spans_of(trace: &str) -> Query {
    query(&json!({"query": "getSpans", "traceId": trace}))
}

impl Crowd {
    fn new(on_writer: bool) -> Self {
        let barrier = Arc::<Barrier>::default();
        let backend = Barred { inner: Memory::default(), on_writer, barrier: Arc::clone(&barrier) };
        let engine = Engine::start(support::options(None), Arc::new(backend)).unwrap();
        let handle = || {
            let engine = Arc::clone(&engine);
            Handle::new(support::options(None), Box::new(move || Ok(Arc::clone(&engine))))
        };
        let (sender, answers) = mpsc::channel();
        let crowd =
            Self { barrier, many: handle(), few: handle(), answers, sender, readers: 2 - usize::from(on_writer) };
        for _ in 0..MANY {
            crowd.ask(&crowd.many, "many");
        }
        crowd.barrier.wait_for(crowd.readers);
        crowd
    }

    fn ask(&self, handle: &Handle, trace: &str) {
        let sender = self.sender.clone();
        handle.read(spans_of(trace), Box::new(move |answer| sender.send(answer).unwrap()));
    }

    /// Lets all go on; what was read, in order, and how many were refused.
    fn go_on(&self, asked: usize) -> (Vec<Query>, usize) {
        self.barrier.open();
        let answers: Vec<_> = (0..asked).map(|_| self.answers.recv_timeout(FOR_EVER).unwrap()).collect();
        let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
        assert!(refused.clone().all(|error| error.code == Code::Closed));
        (self.barrier.came(), refused.count())
    }
}

#[test]
fn one_read_is_next_although_another_instance_has_two_hundred_waiting() {
    for on_writer in [false, true] {
        let crowd = Crowd::new(on_writer);
        crowd.ask(&crowd.few, "few");
        let (came, refused) = crowd.go_on(MANY + 1);
        let place = came.iter().position(|query| *query == spans_of("few")).unwrap();
        // Those that were being read, and one for each thread that took a turn at the same moment.
        assert!(place <= 2 * crowd.readers, "on the writer: {on_writer}; {place} were read before it");
        assert_eq!((came.len(), refused), (MANY + 1, 0));
    }
}

#[test]
fn what_waits_for_an_instance_that_is_gone_is_not_read() {
    for on_writer in [false, true] {
        let crowd = Crowd::new(on_writer);
        crowd.many.abandon();
        crowd.ask(&crowd.few, "few");
        let (came, refused) = crowd.go_on(MANY + 1);
        assert_eq!((came.len(), refused), (crowd.readers + 1, MANY - crowd.readers), "on the writer: {on_writer}");
    }
}

#[test]
fn what_an_instance_asked_before_it_was_closed_is_answered() {
    let crowd = Crowd::new(false);
    crowd.many.close(Box::new(|_| {}));
    assert_eq!(crowd.go_on(MANY).1, 0);
}
