//! The file itself: found or made, opened in one safe order, guarded against others, every page checked.

// In reading order.
pub mod identity;

mod one_per;

#[cfg(unix)]
mod trust;

mod descriptors;

pub mod filesystem;

pub mod create;

pub mod place;

mod byte_locks;

pub mod presence;

pub mod guard;

pub mod intruder;

pub mod parts;

pub mod signals;

pub mod busy;

pub mod checked;

mod harden;

mod schema;

pub mod migrations;

pub mod log;

pub mod connection;

mod errors;
