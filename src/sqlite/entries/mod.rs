//! Bytes by id: the texts of pieces and the manifests of spans, wherever they lie.
//!
//! An entry lies in one of three places. `fresh` takes what spans bring, as it comes; `packing` moves it into blocks;
//! `piece` holds what the bodies of traces, sessions and snapshots use, each alone, so that a list doesn't open a block
//! for every line.

pub mod block;

pub mod read;

pub mod write;

pub mod packing;
