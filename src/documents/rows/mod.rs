//! What a database must do for documents: operations on single rows, one file a concern. The comments are the contract.
//!
//! All are called inside a transaction (for reads, a snapshot) that the backend has begun, and see what came before in it.
//! Ids come from the caller, who has them from `Numbers`, and are never given out twice. Each fails with what the database
//! says; a row that can't be as it stands is `CORRUPT`. After an error a transaction is undone, by the backend, to where the
//! failed operation on documents began.

pub mod annotation;

pub mod config_snapshot;

pub mod engine;

pub mod entry;

pub mod facet;

pub mod info;

pub mod link;

pub mod list;

pub mod piece;

pub mod said;

pub mod score;

pub mod session;

pub mod span;

pub mod span_word;

pub mod state;

pub mod tenant;

pub mod trace;

use self::annotation::AnnotationRows;
use self::config_snapshot::ConfigSnapshotRows;
use self::engine::EngineRows;
use self::entry::EntryRows;
use self::facet::FacetRows;
use self::info::InfoRows;
use self::link::LinkRows;
use self::list::ListRows;
use self::piece::PieceRows;
use self::score::ScoreRows;
use self::session::SessionRows;
use self::span::SpanRows;
use self::span_word::SpanWordRows;
use self::state::StateRows;
use self::tenant::TenantRows;
use self::trace::TraceRows;

/// Everything that a database does for documents.
pub trait Rows:
    TraceRows
    + SpanRows
    + SpanWordRows
    + SessionRows
    + ConfigSnapshotRows
    + ScoreRows
    + AnnotationRows
    + LinkRows
    + InfoRows
    + ListRows
    + EntryRows
    + PieceRows
    + FacetRows
    + EngineRows
    + StateRows
    + TenantRows
{
}
