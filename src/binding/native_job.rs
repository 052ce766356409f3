//! A job as JavaScript follows it: step by step, until it is over or given up.

use super::error_text;
use crate::store::running_job::{RunningJob, Step};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use std::sync::Arc;

/// A running job; ends when it is collected.
#[napi]
pub struct NativeJob {
    running: Arc<RunningJob>,
}

impl NativeJob {
    /// Follows an running.
    pub fn new(running: Arc<RunningJob>) -> Self {
        Self { running }
    }
}

#[napi]
impl NativeJob {
    /// Resolves with how far the job is, as soon as that is news, or with what came of it.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn next<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred::<String, _>()?;
        self.running.next(Box::new(move |step| {
            let text = text(step);
            deferred.resolve(move |_| Ok(text));
        }));
        Ok(promise)
    }

    /// Asks for the job's end; `next` tells when it has ended.
    #[napi]
    pub fn cancel(&self) {
        self.running.cancel();
    }
}

impl Drop for NativeJob {
    fn drop(&mut self) {
        self.running.cancel();
    }
}

fn text(step: Step) -> String {
    match step {
        Step::At(progress) => serde_json::json!({ "progress": progress }).to_string(),
        Step::Over(Ok(outcome)) => serde_json::json!({ "outcome": outcome }).to_string(),
        Step::Over(Err(error)) => error_text(&error),
    }
}
