//! Rows of sessions.

use crate::error::Result;
use crate::model::session::Session;

/// What stands in the row of a session beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct SessionRow {
    pub id: i64,
    /// How often it was upserted.
    pub version: i64,
    /// The order of writing of its last change.
    pub seq: i64,
    /// The entry of its body's manifest.
    pub body: i64,
}

/// A session as it was read.
#[derive(Debug, Clone)]
pub struct StoredSession {
    pub row: SessionRow,
    /// As it was told last, with an empty body: the entry stands for it.
    pub session: Session,
    /// How many traces were started with its name.
    pub recorded: i64,
}

/// Reads and writes the rows of sessions.
pub trait SessionRows {
    /// The session with this name.
    fn session(&mut self, tenant: i64, session_id: &str) -> Result<Option<StoredSession>>;

    /// The session with this id.
    fn session_by_id(&mut self, id: i64) -> Result<Option<StoredSession>>;

    /// Writes all columns of a session, and its tags; `before` is what stood there, nothing if the row is new. Of the
    /// body only its entry is written.
    fn write_session(
        &mut self,
        tenant: i64,
        before: Option<&StoredSession>,
        row: &SessionRow,
        session: &Session,
    ) -> Result<()>;
}
