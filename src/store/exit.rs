//! The last layer of shutdown: `atexit` commits what the queues hold, on the thread that ends the process.
//!
//! It runs even when JavaScript's own hooks did not (`process.reallyExit`). It joins no thread, because some may be
//! gone already or hold the loader's lock. The time that it may take began with the first layer. Windows has no such layer: all other threads are gone by then, and with them
//! whatever they held locked.

use std::sync::OnceLock;
use std::time::Instant;

/// When the process began to end, as JavaScript saw it.
static BEGAN: OnceLock<Instant> = OnceLock::new();

/// Notes that the process ends: one deadline holds for all stores and layers.
pub fn note_begin() {
    BEGAN.get_or_init(Instant::now);
}

/// Registers the hook; once per process is enough.
pub fn register() {
    #[cfg(unix)]
    unix::register();
}

#[cfg(unix)]
mod unix {
    use crate::store::{opening, registry};
    use std::panic::catch_unwind;
    use std::sync::Once;
    use std::time::{Duration, Instant};

    /// Waiting longer than that for a lock which the C library can't be asked about would look like a hang.
    const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

    static REGISTERED: Once = Once::new();

    pub fn register() {
        REGISTERED.call_once(|| {
            #[expect(
                unsafe_code,
                reason = "registers a function that lives as long as the library, which is never unloaded"
            )]
            // SAFETY: `commit_all` takes no arguments and doesn't unwind.
            unsafe {
                libc::atexit(commit_all);
            }
        });
    }

    extern "C" fn commit_all() {
        let _ = catch_unwind(|| {
            let began = *super::BEGAN.get_or_init(Instant::now);
            opening::finish(began);
            for engine in registry::all(Instant::now() + LOCK_TIMEOUT) {
                // What needs no waiting is done after the deadline too.
                engine.drain_for_good(began + engine.options.exit_timeout());
            }
        });
    }
}
