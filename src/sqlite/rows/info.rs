//! Counts of what belongs to a trace or a span.

use super::SqliteRows;
use crate::documents::rows::info::InfoRows;
use crate::error::Result;
use crate::model::info::InfoCounts;
use crate::model::link::LinkEnd;

impl InfoRows for SqliteRows<'_> {
    fn info_counts(&mut self, tenant: i64, trace: i64, span_id: Option<&str>, end: &LinkEnd) -> Result<InfoCounts> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/info_counts.sql"))?;
        let counts = statement.query_row((trace, span_id, tenant, end.to_key()), |row| {
            let below = if span_id.is_none() { row.get(0)? } else { row.get(1)? };
            Ok(InfoCounts { below, scores: row.get(2)?, annotations: row.get(3)?, links: row.get(4)? })
        })?;
        Ok(counts)
    }
}
