//! A file that takes long to open keeps no caller waiting, holds up no other file, and loses nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one has failed")]

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use support::memory::Memory;
use support::operations::query;
use tracestore::error::{Code, Error, Result};
use tracestore::model::{Answer, Job, Query};
use tracestore::store::backend::StoreIdentity;
use tracestore::store::engine::Engine;
use tracestore::store::handle::Handle;
use tracestore::store::options::{OnFull, Options};
use tracestore::store::registry::{self, FoundStore};
use tracestore::store::running_job::Step;
use tracestore::wire::frame;

/// What waits for something that never comes is a failure.
const FOR_EVER: Duration = Duration::from_secs(60);

/// A place whose opening lasts until it is allowed.
struct SlowPlace {
    options: Options,
    allow: mpsc::Sender<Result<()>>,
    allowed: Arc<Mutex<mpsc::Receiver<Result<()>>>>,
}

impl SlowPlace {
    fn new(path: &str, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = support::options(Some(Path::new(path)));
        change(&mut options);
        let (allow, allowed) = mpsc::channel();
        Self { options, allow, allowed: Arc::new(Mutex::new(allowed)) }
    }

    fn instance(&self) -> Handle {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let inode = NEXT.fetch_add(1, Ordering::Relaxed) as u64;
        let (options, allowed) = (self.options.clone(), Arc::clone(&self.allowed));
        let open = move || {
            allowed.lock().unwrap().recv_timeout(FOR_EVER).unwrap()?;
            let identity = StoreIdentity(u128::MAX - u128::from(inode));
            let found = FoundStore { identity, readonly: false, place: PathBuf::from(inode.to_string()) };
            registry::acquire(&options, Some(found), || Engine::start(options.clone(), Arc::new(Memory::default())))
        };
        Handle::new(self.options.clone(), Box::new(open))
    }

    fn allow(&self) {
        self.allow.send(Ok(())).unwrap();
    }
}

fn session(id: &str) -> Vec<u8> {
    let session = json!({"sessionId": id, "userId": 1, "auditingId": 1, "createdAt": "2024-01-01T00:00:00.000Z",
        "updatedAt": "2024-01-01T00:00:00.000Z", "traceCount": 0, "tags": []});
    frame(5, &session.to_string())
}

fn read(handle: &Handle, asked: Query) -> mpsc::Receiver<Result<Answer>> {
    let (sender, receiver) = mpsc::channel();
    handle.read(asked, Box::new(move |answer| sender.send(answer).unwrap()));
    receiver
}

fn answer(receiver: &mpsc::Receiver<Result<Answer>>) -> Result<Value> {
    let answer = receiver.recv_timeout(FOR_EVER).unwrap()?;
    Ok(serde_json::from_str(&answer.into_parts(usize::MAX).concat()).unwrap())
}

fn count() -> Query {
    query(&json!({"query": "listSessions", "limit": 0}))
}

/// The tickets that are settled and the codes of what failed, once `tickets` are.
fn settled(handle: &Handle, tickets: usize) -> (usize, Vec<String>) {
    let (mut done, mut codes) = (0, Vec::new());
    while done < tickets {
        let (sender, receiver) = mpsc::channel();
        handle.wait_settled(Box::new(move || sender.send(()).unwrap()));
        receiver.recv_timeout(FOR_EVER).unwrap();
        let text = handle.poll_settled();
        let settlement: Value = serde_json::from_str(&text).unwrap();
        done += settlement["done"].as_array().unwrap().len();
        let failed = settlement["failed"].as_array().unwrap();
        codes.extend(failed.iter().map(|failure| failure[2].as_str().unwrap().to_owned()));
    }
    (done, codes)
}

#[test]
fn all_that_is_handed_over_meanwhile_is_done_in_order() {
    let place = SlowPlace::new("/slow/in-order", |_| {});
    let handle = place.instance();
    handle.write(&session("a"), 0);
    let between = read(&handle, count());
    handle.write(&session("b"), 0);
    let job = handle.start_job(Job::Verify);
    let (closed, close) = mpsc::channel();
    handle.close(Box::new(move |lost| closed.send(lost).unwrap()));
    assert_eq!(answer(&read(&handle, count())).unwrap_err().code, Code::Closed);
    place.allow();
    assert!(answer(&between).unwrap()["total"].as_u64().unwrap() >= 1);
    assert_eq!(settled(&handle, 2), (2, vec![]));
    assert!(close.recv_timeout(FOR_EVER).unwrap().is_none());
    let (sender, receiver) = mpsc::channel();
    job.next(Box::new(move |step| sender.send(step).unwrap()));
    assert!(matches!(receiver.recv_timeout(FOR_EVER).unwrap(), Step::Over(_)));
}

#[test]
fn another_place_opens_meanwhile() {
    let (slow, other) = (SlowPlace::new("/slow/a", |_| {}), SlowPlace::new("/slow/b", |_| {}));
    let (waiting, handle) = (slow.instance(), other.instance());
    let held = read(&waiting, count());
    other.allow();
    assert_eq!(answer(&read(&handle, count())).unwrap()["total"], 0);
    slow.allow();
    assert_eq!(answer(&held).unwrap()["total"], 0);
}

#[test]
fn a_failure_is_told_to_all_that_waits_and_the_next_use_tries_anew() {
    let place = SlowPlace::new("/slow/failing", |_| {});
    let handle = place.instance();
    handle.write(&session("a"), 0);
    let held = read(&handle, count());
    place.allow.send(Err(Error::new(Code::Io, "not today"))).unwrap();
    assert_eq!(answer(&held).unwrap_err().code, Code::Io);
    assert_eq!(settled(&handle, 1), (1, vec!["IO".to_owned()]));
    place.allow();
    assert_eq!(answer(&read(&handle, count())).unwrap()["total"], 0);
}

#[test]
fn what_waits_is_bounded_as_the_queue_is() {
    let bytes = session("a").len();
    for (on_full, codes) in [(OnFull::Reject, vec!["QUEUE_FULL".to_owned()]), (OnFull::Drop, vec![])] {
        let place = SlowPlace::new(&format!("/slow/{on_full:?}"), |options| {
            options.on_full = on_full;
            options.max_queue_bytes = 2 * bytes;
        });
        let handle = place.instance();
        for id in ["a", "b", "c"] {
            handle.write(&session(id), 0);
        }
        place.allow();
        assert_eq!(settled(&handle, 3), (3, codes));
        assert_eq!(answer(&read(&handle, count())).unwrap()["total"], 2);
    }
}

#[test]
fn who_may_wait_for_room_waits_until_it_is_open_or_the_time_is_over() {
    let bytes = session("a").len();
    let place = SlowPlace::new("/slow/block", |options| {
        options.max_queue_bytes = bytes;
        options.block_timeout_ms = 1;
    });
    let handle = place.instance();
    for id in ["a", "b"] {
        handle.write(&session(id), 0);
    }
    assert_eq!(settled(&handle, 1), (1, vec!["QUEUE_FULL".to_owned()]));
    place.allow();
    assert_eq!(settled(&handle, 1), (1, vec![]));
}

#[test]
fn the_end_of_an_environment_waits_for_it_no_longer_than_it_may() {
    let place = SlowPlace::new("/slow/end", |_| {});
    let handle = place.instance();
    handle.write(&session("a"), 0);
    assert!(!handle.drain(Duration::ZERO));
    place.allow();
    assert!(handle.drain(FOR_EVER));
    assert_eq!(settled(&handle, 1), (1, vec![]));
}

#[test]
fn the_end_of_the_process_waits_for_it() {
    let place = SlowPlace::new("/slow/exit", |options| options.exit_timeout_ms = 60_000);
    let handle = place.instance();
    handle.accept(&session("a"), 0);
    handle.abandon();
    place.allow();
    tracestore::store::opening::finish(Instant::now());
    assert!(handle.drain(Duration::ZERO), "it was handed to the engine");
}
