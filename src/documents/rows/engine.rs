//! The processes that write.

use crate::error::Result;
use crate::model::writer_process::WriterProcess;

/// Tells of the engines of processes, each by the number under which it writes.
pub trait EngineRows {
    /// Whether the process is still there, as the kernel says at this moment; alive where that can't be told.
    fn writer_process(&mut self, engine: i64) -> Result<WriterProcess>;
}
