//! Each text once, found by its hash, and who uses it.

pub mod owner;

pub mod hashes;

pub mod use_sum;

pub mod accounts;

pub mod uses;
