//! What a panic of ours prints: where it was, and not its message, which may quote what was being written or read.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::PanicHookInfo;
use std::sync::Once;

/// From now on. The addon's standard library is its own: no other addon's panics are concerned.
pub fn print_places_only() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            // Where nobody listens, `eprintln` would panic again, which ends the process.
            let _ = writeln!(std::io::stderr(), "{}", report(panic));
        }));
    });
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let trace = Backtrace::capture();
    let shown = if trace.status() == BacktraceStatus::Captured { format!("\n{trace}") } else { String::new() };
    format!("tracestore: a defect at {place}; please report it{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{catch_unwind, set_hook, take_hook};
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_report_has_the_place_and_not_the_message() {
        let reports = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&reports);
        let before = take_hook();
        set_hook(Box::new(move |panic| heard.lock().unwrap().push(report(panic))));
        let caught = catch_unwind(|| "hunter2é".split_at(8));
        set_hook(before);
        assert!(caught.is_err());
        let told = reports.lock().unwrap().join("\n");
        assert!(told.contains(".rs:"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
