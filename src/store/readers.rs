//! The reader threads: started when first needed, each with a connection of its own.

use super::backend::{Backend, Reader};
use super::queue::Reply;
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Query};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// A long answer must not hold up a short one; more threads than that only compete with the agent.
const MAX_THREADS: usize = 2;

struct Read {
    query: Query,
    reply: Reply,
}

#[derive(Default)]
struct State {
    reads: VecDeque<Read>,
    idle: usize,
    threads: usize,
    closing: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// See the module.
pub struct Readers {
    backend: Arc<dyn Backend>,
    shared: Arc<Shared>,
}

impl Readers {
    /// Readers of this backend; no thread starts yet.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, shared: Arc::default() }
    }

    /// Hands a query to an idle thread, or to a new one, or lets it wait.
    pub fn push(&self, query: Query, reply: Reply) {
        let mut state = self.shared.state.lock();
        state.reads.push_back(Read { query, reply });
        if state.idle < state.reads.len() && state.threads < MAX_THREADS {
            match self.start_thread() {
                Ok(()) => state.threads += 1,
                Err(error) if state.threads == 0 => {
                    let reads = std::mem::take(&mut state.reads);
                    drop(state);
                    for read in reads {
                        (read.reply)(Err(error.clone()));
                    }
                    return;
                }
                Err(_) => {}
            }
        }
        self.shared.changed.notify_one();
    }

    /// Answers what waits, then ends the threads; returns when their connections are closed.
    pub fn close(&self) {
        let mut state = self.shared.state.lock();
        state.closing = true;
        self.shared.changed.notify_all();
        self.shared.changed.wait_while(&mut state, |state| state.threads > 0);
    }

    fn start_thread(&self) -> Result<()> {
        let (backend, shared) = (Arc::clone(&self.backend), Arc::clone(&self.shared));
        let run = move || {
            serve(backend.as_ref(), &shared);
            shared.state.lock().threads -= 1;
            shared.changed.notify_all();
        };
        let started = thread::Builder::new().name("tracestore-read".to_owned()).spawn(run);
        started.map(drop).map_err(|error| Error::new(Code::Io, format!("can't start a reader thread: {error}")))
    }
}

/// Answers reads until the readers close; the connection is gone when it returns.
fn serve(backend: &dyn Backend, shared: &Shared) {
    let mut reader = None;
    while let Some(read) = next(shared) {
        let answer = catch_unwind(AssertUnwindSafe(|| answer(backend, &mut reader, &read.query)));
        let answer =
            answer.unwrap_or_else(|_| Err(Error::internal("a read failed inside tracestore; please report it")));
        if answer.is_err() {
            // The next read gets a fresh connection: this one may be of a file that was replaced.
            reader = None;
        }
        (read.reply)(answer);
    }
}

fn next(shared: &Shared) -> Option<Read> {
    let mut state = shared.state.lock();
    state.idle += 1;
    shared.changed.wait_while(&mut state, |state| state.reads.is_empty() && !state.closing);
    state.idle -= 1;
    state.reads.pop_front()
}

fn answer(backend: &dyn Backend, reader: &mut Option<Box<dyn Reader>>, query: &Query) -> Result<Answer> {
    backend.check_place()?;
    let reader = match reader {
        Some(reader) => reader,
        None => reader.insert(backend.open_reader()?),
    };
    reader.answer(query)
}
