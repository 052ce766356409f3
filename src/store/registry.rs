//! All engines of this process, one per store.
//!
//! The addon may be loaded many times over (bundles, test files, worker threads); the library and this list exist once.

use super::backend::StoreIdentity;
use super::engine::Engine;
use super::options::{Durability, Options};
use super::queue::Notice;
use crate::error::{Code, Error, Result};
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Instant;

/// A store that others of this process may have open too.
#[derive(Debug, Clone)]
pub struct FoundStore {
    pub identity: StoreIdentity,
    /// A viewer beside a writer has an engine of its own.
    pub readonly: bool,
    /// Where it is now, behind all links.
    pub place: PathBuf,
}

struct Registered {
    /// `None` for a store in memory: each instance has its own.
    found: Option<FoundStore>,
    engine: Arc<Engine>,
    /// Instances that hold it; at 0 it closes and nobody may join any more.
    instances: usize,
}

static ENGINES: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

/// The engine of a store that was found, started with `start` if there is none; a store in memory always gets its own.
///
/// Engines of files that were at the same place before leave it first, because what they hold in a log there would be
/// played into this one. That may take as long as a lock of another process, so it is no JavaScript thread that calls this.
pub fn acquire(
    options: &Options,
    found: Option<FoundStore>,
    start: impl FnOnce() -> Result<Arc<Engine>>,
) -> Result<Arc<Engine>> {
    for earlier in found.as_ref().map(earlier).unwrap_or_default() {
        earlier.leave();
    }
    let mut engines = ENGINES.lock();
    let is_same = |entry: &Registered| matches!((&entry.found, &found), (Some(one), Some(other)) if (one.identity, one.readonly) == (other.identity, other.readonly));
    let known = engines.iter_mut().find(|entry| is_same(entry) && entry.instances > 0 && !entry.engine.is_replaced());
    if let Some(entry) = known {
        if let Some(name) = entry.engine.options.difference(options) {
            return Err(Error::new(
                Code::Conflict,
                format!(
                    "{} is open in this process with another {name}; instances on one file must agree in it",
                    options.path.display()
                ),
            ));
        }
        if options.durability == Durability::Power {
            entry.engine.backend().require_power();
        }
        entry.instances += 1;
        return Ok(Arc::clone(&entry.engine));
    }
    let engine = start()?;
    // Under the list's lock, which `remove` takes too: an engine that just started is not gone yet.
    let gone = Arc::downgrade(&engine);
    engine.when_gone(Box::new(move || remove(&gone)));
    engines.push(Registered { found, engine: Arc::clone(&engine), instances: 1 });
    Ok(engine)
}

/// The engines of files that are no longer where this one is, or that were told so.
fn earlier(found: &FoundStore) -> Vec<Arc<Engine>> {
    let is_earlier = |entry: &&Registered| {
        entry.found.as_ref().is_some_and(|known| {
            known.place == found.place && (known.identity != found.identity || entry.engine.is_replaced())
        })
    };
    ENGINES.lock().iter().filter(is_earlier).map(|entry| Arc::clone(&entry.engine)).collect()
}

/// Gives up one instance's hold; calls `done` when its writes are settled and, if it was the last, the engine is gone.
pub fn release(engine: &Arc<Engine>, done: Notice) {
    let mut engines = ENGINES.lock();
    let Some(entry) = engines.iter_mut().find(|entry| Arc::ptr_eq(&entry.engine, engine)) else {
        drop(engines);
        return done();
    };
    entry.instances -= 1;
    if entry.instances == 0 {
        engine.queue.close();
        drop(engines);
        engine.when_gone(done);
    } else {
        // Under the lock: nobody would call it if the last instance closed the queue before it is there.
        engine.queue.push_barrier(done);
    }
}

/// Every engine there is; none if the list can't be had before `deadline`.
pub fn all(deadline: Instant) -> Vec<Arc<Engine>> {
    let engines = ENGINES.try_lock_until(deadline);
    engines.map(|engines| engines.iter().map(|entry| Arc::clone(&entry.engine)).collect()).unwrap_or_default()
}

/// Forgets an engine that has closed; the first to hear of it, so that who waits for the end finds it gone.
fn remove(gone: &Weak<Engine>) {
    ENGINES.lock().retain(|entry| !std::ptr::eq(Arc::as_ptr(&entry.engine), gone.as_ptr()));
}
