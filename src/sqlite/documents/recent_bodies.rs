//! The bodies that were written last: the next word on a trace changes its body, and need not read its pieces for that.

use std::collections::HashMap;

/// Memory for what is remembered, bytes; beyond it all is forgotten together.
const MAX_BYTES: usize = 4 << 20;

/// Texts by the bytes of their columns, which name their pieces and carry a check of them.
#[derive(Default)]
pub struct RecentBodies {
    texts: HashMap<Vec<u8>, String>,
    bytes: usize,
}

impl RecentBodies {
    /// Remembers the text that a column stands for.
    pub fn keep(&mut self, packed: &[u8], text: &str) {
        let bytes = packed.len() + text.len();
        if self.bytes + bytes > MAX_BYTES {
            self.forget();
        }
        if bytes <= MAX_BYTES && self.texts.insert(packed.to_vec(), text.to_owned()).is_none() {
            self.bytes += bytes;
        }
    }

    /// The text that a column stands for, if it is remembered; no longer, because it is about to change.
    pub fn take(&mut self, packed: &[u8]) -> Option<String> {
        let text = self.texts.remove(packed)?;
        self.bytes -= packed.len() + text.len();
        Some(text)
    }

    /// Remembers nothing: what was written is undone.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let mut bodies = RecentBodies::default();
        let third = "x".repeat(MAX_BYTES / 3 - 1);
        for key in [b"a", b"b", b"c"] {
            bodies.keep(key, &third);
        }
        assert_eq!(bodies.take(b"b").unwrap(), third);
        bodies.keep(b"c", &third);
        bodies.keep(b"d", &third);
        assert!(bodies.take(b"a").is_some() && bodies.take(b"d").is_some(), "the same again takes no more room");
        for key in [b"a", b"b", b"e"] {
            bodies.keep(key, &third);
        }
        assert!(bodies.take(b"a").is_none() && bodies.take(b"c").is_none(), "forgotten together");
        bodies.keep(b"f", &"x".repeat(MAX_BYTES));
        assert!(bodies.take(b"f").is_none());
        assert_eq!(bodies.bytes, bodies.texts.iter().map(|(packed, text)| packed.len() + text.len()).sum::<usize>());
    }
}
