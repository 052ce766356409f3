//! How many of each noun each tenant has: kept beside the tenants' names, so that nobody has to count. Those of the
//! nameless one stand in the row of `state`, which a commit writes anyway.

use super::numbers::Numbers;
use super::tenant::NAMELESS;
use crate::error::{Error, Result};
use crate::model::answer::NounCounts;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;

/// A noun that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Trace,
    Span,
    Session,
    ConfigSnapshot,
}

/// What a transaction adds to the counts of tenants that have a name; written when it commits.
#[derive(Default)]
pub struct CountNotes {
    notes: Vec<(i64, Counted)>,
}

impl CountNotes {
    /// Notes one more of a tenant's.
    pub fn add(&mut self, tenant: i64, counted: Counted) {
        self.notes.push((tenant, counted));
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.notes.truncate(mark);
    }

    /// Writes the notes; the transaction is about to commit.
    pub fn store(&mut self, connection: &Connection) -> Result<()> {
        let mut tenants: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
        for (tenant, counted) in self.notes.drain(..) {
            tenants.entry(tenant).or_default()[counted as usize] += 1;
        }
        for (tenant, [traces, spans, sessions, config_snapshots]) in tenants {
            connection.prepare_cached(include_str!("sql/tenant_count.sql"))?.execute((
                tenant,
                traces,
                spans,
                sessions,
                config_snapshots,
            ))?;
        }
        Ok(())
    }
}

/// The counts of one tenant that are committed.
pub fn of_tenant(connection: &Connection, tenant: i64) -> Result<NounCounts> {
    if tenant == NAMELESS {
        return of_nameless(connection);
    }
    let mut statement = connection.prepare_cached(include_str!("sql/tenant_counts.sql"))?;
    let counts = statement.query_row([tenant], counts).optional()?;
    counts
        .ok_or_else(|| Error::corrupt(format!("the row of tenant {tenant} is missing; restore the file from a backup")))
}

/// The counts of all tenants, and the bytes of JSON taken in since the file was made.
pub fn of_file(connection: &Connection) -> Result<(NounCounts, u64)> {
    let mut all = of_nameless(connection)?;
    let mut statement = connection.prepare_cached(include_str!("sql/tenants_counts.sql"))?;
    for tenant in statement.query_map([], counts)? {
        let tenant = tenant?;
        all.traces = all.traces.saturating_add(tenant.traces);
        all.spans = all.spans.saturating_add(tenant.spans);
        all.sessions = all.sessions.saturating_add(tenant.sessions);
        all.config_snapshots = all.config_snapshots.saturating_add(tenant.config_snapshots);
    }
    let mut statement = connection.prepare_cached(include_str!("sql/state_bytes_in.sql"))?;
    let bytes_in = statement.query_row([], |row| row.get(0)).optional()?;
    let bytes_in =
        bytes_in.ok_or_else(|| Error::corrupt("the row of state is missing; restore the file from a backup"))?;
    Ok((all, bytes_in))
}

fn of_nameless(connection: &Connection) -> Result<NounCounts> {
    let [traces, spans, sessions, config_snapshots] = Numbers::read(connection)?.counts.map(i64::unsigned_abs);
    Ok(NounCounts { traces, spans, sessions, config_snapshots })
}

fn counts(row: &Row<'_>) -> rusqlite::Result<NounCounts> {
    Ok(NounCounts { traces: row.get(0)?, spans: row.get(1)?, sessions: row.get(2)?, config_snapshots: row.get(3)? })
}
