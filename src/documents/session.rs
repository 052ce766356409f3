//! Sessions: there from the first trace on that names one, and following their traces until somebody upserts them;
//! changed by each upsert from then on. Counted with their traces when read.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::session::{SessionRow, StoredSession};
use super::rows::state::{Counted, next};
use super::rows::trace::TraceRow;
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::number::Number;
use crate::model::session::Session;
use crate::model::time::Nanos;
use crate::model::trace::Trace;
use std::collections::BTreeSet;

/// Makes a session or takes a later upsert in; one that followed its traces is made anew, and follows them no more.
pub fn upsert(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, given: &Session) -> Result<Receipt> {
    let seq = pending.next_seq();
    let before = rows.session(tenant, &given.session_id)?;
    let (mut session, mut former) = (given.clone(), None);
    if let Some((known, body)) = before.as_ref().and_then(|before| Some((&before.session, before.row.body?))) {
        let (taken, text) = pending.bodies.take_listed(rows, body)?;
        former = Some(taken);
        session = Session { body: text, ..known.clone() };
        session.update(given)?;
    }
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &session.body)?;
    let (id, version) = place(pending, before.as_ref());
    let row = SessionRow { id, version: version.saturating_add(1), seq, body: Some(stored.entry) };
    write(rows, pending, tenant, before.as_ref(), &row, &session)?;
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), former.as_ref(), &stored);
    Ok(Receipt::written(row.version))
}

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

/// Lets the sessions follow that a trace named and names, if anything changed of what they follow; its row is written, or
/// gone, by now.
pub fn follow(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    before: Option<&TraceShare<'_>>,
    after: Option<&TraceShare<'_>>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let [left, named] = [before, after].map(|share| share.map(|share| share.session_id));
    // The one that it left comes first: the other may take its place in the order of writing.
    let left = left.filter(|left| Some(*left) != named);
    left.into_iter().chain(named).try_for_each(|session_id| follow_traces(rows, pending, tenant, session_id))
}

/// Makes a session what its traces tell of it, unless it was upserted.
fn follow_traces(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, session_id: &str) -> Result<()> {
    let before = rows.session(tenant, session_id)?;
    if before.as_ref().is_some_and(|before| before.row.body.is_some()) {
        return Ok(());
    }
    let Some((seq, outline)) = rows.session_outline(tenant, session_id)? else {
        return before.map_or(Ok(()), |before| remove(rows, pending, tenant, &before));
    };
    let session = Session::of_traces(session_id, outline);
    if before.as_ref().is_some_and(|before| before.row.seq == seq && before.session == session) {
        return Ok(());
    }
    let (id, version) = place(pending, before.as_ref());
    write(rows, pending, tenant, before.as_ref(), &SessionRow { id, version, seq, body: None }, &session)
}

/// The id and the version of a session that is about to be written.
fn place(pending: &mut Pending, before: Option<&StoredSession>) -> (i64, i64) {
    before.map_or_else(|| (next(&mut pending.numbers.session), 0), |before| (before.row.id, before.row.version))
}

fn write(
    rows: &mut dyn Rows,
    pending: &mut Pending,
    tenant: i64,
    before: Option<&StoredSession>,
    row: &SessionRow,
    session: &Session,
) -> Result<()> {
    rows.write_session(tenant, before, row, session)?;
    let left = before.map_or_else(BTreeSet::new, |before| facets(&before.session));
    pending.facets.change(tenant, row.id, &left, &facets(session));
    if before.is_none() {
        pending.count(tenant, Counted::Session);
    }
    Ok(())
}

fn remove(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, session: &StoredSession) -> Result<()> {
    rows.remove_session(tenant, session)?;
    pending.facets.change(tenant, session.row.id, &facets(&session.session), &BTreeSet::new());
    pending.count_off(tenant, Counted::Session);
    Ok(())
}

/// Adds a session to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, session_id: &str) -> Result<()> {
    if let Some(found) = assembler.rows.session(assembler.tenant, session_id)? {
        let body = found.row.body;
        let session = as_read(assembler, found)?;
        match body {
            Some(body) => assembler.push(&session.header(), body)?,
            None => assembler.push_header(&session.header())?,
        }
    }
    Ok(())
}

/// Adds a session of a page to an answer, if there is room.
pub fn push_listed(assembler: &mut Assembler<'_>, id: i64) -> Result<Pushed> {
    let found = assembler.rows.session_by_id(id)?.ok_or_else(|| {
        Error::corrupt(format!("session {id} is listed and is not there; restore the store from a backup"))
    })?;
    let body = FoldedBody { first: found.row.body, later: Vec::new() };
    let session = as_read(assembler, found)?;
    assembler.push_if_room(&session.header(), &body)
}

/// With the traces that name it, if those are more than were told.
fn as_read(assembler: &mut Assembler<'_>, StoredSession { session, .. }: StoredSession) -> Result<Session> {
    let recorded = assembler.rows.traces_of_session(assembler.tenant, &session.session_id)?;
    Ok(Session { trace_count: session.trace_count.max(recorded), ..session })
}

fn facets(session: &Session) -> BTreeSet<Facet> {
    Facet::of(Noun::Session, session)
}
