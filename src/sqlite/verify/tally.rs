//! Tells two sets apart that are walked in different orders, in as little space as that takes.

/// Which ids were seen, in whatever order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub count: u64,
    sum: u64,
}

impl Tally {
    /// Adds an id.
    pub fn note(&mut self, id: i64) {
        self.count += 1;
        // An odd factor and a shift keep sums of different ids apart.
        let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.sum = self.sum.wrapping_add((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    }
}
