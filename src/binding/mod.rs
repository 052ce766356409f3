//! The Node addon: a store, its answers and its jobs as three classes with a handful of methods, each a few lines, and which copies of it there are; the only place that names napi.
//!
//! Receives bytes and JSON text from `lib/core.ts` and `lib/write/outbox.ts` and hands them to `store`; answers are JSON text too, errors
//! included, so that no promise of ours ever rejects with a code lost on the way.

#![allow(unsafe_code, reason = "napi's generated glue is unsafe")]
#![allow(clippy::needless_pass_by_value, reason = "napi hands arguments over by value")]

mod panics;

mod native_store;

mod native_answer;

mod native_job;

mod pool;

pub mod copies;

fn error_text(error: &crate::error::Error) -> String {
    serde_json::json!({ "error": { "code": error.code.as_str(), "message": error.message } }).to_string()
}
