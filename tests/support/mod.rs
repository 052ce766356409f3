//! What the integration tests share: a reference backend, answers as plain JSON, and operations in short form.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

pub mod accounts;
pub mod connected;
pub mod mapped;
mod maps;
mod maps_content;
mod maps_said;
pub mod memory;
mod memory_answers;
mod memory_pages;
mod memory_said;
mod memory_sessions;
pub mod operations;
pub mod rebuild;
mod spoken;
mod told_span;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracestore::error::Result;
use tracestore::model::time::Nanos;
use tracestore::model::{Op, Receipt, TenantName};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, OpGroup, SentOp, Writer};
use tracestore::store::options::{Durability, Locking, OnFull, Options};

/// Options of a store at `path`, or in memory.
pub fn options(path: Option<&Path>) -> Options {
    Options {
        path: path.map_or_else(|| ":memory:".into(), Path::to_path_buf),
        memory: path.is_none(),
        readonly: false,
        durability: Durability::Process,
        locking: Locking::Shared,
        busy_timeout_ms: 5000,
        max_queue_bytes: 1 << 20,
        on_full: OnFull::Block,
        block_timeout_ms: 5000,
        exit_timeout_ms: 5000,
        file_mode: None,
    }
}

/// The SQLite backend at `path`, or in memory.
pub fn sqlite(path: Option<&Path>) -> Arc<dyn Backend> {
    let options = options(path);
    let file = SqliteBackend::prepare(&options).unwrap();
    Arc::new(SqliteBackend::new(options, file))
}

/// When operations are made that say nothing of it.
pub const NOW: Nanos = Nanos(1_704_067_200_000_000_000);

/// Applies operations of the nameless tenant in one transaction and says what came of each.
pub fn apply(writer: &mut dyn Writer, ops: &[Op]) -> Vec<Result<Receipt>> {
    apply_each(writer, ops.iter().map(|op| ("", op)))
}

/// Applies operations, each of the tenant with this name, in one transaction and says what came of each.
pub fn apply_each<'a>(
    writer: &mut dyn Writer,
    ops: impl IntoIterator<Item = (&'a str, &'a Op)>,
) -> Vec<Result<Receipt>> {
    let at = |second: i64| Nanos(NOW.0 + second * 1_000_000_000);
    let sent = |((name, op), second): ((&str, &Op), i64)| SentOp {
        tenant: tenant(name),
        op: op.clone(),
        bytes: 1,
        at: at(second),
    };
    let ops: Vec<SentOp> = ops.into_iter().zip(0..).map(sent).collect();
    writer.apply_group(&OpGroup { ops: &ops, patience: Duration::from_secs(60) })
}

/// The tenant with this name.
pub fn tenant(name: &str) -> TenantName {
    TenantName::parse(name.as_bytes()).unwrap()
}

/// Applies operations of the nameless tenant of which none may fail, in one transaction.
pub fn write(writer: &mut dyn Writer, ops: &[Op]) {
    write_of(writer, "", ops);
}

/// The same of the tenant with this name.
pub fn write_of(writer: &mut dyn Writer, tenant: &str, ops: &[Op]) {
    let results = apply_each(writer, ops.iter().map(|op| (tenant, op)));
    for (op, result) in ops.iter().zip(results) {
        assert!(result.is_ok(), "{result:?} for {op:?}");
    }
}
