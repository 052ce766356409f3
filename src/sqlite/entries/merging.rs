//! Makes one block of small ones that lie next to each other: each closing of a store packs what there is, and each removal
//! leaves less in a block.

use super::block;
use super::packing::BLOCK_BYTES;
use super::read::unless_damaged;
use super::write::EntryWriter;
use crate::error::Result;
use crate::model::job::Progress;
use crate::store::chore::{Chore, Slice};
use rusqlite::Connection;

/// Fewer neighbours are not worth it: what is merged is written anew, and may be again with its next neighbours.
const FEWEST: usize = 4;
/// Where too few blocks are small, they are counted again after so many changes: removals make blocks small one by one.
const COUNT_EVERY: i64 = 64;

/// The chore: a step makes a block of neighbours.
pub struct Merging {
    /// Blocks were made, or may have been before this connection was opened.
    is_due: bool,
    /// The order of writing from which on it is worth counting the small blocks.
    from: i64,
    /// The connection is about to close: this can wait for the next.
    ends: bool,
    /// All small blocks that begin up to this entry were looked at.
    looked_to: i64,
    /// Blocks of this round.
    progress: Progress,
}

/// A small block: its row and the least entry that was put into it.
#[derive(Clone, Copy)]
struct Small {
    block: i64,
    first: i64,
}

impl Merging {
    /// Looks once when the connection is new.
    pub fn new() -> Self {
        Self { is_due: true, from: 0, ends: false, looked_to: 0, progress: Progress { done: 0, total: 0 } }
    }

    fn start(&mut self, connection: &Connection) -> Result<()> {
        let total =
            connection.prepare_cached(include_str!("sql/block_small_count.sql"))?.query_row([], |row| row.get(0))?;
        self.progress = Progress { done: 0, total };
        Ok(())
    }

    /// The next small blocks without entries of other blocks between them, at most as many as are listed at once.
    fn neighbours(&self, connection: &Connection) -> Result<Vec<Small>> {
        let mut statement = connection.prepare_cached(include_str!("sql/block_small_list.sql"))?;
        let mut rows = statement.query([self.looked_to])?;
        let mut found: Vec<Small> = Vec::new();
        while let Some(row) = rows.next()? {
            let next = Small { block: row.get(0)?, first: row.get(1)? };
            if let Some(last) = found.last()
                && !are_neighbours(connection, *last, next)?
            {
                break;
            }
            found.push(next);
        }
        Ok(found)
    }
}

impl Chore<EntryWriter<'_>> for Merging {
    fn name(&self) -> &'static str {
        "merging"
    }

    fn is_due(&mut self, place: &EntryWriter<'_>) -> bool {
        if !self.is_due || self.ends {
            return false;
        }
        if self.looked_to > 0 {
            return true;
        }
        if place.numbers.seq < self.from {
            return false;
        }
        let enough = are_enough(place.connection).unwrap_or(false);
        if !enough {
            self.from = place.numbers.seq.saturating_add(COUNT_EVERY);
        }
        enough
    }

    fn work(&mut self, place: &mut EntryWriter<'_>, slice: &Slice<'_>) -> Result<Progress> {
        if self.looked_to == 0 {
            self.start(place.connection)?;
        }
        loop {
            let found = self.neighbours(place.connection)?;
            let (Some(first), Some(last)) = (found.first(), found.last()) else {
                let Progress { total, .. } = self.progress;
                *self = Self { is_due: false, ..Self::new() };
                return Ok(Progress { done: total, total });
            };
            let (least, looked_to) = (first.first, last.first);
            let merged = if found.len() < FEWEST { found.len() } else { merge(place, &found)? };
            // What did not fit is looked at again, with what comes after it.
            self.looked_to = found.get(merged).map_or(looked_to, |left| (left.first - 1).max(least));
            self.progress.done = (self.progress.done + merged as u64).min(self.progress.total);
            if slice.is_over() {
                return Ok(self.progress);
            }
        }
    }

    fn put_off(&mut self, _: &EntryWriter<'_>) {
        *self = Self { is_due: false, ..Self::new() };
    }

    fn wake(&mut self) {
        self.is_due = true;
        self.from = 0;
    }

    fn hurry(&mut self) {
        self.ends = true;
    }
}

/// Whether there are so many small blocks that some may be worth merging.
fn are_enough(connection: &Connection) -> Result<bool> {
    Ok(connection.prepare_cached(include_str!("sql/block_small_enough.sql"))?.exists([FEWEST - 1])?)
}

/// Whether no other block has an entry between them.
fn are_neighbours(connection: &Connection, one: Small, next: Small) -> Result<bool> {
    let mut statement = connection.prepare_cached(include_str!("sql/block_run_between.sql"))?;
    Ok(!statement.exists((one.first, next.first, one.block))?)
}

/// Makes one block of the first of them, as many as fill one; how many are done with. A damaged one stays as it is.
fn merge(place: &mut EntryWriter<'_>, found: &[Small]) -> Result<usize> {
    let (mut entries, mut opened, mut bytes, mut looked_at) = (Vec::new(), Vec::new(), 0, 0);
    for small in found {
        let block = unless_damaged(place.connection, block::load(place.connection, place.compressor, small.block))?;
        if let Some(block) = block {
            if bytes > 0 && bytes + block.size() > BLOCK_BYTES {
                break;
            }
            bytes += block.size();
            entries.extend(block.entries().map(|(id, bytes)| (id, bytes.to_vec())));
            opened.push(small.block);
        }
        looked_at += 1;
    }
    if opened.len() > 1 {
        for block in opened {
            block::delete(place.connection, block)?;
        }
        block::insert(place.connection, place.compressor, &mut entries)?;
    }
    Ok(looked_at)
}
