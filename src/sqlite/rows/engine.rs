//! Processes that write to the file.

use super::SqliteRows;
use crate::documents::rows::engine::EngineRows;
use crate::error::Result;
use crate::model::writer_process::WriterProcess;

impl EngineRows for SqliteRows<'_> {
    fn writer_process(&mut self, engine: i64) -> Result<WriterProcess> {
        Ok(self.roll.call(engine))
    }
}
