//! A fast sum (XXH3) that tells damage and mistakes. It is no secret and keeps nobody from making two texts with the
//! same sum: what content is found by is a `PieceHash`.

use twox_hash::XxHash3_64;

/// The sum of these bytes; another seed gives another sum.
pub fn checksum(seed: u64, bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(seed, bytes)
}
