//! Tenants: each has the documents that it is told to have, and none belong to one that is not there.

use super::check::Check;
use crate::documents::rows::tenant::NAMELESS;
use crate::error::Result;
use crate::model::counts::NounCounts;
use crate::model::job::Area;
use crate::sqlite::counts;
use rusqlite::Row;

const TENANT: (Area, &str) = (Area::Lists, "tenant");

/// Compares the counts of all tenants; everything is counted by then.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let compared = nameless(check);
    check.note(compared, Area::Lists, || "the counts of the row of state".to_owned())?;
    check.each(TENANT, include_str!("sql/tenants.sql"), [], |check, row| {
        let id: i64 = row.get("id")?;
        let name: String = row.get("name")?;
        let found = check.tenants.remove(&id).unwrap_or_default();
        compare(check, &format!("tenant {name:?}"), &told(row)?, &found);
        Ok(())
    })?;
    for (id, found) in std::mem::take(&mut check.tenants) {
        for (noun, _, found) in pairs(&NounCounts::default(), &found).into_iter().filter(|(_, _, found)| *found > 0) {
            check.report.find(Area::Lists, format!("{found} {noun} belong to tenant {id}, which is not there"));
        }
    }
    Ok(())
}

fn nameless(check: &mut Check<'_>) -> Result<()> {
    let found = check.tenants.remove(&NAMELESS).unwrap_or_default();
    let told = counts::of_tenant(check.connection, NAMELESS)?;
    compare(check, "state", &told, &found);
    Ok(())
}

fn told(row: &Row<'_>) -> rusqlite::Result<NounCounts> {
    Ok(NounCounts {
        traces: row.get("traces")?,
        spans: row.get("spans")?,
        sessions: row.get("sessions")?,
        config_snapshots: row.get("config_snapshots")?,
    })
}

fn compare(check: &mut Check<'_>, who: &str, told: &NounCounts, found: &NounCounts) {
    for (noun, told, found) in pairs(told, found) {
        if told != found {
            check.report.find(Area::Lists, format!("{who} says {told} {noun}, {found} were found"));
        }
    }
}

fn pairs(told: &NounCounts, found: &NounCounts) -> [(&'static str, u64, u64); 4] {
    [
        ("traces", told.traces, found.traces),
        ("spans", told.spans, found.spans),
        ("sessions", told.sessions, found.sessions),
        ("config snapshots", told.config_snapshots, found.config_snapshots),
    ]
}
