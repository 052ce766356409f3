//! What it means to write a document and to read one, over rows: how later words merge, which pieces whose documents
//! use, and how rows become an answer.
//!
//! Receives operations and queries from a backend and hands on documents. Names no database: a backend implements the
//! row operations of `rows/`, whose comments are their contract, and drives the rest like this.
//!
//! ```text
//! transaction   begin, read the numbers, Pending::begin
//! operation     Pending::mark, write::apply; if it fails, undo its rows and Pending::undo
//! end           Pending::store, commit, Pending::commit; or roll back and Pending::undo_all
//! answer        read::documents, in a snapshot
//! ```

// What a database does.
pub mod rows;

// What they share.
pub mod tenant;

pub mod pieces;

mod byte_lru;

pub mod bodies;

mod notes;

mod counts;

mod facets;

mod session_notes;

mod sums;

pub mod pending;

pub mod assemble;

// One file a noun.
pub mod annotation;

pub mod config_snapshot;

pub mod info;

pub mod link;

mod said;

mod trace_row;

pub mod score;

pub mod session;

pub mod span;

pub mod given_keys;

pub mod span_word;

pub mod trace;

pub mod list;

// Which of them does what.
mod version;

pub mod read;

pub mod write;
