//! Something of which there is one for each file, or each place, as long as anybody in this process uses it.

use parking_lot::Mutex;
use std::sync::{Arc, Weak};

/// All there are, by what each is for.
pub struct OnePer<K, T>(Mutex<Vec<(K, Weak<T>)>>);

impl<K: PartialEq, T: Default> OnePer<K, T> {
    /// None yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The one for this key, made if nobody uses it.
    pub fn of(&self, key: K) -> Arc<T> {
        let mut all = self.0.lock();
        all.retain(|(_, one)| one.strong_count() > 0);
        let known = all.iter().find(|(of, _)| *of == key).and_then(|(_, one)| one.upgrade());
        known.unwrap_or_else(|| {
            let one = Arc::<T>::default();
            all.push((key, Arc::downgrade(&one)));
            one
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_for_as_long_as_it_is_used() {
        let all = OnePer::<u8, Mutex<u8>>::new();
        let one = all.of(1);
        *one.lock() = 7;
        assert!(Arc::ptr_eq(&one, &all.of(1)) && !Arc::ptr_eq(&one, &all.of(2)));
        drop(one);
        assert_eq!(*all.of(1).lock(), 0);
    }
}
