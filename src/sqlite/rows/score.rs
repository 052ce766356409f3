//! Rows of scores.

use super::SqliteRows;
use crate::documents::rows::said::SaidRow;
use crate::documents::rows::score::{ScoreRows, StoredScore};
use crate::error::Result;
use crate::model::score::{Score, ScoreMap};
use rusqlite::{OptionalExtension, Row, named_params};

impl ScoreRows for SqliteRows<'_> {
    fn find_score(&mut self, tenant: i64, score_id: &str) -> Result<Option<SaidRow>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/score_find.sql"))?;
        Ok(statement.query_row((tenant, score_id), said_row).optional()?)
    }

    fn score_by_id(&mut self, id: i64) -> Result<Option<StoredScore>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/score_get.sql"))?;
        Ok(statement.query_row([id], from_row).optional()?)
    }

    fn write_score(&mut self, tenant: i64, row: &SaidRow, score: &Score) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/score_write.sql"))?.execute(named_params! {
            ":id": row.id,
            ":tenant": tenant,
            ":score_id": score.id,
            ":version": row.version,
            ":trace": row.trace,
            ":span_id": score.span_id,
            ":name": score.name,
            ":value": score.value,
            ":label": score.label,
            ":source": score.source,
            ":author": score.author,
            ":created_at": row.created_at,
            ":updated_at": row.updated_at,
            ":body": row.body,
        })?;
        Ok(())
    }

    fn remove_score(&mut self, id: i64) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/score_delete.sql"))?.execute([id])?;
        Ok(())
    }

    fn score_map(&mut self, trace: i64) -> Result<ScoreMap> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/score_map.sql"))?;
        let scores = statement.query_map([trace], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(scores.collect::<rusqlite::Result<_>>()?)
    }

    fn mapped_scores(&mut self, trace: i64) -> Result<Vec<SaidRow>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/score_mapped.sql"))?;
        let rows = statement.query_map([trace], said_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// From a row with the columns that scores and annotations share.
pub fn said_row(row: &Row<'_>) -> rusqlite::Result<SaidRow> {
    Ok(SaidRow {
        id: row.get("id")?,
        trace: row.get("trace")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        body: row.get("body")?,
    })
}

/// From a row of `sql/score_get.sql`.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredScore> {
    Ok(StoredScore {
        row: said_row(row)?,
        score: Score {
            id: row.get("score_id")?,
            trace_id: row.get("trace_id")?,
            span_id: row.get("span_id")?,
            name: row.get("name")?,
            value: row.get("value")?,
            label: row.get("label")?,
            source: row.get("source")?,
            author: row.get("author")?,
            body: String::new(),
        },
    })
}
