//! The tables of blocks: which one holds an entry, told by runs of ids.

use crate::content::{Block, Compressor};
use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashSet;

/// Stores entries as one block, in the order of their ids, which makes few runs of them.
pub fn insert(connection: &Connection, compressor: &mut Compressor, entries: &mut [(i64, Vec<u8>)]) -> Result<()> {
    entries.sort_unstable_by_key(|(id, _)| *id);
    let blob = Block::to_blob(entries.iter().map(|(id, bytes)| (*id, bytes.as_slice())), compressor)?;
    let ids: Vec<i64> = entries.iter().map(|(id, _)| *id).collect();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
    let ends = (first, last, blob);
    connection.prepare_cached(include_str!("sql/block_insert.sql"))?.execute(ends)?;
    let block = connection.last_insert_rowid();
    for run in runs(&ids) {
        let ends = (run[0], run[run.len() - 1], block);
        connection.prepare_cached(include_str!("sql/block_run_insert.sql"))?.execute(ends)?;
    }
    Ok(())
}

/// The block that an entry is in, if it is in one.
pub fn find(connection: &Connection, entry: i64) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached(include_str!("sql/block_run_find.sql"))?;
    let run: Option<(i64, i64)> = statement.query_row([entry], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(run.and_then(|(last, block)| (entry <= last).then_some(block)))
}

/// Opens a block.
pub fn load(connection: &Connection, compressor: &mut Compressor, block: i64) -> Result<Block> {
    let mut statement = connection.prepare_cached(include_str!("sql/block_get.sql"))?;
    let mut rows = statement.query([block])?;
    let row = rows.next()?.ok_or_else(|| Error::corrupt(format!("block {block} is missing")))?;
    let blob = row.get_ref(0)?.as_blob().map_err(|_| Error::corrupt(format!("block {block} is no blob")))?;
    Block::from_blob(blob, compressor)
}

/// Takes entries out of a block; their runs stay until the block is empty, since ids are never used again.
pub fn remove(connection: &Connection, compressor: &mut Compressor, block: i64, entries: &HashSet<i64>) -> Result<()> {
    let opened = load(connection, compressor, block)?;
    let kept: Vec<(i64, &[u8])> = opened.entries().filter(|(id, _)| !entries.contains(id)).collect();
    if kept.len() + entries.len() != opened.entries().len() {
        return Err(Error::corrupt(format!("block {block} lacks an entry")));
    }
    if kept.is_empty() {
        return delete(connection, block);
    }
    let blob = Block::to_blob(kept.into_iter(), compressor)?;
    connection.prepare_cached(include_str!("sql/block_update.sql"))?.execute((block, blob))?;
    Ok(())
}

/// Removes a block with its runs.
pub fn delete(connection: &Connection, block: i64) -> Result<()> {
    connection.prepare_cached(include_str!("sql/block_run_delete.sql"))?.execute([block])?;
    connection.prepare_cached(include_str!("sql/block_delete.sql"))?.execute([block])?;
    Ok(())
}

/// Ids that follow each other without a gap, as they stand.
fn runs(ids: &[i64]) -> impl Iterator<Item = &[i64]> {
    ids.chunk_by(|one, next| one + 1 == *next)
}
