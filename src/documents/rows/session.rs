//! Rows of sessions.

use crate::error::Result;
use crate::model::session::{Session, SessionOutline};

/// What stands in the row of a session beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct SessionRow {
    pub id: i64,
    /// How often it was upserted; 0 while it follows its traces.
    pub version: i64,
    /// The order of writing of its last upsert, or that of its first trace.
    pub seq: i64,
    /// The entry of its body's manifest; nothing while it follows its traces.
    pub body: Option<i64>,
}

/// A session as it was read.
#[derive(Debug, Clone)]
pub struct StoredSession {
    pub row: SessionRow,
    /// As it was told last, with an empty body: the entry stands for it.
    pub session: Session,
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

    /// Removes the row of a session, which has no tags.
    fn remove_session(&mut self, tenant: i64, session: &StoredSession) -> Result<()>;

    /// How many traces name a session.
    fn traces_of_session(&mut self, tenant: i64, session_id: &str) -> Result<i64>;

    /// What the traces that name a session tell of it, and the place of the first of them in the order of writing; nothing
    /// if none does. Whoever writes traces asks each time: it must not depend on how many there are.
    fn session_outline(&mut self, tenant: i64, session_id: &str) -> Result<Option<(i64, SessionOutline)>>;
}
