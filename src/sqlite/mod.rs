//! The store in one SQLite file; the only place that names rusqlite.
//!
//! Receives operations and queries from `store` and hands on rows as documents. One file per noun; every statement is
//! a file in `sql/`, the schema is the sum of `migrations/`.

// In reading order.
pub mod file;

pub mod guard;

mod watch;

pub mod filesystem;

pub mod connection;

pub mod checked;

pub mod migrations;

pub mod writer;

pub mod reader;

// Jobs.
mod backup;

mod verify;

// The nouns.
mod trace;

mod span;

mod session;

mod config_snapshot;

// What the nouns share.
mod transaction;

mod content;

mod bodies;

mod piece;

mod entry;

mod block;

mod packing;

mod assemble;

mod list;

mod walk;

mod facet;

mod members;

mod counts;

mod info;

mod flags;

mod value;

mod busy;

mod errors;
