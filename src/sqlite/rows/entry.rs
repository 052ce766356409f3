//! Entries, in one of the places that `sqlite::entries` has for them.

use super::SqliteRows;
use crate::documents::rows::entry::EntryRows;
use crate::error::Result;
use crate::sqlite::entries::read::OpenBlocks;
use crate::sqlite::entries::write;
use std::borrow::Cow;

impl EntryRows for SqliteRows<'_> {
    fn entry(&mut self, id: i64) -> Result<Cow<'_, [u8]>> {
        self.blocks.entry(self.connection, self.compressor, id)
    }

    fn insert_fresh(&mut self, id: i64, trace: i64, bytes: &[u8]) -> Result<()> {
        write::insert_fresh(self.connection, id, trace, bytes)
    }

    fn insert_alone(&mut self, id: i64, bytes: &[u8]) -> Result<()> {
        write::insert_alone(self.connection, self.compressor, id, bytes)
    }

    fn make_alone(&mut self, id: i64) -> Result<()> {
        write::make_alone(self.connection, self.compressor, id)
    }

    fn make_fresh(&mut self, id: i64, trace: i64) -> Result<usize> {
        write::make_fresh(self.connection, self.compressor, id, trace)
    }

    fn remove_entries(&mut self, ids: &[i64]) -> Result<Vec<i64>> {
        // What is open still has them.
        self.blocks = OpenBlocks::default();
        write::remove(self.connection, self.compressor, ids)
    }

    fn stands(&self) -> bool {
        !self.connection.is_autocommit()
    }
}
