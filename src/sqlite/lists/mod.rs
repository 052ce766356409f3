//! Pages of traces and sessions under any combination of filters.

mod scan;

mod plan;

mod page;

mod scores;

pub mod nouns;
