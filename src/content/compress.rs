//! Compresses the bytes of a piece, a manifest or a block with zstd when that makes them smaller.
//!
//! Each blob starts with a byte that names its form, so that forms can be added without a migration. The dictionary
//! is public text of this package (names that every trace carries), never users' content, which would outlive its
//! deletion.

use crate::error::{Error, Result};
use zstd::bulk;

/// Low, because the writer thread competes with the agent for the processor; higher levels gain little on small blobs, and on blocks 5 to
/// 8 % for two to ten times the time.
const LEVEL: i32 = 3;
/// Shorter texts are left as they are, bytes.
const MIN_LENGTH: usize = 24;
const RAW: u8 = 0;
const ZSTD: u8 = 1;
/// Larger claims in a blob are damage: no operation is that long.
const MAX_LENGTH: usize = 1 << 30;
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

/// The contexts of one connection; making them costs more than using them.
pub struct Compressor {
    packer: bulk::Compressor<'static>,
    unpacker: bulk::Decompressor<'static>,
}

impl Compressor {
    /// Contexts with the dictionary loaded.
    pub fn new() -> Result<Self> {
        let mut packer = bulk::Compressor::with_dictionary(LEVEL, DICTIONARY).map_err(failed)?;
        packer.include_checksum(false).map_err(failed)?;
        packer.include_dictid(false).map_err(failed)?;
        Ok(Self { packer, unpacker: bulk::Decompressor::with_dictionary(DICTIONARY).map_err(failed)? })
    }

    /// Appends the form byte and the bytes, compressed if that is shorter.
    pub fn pack(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if bytes.len() >= MIN_LENGTH {
            let packed = self.packer.compress(bytes).map_err(failed)?;
            if packed.len() < bytes.len() {
                out.push(ZSTD);
                out.extend_from_slice(&packed);
                return Ok(());
            }
        }
        out.push(RAW);
        out.extend_from_slice(bytes);
        Ok(())
    }

    /// The bytes that `pack` was given.
    pub fn unpack(&mut self, blob: &[u8]) -> Result<Vec<u8>> {
        match blob.split_first() {
            Some((&RAW, bytes)) => Ok(bytes.to_vec()),
            Some((&ZSTD, bytes)) => {
                let length = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
                let length =
                    length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= MAX_LENGTH);
                let length = length.ok_or_else(|| Error::corrupt("a compressed blob has no sound header"))?;
                self.unpacker
                    .decompress(bytes, length)
                    .map_err(|error| Error::corrupt(format!("a compressed blob is damaged: {error}")))
            }
            _ => Err(Error::corrupt("a blob has an unknown form")),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failed(error: std::io::Error) -> Error {
    Error::internal(format!("zstd: {error}"))
}
