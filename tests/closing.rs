//! Closing: two instances on one file that do it at the same time both hear of their end, and no job begins after it.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use std::path::PathBuf;
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;
use support::memory::Memory;
use tracestore::error::Code;
use tracestore::model::{Job, Query};
use tracestore::store::backend::StoreIdentity;
use tracestore::store::engine::Engine;
use tracestore::store::handle::Handle;
use tracestore::store::jobs::Jobs;
use tracestore::store::registry::{self, FoundStore};
use tracestore::store::running_job::{RunningJob, Step};

/// A lost call would never come.
const FOR_EVER: Duration = Duration::from_secs(60);

fn instance(inode: u64) -> Handle {
    let options = support::options(None);
    let own = options.clone();
    let handle = Handle::new(
        options,
        Box::new(move || {
            let identity = StoreIdentity(u128::MAX - u128::from(inode));
            let found = FoundStore { identity, readonly: false, place: PathBuf::from(inode.to_string()) };
            registry::acquire(&own, Some(found), || Engine::start(own.clone(), Arc::new(Memory::default())))
        }),
    );
    handle.read(Query::Info, Box::new(|_| {}));
    handle
}

#[test]
fn both_of_two_that_close_at_once_hear_of_it() {
    for round in 0..2000 {
        let (sender, receiver) = mpsc::channel();
        let start = Arc::new(Barrier::new(2));
        let instances = [instance(round), instance(round)];
        let threads = instances.map(|handle| {
            let (start, sender) = (Arc::clone(&start), sender.clone());
            std::thread::spawn(move || {
                start.wait();
                handle.close(Box::new(move |_| sender.send(()).unwrap()));
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        for _ in 0..2 {
            receiver.recv_timeout(FOR_EVER).unwrap();
        }
    }
}

#[test]
fn a_job_that_comes_after_the_end_is_refused_and_not_begun() {
    let jobs = Jobs::new(support::sqlite(None));
    let step = |order: &RunningJob| {
        let (sender, receiver) = mpsc::channel();
        order.next(Box::new(move |step| sender.send(step).unwrap()));
        receiver.recv_timeout(FOR_EVER).unwrap()
    };
    jobs.close(None);
    let (own, other) = (Arc::<RunningJob>::default(), Arc::<RunningJob>::default());
    jobs.start(Job::Verify, &own);
    jobs.run(&other, |_| unreachable!("it has begun"));
    for order in [own, other] {
        assert!(matches!(step(&order), Step::Over(Err(error)) if error.code == Code::Closed));
    }
}
