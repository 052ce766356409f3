//! Remembers what was used last, up to a bound in bytes.

use hashlink::LruCache;
use std::hash::Hash;

/// Values by key; what was used longest ago goes first.
pub struct ByteLru<K: Eq + Hash, V> {
    values: LruCache<K, (V, usize)>,
    bytes: usize,
    max_bytes: usize,
}

impl<K: Eq + Hash, V> ByteLru<K, V> {
    /// With room for so many bytes.
    pub fn new(max_bytes: usize) -> Self {
        Self { values: LruCache::new_unbounded(), bytes: 0, max_bytes }
    }

    /// Remembers a value that takes so many bytes, unless that is more than there is room for.
    pub fn keep(&mut self, key: K, value: V, bytes: usize) {
        if bytes > self.max_bytes {
            return;
        }
        self.bytes += bytes;
        if let Some((_, before)) = self.values.insert(key, (value, bytes)) {
            self.bytes -= before;
        }
        while self.bytes > self.max_bytes
            && let Some((_, (_, oldest))) = self.values.remove_lru()
        {
            self.bytes -= oldest;
        }
    }

    /// Takes a value out: it is about to change.
    pub fn take(&mut self, key: &K) -> Option<V> {
        let (value, bytes) = self.values.remove(key)?;
        self.bytes -= bytes;
        Some(value)
    }

    /// Forgets the values for which this is false.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&V) -> bool) {
        let bytes = &mut self.bytes;
        self.values.retain(|_, (value, size)| {
            let kept = is_kept(value);
            *bytes -= if kept { 0 } else { *size };
            kept
        });
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let mut lru = ByteLru::new(100);
        for key in ["a", "b", "c"] {
            lru.keep(key, key, 33);
        }
        let again = lru.take(&"a").unwrap();
        lru.keep("a", again, 33);
        lru.keep("d", "d", 33);
        assert_eq!(lru.take(&"b"), None);
        assert_eq!((lru.take(&"a"), lru.take(&"c"), lru.take(&"d")), (Some("a"), Some("c"), Some("d")));
        assert_eq!(lru.bytes, 0);
        lru.keep("large", "large", 101);
        assert_eq!(lru.take(&"large"), None);
        lru.keep("same", "1", 60);
        lru.keep("same", "2", 60);
        assert_eq!(lru.bytes, 60);
        lru.retain(|value| *value == "2");
        assert_eq!(lru.bytes, 60);
        lru.retain(|value| *value != "2");
        assert_eq!((lru.bytes, lru.take(&"same")), (0, None));
        lru.keep("same", "2", 60);
        lru.clear();
        assert_eq!((lru.bytes, lru.take(&"same")), (0, None));
    }
}
