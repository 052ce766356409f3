//! Group commit against a writer that fails at any operation.

use super::*;
use crate::error::Code;
use crate::model::{Answer, Query};
use crate::store::backend::Warning;
use crate::store::settlement::Settlements;
use std::sync::Arc;

/// Remembers what it committed; operation `bad` fails, and takes the transaction with it if `fatal`, `times` times.
#[derive(Default)]
struct Faulty {
    committed: Vec<String>,
    pending: Vec<String>,
    open: bool,
    bad: Vec<&'static str>,
    fatal: bool,
    times: usize,
    panics: bool,
    begin_fails: bool,
    commit_fails: bool,
}

fn name(op: &Op) -> String {
    match op {
        Op::SetTraceTags(change) => change.trace_id.clone(),
        _ => String::new(),
    }
}

impl Writer for Faulty {
    fn begin(&mut self, _: Duration, _: Care) -> Result<()> {
        assert!(!self.open, "a transaction inside a transaction");
        if self.begin_fails {
            return Err(Error::new(Code::Busy, "busy"));
        }
        self.open = true;
        Ok(())
    }
    fn apply(&mut self, op: &Op) -> Result<()> {
        assert!(self.open, "a statement in autocommit");
        let name = name(op);
        assert!(!(self.panics && self.bad.contains(&name.as_str())), "a defect");
        if self.times > 0 && self.bad.contains(&name.as_str()) {
            if self.fatal {
                self.times -= 1;
                self.open = false;
                self.pending.clear();
            }
            return Err(Error::new(Code::Full, format!("no room for {name}")));
        }
        self.pending.push(name);
        Ok(())
    }
    fn stands(&self) -> bool {
        self.open
    }
    fn commit(&mut self, _: u64) -> Result<()> {
        if self.commit_fails {
            return Err(Error::new(Code::Io, "commit"));
        }
        self.open = false;
        self.committed.append(&mut self.pending);
        Ok(())
    }
    fn rollback(&mut self) {
        self.open = false;
        self.pending.clear();
    }
    fn close(&mut self) {}

    fn tidy(&mut self) -> Option<Warning> {
        None
    }
    fn answer(&mut self, _: &Query) -> Result<Answer> {
        Err(Error::internal("not asked here"))
    }
}

fn batch(names: &[&str]) -> Batch {
    let frames = names.iter().flat_map(|name| op::frame(8, &format!(r#"{{"traceId":"{name}","tags":[]}}"#))).collect();
    Batch { seq: 1, ticket: 1, settlements: Arc::new(Settlements::default()), frames, operations: names.len() }
}

fn codes(failures: &[Vec<Failure>]) -> Vec<Vec<(Option<u32>, Code)>> {
    failures.iter().map(|batch| batch.iter().map(|(index, error)| (*index, error.code)).collect()).collect()
}

#[test]
fn a_bad_operation_fails_alone() {
    let mut writer = Faulty { bad: vec!["b", "d"], times: 9, ..Faulty::default() };
    let failures = commit(&mut writer, &[batch(&["a", "b"]), batch(&["c", "d", "e"])], Duration::ZERO);
    assert_eq!(codes(&failures), [vec![(Some(1), Code::Full)], vec![(Some(1), Code::Full)]]);
    assert_eq!(writer.committed, ["a", "c", "e"]);
}

#[test]
fn a_lost_transaction_is_replayed_without_the_culprit() {
    for bad in ["a", "b", "c"] {
        let mut writer = Faulty { bad: vec![bad], fatal: true, times: 1, ..Faulty::default() };
        let failures = commit(&mut writer, &[batch(&["a", "b", "c"])], Duration::ZERO);
        assert_eq!(failures[0].len(), 1, "{bad}");
        let others: Vec<_> = ["a", "b", "c"].into_iter().filter(|name| *name != bad).collect();
        assert_eq!(writer.committed, others, "{bad}");
    }
}

#[test]
fn a_second_loss_fails_everyone_with_the_cause() {
    let mut writer = Faulty { bad: vec!["b", "c"], fatal: true, times: 2, ..Faulty::default() };
    let failures = commit(&mut writer, &[batch(&["a", "b", "c"])], Duration::ZERO);
    assert_eq!(failures[0].len(), 3);
    assert!(writer.committed.is_empty());
    assert_eq!(failures[0][0].1.message, "no room for c");
}

#[test]
fn a_failed_begin_or_commit_fails_everyone() {
    let mut busy = Faulty { begin_fails: true, ..Faulty::default() };
    assert_eq!(codes(&commit(&mut busy, &[batch(&["a"])], Duration::ZERO)), [vec![(Some(0), Code::Busy)]]);
    let mut io = Faulty { commit_fails: true, ..Faulty::default() };
    assert_eq!(
        codes(&commit(&mut io, &[batch(&["a", "b"])], Duration::ZERO)),
        [vec![(Some(0), Code::Io), (Some(1), Code::Io)]]
    );
    assert!(!io.open);
}

#[test]
fn a_trace_whose_start_was_lost_is_not_said_to_exist() {
    struct Twice(Faulty);
    impl Writer for Twice {
        fn begin(&mut self, patience: Duration, care: Care) -> Result<()> {
            self.0.begin(patience, care)
        }
        fn apply(&mut self, op: &Op) -> Result<()> {
            if self.0.pending.contains(&name(op)) {
                return Err(Error::new(Code::AlreadyExists, "started before"));
            }
            self.0.apply(op)
        }
        fn stands(&self) -> bool {
            self.0.stands()
        }
        fn commit(&mut self, bytes_in: u64) -> Result<()> {
            self.0.commit(bytes_in)
        }
        fn rollback(&mut self) {
            self.0.rollback();
        }
        fn close(&mut self) {}
        fn tidy(&mut self) -> Option<Warning> {
            None
        }
        fn answer(&mut self, query: &Query) -> Result<Answer> {
            self.0.answer(query)
        }
    }
    for (commit_fails, code) in [(false, Code::AlreadyExists), (true, Code::Io)] {
        let mut writer = Twice(Faulty { commit_fails, ..Faulty::default() });
        let failures = commit(&mut writer, &[batch(&["a", "a"])], Duration::ZERO);
        assert_eq!(codes(&failures)[0].last(), Some(&(Some(1), code)));
    }
}

#[test]
fn what_can_not_be_decoded_fails_alone() {
    let mut bad = batch(&["a"]);
    bad.frames.extend(op::frame(8, "{\"traceId\":7}"));
    bad.frames.extend(op::frame(99, "{}"));
    let mut writer = Faulty::default();
    let failures = commit(&mut writer, &[bad], Duration::ZERO);
    assert_eq!(codes(&failures), [vec![(Some(1), Code::InvalidArgument), (Some(2), Code::Internal)]]);
    assert_eq!(writer.committed, ["a"]);
}

#[test]
fn a_panic_in_one_operation_fails_it_alone() {
    let mut writer = Faulty { bad: vec!["b"], panics: true, ..Faulty::default() };
    let failures = commit(&mut writer, &[batch(&["a", "b", "c"])], Duration::ZERO);
    assert_eq!(codes(&failures), [vec![(Some(1), Code::Internal)]]);
    assert_eq!(writer.committed, ["a", "c"]);
}
