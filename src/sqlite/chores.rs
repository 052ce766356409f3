//! The long work of a writing connection: which of it is next, and what is said of a slice that failed.

use super::entries::merging::Merging;
use super::entries::packing::Packing;
use super::entries::write::EntryWriter;
use crate::error::{Code, Error};
use crate::store::chore::Chore;

/// One kind of work on entries.
type EntryChore = Box<dyn for<'a> Chore<EntryWriter<'a>>>;

/// All kinds, the most urgent first.
pub struct Chores(Vec<KnownChore>);

struct KnownChore {
    chore: EntryChore,
    /// Once says enough.
    warned: bool,
}

impl Chores {
    /// Nothing is planned yet.
    pub fn new() -> Self {
        let all: [EntryChore; 2] = [Box::new(Packing::new()), Box::new(Merging::new())];
        Self(all.into_iter().map(|chore| KnownChore { chore, warned: false }).collect())
    }

    /// The place of the one that is next, if one is due.
    pub fn next(&mut self, place: &EntryWriter<'_>) -> Option<usize> {
        self.0.iter_mut().position(|listed| listed.chore.is_due(place))
    }

    /// The one at this place.
    pub fn at(&mut self, at: usize) -> &mut EntryChore {
        &mut self.0[at].chore
    }

    /// A slice of it was committed.
    pub fn wake_others(&mut self, at: usize) {
        self.0.iter_mut().enumerate().filter(|(other, _)| *other != at).for_each(|(_, listed)| listed.chore.wake());
    }

    /// A slice of it was rolled back; the warning, if there is one to be given.
    pub fn put_off(&mut self, at: usize, place: &EntryWriter<'_>, error: &Error) -> Option<Error> {
        let KnownChore { chore, warned } = &mut self.0[at];
        chore.put_off(place);
        // What the disk refuses, callers hear of with their own writes.
        let told = matches!(error.code, Code::Busy | Code::Full | Code::Io);
        if told || std::mem::replace(warned, true) {
            return None;
        }
        Some(Error::new(error.code, format!("{} what traces brought failed: {}", chore.name(), error.message)))
    }

    /// The connection is about to close.
    pub fn hurry(&mut self) {
        self.0.iter_mut().for_each(|listed| listed.chore.hurry());
    }
}
