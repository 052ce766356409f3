//! Compresses the bytes of a piece, a manifest or a block with zstd when that makes them smaller.
//!
//! Each blob starts with a byte that names its form, so that forms can be added without a migration. The dictionary
//! is public text of this package (names that every trace carries), never users' content, which would outlive its
//! deletion.

use super::MAX_TEXT;
use crate::error::{Error, Result};
use zstd::bulk;

/// Low, because the writer thread competes with the agent for the processor; higher levels gain little on small blobs, and on blocks 5 to
/// 8 % for two to ten times the time.
const LEVEL: i32 = 3;
/// Shorter texts are left as they are, bytes.
const MIN_LENGTH: usize = 24;
const RAW: u8 = 0;
const ZSTD: u8 = 1;
/// No blob unpacks to more than this many times its length: `pack` makes it longer where need be, and a larger claim is
/// damage. So a small file takes little memory, whoever made it, and what honest texts repeat costs a hundredth at most.
const MOST_GROWTH: usize = 100;
/// A frame of zstd that stands for nothing begins with this, and the length of the rest in four bytes.
const SKIPPED: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];
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
                pad(out, bytes.len().div_ceil(MOST_GROWTH).saturating_sub(packed.len()));
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
                let most = MAX_TEXT.min(bytes.len().saturating_mul(MOST_GROWTH));
                let length = length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= most);
                let length = length.ok_or_else(|| Error::corrupt("a compressed blob has no sound header"))?;
                // Takes no more memory than it is told, whatever window the frame asks for.
                self.unpacker
                    .decompress(bytes, length)
                    .map_err(|error| Error::corrupt(format!("a compressed blob is damaged: {error}")))
            }
            _ => Err(Error::corrupt("a blob has an unknown form")),
        }
    }
}

/// Makes a blob longer by so many bytes, or a few more.
fn pad(out: &mut Vec<u8>, bytes: usize) {
    if bytes == 0 {
        return;
    }
    let zeros = bytes.saturating_sub(SKIPPED.len() + 4);
    out.extend_from_slice(&SKIPPED);
    out.extend_from_slice(&u32::try_from(zeros).unwrap_or(0).to_le_bytes());
    out.resize(out.len() + zeros, 0);
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failed(error: std::io::Error) -> Error {
    Error::internal(format!("zstd: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_for_ever_comes_back_and_nothing_grows_more() {
        let mut compressor = Compressor::new().unwrap();
        for length in [24, 100, 5000, 16 << 10, 3 << 20] {
            let bytes = vec![b'a'; length];
            let mut blob = Vec::new();
            compressor.pack(&bytes, &mut blob).unwrap();
            assert!(bytes.len() <= (blob.len() - 1) * MOST_GROWTH, "{length}: {}", blob.len());
            assert!(blob.len() <= bytes.len() / MOST_GROWTH + 100, "{length}: {}", blob.len());
            assert!(compressor.unpack(&blob).unwrap() == bytes, "{length}");
        }
    }

    #[test]
    fn a_frame_that_would_grow_more_is_refused_by_its_header() {
        let mut compressor = Compressor::new().unwrap();
        let frame = compressor.packer.compress(&vec![b'a'; 3 << 20]).unwrap();
        let error = compressor.unpack(&[&[ZSTD], &frame[..]].concat()).unwrap_err();
        assert_eq!(error, Error::corrupt("a compressed blob has no sound header"));
    }

    #[test]
    fn frames_behind_the_first_have_no_room() {
        let mut compressor = Compressor::new().unwrap();
        let frame = compressor.packer.compress(b"some text, and some text").unwrap();
        let error = compressor.unpack(&[&[ZSTD], &frame[..], &frame].concat()).unwrap_err();
        assert!(error.message.starts_with("a compressed blob is damaged"), "{error}");
    }
}
