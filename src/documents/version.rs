//! Versions: whether a document is as who writes it believes.

use super::rows::Rows;
use crate::error::{Code, Error, Result};
use crate::model::document_name::DocumentName;

/// `CONFLICT` unless a document has this version; one that isn't there, or a trace
/// or session on which nobody said a word, has 0.
pub fn require(rows: &mut dyn Rows, tenant: i64, document: DocumentName<'_>, wanted: i64) -> Result<()> {
    let version = version(rows, tenant, document)?;
    if version == wanted {
        return Ok(());
    }
    let name = name(document);
    Err(Error::new(Code::Conflict, format!("{name} has version {version}, not {wanted} as ifVersion says")))
}

fn version(rows: &mut dyn Rows, tenant: i64, document: DocumentName<'_>) -> Result<i64> {
    let found = match document {
        DocumentName::Trace(trace_id) => rows.find_trace(tenant, trace_id)?.map(|known| known.version),
        DocumentName::Span { trace_id, span_id } => match rows.find_trace(tenant, trace_id)? {
            Some(known) => rows.find_span(known.id, span_id)?.map(|known| known.row.version),
            None => None,
        },
        DocumentName::Session(session_id) => rows.session(tenant, session_id)?.map(|found| found.row.version),
        // It is written once.
        DocumentName::ConfigSnapshot(snapshot_id) => rows.config_snapshot(tenant, snapshot_id)?.map(|_| 1),
        DocumentName::Score(score_id) => rows.find_score(tenant, score_id)?.map(|row| row.version),
        DocumentName::Annotation(id) => rows.find_annotation(tenant, id)?.map(|row| row.version),
        DocumentName::Identified { trace_id, span_id, identifier } => {
            match (rows.find_trace(tenant, trace_id)?, identifier) {
                (Some(known), Some(identifier)) => {
                    rows.identified(known.id, span_id, identifier)?.map(|found| found.row.version)
                }
                _ => None,
            }
        }
    };
    Ok(found.unwrap_or_default())
}

fn name(document: DocumentName<'_>) -> String {
    match document {
        DocumentName::Trace(trace_id) => format!("trace {trace_id:?}"),
        DocumentName::Span { trace_id, span_id } => format!("span {span_id:?} of trace {trace_id:?}"),
        DocumentName::Session(session_id) => format!("session {session_id:?}"),
        DocumentName::ConfigSnapshot(snapshot_id) => format!("config snapshot {snapshot_id:?}"),
        DocumentName::Score(score_id) => format!("score {score_id:?}"),
        DocumentName::Annotation(annotation_id) => format!("annotation {annotation_id:?}"),
        DocumentName::Identified { identifier, .. } => format!("annotation {:?}", identifier.unwrap_or_default()),
    }
}
