//! Long writing work, such as packing: done a slice at a time between groups, so that no writer waits for the whole.

use crate::error::Result;
use crate::model::job::Progress;
use std::time::{Duration, Instant};

/// No writer waits longer for a slice, unless a single step takes longer.
const LONGEST: Duration = Duration::from_millis(20);

/// How long a chore may go on before it gives way.
pub struct Slice<'a> {
    until: Option<Instant>,
    is_stopped: &'a dyn Fn() -> bool,
}

impl<'a> Slice<'a> {
    /// One between two groups. Most of the time is left to the last step, which may begin when it is nearly over, and to the
    /// commit.
    pub fn now(is_stopped: &'a dyn Fn() -> bool) -> Self {
        Self { until: Some(Instant::now() + LONGEST / 4), is_stopped }
    }

    /// All that is left: nobody waits.
    pub fn endless() -> Slice<'static> {
        Slice { until: None, is_stopped: &|| false }
    }

    /// Asked after each step: whether no other may begin.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until) || (self.is_stopped)()
    }
}

/// One kind of long writing work, on what `Place` gives it of an open transaction.
///
/// What there is to do is found in the file and no more than planned in memory, so that it goes on after a crash, a
/// failure and another process's work.
pub trait Chore<Place>: Send {
    /// As `info()` names it.
    fn name(&self) -> &'static str;

    /// Whether there may be something to do; asked after each group, without a transaction.
    fn is_due(&mut self, place: &Place) -> bool;

    /// Does a step, and more until the slice is over, and says how far it is. All steps of a slice are committed together;
    /// a step takes a few milliseconds, and finds that what was planned is gone.
    fn work(&mut self, place: &mut Place, slice: &Slice<'_>) -> Result<Progress>;

    /// The slice failed and was rolled back, plan and all: it is tried again, more and more rarely while that goes on.
    fn put_off(&mut self, place: &Place);

    /// Another chore has changed what is stored.
    fn wake(&mut self) {}

    /// The connection is about to close: what waited for more to come is due.
    fn hurry(&mut self) {}
}
