//! A fast sum (XXH3) that tells damage and mistakes. It is no secret and keeps nobody from making two texts with the
//! same sum: what content is found by is a `PieceHash`.

use std::hash::Hasher as _;
use twox_hash::XxHash3_64;

/// The sum of these bytes; another seed gives another sum.
pub fn checksum(seed: u64, bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(seed, bytes)
}

/// The same sum, of bytes that come in parts.
pub struct Checksum(XxHash3_64);

impl Checksum {
    /// Of nothing yet.
    pub fn new(seed: u64) -> Self {
        Self(XxHash3_64::with_seed(seed))
    }

    /// Adds the bytes that follow.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    /// The sum of all that came.
    pub fn sum(&self) -> u64 {
        self.0.finish()
    }
}
