//! Group commit: many batches, one transaction, one answer each.
//!
//! One bad operation never fails its neighbours. One that is refused before it changed anything costs nothing. When one
//! took the whole transaction with it (by failing midway, or because a full disk rolled back everything), the group is
//! replayed once without it, with care for each operation; if that fails too, everyone hears the cause.

use super::backend::{Care, Writer};
use super::queue::Batch;
use super::settlement::Failure;
use crate::error::{Code, Error, Result};
use crate::model::op::{self, Op};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// One operation of a group and where it came from.
struct Entry {
    batch: usize,
    index: u32,
    op: Op,
    failure: Option<Error>,
}

/// Commits the batches and returns the failures of each, in their order.
pub fn commit(writer: &mut dyn Writer, batches: &[Batch], patience: Duration) -> Vec<Vec<Failure>> {
    let mut failures: Vec<Vec<Failure>> = batches.iter().map(|_| Vec::new()).collect();
    let mut entries = decode(batches, &mut failures);
    let bytes_in = batches.iter().map(|batch| batch.frames.len() as u64).sum();
    if let Err(cause) = transact(&mut Transaction { writer, patience, bytes_in }, &mut entries) {
        for entry in &mut entries {
            // What a trace met that this very transaction had started never came to be.
            if entry.failure.as_ref().is_none_or(|failure| failure.code == Code::AlreadyExists) {
                entry.failure = Some(cause.clone());
            }
        }
    }
    for entry in entries {
        if let Some(error) = entry.failure {
            failures[entry.batch].push((Some(entry.index), error));
        }
    }
    failures
}

fn decode(batches: &[Batch], failures: &mut [Vec<Failure>]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (at, batch) in batches.iter().enumerate() {
        for ((code, text), index) in op::frames(&batch.frames).zip(0..) {
            match Op::parse(code, text) {
                Ok(op) => entries.push(Entry { batch: at, index, op, failure: None }),
                Err(error) => failures[at].push((Some(index), error)),
            }
        }
    }
    entries
}

/// What the attempts of one group share.
struct Transaction<'a> {
    writer: &'a mut dyn Writer,
    patience: Duration,
    bytes_in: u64,
}

/// One transaction, or two; an error is the cause for every operation that has none of its own.
fn transact(transaction: &mut Transaction<'_>, entries: &mut [Entry]) -> Result<()> {
    let Some(culprit) = attempt(transaction, entries, Care::Group, None)? else { return Ok(()) };
    match attempt(transaction, entries, Care::Each, Some(culprit))? {
        None => Ok(()),
        Some(second) => Err(entries[second]
            .failure
            .clone()
            .unwrap_or_else(|| Error::internal("a transaction was lost without a cause"))),
    }
}

/// Applies all operations but `without` and commits; `Some(n)` if operation n lost the whole transaction.
fn attempt(
    transaction: &mut Transaction<'_>,
    entries: &mut [Entry],
    care: Care,
    without: Option<usize>,
) -> Result<Option<usize>> {
    let Transaction { writer, patience, bytes_in } = transaction;
    writer.begin(*patience, care)?;
    for (at, entry) in entries.iter_mut().enumerate() {
        if without == Some(at) {
            continue;
        }
        entry.failure = apply(*writer, &entry.op).err();
        if !writer.stands() {
            writer.rollback();
            return Ok(Some(at));
        }
    }
    let committed = writer.commit(*bytes_in);
    if committed.is_err() {
        writer.rollback();
    }
    committed.map(|()| None)
}

/// A defect of ours in one operation costs that operation, and the transaction, which is replayed without it.
fn apply(writer: &mut dyn Writer, op: &Op) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| writer.apply(op))).unwrap_or_else(|_| {
        writer.rollback();
        Err(Error::internal("this write failed inside tracestore; please report it"))
    })
}

#[cfg(test)]
mod tests;
