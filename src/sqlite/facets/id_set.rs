//! Sets of row ids as bits, in parts of 4,096 ids, each of which is a row of the table `facet`.
//!
//! Bits make the intersection of broad sets cheap: 100,000 rows are 12.5 KB. A tag of a single row takes
//! about 30 bytes and one of everything a bit per row, however many different values, or combinations, there are.

use crate::error::{Error, Result};
use std::cmp::Ordering;

/// Ids per part.
const PART: i64 = 4096;
const WORDS: usize = 64;
/// A part of so many bytes holds its bits and an end mark, a shorter one the places of its members, two bytes each in
/// rising order.
const BITS_BYTES: usize = WORDS * 8 + 1;
/// Behind the bits: a row that ended with zeros would look like a lost sector (`checked::page`).
const END: u8 = 0xff;

/// Which ids of one part are members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part([u64; WORDS]);

impl Default for Part {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl Part {
    /// From its bytes in the table.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut part = Self::default();
        if bytes.len() == BITS_BYTES {
            for (word, bytes) in part.0.iter_mut().zip(bytes.chunks_exact(8)) {
                *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            }
            return Ok(part);
        }
        let places = bytes.chunks(2).map(|bytes| match bytes {
            [low, high] => Some(i64::from(*low) | i64::from(*high) << 8).filter(|place| *place < PART),
            _ => None,
        });
        for place in places {
            part.insert(place.ok_or_else(|| Error::corrupt("a part of a facet can't be read"))?);
        }
        Ok(part)
    }

    /// The bytes to be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        if usize::try_from(self.len()).is_ok_and(|members| members * 2 < BITS_BYTES) {
            return self.ids(0).flat_map(|place| place.to_le_bytes().into_iter().take(2)).collect();
        }
        self.0.iter().flat_map(|word| word.to_le_bytes()).chain([END]).collect()
    }

    /// Makes the id a member.
    pub fn insert(&mut self, id: i64) {
        let (word, bit) = place(id);
        self.0[word] |= bit;
    }

    /// Makes the id no member.
    pub fn remove(&mut self, id: i64) {
        let (word, bit) = place(id);
        self.0[word] &= !bit;
    }

    /// How many members there are.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    fn contains(&self, id: i64) -> bool {
        let (word, bit) = place(id);
        self.0[word] & bit != 0
    }

    /// The members, if this is part `number`; a damaged number has ids that no row has.
    pub fn ids(&self, number: i64) -> impl Iterator<Item = i64> + '_ {
        let first = number.saturating_mul(PART);
        let words = self.0.iter().zip(0..);
        words.flat_map(move |(word, at)| ones(*word).map(move |bit| first.saturating_add(at * 64 + bit)))
    }
}

/// The places of a word's ones.
fn ones(word: u64) -> impl Iterator<Item = i64> {
    let rest = |word: &u64| Some(*word & (*word - 1)).filter(|rest| *rest != 0);
    std::iter::successors(Some(word).filter(|word| *word != 0), rest).map(|word| i64::from(word.trailing_zeros()))
}

/// The number of the part that an id belongs to.
pub fn part_of(id: i64) -> i64 {
    id.div_euclid(PART)
}

/// The word and the bit within its part.
fn place(id: i64) -> (usize, u64) {
    let place = usize::try_from(id.rem_euclid(PART)).unwrap_or(0);
    (place / 64, 1 << (place % 64))
}

/// A set of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdSet {
    /// With their numbers, in rising order.
    parts: Vec<(i64, Part)>,
}

impl IdSet {
    /// Adds a part with a number above all others.
    pub fn push(&mut self, number: i64, part: Part) {
        self.parts.push((number, part));
    }

    /// A set of ids in any order.
    pub fn of(ids: &[i64]) -> Self {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut members = Self::default();
        for id in ids {
            if members.parts.last().is_none_or(|(number, _)| *number != part_of(id)) {
                members.push(part_of(id), Part::default());
            }
            if let Some((_, part)) = members.parts.last_mut() {
                part.insert(id);
            }
        }
        members
    }

    /// Those that are members of both.
    pub fn both(&self, other: &Self) -> Self {
        let mut both = Self::default();
        let (mut left, mut right) = (self.parts.iter().peekable(), other.parts.iter().peekable());
        while let (Some((number, one)), Some((other_number, two))) = (left.peek(), right.peek()) {
            match number.cmp(other_number) {
                Ordering::Less => drop(left.next()),
                Ordering::Greater => drop(right.next()),
                Ordering::Equal => {
                    let mut part = one.clone();
                    part.0.iter_mut().zip(two.0).for_each(|(word, other)| *word &= other);
                    both.push(*number, part);
                    left.next();
                    right.next();
                }
            }
        }
        both
    }

    /// How many members there are.
    pub fn len(&self) -> u64 {
        self.parts.iter().map(|(_, part)| part.len()).sum()
    }

    /// Whether the id is a member.
    pub fn contains(&self, id: i64) -> bool {
        let found = self.parts.binary_search_by_key(&part_of(id), |(number, _)| *number);
        found.is_ok_and(|at| self.parts[at].1.contains(id))
    }

    /// The members in rising order.
    pub fn ids(&self) -> impl Iterator<Item = i64> + '_ {
        self.parts.iter().flat_map(|(number, part)| part.ids(*number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ids() -> impl Strategy<Value = BTreeSet<i64>> {
        let few = prop::collection::btree_set(0_i64..20_000, 0..40);
        let many = (0_i64..5000, 1_i64..4, 0_usize..3000).prop_map(|(first, step, count)| {
            std::iter::successors(Some(first), |id| Some(id + step)).take(count).collect()
        });
        prop_oneof![few, many]
    }

    fn members(ids: &BTreeSet<i64>) -> IdSet {
        IdSet::of(&ids.iter().rev().copied().collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn sets_are_what_they_were_made_of(one in ids(), two in ids()) {
            let (left, right) = (members(&one), members(&two));
            prop_assert_eq!(left.ids().collect::<BTreeSet<_>>(), one.clone());
            prop_assert_eq!(left.len(), one.len() as u64);
            let both: BTreeSet<i64> = one.intersection(&two).copied().collect();
            prop_assert_eq!(left.both(&right).ids().collect::<BTreeSet<_>>(), both);
            for id in one.iter().chain(&two) {
                prop_assert_eq!(left.contains(*id), one.contains(id));
            }
            for (_, part) in &left.parts {
                let bytes = part.to_bytes();
                prop_assert!(bytes.len() <= BITS_BYTES);
                prop_assert_eq!(&Part::from_bytes(&bytes).unwrap(), part);
            }
        }

        #[test]
        fn hostile_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = Part::from_bytes(&bytes);
        }
    }

    #[test]
    fn a_member_that_leaves_is_gone() {
        let mut part = Part::default();
        for id in 0..PART {
            part.insert(id);
        }
        assert_eq!((part.len(), part.to_bytes().len()), (4096, BITS_BYTES));
        for id in 257..PART {
            part.remove(id);
        }
        // Bits, most of them zero, with the mark behind them.
        assert_eq!((part.to_bytes().len(), part.to_bytes().last()), (BITS_BYTES, Some(&0xff)));
        for id in 1..PART {
            part.remove(id);
        }
        assert_eq!(part.to_bytes(), [0, 0]);
        assert!(Part::from_bytes(&[0]).is_err());
        assert!(Part::from_bytes(&[0, 16]).is_err());
    }
}
