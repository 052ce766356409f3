//! Each text once, found by its hash, and who uses it.

pub mod piece;
