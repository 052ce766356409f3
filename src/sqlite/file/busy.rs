//! Waits for locks of other processes, with jitter, so that two that wait don't wake each other's clash for ever.
//!
//! SQLite asks a plain function without context, so the deadline is kept per thread and set before each attempt.

use crate::error::{Code, Result};
use rusqlite::Connection;
use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

const SHORTEST: Duration = Duration::from_micros(200);
const LONGEST: Duration = Duration::from_millis(25);

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Makes a connection wait for locks.
pub fn install(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(wait))
}

/// Gives this thread's next statements until `timeout` from now.
pub fn arm(timeout: Duration) {
    DEADLINE.set(Instant::now().checked_add(timeout));
}

/// Tries again until `timeout` is over: some locks SQLite refuses at once, without asking how long to wait.
///
/// What is tried must let go of every lock when it fails, so that whoever is in its way can go on.
pub fn retry<T>(timeout: Duration, mut act: impl FnMut() -> Result<T>) -> Result<T> {
    let deadline = Instant::now().checked_add(timeout);
    let mut attempt = 0;
    loop {
        let done = act();
        if !done.as_ref().is_err_and(|error| error.code == Code::Busy) || !pause(attempt, deadline) {
            return done;
        }
        attempt += 1;
    }
}

fn wait(attempt: i32) -> bool {
    pause(attempt, DEADLINE.get())
}

/// False if there is no time left.
fn pause(attempt: i32, deadline: Option<Instant>) -> bool {
    let left = deadline.map_or(Duration::ZERO, |deadline| deadline.saturating_duration_since(Instant::now()));
    if left.is_zero() {
        return false;
    }
    let step = SHORTEST.saturating_mul(1 << attempt.clamp(0, 8)).min(LONGEST);
    thread::sleep(step.mul_f64(0.5 + jitter()).min(left));
    true
}

/// 0 to 1, from the clock's last digits; good enough to part two waiting processes.
fn jitter() -> f64 {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    f64::from(nanos % 1000) / 1000.0
}
