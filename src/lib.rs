//! The native core of `tracestore`: a durable store for agent traces in one SQLite file.
//!
//! ```text
//! write   binding -> store::handle -> store::queue -> store::commit -> wire -> model::op -> sqlite -> documents -> content -> settlement
//! read    binding -> store::handle -> store::readers -> sqlite -> documents -> content::skeleton -> model::answer -> JSON text
//! ```
//!
//! Data flows one way on each path and is converted once at each edge. Left may use right:
//! `binding -> open -> sqlite -> {documents, store::backend} -> {content, model, wire} -> json -> error`.

// In reading order.
pub mod error;

pub mod json;

pub mod wire;

pub mod model;

pub mod content;

pub mod documents;

pub mod store;

pub mod sqlite;

pub mod open;

pub mod binding;
