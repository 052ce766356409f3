//! Sessions: made or changed by each upsert, counted with their traces when read.

use super::assemble::Assembler;
use super::columns::{Strings, strings_text};
use super::pending::Pending;
use crate::error::{Error, Result};
use crate::model::Receipt;
use crate::model::field::Noun;
use crate::model::session::Session;
use crate::sqlite::counts::Counted;
use crate::sqlite::facets::facet::Facet;
use crate::sqlite::numbers::next;
use crate::sqlite::pieces::owner::{Owner, User};
use crate::sqlite::tenant::NAMELESS;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::{BTreeSet, HashSet};

/// A session as it stands in its table.
pub struct SessionRow {
    pub id: i64,
    pub seq: i64,
    /// With an empty body: the entry stands for it.
    pub session: Session,
    /// Traces recorded with the session.
    recorded: i64,
    /// The entry of its body's manifest.
    pub body: i64,
}

impl SessionRow {
    /// From a row with `sql/session_columns.sql`.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            seq: row.get("seq")?,
            session: Session {
                session_id: row.get("session_id")?,
                user_id: row.get("user_id")?,
                auditing_id: row.get("auditing_id")?,
                created_at: row.get("created_at")?,
                updated_at: row.get("updated_at")?,
                trace_count: row.get("trace_count")?,
                tags: row.get::<_, Strings>("tags")?.0,
                body: String::new(),
            },
            recorded: row.get("recorded")?,
            body: row.get("body")?,
        })
    }

    /// The session as readers see it: with the traces that were recorded, if those are more than were told.
    pub fn counted(mut self) -> Self {
        self.session.trace_count = self.session.trace_count.max(self.recorded);
        self
    }
}

/// Makes a session or takes a later upsert in.
pub fn upsert(connection: &Connection, pending: &mut Pending, given: &Session) -> Result<Receipt> {
    let seq = pending.next_seq();
    let Some(SessionRow { id, seq: seq_before, mut session, body, .. }) = load(connection, &given.session_id)? else {
        return insert(connection, pending, seq, given);
    };
    let former;
    (former, session.body) = pending.bodies.take_listed(connection, body)?;
    remove_tags(connection, seq_before, &session)?;
    let facets = Facet::of(Noun::Session, &session);
    session.update(given)?;
    pending.facets.change(NAMELESS, id, &facets, &Facet::of(Noun::Session, &session));
    let stored = pending.bodies.store_listed(connection, &mut pending.numbers, &session.body)?;
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), Some(&former), &stored);
    update(connection, id, seq, &session, stored.entry)?;
    add_tags(connection, id, seq, &session)?;
    Ok(Receipt::Nothing)
}

fn insert(connection: &Connection, pending: &mut Pending, seq: i64, session: &Session) -> Result<Receipt> {
    let id = next(&mut pending.numbers.session);
    let columns = (id, NAMELESS, &session.session_id, seq);
    connection.prepare_cached(include_str!("sql/session_insert.sql"))?.execute(columns)?;
    let stored = pending.bodies.store_listed(connection, &mut pending.numbers, &session.body)?;
    pending.bodies.count_uses(User::Listed(Owner::Session(id)), None, &stored);
    update(connection, id, seq, session, stored.entry)?;
    pending.facets.change(NAMELESS, id, &BTreeSet::new(), &Facet::of(Noun::Session, session));
    pending.count(NAMELESS, Counted::Session);
    add_tags(connection, id, seq, session)?;
    Ok(Receipt::Nothing)
}

/// Adds a session to an answer, if there is one.
pub fn get(assembler: &mut Assembler<'_>, session_id: &str) -> Result<()> {
    if let Some(found) = load(assembler.connection, session_id)? {
        let found = found.counted();
        assembler.push(&found.session.header(), found.body)?;
    }
    Ok(())
}

/// The session of a row.
pub fn by_row(connection: &Connection, id: i64) -> Result<SessionRow> {
    let sql = concat!("select ", include_str!("sql/session_columns.sql"), "from session s where s.id = ?1");
    let found = connection.prepare_cached(sql)?.query_row([id], SessionRow::from_row).optional()?;
    found.map(SessionRow::counted).ok_or_else(|| {
        Error::corrupt(format!("session {id} is listed and is not there; restore the file from a backup"))
    })
}

fn load(connection: &Connection, session_id: &str) -> Result<Option<SessionRow>> {
    let sql = concat!(
        "select ",
        include_str!("sql/session_columns.sql"),
        "from session s where s.tenant = ?1 and s.session_id = ?2"
    );
    Ok(connection.prepare_cached(sql)?.query_row((NAMELESS, session_id), SessionRow::from_row).optional()?)
}

fn update(connection: &Connection, id: i64, seq: i64, session: &Session, body: i64) -> Result<()> {
    connection.prepare_cached(include_str!("sql/session_update.sql"))?.execute(named_params! {
        ":id": id,
        ":seq": seq,
        ":user_id": session.user_id,
        ":auditing_id": session.auditing_id,
        ":created_at": session.created_at,
        ":updated_at": session.updated_at,
        ":trace_count": session.trace_count,
        ":tags": strings_text(&session.tags),
        ":body": body,
    })?;
    Ok(())
}

fn add_tags(connection: &Connection, id: i64, seq: i64, session: &Session) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/session_tag_insert.sql"))?;
    for tag in &session.tags {
        statement.execute((NAMELESS, tag, session.updated_at, seq, id))?;
    }
    Ok(())
}

fn remove_tags(connection: &Connection, seq: i64, session: &Session) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/session_tag_delete.sql"))?;
    for tag in session.tags.iter().collect::<HashSet<_>>() {
        statement.execute((NAMELESS, tag, session.updated_at, seq))?;
    }
    Ok(())
}
