//! Bytes by id: the texts of pieces and the manifests of documents, wherever they lie.
//!
//! An entry lies in one of three places. `fresh` takes what spans bring, as it comes; `packing` moves it into blocks;
//! `alone` holds what lists read, the bodies of traces, sessions and snapshots and what these use, so that a list doesn't
//! open a block for every line. It does for a text that such a body took from a span that was packed before.

pub mod block;

pub mod read;

pub mod write;

pub mod packing;

pub mod merging;
