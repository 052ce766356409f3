//! Many entries compressed together: what a conversation repeats takes space once, and one look brings all a reader needs next.
//!
//! Layout before compression: the number of entries; for each the distance of its id from the one before and its
//! length; then their bytes.

use super::{Compressor, varint};
use crate::error::{Error, Result};
use std::ops::Range;

/// No entry is shorter: a manifest begins with a check of eight bytes, and a piece is longer.
const MIN_ENTRY: usize = 8;

/// A block that was opened.
#[derive(Debug)]
pub struct Block {
    bytes: Vec<u8>,
    /// Ids in rising order, and where their bytes lie.
    places: Vec<(i64, Range<usize>)>,
}

impl Block {
    /// The blob that `from_blob` reads.
    pub fn to_blob<'a>(
        entries: impl ExactSizeIterator<Item = (i64, &'a [u8])> + Clone,
        compressor: &mut Compressor,
    ) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        varint::put(&mut bytes, entries.len() as u64);
        let mut before = 0;
        for (id, entry) in entries.clone() {
            varint::put_signed(&mut bytes, id.wrapping_sub(before));
            varint::put(&mut bytes, entry.len() as u64);
            before = id;
        }
        for (_, entry) in entries {
            bytes.extend_from_slice(entry);
        }
        let mut blob = Vec::new();
        compressor.pack(&bytes, &mut blob)?;
        Ok(blob)
    }

    /// Reads what `to_blob` made; anything else is `CORRUPT`, never a panic.
    pub fn from_blob(blob: &[u8], compressor: &mut Compressor) -> Result<Self> {
        let damaged = || Error::corrupt("a block is damaged");
        let bytes = compressor.unpack(blob)?;
        let mut rest = bytes.as_slice();
        let count = varint::take(&mut rest).and_then(|count| usize::try_from(count).ok()).ok_or_else(damaged)?;
        if count > bytes.len() / MIN_ENTRY {
            return Err(damaged());
        }
        let (mut places, mut id) = (Vec::with_capacity(count), 0_i64);
        for _ in 0..count {
            id = id.wrapping_add(varint::take_signed(&mut rest).ok_or_else(damaged)?);
            let length = varint::take(&mut rest).and_then(|length| usize::try_from(length).ok()).ok_or_else(damaged)?;
            places.push((id, 0..length));
        }
        let mut at = bytes.len() - rest.len();
        for (_, place) in &mut places {
            let end = at.checked_add(place.end).filter(|end| *end <= bytes.len()).ok_or_else(damaged)?;
            *place = at..end;
            at = end;
        }
        if at != bytes.len() {
            return Err(damaged());
        }
        places.sort_unstable_by_key(|(id, _)| *id);
        Ok(Self { bytes, places })
    }

    /// The entries in the order of their ids.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (i64, &[u8])> + Clone {
        self.places.iter().map(|(id, place)| (*id, &self.bytes[place.clone()]))
    }

    /// The bytes of an entry, if it is in here.
    pub fn find(&self, id: i64) -> Option<&[u8]> {
        let at = self.places.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&self.bytes[self.places[at].1.clone()])
    }

    /// Memory that it takes, bytes.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<(i64, Range<usize>)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_entries_come_back(entries in prop::collection::btree_map(any::<i64>(), prop::collection::vec(any::<u8>(), MIN_ENTRY..300), 0..20)) {
            let mut compressor = Compressor::new().unwrap();
            let blob = Block::to_blob(entries.iter().map(|(id, entry)| (*id, entry.as_slice())), &mut compressor).unwrap();
            let block = Block::from_blob(&blob, &mut compressor).unwrap();
            let read: Vec<(i64, Vec<u8>)> = block.entries().map(|(id, entry)| (id, entry.to_vec())).collect();
            prop_assert!(entries.iter().all(|(id, entry)| block.find(*id) == Some(entry)));
            prop_assert_eq!(read, entries.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut compressor = Compressor::new().unwrap();
            let mut blob = Vec::new();
            compressor.pack(&bytes, &mut blob).unwrap();
            let _ = Block::from_blob(&blob, &mut compressor);
        }
    }
}
