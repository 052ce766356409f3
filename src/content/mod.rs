//! The payload codec: JSON text to a manifest plus content-addressed pieces, and back.
//!
//! Receives the text of one JSON object or list and hands on bytes; knows nothing of SQL, threads or documents.
//! A piece is the text of one JSON value (an array element or a long string) that is stored once under its hash.
//! A manifest is what remains: the literal text with holes, and which piece fills which hole.
//! A block holds many of both, compressed together.

/// The largest text that is taken in, bytes, as the largest `maxPayloadBytes`: what claims to be larger is damage.
pub const MAX_TEXT: usize = 1 << 30;

// In reading order.
pub mod depth;

pub mod split;

pub mod hash;

pub mod checksum;

pub mod compress;

pub mod varint;

pub mod manifest;

pub mod skeleton;

pub mod block;

pub use block::Block;
pub use checksum::checksum;
pub use compress::Compressor;
pub use hash::PieceHash;
pub use manifest::{Form, Manifest, Recent};
