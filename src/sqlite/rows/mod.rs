//! The row operations of documents, in SQL: one file a concern, as in `documents::rows`.

use crate::content::Compressor;
use crate::sqlite::entries::read::OpenBlocks;
use rusqlite::Connection;

pub mod annotation;

pub mod config_snapshot;

mod entry;

mod facet;

mod info;

pub mod link;

mod list;

mod piece;

pub mod score;

pub mod session;

pub mod span;

mod state;

mod tenant;

pub mod trace;

/// The rows of one transaction, or snapshot.
pub struct SqliteRows<'a> {
    connection: &'a Connection,
    pub compressor: &'a mut Compressor,
    blocks: OpenBlocks,
}

impl<'a> SqliteRows<'a> {
    /// With no block open.
    pub fn new(connection: &'a Connection, compressor: &'a mut Compressor) -> Self {
        Self { connection, compressor, blocks: OpenBlocks::default() }
    }
}
