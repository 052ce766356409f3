//! The store in one SQLite file; the only place that names rusqlite.
//!
//! Receives operations and queries from `store` and hands on rows as documents. Each folder is a room with one concern
//! and its own `sql/`, one statement a file; a room uses only those listed before it.

// The file itself: who may open it, how it is opened, and what its bytes must be.
pub mod file;

// The one row of `state`: numbers that are given out once, and how many documents there are.
mod tenant;

mod counts;

mod numbers;

// Bytes by id.
mod entries;

// Each text once, and who uses it.
mod pieces;

// Which rows share a value.
mod facets;

// Traces, spans, sessions and config snapshots.
mod documents;

// Pages of them under any filter.
mod lists;

// What reads the whole store.
mod jobs;

// What a writer does between groups.
mod chores;

// The two kinds of connection, and the backend that opens them.
mod answer;

pub mod reader;

pub mod writer;

pub mod backend;
