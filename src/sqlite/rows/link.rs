//! Rows of links.

use super::SqliteRows;
use crate::documents::rows::link::{LinkRow, LinkRows, StoredLink};
use crate::error::Result;
use crate::model::link::{Direction, Link, LinkEnd};
use rusqlite::{Params, Row, named_params};

impl LinkRows for SqliteRows<'_> {
    fn find_link(&mut self, tenant: i64, link: &Link) -> Result<Option<StoredLink>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/link_find.sql"))?;
        let mut rows = statement.query((tenant, link.from.to_key(), link.to.to_key(), &link.kind))?;
        rows.next()?.map(from_row).transpose()
    }

    fn write_link(&mut self, tenant: i64, row: &LinkRow, link: &Link) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/link_write.sql"))?.execute(named_params! {
            ":id": row.id,
            ":tenant": tenant,
            ":source": link.from.to_key(),
            ":target": link.to.to_key(),
            ":type": link.kind,
            ":place": row.place,
            ":version": row.version,
            ":created_at": row.created_at,
            ":updated_at": row.updated_at,
            ":attributes": link.attributes,
        })?;
        Ok(())
    }

    fn remove_link(&mut self, id: i64) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/link_delete.sql"))?.execute([id])?;
        Ok(())
    }

    fn links_of_span(&mut self, tenant: i64, span: &LinkEnd) -> Result<Vec<StoredLink>> {
        let mut links = Vec::new();
        self.links_by(include_str!("sql/link_list_given.sql"), (tenant, span.to_key()), &mut links)?;
        links.sort_by_key(|found| found.row.place);
        Ok(links)
    }

    fn links_of_spans(&mut self, tenant: i64, trace_id: &str) -> Result<Vec<StoredLink>> {
        let (from, behind) = LinkEnd::span_keys(trace_id);
        let mut links = Vec::new();
        self.links_by(include_str!("sql/link_list_given_in.sql"), (tenant, from, behind), &mut links)?;
        links.sort_by_key(|found| found.row.place);
        Ok(links)
    }

    fn links(&mut self, tenant: i64, end: &LinkEnd, direction: Direction) -> Result<Vec<StoredLink>> {
        let mut links = Vec::new();
        if direction != Direction::To {
            self.links_by(include_str!("sql/link_list_from.sql"), (tenant, end.to_key()), &mut links)?;
        }
        if direction != Direction::From {
            self.links_by(include_str!("sql/link_list_to.sql"), (tenant, end.to_key()), &mut links)?;
        }
        links.sort_by_key(|found| found.row.id);
        // One from an end to itself was found twice.
        links.dedup_by_key(|found| found.row.id);
        Ok(links)
    }
}

impl SqliteRows<'_> {
    fn links_by(&self, statement: &str, bound: impl Params, links: &mut Vec<StoredLink>) -> Result<()> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let mut rows = statement.query(bound)?;
        while let Some(row) = rows.next()? {
            links.push(from_row(row)?);
        }
        Ok(())
    }
}

/// From a row with all columns of the table.
pub fn from_row(row: &Row<'_>) -> Result<StoredLink> {
    let (from, to): (String, String) = (row.get("source")?, row.get("target")?);
    Ok(StoredLink {
        row: LinkRow {
            id: row.get("id")?,
            place: row.get("place")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        },
        link: Link {
            from: LinkEnd::from_key(&from)?,
            to: LinkEnd::from_key(&to)?,
            kind: row.get("type")?,
            attributes: row.get("attributes")?,
        },
    })
}
