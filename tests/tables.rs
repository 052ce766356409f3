//! A file whose tables somebody changed at will harms nobody: no panic, no hang, little memory, and errors that name damage.
//!
//! Seeded; `TRACESTORE_TABLE_ROUNDS=10000` takes so many rounds. `fuzz/fuzz_targets/tables.rs` lets a fuzzer choose.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

#[path = "support/allocated.rs"]
mod allocated;
#[path = "support/damage.rs"]
mod damage;
#[path = "support/specimen.rs"]
mod specimen;
mod support;
#[path = "support/tables.rs"]
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use tables::{Choices, examine, mutate};

/// Above all that a specimen of a quarter of a megabyte needs, and far below what a forged size may claim.
const LITTLE: usize = 32 << 20;

#[test]
fn tables_that_were_changed_at_will_harm_nobody() {
    let wanted = std::env::var("TRACESTORE_TABLE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(100);
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("traces.db");
    let sound = specimen::closed(&path);
    let cases = (0..wanted).map(|round: u64| (format!("round {round}"), round));
    let tally = damage::rounds(cases, move |tally, name, round| {
        sound.write(&path);
        let bytes = seeded(round);
        let tried = mutate(&path, &mut Choices(&bytes));
        let examined = catch_unwind(AssertUnwindSafe(|| examine(&path, &specimen::queries(), &specimen::writes())));
        if let Err(panic) = examined {
            let said = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            tally.find(&said.unwrap_or_default(), || format!("{name}: {tried}"));
        }
        tally.right += 1;
        if allocated::largest() > LITTLE {
            tally.find("memory", || format!("{} bytes, {name}: {tried}", allocated::largest()));
        }
    });
    assert_eq!(tally.right, usize::try_from(wanted).unwrap());
    tally.report("tables");
}

/// The choices of a round, the same in each run (splitmix64).
fn seeded(round: u64) -> Vec<u8> {
    let mut state = round.wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ 0x9e37_79b9_7f4a_7c15;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).to_le_bytes()
    };
    (0..64).flat_map(|_| next()).collect()
}
