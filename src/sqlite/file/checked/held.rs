//! Frames of the write-ahead log that wait for the end of their transaction. Bytes only.
//!
//! SQLite writes a frame in two parts, its header and a page, and a transaction frame by frame; the last one's header
//! says that it is the last. Held are frames that follow each other, up to that one, and never it: nothing that SQLite
//! takes for committed is held.

/// SQLite's file systems take the length of a write modulo 128 KiB.
const LONGEST: usize = (128 << 10) - 1;
/// A frame's header, bytes.
const FRAME_HEADER: usize = 24;

/// What the log's file has yet to get.
#[derive(Default)]
pub struct HeldFrames {
    start: i64,
    bytes: Vec<u8>,
    next: FramePart,
}

/// Which part of a frame SQLite writes next.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum FramePart {
    #[default]
    Header,
    Page {
        ends: bool,
    },
}

impl HeldFrames {
    /// Whether this part of a frame may be taken.
    pub fn accepts(&self, part: &[u8], offset: i64) -> bool {
        let is_header = part.len() == FRAME_HEADER;
        if self.bytes.is_empty() {
            // A last header comes alone when SQLite computes checksums anew: no page would follow.
            return is_header && !ends(part);
        }
        let follows = self.end() == Some(offset) && self.bytes.len() + part.len() <= LONGEST;
        follows && is_header == (self.next == FramePart::Header)
    }

    /// Takes an accepted part, and says whether the transaction is whole by that.
    pub fn take(&mut self, part: &[u8], offset: i64) -> bool {
        if self.bytes.is_empty() {
            self.start = offset;
        }
        self.bytes.extend_from_slice(part);
        let whole = self.next == FramePart::Page { ends: true };
        self.next = match self.next {
            FramePart::Header => FramePart::Page { ends: ends(part) },
            FramePart::Page { .. } => FramePart::Header,
        };
        whole
    }

    /// All that is held, and where it belongs; `None` if there is nothing.
    pub fn all(&self) -> Option<(&[u8], i64)> {
        (!self.bytes.is_empty()).then_some((self.bytes.as_slice(), self.start))
    }

    /// Lets all go: it is written, or will never be valid.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.next = FramePart::Header;
    }

    fn end(&self) -> Option<i64> {
        self.start.checked_add(i64::try_from(self.bytes.len()).ok()?)
    }
}

/// Whether a frame's header has the database's size, as only that of a transaction's last frame does.
fn ends(header: &[u8]) -> bool {
    header[4..8] != [0; 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(ends: bool) -> [u8; FRAME_HEADER] {
        let mut header = [7; FRAME_HEADER];
        header[4..8].copy_from_slice(&[0, 0, 0, u8::from(ends)]);
        header
    }

    const PAGE: [u8; 4096] = [9; 4096];

    #[test]
    fn a_transaction_is_whole_with_the_page_of_its_last_frame() {
        let mut held = HeldFrames::default();
        assert!(!held.take(&header(false), 32));
        assert!(!held.take(&PAGE, 56));
        assert!(!held.take(&header(true), 4152));
        assert!(held.accepts(&PAGE, 4176) && held.take(&PAGE, 4176));
        let (bytes, start) = held.all().unwrap();
        assert_eq!((bytes.len(), start), (2 * 4120, 32));
        assert!(bytes == [&header(false)[..], &PAGE, &header(true), &PAGE].concat());
        held.clear();
        assert!(held.all().is_none());
    }

    #[test]
    fn only_the_next_part_of_the_next_frame_is_accepted() {
        let mut held = HeldFrames::default();
        assert!(!held.accepts(&PAGE, 56), "a page that is written again in its place");
        assert!(!held.accepts(&header(true), 32), "a last header with a new checksum, behind which nothing comes");
        assert!(held.accepts(&header(false), 32));
        held.take(&header(false), 32);
        assert!(!held.accepts(&header(false), 56) && !held.accepts(&PAGE, 4152) && held.accepts(&PAGE, 56));
        held.take(&PAGE, 56);
        assert!(!held.accepts(&PAGE, 4152) && !held.accepts(&header(true), 32) && held.accepts(&header(true), 4152));
    }

    #[test]
    fn no_more_is_held_than_one_write_takes() {
        let (mut held, mut offset) = (HeldFrames::default(), 32);
        while held.accepts(&header(false), offset) && held.accepts(&header(true), offset) || held.all().is_none() {
            held.take(&header(false), offset);
            if !held.accepts(&PAGE, offset + 24) {
                break;
            }
            held.take(&PAGE, offset + 24);
            offset += 4120;
        }
        let (bytes, _) = held.all().unwrap();
        assert_eq!(bytes.len(), 31 * 4120 + FRAME_HEADER);
    }
}
