//! Sessions: made or changed by each upsert, counted with their traces when read.

use super::assemble::{Assembler, FoldedBody, Pushed};
use super::pending::Pending;
use super::pieces::owner::{Owner, User};
use super::rows::Rows;
use super::rows::facet::Facet;
use super::rows::session::{SessionRow, StoredSession};
use super::rows::state::{Counted, next};
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::session::Session;
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
    let (id, version) = match &before {
        Some(before) => (before.row.id, before.row.version.saturating_add(1)),
        None => (next(&mut pending.numbers.session), 1),
    };
    let row = SessionRow { id, version, seq, body: Some(stored.entry) };
    rows.write_session(tenant, before.as_ref(), &row, &session)?;
    let left = before.as_ref().map_or_else(BTreeSet::new, |before| facets(&before.session));
    pending.facets.change(tenant, id, &left, &facets(&session));
    if before.is_none() {
        pending.count(tenant, Counted::Session);
    }
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), former.as_ref(), &stored);
    Ok(Receipt::written(row.version))
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
