//! The sessions of the reference backend: those that were upserted, and what traces tell of all others, found anew each
//! time.

use super::memory::Data;
use std::collections::{BTreeMap, BTreeSet};
use tracestore::error::Result;
use tracestore::model::Receipt;
use tracestore::model::session::Session;
use tracestore::model::trace::Trace;

/// By their names, each with its place in the order of writing and its version.
#[derive(Clone, Default)]
pub struct UpsertedSessions(BTreeMap<String, (i64, i64, Session)>);

impl UpsertedSessions {
    pub fn upsert(&mut self, seq: i64, given: &Session) -> Result<Receipt> {
        let (mut session, mut version) = (given.clone(), 1);
        if let Some((_, before, known)) = self.0.get(&given.session_id) {
            session = known.clone();
            session.update(given)?;
            version += before;
        }
        self.0.insert(given.session_id.clone(), (seq, version, session));
        Ok(Receipt::written(version))
    }

    pub fn version(&self, session_id: &str) -> Option<i64> {
        self.0.get(session_id).map(|(_, version, _)| *version)
    }
}

impl Data {
    /// All there are, each with its place in the order of writing, and with the traces that name it.
    pub fn sessions(&self) -> Vec<(i64, Session)> {
        let named = self.traces.iter().filter_map(|(_, trace)| trace.session_id.as_ref());
        let all: BTreeSet<&String> = named.chain(self.upserted.0.keys()).collect();
        all.into_iter().map(|session_id| self.session(session_id)).collect()
    }

    fn session(&self, session_id: &str) -> (i64, Session) {
        let naming = |(_, trace): &&(i64, Trace)| trace.session_id.as_deref() == Some(session_id);
        let mut traces: Vec<&(i64, Trace)> = self.traces.iter().filter(naming).collect();
        let trace_count = i64::try_from(traces.len()).unwrap();
        if let Some((seq, _, session)) = self.upserted.0.get(session_id) {
            return (*seq, Session { trace_count: trace_count.max(session.trace_count), ..session.clone() });
        }
        traces.sort_by_key(|(seq, trace)| (trace.started_at, *seq));
        let (seq, first) = traces[0];
        let times = traces.iter().flat_map(|(_, trace)| [Some(trace.started_at), trace.completed_at]);
        let session = Session {
            session_id: session_id.to_owned(),
            user_id: first.user_id,
            auditing_id: first.auditing_id,
            end_user_id: first.end_user_id.clone(),
            created_at: first.started_at,
            updated_at: times.flatten().max().unwrap(),
            trace_count,
            tags: Vec::new(),
            body: "{}".to_owned(),
        };
        (*seq, session)
    }
}
