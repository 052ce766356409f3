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

/// Makes a session or takes a later upsert in.
pub fn upsert(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, given: &Session) -> Result<Receipt> {
    let seq = pending.next_seq();
    let Some(before) = rows.session(tenant, &given.session_id)? else {
        return insert(rows, pending, tenant, seq, given);
    };
    let id = before.row.id;
    let mut session = before.session.clone();
    let former;
    (former, session.body) = pending.bodies.take_listed(rows, before.row.body)?;
    session.update(given)?;
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &session.body)?;
    let row = SessionRow { id, version: before.row.version.saturating_add(1), seq, body: stored.entry };
    rows.write_session(tenant, Some(&before), &row, &session)?;
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), Some(&former), &stored);
    pending.facets.change(tenant, id, &facets(&before.session), &facets(&session));
    Ok(Receipt::written(row.version))
}

fn insert(rows: &mut dyn Rows, pending: &mut Pending, tenant: i64, seq: i64, session: &Session) -> Result<Receipt> {
    let id = next(&mut pending.numbers.session);
    let stored = pending.bodies.store_listed(rows, &mut pending.numbers, &session.body)?;
    rows.write_session(tenant, None, &SessionRow { id, version: 1, seq, body: stored.entry }, session)?;
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), None, &stored);
    pending.facets.change(tenant, id, &BTreeSet::new(), &facets(session));
    pending.count(tenant, Counted::Session);
    Ok(Receipt::written(1))
}

/// Adds a session to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, session_id: &str) -> Result<()> {
    if let Some(found) = assembler.rows.session(assembler.tenant, session_id)? {
        let body = found.row.body;
        assembler.push(&as_read(found).header(), body)?;
    }
    Ok(())
}

/// Adds a session of a page to an answer, if there is room.
pub fn push_listed(assembler: &mut Assembler<'_>, id: i64) -> Result<Pushed> {
    let found = assembler.rows.session_by_id(id)?.ok_or_else(|| {
        Error::corrupt(format!("session {id} is listed and is not there; restore the store from a backup"))
    })?;
    let body = found.row.body;
    assembler.push_if_room(&as_read(found).header(), &FoldedBody::whole(body))
}

/// With the traces that were recorded, if those are more than were told.
fn as_read(found: StoredSession) -> Session {
    let trace_count = found.session.trace_count.max(found.recorded);
    Session { trace_count, ..found.session }
}

fn facets(session: &Session) -> BTreeSet<Facet> {
    Facet::of(Noun::Session, session)
}
