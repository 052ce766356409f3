//! What a page's checksum is, and whether a page has the right one. Bytes only.

use crate::content;
use crate::sqlite::file::migrations::APPLICATION_ID;

/// Bytes at the end of each page that SQLite leaves alone.
pub const RESERVED: i32 = 8;
/// The length of that in memory.
const TAIL: usize = 8;
/// The file's header, at the start of page 1.
pub const HEADER: usize = 100;
/// A page that was not checked and ends with so many zeros before its tail lost a sector of 512 bytes; see `is_blanked`.
const BLANK: usize = 512 - TAIL;
/// SQLite takes its locks on the page with this byte, which holds nothing.
const LOCK_BYTE: u64 = 0x4000_0000;

/// What a file's header says of its checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// There is room for them.
    pub write: bool,
    /// The pages must have them.
    pub check: bool,
}

impl Policy {
    /// For a file that has no header yet: all of ours have the room.
    pub const NEW: Self = Self { write: true, check: true };

    /// From the first `HEADER` bytes of a file. Not one flipped byte switches the check of our files off.
    pub fn of(header: &[u8]) -> Self {
        let reserved = i32::from(header[20]) == RESERVED;
        Self { write: reserved, check: !is_database(header) || reserved || is_ours(header) }
    }
}

fn is_database(header: &[u8]) -> bool {
    header.starts_with(b"SQLite format 3\0")
}

fn is_ours(header: &[u8]) -> bool {
    header[68..72].iter().fold(0, |number, byte| number << 8 | i64::from(*byte)) == APPLICATION_ID
}

/// Whether SQLite reads or writes a whole page here, and which.
pub fn number(length: usize, offset: i64) -> Option<u64> {
    let offset = u64::try_from(offset).ok()?;
    let whole = length >= 512 && length.is_power_of_two() && offset.is_multiple_of(length as u64);
    whole.then(|| offset / length as u64 + 1)
}

/// Puts the checksum of page `number` into its tail.
pub fn seal(number: u64, page: &mut [u8]) {
    let (content, tail) = page.split_at_mut(page.len() - TAIL);
    tail.copy_from_slice(&checksum(number, content).to_le_bytes());
}

/// Whether page `number` is as it was written. Clears its tail if so: what SQLite copies into the log, and other
/// programs from there into a file, carries no checksum rather than an outdated one.
pub fn accept(number: u64, page: &mut [u8]) -> bool {
    let (content, tail) = page.split_at_mut(page.len() - TAIL);
    if tail == [0; TAIL] {
        return !is_blanked(number, content);
    }
    let accepted = tail == checksum(number, content).to_le_bytes() || is_refused_anyway(number, content);
    tail.fill(0);
    accepted
}

/// Whether what there is of a page that breaks off may be handed on: nothing, or a file that is not ours.
pub fn accept_part(number: u64, page: &[u8]) -> bool {
    page.iter().all(|byte| *byte == 0) || is_refused_anyway(number, page)
}

/// The first page of a file that whoever opens it calls no database, or another program's.
fn is_refused_anyway(number: u64, content: &[u8]) -> bool {
    number == 1 && !(is_database(content) && is_ours(content))
}

/// Never 0, which stands for a page that nobody checked.
fn checksum(number: u64, page: &[u8]) -> u64 {
    let sum = if number == 1 {
        let mut header = [0; HEADER];
        header.copy_from_slice(&page[..HEADER]);
        // Counters and versions that every tool changes in a copy it makes, and that no answer depends on.
        for changing in [24..28, 40..44, 92..100] {
            header[changing].fill(0);
        }
        content::checksum(content::checksum(number, &header), &page[HEADER..])
    } else {
        content::checksum(number, page)
    };
    sum.max(1)
}

/// Whether an unchecked page shows that its end was lost, as a sector is that was never written.
///
/// Rows and index entries fill a page from its end, and none of ours ends with so many zeros; what was freed there may.
/// A page of nothing but zeros is one that was never written: SQLite knows where those may be.
fn is_blanked(number: u64, content: &[u8]) -> bool {
    let tree = if number == 1 { &content[HEADER..] } else { content };
    let has_cells = matches!(tree[0], 2 | 5 | 10 | 13) && tree[3..5] != [0, 0];
    has_cells
        && content[content.len() - BLANK..].iter().all(|byte| *byte == 0)
        && !is_pointer_map(number, content.len() as u64)
        && !ends_free(content, two(tree, 1))
}

/// Pages that say of others who points at them begin like an index and are filled from their start.
fn is_pointer_map(number: u64, usable: u64) -> bool {
    if number < 2 {
        return false;
    }
    let pages_per_map = usable / 5 + 1;
    let map = (number - 2) / pages_per_map * pages_per_map + 2;
    // The page that locks are taken on is skipped.
    let locked = LOCK_BYTE / (usable + TAIL as u64) + 1;
    number == if map == locked { map + 1 } else { map }
}

/// Whether the last of the free blocks of a page, the first of which is at `free`, reaches its end.
fn ends_free(content: &[u8], free: usize) -> bool {
    let mut at = free;
    // They stand in rising order, each with at least four bytes.
    while at != 0 && at + 4 <= content.len() {
        let (next, size) = (two(content, at), two(content, at + 2));
        if at + size >= content.len() {
            return true;
        }
        if next <= at {
            return false;
        }
        at = next;
    }
    false
}

fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaf() -> Vec<u8> {
        let mut page: Vec<u8> = (0..4096_u32).map(|at| (at % 251) as u8).collect();
        page[..8].copy_from_slice(&[13, 0, 0, 0, 3, 0, 0, 0]);
        page[4088..].fill(0);
        page
    }

    proptest! {
        #[test]
        fn any_damage_to_a_sealed_page_is_seen(
            number in 2_u64..1000,
            hurt in prop::collection::vec((0_usize..4096, 1_u8..=255), 1..6),
        ) {
            let mut page = leaf();
            seal(number, &mut page);
            let whole = page.clone();
            for (at, flip) in hurt {
                page[at] ^= flip;
            }
            prop_assume!(page != whole);
            prop_assert!(!accept(number, &mut page));
        }
    }

    #[test]
    fn a_whole_page_is_handed_on_without_its_checksum() {
        let mut page = leaf();
        seal(7, &mut page);
        assert!(page != leaf());
        assert!(accept(7, &mut page));
        assert_eq!(page, leaf());
    }

    #[test]
    fn a_page_in_another_place_is_refused() {
        let mut page = leaf();
        seal(7, &mut page);
        assert!(!accept(8, &mut page));
    }

    #[test]
    fn an_unchecked_page_is_taken_unless_its_end_is_gone() {
        assert!(accept(7, &mut leaf()), "others copied it from the log");
        assert!(accept(7, &mut [0; 4096]), "never written");
        let mut page = leaf();
        page[3584..].fill(0);
        assert!(!accept(7, &mut page));
    }

    #[test]
    fn an_unchecked_page_may_end_with_what_holds_nothing() {
        let mut map = [0; 4096];
        map[..5].copy_from_slice(&[5, 0, 0, 3, 0x10]);
        assert!(accept(2, &mut map.clone()) && accept(820, &mut map.clone()) && accept(1638, &mut map.clone()));
        assert!(!accept(821, &mut map), "an index that begins so lost its end");
        let mut freed = leaf();
        freed[3000..].fill(0);
        freed[1..3].copy_from_slice(&[4, 0]);
        freed[1024..1028].copy_from_slice(&[11, 184, 0, 100]);
        freed[3000..3004].copy_from_slice(&[0, 0, 4, 64]);
        assert!(accept(7, &mut freed.clone()), "the last free block reaches the end");
        freed[3002..3004].fill(0);
        assert!(!accept(7, &mut freed), "a lost sector hides where the last free block ends");
    }

    #[test]
    fn only_whole_pages_have_numbers() {
        assert_eq!([number(4096, 0), number(4096, 8192), number(512, 512)], [Some(1), Some(3), Some(2)]);
        assert_eq!([number(100, 0), number(16, 24), number(4096, 100)], [None; 3]);
    }

    #[test]
    fn no_single_byte_of_the_header_switches_the_check_off() {
        let mut header = [0_u8; HEADER];
        header[..16].copy_from_slice(b"SQLite format 3\0");
        assert_eq!(Policy::of(&header), Policy { write: false, check: false }, "another program's");
        header[20] = 8;
        header[68..72].copy_from_slice(b"TRCS");
        assert_eq!(Policy::of(&header), Policy { write: true, check: true });
        for at in 0..HEADER {
            let mut damaged = header;
            damaged[at] ^= 0xff;
            assert!(Policy::of(&damaged).check, "byte {at}");
        }
    }
}
