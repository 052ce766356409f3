//! From options to an engine: finds or makes the file, and joins or starts the engine on it.

use crate::error::Result;
use crate::sqlite::backend::SqliteBackend;
use crate::store::engine::Engine;
use crate::store::handle::Handle;
use crate::store::options::Options;
use crate::store::registry::{self, FoundStore};
use std::sync::Arc;

/// A handle that opens at its first use.
pub fn handle(options: Options) -> Handle {
    let own = options.clone();
    Handle::new(options, Box::new(move || engine(&own)))
}

fn engine(options: &Options) -> Result<Arc<Engine>> {
    let file = SqliteBackend::prepare(options)?;
    let found = file.as_ref().map(|file| FoundStore {
        identity: file.id.identity(),
        readonly: options.readonly,
        place: file.place.clone(),
    });
    registry::acquire(options, found, || {
        Engine::start(options.clone(), Arc::new(SqliteBackend::new(options.clone(), file)))
    })
}
