//! The class behind `SqliteTraceStore`.

use super::error_text;
use super::native_answer::{NativeAnswer, handed_over};
use super::native_job::NativeJob;
use super::panics::print_places_only;
use super::pool::Pool;
use crate::error::{Error, Result};
use crate::model::{Job, Query};
use crate::open;
use crate::store::exit;
use crate::store::handle::Handle;
use crate::store::options::Options;
use crate::wire::BatchHeader;
use napi::bindgen_prelude::{Buffer, BufferSlice, Object};
use napi::{CleanupEnvHook, Either, Env, Status};
use napi_derive::napi;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

/// One instance's hold of an engine. Storage errors are never thrown: they come as JSON text.
#[napi]
pub struct NativeStore {
    inner: Rc<Inner>,
}

struct Inner {
    handle: Handle,
    /// `None` once closed.
    pool: RefCell<Option<Pool>>,
    /// Drains the pool when the environment ends; removed by `close`.
    hook: RefCell<Option<CleanupEnvHook<Weak<Inner>>>>,
}

#[napi]
impl NativeStore {
    /// Touches no file. `options` is JSON text; `pool` is kept until `close`, collection or the environment's end.
    #[napi(constructor)]
    pub fn new(env: Env, options: String, pool: Buffer) -> napi::Result<Self> {
        print_places_only();
        let options = Options::parse(&options).map_err(thrown)?;
        let inner = Rc::new(Inner {
            handle: open::handle(options),
            pool: RefCell::new(Some(Pool::new(pool))),
            hook: RefCell::default(),
        });
        let hook = env.add_env_cleanup_hook(Rc::downgrade(&inner), |ending: Weak<Inner>| {
            if let Some(inner) = ending.upgrade() {
                inner.hook.take();
                inner.end();
            }
        })?;
        inner.hook.replace(Some(hook));
        Ok(Self { inner })
    }

    /// Hands over the frames in `buffer[..length]`, behind their header, and returns the batch's ticket.
    #[napi]
    pub fn write(&self, buffer: BufferSlice, length: u32) -> f64 {
        let Inner { handle, pool, .. } = self.inner.as_ref();
        let mut pool = pool.borrow_mut();
        let ticket = match pool.as_mut().filter(|pool| pool.is(&buffer)) {
            // From here on the memory is the pool's: `buffer` is not looked at again.
            Some(pool) => pool.drain(|frames, written_at| handle.write(frames, written_at)),
            None => {
                match buffer.get(..usize::try_from(length).unwrap_or(0)).and_then(|batch| batch.split_first_chunk()) {
                    Some((header, frames)) => handle.write(frames, BatchHeader::parse(*header).written_at),
                    None => handle.write(&[], 0),
                }
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "nobody hands over 2^53 batches")]
        let ticket = ticket as f64;
        ticket
    }

    /// Lets go of what earlier writes defined; the next one must begin anew.
    #[napi]
    pub fn forget_definitions(&self) {
        self.inner.handle.forget_definitions();
    }

    /// Resolves as soon as a batch is settled; `poll` tells which.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn settled<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred::<(), _>()?;
        self.inner.handle.wait_settled(Box::new(move || deferred.resolve(|_| Ok(()))));
        Ok(promise)
    }

    /// The settlement so far; empty if nothing is settled.
    #[napi]
    pub fn poll(&self) -> String {
        self.inner.handle.poll_settled()
    }

    /// Resolves with the answer to a query, after all batches handed over before.
    #[napi(ts_return_type = "Promise<string | NativeAnswer>")]
    pub fn read<'env>(&self, env: &'env Env, query: String) -> napi::Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred::<Either<String, NativeAnswer>, _>()?;
        let reply = move |answer: Result<crate::model::Answer>| {
            let answer = handed_over(answer);
            deferred.resolve(move |_| Ok(answer));
        };
        match Query::parse(&query) {
            Ok(query) => self.inner.handle.read(query, Box::new(reply)),
            Err(error) => reply(Err(error)),
        }
        Ok(promise)
    }

    /// Begins a job, after all batches handed over before.
    #[napi]
    pub fn start_job(&self, job: String) -> napi::Result<NativeJob> {
        let job = Job::parse(&job).map_err(thrown)?;
        Ok(NativeJob::new(self.inner.handle.start_job(job)))
    }

    /// Asks all jobs of this instance to end.
    #[napi]
    pub fn cancel_jobs(&self) {
        self.inner.handle.cancel_jobs();
    }

    /// Tells the last layer that the process ends now.
    #[napi]
    #[allow(clippy::unused_self, reason = "JavaScript has no other object of ours at hand")]
    pub fn process_ends(&self) {
        exit::note_begin();
    }

    /// Commits everything handed over, on this thread; false if `timeout_ms` was too short.
    #[napi]
    pub fn drain(&self, timeout_ms: u32) -> bool {
        self.inner.handle.drain(Duration::from_millis(u64::from(timeout_ms)))
    }

    /// Resolves when this instance's writes are committed and, if it was the last, the file's handles are gone.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn close<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred::<String, _>()?;
        if let Some(hook) = self.inner.hook.take() {
            env.remove_env_cleanup_hook(hook)?;
        }
        self.inner.drain_pool();
        self.inner.pool.take();
        self.inner.handle.close(Box::new(move |lost: Option<Error>| {
            let answer = lost.map_or_else(String::new, |error| error_text(&error));
            deferred.resolve(move |_| Ok(answer));
        }));
        Ok(promise)
    }
}

impl Inner {
    /// The environment ends: what it left is handed over, and the engine may close.
    fn end(&self) {
        self.drain_pool();
        self.pool.take();
        self.handle.abandon();
    }

    fn drain_pool(&self) {
        if let Some(pool) = self.pool.borrow_mut().as_mut() {
            pool.drain(|frames, written_at| {
                if !frames.is_empty() {
                    self.handle.accept(frames, written_at);
                }
            });
        }
    }
}

impl Drop for Inner {
    /// The instance was collected without being closed.
    fn drop(&mut self) {
        self.drain_pool();
    }
}

fn thrown(error: Error) -> napi::Error {
    napi::Error::new(Status::InvalidArg, error.message)
}
