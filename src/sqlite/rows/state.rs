//! The row of `state`, and counts of tenants.

use super::SqliteRows;
use crate::documents::rows::state::{Numbers, StateRows};
use crate::error::Result;
use crate::sqlite::{counts, numbers};

impl StateRows for SqliteRows<'_> {
    fn write_numbers(&mut self, numbers: &Numbers, bytes_in: u64) -> Result<()> {
        numbers::write(self.connection, numbers, bytes_in)
    }

    fn add_counts(&mut self, tenant: i64, more: [i64; 4]) -> Result<()> {
        counts::add(self.connection, tenant, more)
    }
}
