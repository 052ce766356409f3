//! The reader threads: started when first needed, each with a connection of its own.

use super::backend::{Backend, Reader};
use super::queue::Reply;
use super::turns::{Asker, Turns};
use crate::error::{Code, Error, Result};
use crate::model::{Answer, Query};
use parking_lot::{Condvar, Mutex};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// A long answer must not hold up a short one; more threads than that only compete with the agent.
const MAX_THREADS: usize = 2;

struct Question {
    query: Query,
    reply: Reply,
}

#[derive(Default)]
struct WaitingReads {
    reads: Turns<Question>,
    idle: usize,
    threads: usize,
    /// How many of the threads may have a connection.
    connected: usize,
    /// How often they were asked to close it.
    forget: u64,
    closing: bool,
}

#[derive(Default)]
struct ReaderPool {
    state: Mutex<WaitingReads>,
    changed: Condvar,
}

/// At most two threads that answer queries.
pub struct Readers {
    backend: Arc<dyn Backend>,
    pool: Arc<ReaderPool>,
}

impl Readers {
    /// Readers of this backend; no thread starts yet.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, pool: Arc::default() }
    }

    /// Hands a query to an idle thread, or to a new one, or lets it wait.
    pub fn push(&self, asker: &Arc<Asker>, query: Query, reply: Reply) {
        let mut state = self.pool.state.lock();
        state.reads.push(asker, Question { query, reply });
        if state.idle < state.reads.len() && state.threads < MAX_THREADS {
            match self.start_thread() {
                Ok(()) => state.threads += 1,
                Err(error) if state.threads == 0 => {
                    let mut reads = std::mem::take(&mut state.reads);
                    drop(state);
                    while let Some((_, read)) = reads.pop() {
                        (read.reply)(Err(error.clone()));
                    }
                    return;
                }
                Err(_) => {}
            }
        }
        self.pool.changed.notify_one();
    }

    /// Answers what waits, then ends the threads; returns when their connections are closed.
    pub fn close(&self) {
        let mut state = self.pool.state.lock();
        state.closing = true;
        self.pool.changed.notify_all();
        self.pool.changed.wait_while(&mut state, |state| state.threads > 0);
    }

    /// Lets every thread close its connection; false if one has not until the deadline.
    pub fn forget(&self, deadline: Instant) -> bool {
        let mut state = self.pool.state.lock();
        state.forget += 1;
        self.pool.changed.notify_all();
        !self.pool.changed.wait_while_until(&mut state, |state| state.connected > 0, deadline).timed_out()
    }

    fn start_thread(&self) -> Result<()> {
        let (backend, pool) = (Arc::clone(&self.backend), Arc::clone(&self.pool));
        let run = move || {
            serve(backend.as_ref(), &pool);
            pool.state.lock().threads -= 1;
            pool.changed.notify_all();
        };
        let started = thread::Builder::new().name("tracestore-read".to_owned()).spawn(run);
        started.map(drop).map_err(|error| Error::new(Code::Io, format!("can't start a reader thread: {error}")))
    }
}

/// Answers reads until the readers close; the connection is gone when it returns.
fn serve(backend: &dyn Backend, pool: &ReaderPool) {
    let (mut reader, mut forgotten) = (None, 0);
    loop {
        let read = match next(pool, &mut forgotten) {
            Task::Answer(asker, read) => match asker.check() {
                Ok(()) => read,
                Err(error) => {
                    (read.reply)(Err(error));
                    continue;
                }
            },
            Task::Forget => {
                close(&mut reader, pool);
                continue;
            }
            Task::End => break,
        };
        if reader.is_none() {
            pool.state.lock().connected += 1;
        }
        let answer = catch_unwind(AssertUnwindSafe(|| answer(backend, &mut reader, &read.query)));
        let answer =
            answer.unwrap_or_else(|_| Err(Error::internal("a read failed inside tracestore; please report it")));
        if answer.is_err() {
            // The next read gets a fresh connection: this one may be of a file that was replaced.
            reader = None;
            pool.state.lock().connected -= 1;
            pool.changed.notify_all();
        }
        (read.reply)(answer);
    }
    close(&mut reader, pool);
}

fn close(reader: &mut Option<Box<dyn Reader>>, pool: &ReaderPool) {
    if reader.take().is_some() {
        pool.state.lock().connected -= 1;
        pool.changed.notify_all();
    }
}

enum Task {
    Answer(Arc<Asker>, Question),
    Forget,
    End,
}

fn next(pool: &ReaderPool, forgotten: &mut u64) -> Task {
    let mut state = pool.state.lock();
    state.idle += 1;
    let is_idle = |state: &mut WaitingReads| state.reads.is_empty() && !state.closing && state.forget == *forgotten;
    pool.changed.wait_while(&mut state, is_idle);
    state.idle -= 1;
    if state.forget != *forgotten {
        *forgotten = state.forget;
        return Task::Forget;
    }
    state.reads.pop().map_or(Task::End, |(asker, read)| Task::Answer(asker, read))
}

fn answer(backend: &dyn Backend, reader: &mut Option<Box<dyn Reader>>, query: &Query) -> Result<Answer> {
    backend.check_place()?;
    backend.check_handles()?;
    let reader = match reader {
        Some(reader) => reader,
        None => reader.insert(backend.open_reader()?),
    };
    reader.answer(query)
}
