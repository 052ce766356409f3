//! Which sessions follow a trace that changed: one that traces name is there, and is what they tell until it is upserted.
//!
//! The notes become rows when the transaction commits, one per session however many of its traces change.

use super::notes::Notes;
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::session::SessionRow;
use super::rows::state::next;
use super::rows::trace::TraceRow;
use crate::error::Result;
use crate::model::field::Noun;
use crate::model::number::Number;
use crate::model::session::Session;
use crate::model::time::Nanos;
use crate::model::trace::Trace;
use std::collections::BTreeSet;

/// The sessions that have to follow before the transaction commits, with their tenants.
pub type SessionNotes = Notes<(i64, String)>;

/// What a session follows of one of its traces.
#[derive(PartialEq)]
pub struct TraceShare<'a> {
    session_id: &'a str,
    seq: i64,
    user_id: Option<Number>,
    auditing_id: Option<Number>,
    end_user_id: Option<&'a str>,
    started_at: Nanos,
    completed_at: Option<Nanos>,
}

/// What became of the row of a session.
pub struct SessionChange {
    pub id: i64,
    pub before: BTreeSet<Facet>,
    pub after: BTreeSet<Facet>,
    /// How many more sessions there are.
    pub more: i64,
}

impl<'a> TraceShare<'a> {
    /// Of a trace that names a session.
    pub fn of(row: &TraceRow, trace: &'a Trace) -> Option<Self> {
        Some(Self {
            session_id: trace.session_id.as_deref()?,
            seq: row.seq,
            user_id: trace.user_id,
            auditing_id: trace.auditing_id,
            end_user_id: trace.end_user_id.as_deref(),
            started_at: trace.started_at,
            completed_at: trace.completed_at,
        })
    }
}

impl SessionNotes {
    /// Notes the sessions that a tenant's trace named and names, if anything changed of what they follow.
    pub fn note(&mut self, tenant: i64, before: Option<&TraceShare<'_>>, after: Option<&TraceShare<'_>>) {
        if before != after {
            let named = [before, after].into_iter().flatten();
            self.extend(named.map(|share| (tenant, share.session_id.to_owned())));
        }
    }

    /// Each once.
    pub fn take(&mut self) -> BTreeSet<(i64, String)> {
        self.drain().collect()
    }
}

/// Makes a session what its traces tell of it, unless it was upserted; without traces it is gone. `ids` gives it its id.
pub fn follow_traces(
    rows: &mut dyn Rows,
    ids: &mut i64,
    tenant: i64,
    session_id: &str,
) -> Result<Option<SessionChange>> {
    let before = rows.session(tenant, session_id)?;
    if before.as_ref().is_some_and(|before| before.row.body.is_some()) {
        return Ok(None);
    }
    let told = rows.session_outline(tenant, session_id)?;
    let told = told.map(|(seq, outline)| (seq, Session::of_traces(session_id, outline)));
    let known = before.as_ref().map(|before| (before.row.seq, before.session.clone()));
    if told == known {
        return Ok(None);
    }
    let id = before.as_ref().map_or_else(|| next(ids), |before| before.row.id);
    match (&before, &told) {
        (_, Some((seq, session))) => {
            let row = SessionRow { id, version: 0, seq: *seq, body: None };
            rows.write_session(tenant, before.as_ref(), &row, session)?;
        }
        (Some(before), None) => rows.remove_session(tenant, before)?,
        (None, None) => {}
    }
    let facets = |found: &Option<(i64, Session)>| {
        found.as_ref().map_or_else(BTreeSet::new, |(_, session)| Facet::of(Noun::Session, session))
    };
    let more = i64::from(told.is_some()) - i64::from(known.is_some());
    Ok(Some(SessionChange { id, before: facets(&known), after: facets(&told), more }))
}
