//! The row operations of documents, in SQL: one file a concern, as in `documents::rows`.

use crate::content::Compressor;
use crate::documents::rows::Rows;
use crate::sqlite::entries::read::OpenBlocks;
use crate::sqlite::file::presence::Roll;
use rusqlite::Connection;

pub mod annotation;

pub mod config_snapshot;

mod engine;

mod entry;

mod facet;

mod info;

pub mod link;

mod list;

mod piece;

pub mod score;

pub mod session;

pub mod span;

mod span_word;

mod state;

mod tenant;

pub mod trace;

/// The rows of one transaction, or snapshot.
pub struct SqliteRows<'a> {
    connection: &'a Connection,
    pub compressor: &'a mut Compressor,
    blocks: OpenBlocks,
    roll: Roll<'a>,
}

impl<'a> SqliteRows<'a> {
    /// With no block open.
    pub fn new(connection: &'a Connection, compressor: &'a mut Compressor) -> Self {
        Self { connection, compressor, blocks: OpenBlocks::default(), roll: Roll::default() }
    }

    /// With this to ask for the processes that write.
    pub fn asking(self, roll: Roll<'a>) -> Self {
        Self { roll, ..self }
    }
}

impl Rows for SqliteRows<'_> {}
