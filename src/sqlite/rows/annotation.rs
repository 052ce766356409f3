//! Rows of annotations.

use super::SqliteRows;
use super::score::said_row;
use crate::documents::rows::annotation::{AnnotationRows, StoredAnnotation};
use crate::documents::rows::said::SaidRow;
use crate::error::Result;
use crate::model::annotation::Annotation;
use rusqlite::{OptionalExtension, Row, named_params};

impl AnnotationRows for SqliteRows<'_> {
    fn find_annotation(&mut self, tenant: i64, annotation_id: &str) -> Result<Option<SaidRow>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/annotation_find.sql"))?;
        Ok(statement.query_row((tenant, annotation_id), said_row).optional()?)
    }

    fn identified(&mut self, trace: i64, span_id: Option<&str>, identifier: &str) -> Result<Option<StoredAnnotation>> {
        let sql = concat!(
            "select ",
            include_str!("sql/annotation_columns.sql"),
            "where a.trace = ?1 and a.identifier = ?2 and a.span_id is ?3"
        );
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((trace, identifier, span_id), from_row).optional()?)
    }

    fn write_annotation(&mut self, tenant: i64, row: &SaidRow, annotation: &Annotation) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/annotation_write.sql"))?.execute(named_params! {
            ":id": row.id,
            ":tenant": tenant,
            ":annotation_id": annotation.id,
            ":version": row.version,
            ":trace": row.trace,
            ":span_id": annotation.span_id,
            ":identifier": annotation.identifier,
            ":kind": annotation.kind,
            ":author": annotation.author,
            ":created_at": row.created_at,
            ":updated_at": row.updated_at,
            ":body": row.body,
        })?;
        Ok(())
    }

    fn remove_annotation(&mut self, id: i64) -> Result<()> {
        self.connection.prepare_cached(include_str!("sql/annotation_delete.sql"))?.execute([id])?;
        Ok(())
    }

    fn annotations(&mut self, trace: i64, span_id: Option<&str>) -> Result<Vec<StoredAnnotation>> {
        let sql = concat!(
            "select ",
            include_str!("sql/annotation_columns.sql"),
            "where a.trace = ?1 and (?2 is null or a.span_id = ?2)"
        );
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((trace, span_id), from_row)?;
        let mut found: Vec<StoredAnnotation> = found.collect::<rusqlite::Result<_>>()?;
        found.sort_by_key(|found| found.row.id);
        Ok(found)
    }
}

/// From a row with `sql/annotation_columns.sql`.
pub fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredAnnotation> {
    Ok(StoredAnnotation {
        row: said_row(row)?,
        annotation: Annotation {
            id: row.get("annotation_id")?,
            trace_id: row.get("trace_id")?,
            span_id: row.get("span_id")?,
            identifier: row.get("identifier")?,
            kind: row.get("kind")?,
            author: row.get("author")?,
            body: String::new(),
        },
    })
}
