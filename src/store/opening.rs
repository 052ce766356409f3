//! Openings under way: one thread for each path, where all who open that path take their turns. No JavaScript thread
//! waits for a file system, and a path that hangs holds up no other.

use crate::error::{Code, Error, Result};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// Opens something and tells who waits for it; never panics.
pub type Errand = Box<dyn FnOnce() + Send>;

struct Opening {
    path: PathBuf,
    waiting: VecDeque<Errand>,
    /// How long the end of the process may wait for it.
    exit_timeout: Duration,
}

/// Nobody holds the list for longer than a moment, unless the thread that did is gone.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

static OPENINGS: Mutex<Vec<Opening>> = Mutex::new(Vec::new());
static ENDED: Condvar = Condvar::new();

/// Runs the task on the thread of this path, after those that came before it.
///
/// `IO` if there is no thread to be had; the task is dropped then.
pub fn start(path: &Path, exit_timeout: Duration, task: Errand) -> Result<()> {
    let mut openings = OPENINGS.lock();
    if let Some(opening) = openings.iter_mut().find(|opening| opening.path == path) {
        opening.waiting.push_back(task);
        opening.exit_timeout = opening.exit_timeout.max(exit_timeout);
        return Ok(());
    }
    let own = path.to_owned();
    let started = thread::Builder::new().name("tracestore-open".to_owned()).spawn(move || work(&own));
    started.map_err(|error| Error::new(Code::Io, format!("can't start a thread to open the file: {error}")))?;
    openings.push(Opening { path: path.to_owned(), waiting: VecDeque::from([task]), exit_timeout });
    Ok(())
}

/// Waits for all of them, as long as the end of the process that began then may take.
pub fn finish(began: Instant) {
    let Some(mut openings) = OPENINGS.try_lock_for(LOCK_TIMEOUT) else { return };
    while let Some(longest) = openings.iter().map(|opening| opening.exit_timeout).max() {
        if ENDED.wait_until(&mut openings, began + longest).timed_out() {
            return;
        }
    }
}

/// Until nobody waits for this path.
fn work(path: &Path) {
    while let Some(task) = next(path) {
        task();
    }
    ENDED.notify_all();
}

fn next(path: &Path) -> Option<Errand> {
    let mut openings = OPENINGS.lock();
    let at = openings.iter().position(|opening| opening.path == path)?;
    let task = openings[at].waiting.pop_front();
    if task.is_none() {
        openings.swap_remove(at);
    }
    task
}
