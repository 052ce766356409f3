//! Which rows share a value that lists are filtered by.

pub mod facet;

pub mod id_set;
