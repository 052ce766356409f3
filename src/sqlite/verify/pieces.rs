//! Every entry: it can be read where it is found, and is either a piece under its own hash or the manifest of a span.

use super::Check;
use crate::content::{Block, PieceHash};
use crate::error::{Error, Result};
use crate::model::job::Area;
use crate::sqlite::block;
use rusqlite::{OptionalExtension, Row};

const FRESH: (Area, &str) = (Area::Pieces, "fresh");
const PIECE: (Area, &str) = (Area::Pieces, "piece");
const BLOCK: (Area, &str) = (Area::Pieces, "block");
const BLOCK_RUN: (Area, &str) = (Area::Pieces, "block_run");
const PIECE_HASH: (Area, &str) = (Area::Pieces, "piece_hash");

/// See the module.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let mut others = Tally::default();
    check.each(FRESH, include_str!("../sql/verify_fresh.sql"), [], |check, row| {
        entry(check, &mut others, row.get(0)?, blob(row)?)
    })?;
    check.each(PIECE, include_str!("../sql/verify_pieces.sql"), [], |check, row| {
        let id: i64 = row.get(0)?;
        let sound = alone(check, id, row);
        check.note(sound, Area::Pieces, || format!("piece {id}"))
    })?;
    check.each(BLOCK, include_str!("../sql/verify_blocks.sql"), [], |check, row| {
        let id: i64 = row.get(0)?;
        let sound = packed(check, &mut others, id, row);
        check.note(sound, Area::Pieces, || format!("block {id}"))
    })?;
    check.each(BLOCK_RUN, include_str!("../sql/verify_runs.sql"), [], |check, row| {
        let (first, block): (i64, i64) = (row.get(0)?, row.get(1)?);
        check.report.find(Area::Pieces, format!("entry {first} should be in block {block}, which is not there"));
        Ok(())
    })?;
    if others != check.manifests {
        let message = format!(
            "{} entries match no hash, and spans have {} manifests; they should be the same",
            others.count, check.manifests.count
        );
        check.report.find(Area::Pieces, message);
    }
    hashes(check)
}

/// Which entries were seen, in whatever order, and in as little space as tells two sets apart.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    count: u64,
    sum: u64,
}

impl Tally {
    /// Adds an entry.
    pub fn note(&mut self, id: i64) {
        self.count += 1;
        // An odd factor and a shift keep sums of different ids apart.
        let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.sum = self.sum.wrapping_add((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    }
}

fn entry(check: &mut Check<'_>, others: &mut Tally, id: i64, bytes: &[u8]) -> Result<()> {
    check.row_done();
    let found = std::str::from_utf8(bytes).ok().map(|text| find(check, text)).transpose()?;
    if found.flatten() == Some(id) {
        check.report.counts.pieces += 1;
    } else {
        others.note(id);
    }
    Ok(())
}

/// What stands alone can only be a piece.
fn alone(check: &mut Check<'_>, id: i64, row: &Row<'_>) -> Result<()> {
    check.row_done();
    check.report.counts.pieces += 1;
    let text = check.compressor.unpack_text(blob(row)?)?;
    match find(check, &text)? {
        Some(found) if found == id => Ok(()),
        Some(other) => Err(Error::corrupt(format!("its hash leads to piece {other}"))),
        None => Err(Error::corrupt("its text does not match its hash")),
    }
}

fn packed(check: &mut Check<'_>, others: &mut Tally, id: i64, row: &Row<'_>) -> Result<()> {
    let block = Block::from_blob(blob(row)?, check.compressor)?;
    for (entry_id, bytes) in block.entries() {
        entry(check, others, entry_id, bytes)?;
        let found = block::find(check.connection, entry_id)?;
        if found != Some(id) {
            return Err(Error::corrupt(format!("its entry {entry_id} is looked for in {found:?}")));
        }
    }
    Ok(())
}

/// The piece that the hash of a text leads to.
fn find(check: &Check<'_>, text: &str) -> Result<Option<i64>> {
    let mut statement = check.connection.prepare_cached(include_str!("../sql/piece_find.sql"))?;
    Ok(statement.query_row([PieceHash::of(text).0], |row| row.get(0)).optional()?)
}

fn blob<'a>(row: &'a Row<'_>) -> Result<&'a [u8]> {
    Ok(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)
}

/// Hashes that no piece has.
fn hashes(check: &mut Check<'_>) -> Result<()> {
    let pieces = check.report.counts.pieces;
    check.each(PIECE_HASH, include_str!("../sql/verify_hash_count.sql"), [], |check, row| {
        let hashes: u64 = row.get(0)?;
        if hashes != pieces {
            check.report.find(Area::Pieces, format!("{hashes} hashes lead to {pieces} pieces"));
        }
        Ok(())
    })
}
