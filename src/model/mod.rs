//! Plain data: everything that can be written (`op`), everything that can be read (`query`, `answer`),
//! what takes long (`job`), and the nouns.
//!
//! Receives the JSON text that the TypeScript side encoded and hands on typed columns beside an untouched body text;
//! does no I/O and knows no backend.

// In reading order.
pub mod op;

pub mod document_name;

pub mod receipt;

pub mod counts;

pub mod tenant;

pub mod derived;

pub mod trace;

pub mod trace_header;

pub mod trace_told;

pub mod span;

pub mod span_word;

pub mod span_order;

pub mod session;

pub mod config_snapshot;

pub mod tag;

pub mod score;

pub mod annotation;

pub mod link;

pub mod info;

pub mod field;

pub mod query;

pub mod answer;

pub mod footprint;

pub mod job;

// What the nouns are made of.
pub mod fields;

pub mod body;

pub mod number;

pub mod time;

pub mod history;

pub mod fact;

pub mod facts;

pub mod shown_facts;

pub mod gen_ai;

pub mod usage;

pub mod word;

pub mod writer_process;

pub use answer::Answer;
pub use job::{Job, Outcome};
pub use op::Op;
pub use query::Query;
pub use receipt::Receipt;
pub use tenant::TenantName;
