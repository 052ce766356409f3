//! The address of a piece: BLAKE3, cut to 160 bits.
//!
//! Content is attacker-controlled, and a collision would show one user's text in another's trace; 160 bits keep that
//! out of reach (2^80 hashes for any collision) at two thirds of the space.

/// Bytes of a piece's address.
pub const HASH_BYTES: usize = 20;

/// The address of a piece's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PieceHash(pub [u8; HASH_BYTES]);

impl PieceHash {
    /// The address of this text.
    pub fn of(text: &str) -> Self {
        let mut bytes = [0; HASH_BYTES];
        bytes.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..HASH_BYTES]);
        Self(bytes)
    }
}
