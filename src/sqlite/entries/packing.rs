//! Moves what is fresh into blocks, the entries of a trace together, once its trace has ended or much has gathered.
//!
//! Together texts take a third to a half of what they take alone and less time to compress, and who reads a trace opens a
//! few blocks instead of hundreds of rows. Of traces that have ended it is done once that fills a block, of all once those
//! that grow have gathered `MAX_GROWING_BYTES`, and with everything when the store is closed.

use super::block;
use super::read::get;
use super::write::EntryWriter;
use crate::error::Result;
use crate::model::job::Progress;
use crate::store::chore::{Chore, Slice};
use rusqlite::Connection;
use std::collections::VecDeque;

/// A block's entries before compression, bytes, give or take a half: who reads a short trace opens one, whatever else is in
/// it. Three times as large, the file of `bench -- reads` is 3 % smaller and a short read twice as long.
pub const BLOCK_BYTES: usize = 64 << 10;
/// Fresh entries of traces that grow are left to gather more up to here, bytes.
const MAX_GROWING_BYTES: usize = 1 << 20;
/// The fresh entries are looked through each time that this much has come, bytes.
const LOOK_BYTES: i64 = 256 << 10;
/// So many are looked through at a time, the oldest: what another process left is without a bound.
const MAX_LISTED: usize = 20_000;

/// What is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// What fills blocks.
    Due,
    /// Everything: nobody may come back for the rest.
    All,
}

#[derive(Debug, Clone, Copy)]
struct Fresh {
    id: i64,
    trace: i64,
    bytes: usize,
    ended: bool,
}

/// The chore: a step makes a block.
pub struct Packing {
    scope: Scope,
    /// Fresh bytes from which on it is worth looking for what can be packed.
    from: i64,
    /// The blocks to be made. What leaves `fresh` before its turn is in none.
    planned: VecDeque<Vec<Fresh>>,
    /// Bytes of this plan.
    progress: Progress,
}

impl Packing {
    /// With nothing planned.
    pub fn new() -> Self {
        Self { scope: Scope::Due, from: LOOK_BYTES, planned: VecDeque::new(), progress: Progress { done: 0, total: 0 } }
    }

    fn plan(&mut self, place: &mut EntryWriter<'_>) -> Result<()> {
        let fresh = list(place.connection)?;
        if fresh.len() < MAX_LISTED {
            // What was rewritten meanwhile is still counted.
            place.numbers.fresh_bytes = to_number(sum(fresh.iter()));
        }
        // A large entry has a block of its own: nobody who wants a small one should have to open it.
        let (large, small): (Vec<&Fresh>, Vec<&Fresh>) =
            due(&fresh, self.scope).into_iter().partition(|entry| entry.bytes >= BLOCK_BYTES);
        let blocks = large.chunks(1).chain(blocks(&small, self.scope));
        self.planned = blocks.map(|block| block.iter().map(|entry| **entry).collect()).collect();
        let total = self.planned.iter().flatten().map(|entry| entry.bytes as u64).sum();
        self.progress = Progress { done: 0, total };
        Ok(())
    }
}

impl Chore<EntryWriter<'_>> for Packing {
    fn name(&self) -> &'static str {
        "packing"
    }

    fn is_due(&mut self, place: &EntryWriter<'_>) -> bool {
        !self.planned.is_empty() || place.numbers.fresh_bytes >= self.from
    }

    fn work(&mut self, place: &mut EntryWriter<'_>, slice: &Slice<'_>) -> Result<Progress> {
        if self.planned.is_empty() {
            self.plan(place)?;
        }
        while let Some(block) = self.planned.pop_front() {
            pack(place, &block)?;
            self.progress.done += sum(block.iter()) as u64;
            if slice.is_over() {
                break;
            }
        }
        if self.planned.is_empty() {
            self.from = if self.scope == Scope::All { 1 } else { place.numbers.fresh_bytes + LOOK_BYTES };
        }
        Ok(self.progress)
    }

    fn put_off(&mut self, place: &EntryWriter<'_>) {
        self.planned.clear();
        // Each attempt looks at all that waits, so that they must become rarer while none helps.
        self.from = place.numbers.fresh_bytes.saturating_mul(2).max(LOOK_BYTES);
    }

    fn hurry(&mut self) {
        *self = Self { scope: Scope::All, from: 1, ..Self::new() };
    }
}

fn pack(place: &mut EntryWriter<'_>, block: &[Fresh]) -> Result<()> {
    let mut entries = Vec::with_capacity(block.len());
    for Fresh { id, .. } in block {
        if let Some(bytes) = take(place.connection, *id)? {
            place.numbers.fresh_bytes -= to_number(bytes.len());
            entries.push((*id, bytes));
        }
    }
    block::insert(place.connection, place.compressor, &mut entries)
}

fn to_number(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Cuts entries into blocks. Who reads what is packed here of a trace opens one block for it, unless it is larger than
/// one; what doesn't fill a block at the end is left for later, if there is a later.
fn blocks<'a, 'f>(entries: &'a [&'f Fresh], scope: Scope) -> Vec<&'a [&'f Fresh]> {
    let mut blocks = Vec::new();
    let (mut start, mut end, mut held) = (0, 0, 0);
    for trace in entries.chunk_by(|one, next| one.trace == next.trace) {
        let bytes = size(trace);
        if held >= BLOCK_BYTES / 2 && held + bytes >= BLOCK_BYTES * 3 / 2 {
            blocks.push(&entries[start..end]);
            (start, held) = (end, 0);
        }
        end += trace.len();
        held += bytes;
        if held >= BLOCK_BYTES {
            blocks.extend(parts(&entries[start..end]));
            (start, held) = (end, 0);
        }
    }
    if scope == Scope::All && start < end {
        blocks.push(&entries[start..end]);
    }
    blocks
}

/// As many blocks as they fill, of about the same size: a small one at the end would compress badly. An entry goes where
/// its middle lies, so that none is left empty.
fn parts<'a, 'f>(entries: &'a [&'f Fresh]) -> impl Iterator<Item = &'a [&'f Fresh]> {
    let bytes = size(entries);
    let count = (bytes + BLOCK_BYTES / 2) / BLOCK_BYTES;
    let part = move |before: usize, entry: &Fresh| (before + entry.bytes / 2) * count / bytes;
    let mut before = 0;
    entries.chunk_by(move |one, next| {
        let own = part(before, one);
        before += one.bytes;
        own == part(before, next)
    })
}

/// A trace grows while it runs, and while it is the one that was written to last: its spans may come in several groups,
/// and what is packed between two of them cuts it where no block is full.
fn due(fresh: &[Fresh], scope: Scope) -> Vec<&Fresh> {
    let written_last = fresh.iter().max_by_key(|entry| entry.id).map(|entry| entry.trace);
    let (whole, growing): (Vec<&Fresh>, Vec<&Fresh>) =
        fresh.iter().partition(|entry| entry.ended && Some(entry.trace) != written_last);
    // What lies behind a full list is seen only once that is packed.
    if scope == Scope::All || size(&growing) > MAX_GROWING_BYTES || fresh.len() == MAX_LISTED {
        return fresh.iter().collect();
    }
    if size(&whole) < BLOCK_BYTES { Vec::new() } else { whole }
}

fn sum<'a>(entries: impl Iterator<Item = &'a Fresh>) -> usize {
    entries.map(|entry| entry.bytes).sum()
}

fn size(entries: &[&Fresh]) -> usize {
    sum(entries.iter().copied())
}

/// The oldest, by trace, then in the order of writing.
fn list(connection: &Connection) -> Result<Vec<Fresh>> {
    let mut statement = connection.prepare_cached(include_str!("sql/fresh_list.sql"))?;
    let fresh = statement.query_map([MAX_LISTED], |row| {
        Ok(Fresh { id: row.get(0)?, trace: row.get(1)?, bytes: row.get(2)?, ended: row.get(3)? })
    })?;
    Ok(fresh.collect::<rusqlite::Result<_>>()?)
}

/// `None` if it is fresh no longer.
fn take(connection: &Connection, id: i64) -> Result<Option<Vec<u8>>> {
    let bytes = get(connection, include_str!("sql/fresh_get.sql"), id)?;
    if bytes.is_some() {
        connection.prepare_cached(include_str!("sql/fresh_delete.sql"))?.execute([id])?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Entries of traces, each given as the sizes of its entries.
    fn fresh(traces: &[Vec<usize>]) -> Vec<Fresh> {
        let entries = traces.iter().zip(1..).flat_map(|(sizes, trace)| sizes.iter().map(move |bytes| (trace, *bytes)));
        entries.zip(1..).map(|((trace, bytes), id)| Fresh { id, trace, bytes, ended: true }).collect()
    }

    /// Mostly small, as they are, and up to what has a block of its own.
    fn entry_size() -> impl Strategy<Value = usize> {
        prop_oneof![4 => 1..BLOCK_BYTES / 8, 1 => 1..BLOCK_BYTES]
    }

    fn ids(entries: &[&Fresh]) -> Vec<i64> {
        entries.iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn a_trace_that_grows_waits_until_much_has_gathered() {
        let mut three = fresh(&[vec![BLOCK_BYTES], vec![BLOCK_BYTES, 1], vec![BLOCK_BYTES]]);
        three[0].ended = false;
        assert_eq!(ids(&due(&three, Scope::Due)), [2, 3], "the last may not be whole yet");
        assert_eq!(ids(&due(&three, Scope::All)), [1, 2, 3, 4]);
        three[3].bytes = MAX_GROWING_BYTES;
        assert_eq!(ids(&due(&three, Scope::Due)), [1, 2, 3, 4]);
        assert_eq!(due(&three[3..], Scope::Due).len(), 0);
        let full = fresh(&[vec![1; MAX_LISTED]]);
        assert_eq!(due(&full, Scope::Due).len(), MAX_LISTED, "more of the same trace may lie behind");
    }

    proptest! {
        #[test]
        fn blocks_keep_traces_whole_and_have_a_fair_size(
            traces in prop::collection::vec(prop::collection::vec(entry_size(), 1..20), 1..20)
        ) {
            let fresh = fresh(&traces);
            let entries: Vec<&Fresh> = fresh.iter().collect();
            let due = blocks(&entries, Scope::Due);
            prop_assert!(due.iter().all(|block| (1..BLOCK_BYTES * 5 / 2).contains(&size(block))));
            prop_assert!(due.len() <= size(&entries) / (BLOCK_BYTES / 2));
            let left = &entries[due.concat().len()..];
            prop_assert!(size(left) < BLOCK_BYTES);
            let all = blocks(&entries, Scope::All);
            prop_assert_eq!(ids(&all.concat()), ids(&entries));
            for (trace, sizes) in (1..).zip(&traces) {
                let holding = all.iter().filter(|block| block.iter().any(|entry| entry.trace == trace)).count();
                let bytes: usize = sizes.iter().sum();
                prop_assert!(holding <= 1 + bytes / (BLOCK_BYTES / 2), "{bytes} bytes in {holding} blocks");
                prop_assert!(bytes >= BLOCK_BYTES || holding == 1, "{bytes} bytes in {holding} blocks");
            }
        }
    }
}
