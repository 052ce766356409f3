//! Rows of sessions, and their tags, which have a table for lists.

use super::SqliteRows;
use crate::documents::rows::session::{SessionRow, SessionRows, StoredSession};
use crate::error::Result;
use crate::model::session::{Session, SessionOutline};
use crate::sqlite::columns::{Strings, strings_text};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::HashSet;

impl SessionRows for SqliteRows<'_> {
    fn session(&mut self, tenant: i64, session_id: &str) -> Result<Option<StoredSession>> {
        let sql = concat!(
            "select ",
            include_str!("sql/session_columns.sql"),
            "from session s where s.tenant = ?1 and s.session_id = ?2"
        );
        Ok(self.connection.prepare_cached(sql)?.query_row((tenant, session_id), from_row).optional()?)
    }

    fn session_by_id(&mut self, id: i64) -> Result<Option<StoredSession>> {
        let sql = concat!("select ", include_str!("sql/session_columns.sql"), "from session s where s.id = ?1");
        Ok(self.connection.prepare_cached(sql)?.query_row([id], from_row).optional()?)
    }

    fn write_session(
        &mut self,
        tenant: i64,
        before: Option<&StoredSession>,
        row: &SessionRow,
        session: &Session,
    ) -> Result<()> {
        if let Some(before) = before {
            remove_tags(self.connection, tenant, before)?;
        }
        self.connection.prepare_cached(include_str!("sql/session_write.sql"))?.execute(named_params! {
            ":id": row.id,
            ":tenant": tenant,
            ":session_id": session.session_id,
            ":version": row.version,
            ":seq": row.seq,
            ":user_id": session.user_id,
            ":auditing_id": session.auditing_id,
            ":end_user_id": session.end_user_id,
            ":created_at": session.created_at,
            ":updated_at": session.updated_at,
            ":trace_count": session.trace_count,
            ":tags": strings_text(&session.tags),
            ":body": row.body,
        })?;
        add_tags(self.connection, tenant, row, session)
    }

    fn remove_session(&mut self, _: i64, session: &StoredSession) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/session_delete.sql"))?.execute([session.row.id])?;
        Ok(())
    }

    fn traces_of_session(&mut self, tenant: i64, session_id: &str) -> Result<i64> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/session_recorded.sql"))?;
        Ok(statement.query_row((tenant, session_id), |row| row.get(0))?)
    }

    fn session_outline(&mut self, tenant: i64, session_id: &str) -> Result<Option<(i64, SessionOutline)>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/session_outline.sql"))?;
        let outline = |row: &Row<'_>| {
            let outline = SessionOutline {
                user_id: row.get("user_id")?,
                auditing_id: row.get("auditing_id")?,
                end_user_id: row.get("end_user_id")?,
                first_start: row.get("started_at")?,
                last_start: row.get("last_start")?,
                last_end: row.get("last_end")?,
            };
            Ok((row.get("seq")?, outline))
        };
        Ok(statement.query_row((tenant, session_id), outline).optional()?)
    }
}

/// From a row with `sql/session_columns.sql`.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredSession> {
    Ok(StoredSession {
        row: SessionRow {
            id: row.get("id")?,
            version: row.get("version")?,
            seq: row.get("seq")?,
            body: row.get("body")?,
        },
        session: Session {
            session_id: row.get("session_id")?,
            user_id: row.get("user_id")?,
            auditing_id: row.get("auditing_id")?,
            end_user_id: row.get("end_user_id")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            trace_count: row.get("trace_count")?,
            tags: row.get::<_, Strings>("tags")?.0,
            body: String::new(),
        },
    })
}

fn add_tags(connection: &Connection, tenant: i64, row: &SessionRow, session: &Session) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/session_tag_insert.sql"))?;
    for tag in &session.tags {
        statement.execute((tenant, tag, session.updated_at, row.seq, row.id))?;
    }
    Ok(())
}

fn remove_tags(connection: &Connection, tenant: i64, StoredSession { row, session, .. }: &StoredSession) -> Result<()> {
    let mut statement = connection.prepare_cached(include_str!("sql/session_tag_delete.sql"))?;
    for tag in session.tags.iter().collect::<HashSet<_>>() {
        statement.execute((tenant, tag, session.updated_at, row.seq))?;
    }
    Ok(())
}
