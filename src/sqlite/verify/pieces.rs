//! Every piece: it can be read, is found by its own hash, and is owned by somebody.

use super::Check;
use crate::content::PieceHash;
use crate::error::{Error, Result};
use crate::model::job::Area;
use rusqlite::{OptionalExtension, Row};

const PIECE: (Area, &str) = (Area::Pieces, "piece");
const PIECE_HASH: (Area, &str) = (Area::Pieces, "piece_hash");

/// See the module.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    check.each(PIECE, include_str!("../sql/verify_pieces.sql"), [], |check, row| {
        check.row_done();
        check.report.counts.pieces += 1;
        let id: i64 = row.get(0)?;
        let sound = hash(check, id, row);
        check.note(sound, Area::Pieces, || format!("piece {id}"))?;
        let owned: bool = check
            .connection
            .prepare_cached(include_str!("../sql/piece_is_owned.sql"))?
            .query_row([id], |row| row.get(0))?;
        if !owned {
            check.report.find(Area::Owners, format!("piece {id} is owned by nobody"));
        }
        Ok(())
    })?;
    hashes(check)
}

fn hash(check: &mut Check<'_>, id: i64, row: &Row<'_>) -> Result<()> {
    let text = check.compressor.unpack_text(row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?)?;
    let mut statement = check.connection.prepare_cached(include_str!("../sql/piece_find.sql"))?;
    let found: Option<i64> = statement.query_row([PieceHash::of(&text).0], |row| row.get(0)).optional()?;
    match found {
        Some(found) if found == id => Ok(()),
        Some(other) => Err(Error::corrupt(format!("its hash leads to piece {other}"))),
        None => Err(Error::corrupt("its text does not match its hash")),
    }
}

/// Hashes that lead nowhere, or that no piece has.
fn hashes(check: &mut Check<'_>) -> Result<()> {
    let mut orphans = 0;
    check.each(PIECE_HASH, include_str!("../sql/verify_hash_orphans.sql"), [], |check, row| {
        orphans += 1;
        check.report.find(Area::Pieces, format!("a hash leads to piece {}, which is not there", row.get::<_, i64>(0)?));
        Ok(())
    })?;
    let pieces = check.report.counts.pieces;
    check.each(PIECE_HASH, include_str!("../sql/verify_hash_count.sql"), [], |check, row| {
        let hashes: u64 = row.get(0)?;
        if hashes > pieces + orphans {
            check.report.find(Area::Pieces, format!("{hashes} hashes lead to {pieces} pieces"));
        }
        Ok(())
    })
}
