//! Each text once, found by its hash, and who uses it.

pub mod owner;

pub mod hashes;

mod use_sum;

mod recount;

mod accounts;

pub mod uses;
