//! Tells one instance which of its batches are settled and which operations in them failed.
//!
//! Batches settle on the writer thread; one waiting promise at a time tells the instance that there
//! are some, and it asks which.

use super::backend::Warning;
use crate::error::{Error, Result};
use crate::model::Receipt;
use parking_lot::Mutex;
use serde_json::json;

/// One operation that failed: its position in the batch, or `None` for all of them.
pub type Failure = (Option<u32>, Error);

/// What came of a batch; all of it that is not named was committed and has nothing to say.
#[derive(Debug, Default)]
pub struct Settled {
    pub failures: Vec<Failure>,
    /// Receipts with the position of their operation.
    pub receipts: Vec<(u32, Receipt)>,
}

impl Settled {
    /// A batch of which nothing was committed.
    pub fn failed(error: Error) -> Self {
        Self { failures: vec![(None, error)], receipts: Vec::new() }
    }

    /// What came of the operation at this position.
    pub fn note(&mut self, index: u32, result: Result<Receipt>) {
        match result {
            Ok(Receipt::Nothing) => {}
            Ok(receipt) => self.receipts.push((index, receipt)),
            Err(error) => self.failures.push((Some(index), error)),
        }
    }
}

/// Called once there is something to poll, on any thread.
///
/// It carries nothing: what it was given would be lost where the process ends before the thread that waits hears of it.
pub type Waiter = Box<dyn FnOnce() + Send>;

/// The settled batches that an instance has not heard of yet.
#[derive(Default)]
pub struct Settlements {
    state: Mutex<Unheard>,
}

#[derive(Default)]
struct Unheard {
    settled: Vec<(u64, Settled)>,
    warnings: Vec<Warning>,
    waiter: Option<Waiter>,
}

impl Settlements {
    /// Records that a batch is settled, and wakes who waits.
    pub fn settle(&self, ticket: u64, settled: Settled) {
        let mut state = self.state.lock();
        state.settled.push((ticket, settled));
        let waiter = state.waiter.take();
        drop(state);
        if let Some(waiter) = waiter {
            waiter();
        }
    }

    /// Adds warnings to the next settlement.
    pub fn warn(&self, warnings: Vec<Warning>) {
        if !warnings.is_empty() {
            self.state.lock().warnings.extend(warnings);
        }
    }

    /// Calls `waiter` as soon as a batch is settled: now, if one is already.
    pub fn wait(&self, waiter: Waiter) {
        let mut state = self.state.lock();
        if state.settled.is_empty() {
            // A waiter that is still there belongs to a call whose promise nobody will settle otherwise.
            let earlier = state.waiter.replace(waiter);
            drop(state);
            if let Some(earlier) = earlier {
                earlier();
            }
        } else {
            drop(state);
            waiter();
        }
    }

    /// What is settled so far, as JSON text, told once; empty if nothing is.
    pub fn poll(&self) -> String {
        let mut state = self.state.lock();
        if state.settled.is_empty() { String::new() } else { take_text(&mut state) }
    }
}

fn take_text(state: &mut Unheard) -> String {
    let settled = std::mem::take(&mut state.settled);
    let done: Vec<u64> = settled.iter().map(|(ticket, _)| *ticket).collect();
    let failed: Vec<_> = settled
        .iter()
        .flat_map(|(ticket, batch)| batch.failures.iter().map(move |failure| (*ticket, failure)))
        .map(|(ticket, (index, error))| {
            json!([ticket, index.map_or(-1, i64::from), error.code.as_str(), error.message])
        })
        .collect();
    let receipts: Vec<_> = settled
        .iter()
        .flat_map(|(ticket, batch)| batch.receipts.iter().map(move |(index, receipt)| json!([ticket, index, receipt])))
        .collect();
    let warnings: Vec<_> = state.warnings.drain(..).map(|warning| json!([warning.name, warning.message])).collect();
    let mut text = json!({ "done": done, "failed": failed, "warnings": warnings });
    if !receipts.is_empty() {
        text["receipts"] = receipts.into();
    }
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::receipt::Written;
    use std::sync::mpsc;

    fn settled(index: u32, result: Result<Receipt>) -> Settled {
        let mut settled = Settled::default();
        settled.note(index, result);
        settled
    }

    #[test]
    fn a_receipt_travels_with_its_position_and_an_empty_one_does_not() {
        let settlements = Settlements::default();
        settlements.settle(1, settled(0, Ok(Receipt::Nothing)));
        assert_eq!(settlements.poll(), r#"{"done":[1],"failed":[],"warnings":[]}"#);
        settlements.settle(
            2,
            settled(5, Ok(Receipt::Batch(vec![Receipt::Nothing, Receipt::Written(Written { version: 7 })]))),
        );
        assert_eq!(
            settlements.poll(),
            r#"{"done":[2],"failed":[],"receipts":[[2,5,[null,{"version":7}]]],"warnings":[]}"#
        );
    }

    #[test]
    fn a_waiter_hears_of_all_that_settled() {
        let settlements = Settlements::default();
        let (sender, receiver) = mpsc::channel();
        settlements.settle(1, Settled::default());
        settlements.settle(2, settled(3, Err(Error::invalid("x"))));
        settlements.wait(Box::new(move || sender.send(()).unwrap()));
        receiver.recv().unwrap();
        assert_eq!(settlements.poll(), r#"{"done":[1,2],"failed":[[2,3,"INVALID_ARGUMENT","x"]],"warnings":[]}"#);
        assert_eq!(settlements.poll(), "");
    }

    #[test]
    fn a_settlement_wakes_the_waiter() {
        let settlements = Settlements::default();
        let (sender, receiver) = mpsc::channel();
        settlements.wait(Box::new(move || sender.send(()).unwrap()));
        settlements.settle(7, Settled::failed(Error::internal("all")));
        receiver.recv().unwrap();
        assert_eq!(settlements.poll(), r#"{"done":[7],"failed":[[7,-1,"INTERNAL","all"]],"warnings":[]}"#);
    }
}
