//! Every entry: it stands in one place, can be read there, and is either a piece under its own hash or the manifest of a
//! document.

use super::check::Check;
use super::tally::Tally;
use crate::content::{Block, PieceHash};
use crate::documents::rows::piece::PieceRows;
use crate::error::{Error, Result};
use crate::model::job::Area;
use crate::sqlite::entries::block;
use rusqlite::Row;

const FRESH: (Area, &str) = (Area::Pieces, "fresh");
const ALONE: (Area, &str) = (Area::Pieces, "alone");
const BLOCK: (Area, &str) = (Area::Pieces, "block");
const BLOCK_RUN: (Area, &str) = (Area::Pieces, "block_run");
const PIECE_HASH: (Area, &str) = (Area::Pieces, "piece_hash");

/// Every entry, every run of ids that leads to a block, and the number of hashes.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let mut others = Tally::default();
    check.each(FRESH, include_str!("sql/fresh.sql"), [], |check, row| {
        entry(check, &mut others, row.get(0)?, blob(row)?)
    })?;
    check.each(ALONE, include_str!("sql/alone_all.sql"), [], |check, row| {
        let id: i64 = row.get(0)?;
        let sound = check.rows.compressor.unpack(blob(row)?).and_then(|bytes| entry(check, &mut others, id, &bytes));
        check.note(sound, Area::Pieces, || format!("entry {id}"))
    })?;
    check.each(BLOCK, include_str!("sql/blocks.sql"), [], |check, row| {
        let id: i64 = row.get(0)?;
        let sound = packed(check, &mut others, id, row);
        check.note(sound, Area::Pieces, || format!("block {id}"))
    })?;
    runs(check)?;
    check.each(FRESH, include_str!("sql/twice.sql"), [], |check, row| {
        let id: i64 = row.get(0)?;
        check.report.find(Area::Pieces, format!("entry {id} is both fresh and alone"));
        Ok(())
    })?;
    if others != check.manifests {
        let message = format!(
            "{} entries match no hash, and documents have {} manifests; they should be the same",
            others.count, check.manifests.count
        );
        check.report.find(Area::Pieces, message);
    }
    hashes(check)
}

fn entry(check: &mut Check<'_>, others: &mut Tally, id: i64, bytes: &[u8]) -> Result<()> {
    let found = std::str::from_utf8(bytes).ok().map(|text| find(check, text)).transpose()?;
    if found.flatten() == Some(id) {
        check.report.counts.pieces += 1;
    } else {
        others.note(id);
    }
    Ok(())
}

fn packed(check: &mut Check<'_>, others: &mut Tally, id: i64, row: &Row<'_>) -> Result<()> {
    let block = Block::from_blob(blob(row)?, check.rows.compressor)?;
    for (entry_id, bytes) in block.entries() {
        check.row_done();
        entry(check, others, entry_id, bytes)?;
        let found = block::find(check.connection, entry_id)?;
        if found != Some(id) {
            return Err(Error::corrupt(format!("its entry {entry_id} is looked for in {found:?}")));
        }
        let mut elsewhere = check.connection.prepare_cached(include_str!("sql/outside_blocks.sql"))?;
        if elsewhere.query_row([entry_id], |row| row.get(0))? {
            check.report.find(Area::Pieces, format!("entry {entry_id} is in block {id} and outside of it"));
        }
    }
    Ok(())
}

/// Which ids lead to which block: to one that is there and had them, and none to two.
fn runs(check: &mut Check<'_>) -> Result<()> {
    let mut before = None;
    check.each(BLOCK_RUN, include_str!("sql/runs.sql"), [], |check, row| {
        let (first, last, block): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let ends: (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        let run = format!("the run of entries {first} to {last}");
        let report = &mut check.report;
        match ends {
            (Some(least), Some(greatest)) if first < least || last < first || last > greatest => {
                report.find(Area::Pieces, format!("{run} is none of block {block}, which had {least} to {greatest}"));
            }
            (Some(_), Some(_)) => {}
            _ => report.find(Area::Pieces, format!("entry {first} should be in block {block}, which is not there")),
        }
        if let Some(before) = before.filter(|before| *before >= first) {
            report.find(Area::Pieces, format!("{run} overlaps one that ends with {before}"));
        }
        before = before.max(Some(last));
        Ok(())
    })
}

/// The piece that the hash of a text leads to.
fn find(check: &mut Check<'_>, text: &str) -> Result<Option<i64>> {
    Ok(check.rows.home(&PieceHash::of(text))?.map(|home| home.piece))
}

fn blob<'a>(row: &'a Row<'_>) -> Result<&'a [u8]> {
    Ok(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)
}

/// Hashes that no piece has.
fn hashes(check: &mut Check<'_>) -> Result<()> {
    let pieces = check.report.counts.pieces;
    check.each(PIECE_HASH, include_str!("sql/hash_count.sql"), [], |check, row| {
        let hashes: u64 = row.get(0)?;
        if hashes != pieces {
            check.report.find(Area::Pieces, format!("{hashes} hashes lead to {pieces} pieces"));
        }
        Ok(())
    })
}
