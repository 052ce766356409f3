//! The row of `state`.

use super::SqliteRows;
use crate::documents::rows::state::{Numbers, StateRows};
use crate::error::Result;
use crate::sqlite::numbers;

impl StateRows for SqliteRows<'_> {
    fn write_numbers(&mut self, numbers: &Numbers, bytes_in: u64) -> Result<()> {
        numbers::write(self.connection, numbers, bytes_in)
    }
}
