//! The store in one SQLite file; the only place that names rusqlite.
//!
//! Receives operations and queries from `store`. What they mean `documents` knows; here are the rows that it works on.
//! Each folder is a room with one concern and its own `sql/`, one statement a file; a room uses only those listed before
//! it.

// The file itself: who may open it, how it is opened, and what its bytes must be.
pub mod file;

// The one row of `state`: numbers that are given out once, and how many documents there are.
mod counts;

mod numbers;

// How the model's values stand in columns.
mod columns;

// Bytes by id.
mod entries;

// Which rows share a value.
mod facets;

// The way through lists under any filter.
mod lists;

// The rows of documents.
mod rows;

// What reads the whole store.
mod jobs;

// What a writer does between groups.
mod chores;

// The two kinds of connection, and the backend that opens them.
mod answer;

mod info;

pub mod reader;

pub mod writer;

pub mod backend;
