//! The bodies that were written last: the next word on a trace changes its body, and need not read its pieces for that.

use crate::content::Manifest;
use std::collections::HashMap;

/// Memory for the texts, bytes; beyond it they are forgotten together.
const MAX_BYTES: usize = 4 << 20;

/// Texts by the bytes of their columns, which name their pieces and carry a check of them.
#[derive(Default)]
pub struct Bodies {
    known: HashMap<Vec<u8>, (Manifest, String)>,
    bytes: usize,
}

impl Bodies {
    /// Remembers what a column stands for.
    pub fn keep(&mut self, packed: &[u8], manifest: &Manifest, text: &str) {
        if self.bytes + text.len() > MAX_BYTES {
            self.forget();
        }
        if text.len() <= MAX_BYTES {
            self.bytes += text.len();
            let before = self.known.insert(packed.to_vec(), (manifest.clone(), text.to_owned()));
            self.bytes -= before.map_or(0, |(_, text)| text.len());
        }
    }

    /// What a column stands for, if it is remembered; no longer, because it is about to change.
    pub fn take(&mut self, packed: &[u8]) -> Option<(Manifest, String)> {
        let known = self.known.remove(packed)?;
        self.bytes -= known.1.len();
        Some(known)
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
        let manifest = Manifest::of("{}", |_, _| Ok(1)).unwrap();
        let mut bodies = Bodies::default();
        let third = "x".repeat(MAX_BYTES / 3);
        for key in [b"a", b"b", b"c"] {
            bodies.keep(key, &manifest, &third);
        }
        assert_eq!(bodies.take(b"b").unwrap().1, third);
        bodies.keep(b"c", &manifest, &third);
        bodies.keep(b"d", &manifest, &third);
        bodies.keep(b"e", &manifest, &third);
        assert!(bodies.take(b"a").is_none() && bodies.take(b"d").is_none(), "forgotten together");
        bodies.keep(b"f", &manifest, &"x".repeat(MAX_BYTES + 1));
        assert!(bodies.take(b"f").is_none());
        assert_eq!(bodies.bytes, bodies.known.values().map(|(_, text)| text.len()).sum::<usize>());
    }
}
