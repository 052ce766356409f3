//! Sessions that nobody upserted: each is what its traces tell, and each that a trace names is there.

use super::check::Check;
use crate::documents::rows::session::SessionRows;
use crate::error::Result;
use crate::model::job::Area;
use crate::model::session::Session;
use crate::sqlite::rows::session;

const SESSION: (Area, &str) = (Area::Lists, "session");
const TRACE: (Area, &str) = (Area::Lists, "trace");

/// Both directions.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    check.each(SESSION, include_str!("sql/followed_sessions.sql"), [], |check, row| {
        let (tenant, stored) = (row.get("tenant")?, session::from_row(row)?);
        let session_id = &stored.session.session_id;
        let told = check.rows.session_outline(tenant, session_id)?;
        let told = told.map(|(seq, outline)| (seq, 0, None, Session::of_traces(session_id, outline)));
        let name = format!("session {session_id:?}{}", check.owner_words(tenant)?);
        if told != Some((stored.row.seq, stored.row.version, stored.row.body, stored.session)) {
            check.report.find(Area::Lists, format!("{name} is not what its traces tell of it"));
        }
        Ok(())
    })?;
    check.each(TRACE, include_str!("sql/missing_sessions.sql"), [], |check, row| {
        let (tenant, session_id): (i64, String) = (row.get(0)?, row.get(1)?);
        let whose = check.owner_words(tenant)?;
        check.report.find(Area::Lists, format!("session {session_id:?}{whose} is not there, and traces name it"));
        Ok(())
    })
}
