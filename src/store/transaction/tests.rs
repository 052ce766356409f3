//! A group against a transaction that fails at any operation.

use super::*;
use crate::model::Op;
use crate::model::TenantName;
use crate::model::time::Nanos;
use crate::model::trace::TraceTags;
use crate::store::backend::SentOp;

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

impl Transaction for Faulty {
    fn begin(&mut self, _: Duration, _: Care) -> Result<()> {
        assert!(!self.open, "a transaction inside a transaction");
        if self.begin_fails {
            return Err(Error::new(Code::Busy, "busy"));
        }
        self.open = true;
        Ok(())
    }
    fn apply(&mut self, write: &SentOp) -> Result<Receipt> {
        assert!(self.open, "a statement in autocommit");
        let name = name(&write.op);
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
        Ok(Receipt::Nothing)
    }
    fn stands(&self) -> bool {
        self.open
    }
    fn commit(&mut self, bytes_in: u64) -> Result<()> {
        assert_eq!(bytes_in, self.pending.len() as u64 * 10, "only what is committed is counted");
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
}

fn ops(names: &[&str]) -> Vec<SentOp> {
    let tags = |name: &&str| Op::SetTraceTags(TraceTags { trace_id: (*name).to_owned(), tags: Vec::new() });
    let sent = |op| SentOp { tenant: TenantName::default(), op, bytes: 10, at: Nanos(0) };
    names.iter().map(tags).map(sent).collect()
}

/// The codes of what failed, with its place.
fn failures(transaction: &mut impl Transaction, names: &[&str]) -> Vec<(usize, Error)> {
    let group = OpGroup { ops: &ops(names), patience: Duration::ZERO };
    let results = apply_group(transaction, &group).into_iter().enumerate();
    results.filter_map(|(at, result)| Some((at, result.err()?))).collect()
}

fn codes(failures: &[(usize, Error)]) -> Vec<(usize, Code)> {
    failures.iter().map(|(at, error)| (*at, error.code)).collect()
}

#[test]
fn a_bad_operation_fails_alone() {
    let mut writer = Faulty { bad: vec!["b", "d"], times: 9, ..Faulty::default() };
    let failed = failures(&mut writer, &["a", "b", "c", "d", "e"]);
    assert_eq!(codes(&failed), [(1, Code::Full), (3, Code::Full)]);
    assert_eq!(writer.committed, ["a", "c", "e"]);
}

#[test]
fn a_lost_transaction_is_replayed_without_the_culprit() {
    for (at, bad) in ["a", "b", "c"].into_iter().enumerate() {
        let mut writer = Faulty { bad: vec![bad], fatal: true, times: 1, ..Faulty::default() };
        let failed = failures(&mut writer, &["a", "b", "c"]);
        assert_eq!(codes(&failed), [(at, Code::Full)], "{bad}");
        let others: Vec<_> = ["a", "b", "c"].into_iter().filter(|name| *name != bad).collect();
        assert_eq!(writer.committed, others, "{bad}");
    }
}

#[test]
fn a_second_loss_fails_everyone_with_the_cause() {
    let mut writer = Faulty { bad: vec!["b", "c"], fatal: true, times: 2, ..Faulty::default() };
    let failed = failures(&mut writer, &["a", "b", "c"]);
    assert_eq!(failed.len(), 3);
    assert!(writer.committed.is_empty());
    assert_eq!(failed[0].1.message, "no room for c");
}

#[test]
fn a_failed_begin_or_commit_fails_everyone() {
    let mut busy = Faulty { begin_fails: true, ..Faulty::default() };
    assert_eq!(codes(&failures(&mut busy, &["a"])), [(0, Code::Busy)]);
    let mut io = Faulty { commit_fails: true, ..Faulty::default() };
    assert_eq!(codes(&failures(&mut io, &["a", "b"])), [(0, Code::Io), (1, Code::Io)]);
    assert!(!io.open);
}

#[test]
fn what_was_lost_refuses_nothing() {
    /// Refuses what it met in its transaction, with this code.
    struct Twice(Faulty, Code);
    impl Transaction for Twice {
        fn begin(&mut self, patience: Duration, care: Care) -> Result<()> {
            self.0.begin(patience, care)
        }
        fn apply(&mut self, write: &SentOp) -> Result<Receipt> {
            if self.0.pending.contains(&name(&write.op)) {
                return Err(Error::new(self.1, "written before"));
            }
            self.0.apply(write)
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
    }
    for met in [Code::AlreadyExists, Code::Conflict] {
        for (commit_fails, code) in [(false, met), (true, Code::Io)] {
            let mut writer = Twice(Faulty { commit_fails, ..Faulty::default() }, met);
            assert_eq!(codes(&failures(&mut writer, &["a", "a"])).last(), Some(&(1, code)));
        }
    }
}

#[test]
fn a_panic_in_one_operation_fails_it_alone() {
    let mut writer = Faulty { bad: vec!["b"], panics: true, ..Faulty::default() };
    let failed = failures(&mut writer, &["a", "b", "c"]);
    assert_eq!(codes(&failed), [(1, Code::Internal)]);
    assert_eq!(writer.committed, ["a", "c"]);
}
