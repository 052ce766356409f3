//! Rows of annotations.

use super::said::SaidRow;
use crate::error::Result;
use crate::model::annotation::Annotation;

/// An annotation as it was read.
#[derive(Debug, Clone)]
pub struct StoredAnnotation {
    pub row: SaidRow,
    /// With an empty body: the entry stands for it.
    pub annotation: Annotation,
}

/// Reads and writes the rows of annotations.
pub trait AnnotationRows {
    /// The row of the annotation with this name.
    fn find_annotation(&mut self, tenant: i64, annotation_id: &str) -> Result<Option<SaidRow>>;

    /// The annotation of a trace itself, or of the span with this name, that has this identifier.
    fn identified(&mut self, trace: i64, span_id: Option<&str>, identifier: &str) -> Result<Option<StoredAnnotation>>;

    /// Writes all columns of an annotation, whose row is made if it is not there. Of the body only its entry is written.
    fn write_annotation(&mut self, tenant: i64, row: &SaidRow, annotation: &Annotation) -> Result<()>;

    /// Removes the row of an annotation.
    fn remove_annotation(&mut self, id: i64) -> Result<()>;

    /// All of a trace and its spans, or of one of these, as they were first said.
    fn annotations(&mut self, trace: i64, span_id: Option<&str>) -> Result<Vec<StoredAnnotation>>;
}
