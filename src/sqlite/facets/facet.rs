//! The rows of facets: the sets that totals are counted from and lists are led by.

use super::id_set::{IdSet, Part, part_of};
use crate::documents::rows::facet::{Facet, Membership};
use crate::error::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

/// The ids of a facet's rows.
pub fn members(connection: &Connection, tenant: i64, facet: &Facet) -> Result<IdSet> {
    let mut statement = connection.prepare_cached(include_str!("sql/facet_members.sql"))?;
    let mut rows = statement.query((tenant, facet.kind, &facet.value))?;
    let mut members = IdSet::default();
    while let Some(row) = rows.next()? {
        members.push(row.get("part")?, Part::from_bytes(&row.get::<_, Vec<u8>>("members")?)?);
    }
    Ok(members)
}

/// Writes who joins and who leaves a facet: each part once.
pub fn change(connection: &Connection, tenant: i64, facet: &Facet, changes: &[(i64, Membership)]) -> Result<()> {
    let mut parts: BTreeMap<i64, Vec<(i64, Membership)>> = BTreeMap::new();
    for (id, change) in changes {
        parts.entry(part_of(*id)).or_default().push((*id, *change));
    }
    for (number, changes) in parts {
        let key = (tenant, facet.kind, &facet.value, number);
        let before: Option<Vec<u8>> = connection
            .prepare_cached(include_str!("sql/facet_part.sql"))?
            .query_row(key, |row| row.get(0))
            .optional()?;
        let mut part = before.as_deref().map_or_else(|| Ok(Part::default()), Part::from_bytes)?;
        for (id, change) in changes {
            match change {
                Membership::Joins => part.insert(id),
                Membership::Leaves => part.remove(id),
            }
        }
        if part.len() == 0 {
            connection.prepare_cached(include_str!("sql/facet_delete.sql"))?.execute(key)?;
        } else {
            let row = (key.0, key.1, key.2, key.3, part.to_bytes());
            connection.prepare_cached(include_str!("sql/facet_set.sql"))?.execute(row)?;
        }
    }
    Ok(())
}
