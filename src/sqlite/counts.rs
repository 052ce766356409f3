//! How many of each noun each tenant has: kept beside the tenants' names, so that nobody has to count. Those of the
//! nameless one stand in the row of `state`, which a commit writes anyway.

use super::numbers;
use crate::documents::rows::tenant::NAMELESS;
use crate::error::{Error, Result};
use crate::model::TenantName;
use crate::model::counts::NounCounts;
use crate::model::tenant::Tenant;
use rusqlite::{Connection, OptionalExtension, Row};

/// Adds to the counts of a tenant that has a name, by `Counted`.
pub fn add(connection: &Connection, tenant: i64, more: [i64; 4]) -> Result<()> {
    let [traces, spans, sessions, config_snapshots] = more;
    let row = (tenant, traces, spans, sessions, config_snapshots);
    connection.prepare_cached(include_str!("sql/tenant_count.sql"))?.execute(row)?;
    Ok(())
}

/// The counts of one tenant that are committed; of one that has no row none.
pub fn of_tenant(connection: &Connection, tenant: i64) -> Result<NounCounts> {
    if tenant == NAMELESS {
        return of_nameless(connection);
    }
    let mut statement = connection.prepare_cached(include_str!("sql/tenant_counts.sql"))?;
    Ok(statement.query_row([tenant], counts).optional()?.unwrap_or_default())
}

/// Tenants that have documents, as `TenantRows` asks for them.
pub fn list(connection: &Connection, after: Option<&str>, limit: u32) -> Result<Vec<Tenant>> {
    let mut tenants = Vec::new();
    let nameless = Tenant { tenant_id: TenantName::default(), counts: of_nameless(connection)? };
    if after.is_none() && limit > 0 && nameless.counts != NounCounts::default() {
        tenants.push(nameless);
    }
    let left = usize::try_from(limit).unwrap_or(usize::MAX) - tenants.len();
    let mut statement = connection.prepare_cached(include_str!("sql/tenant_list.sql"))?;
    let mut rows = statement.query((after.unwrap_or_default(), i64::try_from(left).unwrap_or(i64::MAX)))?;
    while let Some(row) = rows.next()? {
        let tenant_id = TenantName::try_from(row.get::<_, String>(4)?)
            .map_err(|error| Error::corrupt(format!("a row of table tenant: {}", error.message)))?;
        tenants.push(Tenant { tenant_id, counts: counts(row)? });
    }
    Ok(tenants)
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
    let [traces, spans, sessions, config_snapshots] = numbers::read(connection)?.counts.map(i64::unsigned_abs);
    Ok(NounCounts { traces, spans, sessions, config_snapshots })
}

fn counts(row: &Row<'_>) -> rusqlite::Result<NounCounts> {
    Ok(NounCounts { traces: row.get(0)?, spans: row.get(1)?, sessions: row.get(2)?, config_snapshots: row.get(3)? })
}
