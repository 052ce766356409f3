//! Applies a group of operations in one transaction, for backends whose transactions can go wrong as a whole.
//!
//! One bad operation never fails its neighbours. One that is refused before it changed anything costs nothing. When one
//! took the whole transaction with it (by failing midway, or because a full disk rolled back everything), the group is
//! replayed once without it, with care for each operation; if that fails too, everyone hears the cause.

use super::backend::{OpGroup, SentOp};
use crate::error::{Code, Error, Result};
use crate::model::Receipt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What an operation that fails midway costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The whole transaction, which then no longer stands: the cheap way, for operations that hardly ever fail so.
    Group,
    /// Nothing but itself.
    Each,
}

/// One transaction at a time.
pub trait Transaction {
    /// Starts a transaction and keeps other processes from writing until its end; `BUSY` if one of them holds on for
    /// longer than `patience`.
    fn begin(&mut self, patience: Duration, care: Care) -> Result<()>;

    /// Applies one operation as a whole or not at all. After an error the other operations of the transaction still
    /// stand, unless `stands` denies it.
    fn apply(&mut self, write: &SentOp) -> Result<Receipt>;

    /// Whether the transaction is still open; a full disk or an I/O error may have rolled all of it back.
    fn stands(&self) -> bool;

    /// Ends the transaction. `bytes_in` counts the JSON of what it holds.
    fn commit(&mut self, bytes_in: u64) -> Result<()>;

    /// Undoes the transaction, if it still stands, and forgets what it would have changed.
    fn rollback(&mut self);
}

/// Applies the operations and commits; what came of each, in their order.
pub fn apply_group(transaction: &mut impl Transaction, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
    let mut results: Vec<Result<Receipt>> = group.ops.iter().map(|_| Ok(Receipt::Nothing)).collect();
    if let Err(cause) = transact(transaction, group, &mut results) {
        for result in &mut results {
            // What it met that this very transaction had written never came to be: a trace, a version.
            let is_met = |error: &Error| matches!(error.code, Code::AlreadyExists | Code::Conflict);
            if result.as_ref().err().is_none_or(is_met) {
                *result = Err(cause.clone());
            }
        }
    }
    results
}

/// How an attempt at a group ended.
enum Attempt {
    Committed,
    /// The operation at this place took the whole transaction with it.
    LostAt(usize),
}

/// One transaction, or two; an error is the cause for every operation that has none of its own.
fn transact(transaction: &mut impl Transaction, group: &OpGroup<'_>, results: &mut [Result<Receipt>]) -> Result<()> {
    let culprit = match attempt(transaction, group, results, Care::Group, None)? {
        Attempt::Committed => return Ok(()),
        Attempt::LostAt(_) if group.ops.len() == 1 => return Ok(()),
        Attempt::LostAt(culprit) => culprit,
    };
    match attempt(transaction, group, results, Care::Each, Some(culprit))? {
        Attempt::Committed => Ok(()),
        Attempt::LostAt(second) => Err(results[second]
            .clone()
            .err()
            .unwrap_or_else(|| Error::internal("a transaction was lost without a cause"))),
    }
}

/// Applies all operations but `without` and commits.
fn attempt(
    transaction: &mut impl Transaction,
    group: &OpGroup<'_>,
    results: &mut [Result<Receipt>],
    care: Care,
    without: Option<usize>,
) -> Result<Attempt> {
    transaction.begin(group.patience, care)?;
    let mut bytes_in = 0;
    for (at, (sent, result)) in group.ops.iter().zip(results).enumerate() {
        if without == Some(at) {
            continue;
        }
        *result = apply(transaction, sent);
        if !transaction.stands() {
            transaction.rollback();
            return Ok(Attempt::LostAt(at));
        }
        bytes_in += if result.is_ok() { sent.bytes } else { 0 };
    }
    let committed = transaction.commit(bytes_in);
    if committed.is_err() {
        transaction.rollback();
    }
    committed.map(|()| Attempt::Committed)
}

/// A defect of ours in one operation costs that operation, and the transaction, which is replayed without it.
fn apply(transaction: &mut impl Transaction, write: &SentOp) -> Result<Receipt> {
    catch_unwind(AssertUnwindSafe(|| transaction.apply(write))).unwrap_or_else(|_| {
        transaction.rollback();
        Err(Error::internal("this write failed inside tracestore; please report it"))
    })
}

#[cfg(test)]
mod tests;
