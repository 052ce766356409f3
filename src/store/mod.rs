//! The engine, whatever the database: a bounded queue, one writer thread with group commit, reader threads, settlement
//! and shutdown.
//!
//! Receives batches of encoded operations and queries from `binding`, hands decoded ones to a `Backend`, and answers
//! only after the backend committed. It must not know SQL or JavaScript.

// In reading order.
pub mod chore;

pub mod backend;

pub mod options;

pub mod queue;

pub mod transaction;

pub mod commit;

mod counters;

pub mod turns;

pub mod readers;

pub mod running_job;

pub mod jobs;

pub mod settlement;

mod gate;

mod watched;

pub mod engine;

pub mod registry;

pub mod opening;

mod backlog;

pub mod handle;

pub mod exit;
