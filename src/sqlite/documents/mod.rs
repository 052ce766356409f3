//! Traces, spans, sessions and config snapshots: how they are written, and read one by one.

// What they share.
pub mod columns;

mod byte_lru;

pub mod bodies;

pub mod pending;

pub mod assemble;

// One file a noun.
pub mod config_snapshot;

pub mod session;

pub mod span;

pub mod trace;

pub mod info;
