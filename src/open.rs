//! From options to an engine: finds or makes the file, and joins or starts the engine on it.

use crate::error::Result;
use crate::sqlite::backend::SqliteBackend;
use crate::sqlite::file::identity::FileId;
use crate::store::engine::Engine;
use crate::store::exit;
use crate::store::handle::Handle;
use crate::store::options::Options;
use crate::store::registry::{self, EngineKey};
use std::sync::Arc;

/// A handle that opens at its first use.
pub fn handle(options: Options) -> Handle {
    Handle::new(Box::new(move || engine(&options)))
}

fn engine(options: &Options) -> Result<Arc<Engine>> {
    exit::register();
    let identify = || {
        let file = SqliteBackend::prepare(options)?;
        Ok(file.map(|FileId { device, inode }| EngineKey { device, inode, readonly: options.readonly }))
    };
    registry::acquire(options, identify, |key| {
        let file = key.map(|EngineKey { device, inode, .. }| FileId { device, inode });
        Engine::start(options.clone(), Arc::new(SqliteBackend::new(options.clone(), file)))
    })
}
