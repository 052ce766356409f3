//! Moves what is fresh into blocks, the entries of a trace together, once its trace has ended or much has gathered.

use super::block;
use super::transaction::State;
use crate::content::Compressor;
use crate::error::Result;
use rusqlite::Connection;

/// A block's entries before compression, bytes: larger ones save little and make every read of one of them slower.
const BLOCK_BYTES: usize = 192 << 10;
/// Fresh entries of running traces are left to gather more up to here, bytes.
const MAX_RUNNING_BYTES: usize = 1 << 20;
/// The fresh entries are looked through each time that this much has come, bytes.
pub const LOOK_BYTES: i64 = 256 << 10;

/// What is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What fills blocks.
    Due,
    /// Everything: nobody may come back for the rest.
    All,
}

struct Fresh {
    id: i64,
    bytes: usize,
    ended: bool,
}

/// Packs what the scope says; `state.fresh_bytes` is exact afterwards.
pub fn pack(connection: &Connection, compressor: &mut Compressor, state: &mut State, scope: Scope) -> Result<()> {
    let fresh = list(connection)?;
    let due = due(&fresh, scope);
    let packed = sum(due.iter().copied());
    // A large entry has a block of its own: nobody who wants a small one should have to open it.
    let (large, small): (Vec<&Fresh>, Vec<&Fresh>) = due.into_iter().partition(|entry| entry.bytes >= BLOCK_BYTES);
    for entry in large {
        block::insert(connection, compressor, &mut [(entry.id, take(connection, entry.id)?)])?;
    }
    // Blocks of about the same size: a small one at the end would compress badly.
    let mut remaining = sum(small.iter().copied());
    let (mut filled, mut held) = (Vec::new(), 0);
    for entry in small {
        filled.push((entry.id, take(connection, entry.id)?));
        held += entry.bytes;
        if held >= remaining / remaining.div_ceil(BLOCK_BYTES).max(1) {
            block::insert(connection, compressor, &mut filled)?;
            filled.clear();
            remaining -= held;
            held = 0;
        }
    }
    if !filled.is_empty() {
        block::insert(connection, compressor, &mut filled)?;
    }
    state.fresh_bytes = i64::try_from(sum(&fresh) - packed).unwrap_or(i64::MAX);
    Ok(())
}

fn due(fresh: &[Fresh], scope: Scope) -> Vec<&Fresh> {
    let running = sum(fresh.iter().filter(|entry| !entry.ended));
    if scope == Scope::All || running > MAX_RUNNING_BYTES {
        return fresh.iter().collect();
    }
    let ended: Vec<&Fresh> = fresh.iter().filter(|entry| entry.ended).collect();
    if sum(ended.iter().copied()) < BLOCK_BYTES { Vec::new() } else { ended }
}

fn sum<'a>(entries: impl IntoIterator<Item = &'a Fresh>) -> usize {
    entries.into_iter().map(|entry| entry.bytes).sum()
}

/// By trace, then in the order of writing.
fn list(connection: &Connection) -> Result<Vec<Fresh>> {
    let mut statement = connection.prepare_cached(include_str!("sql/fresh_list.sql"))?;
    let fresh = statement.query_map([], |row| Ok(Fresh { id: row.get(0)?, bytes: row.get(1)?, ended: row.get(2)? }))?;
    Ok(fresh.collect::<rusqlite::Result<_>>()?)
}

fn take(connection: &Connection, id: i64) -> Result<Vec<u8>> {
    let bytes = connection
        .prepare_cached(include_str!("sql/fresh_get.sql"))?
        .query_row([id], |row| row.get::<_, Vec<u8>>(0))?;
    connection.prepare_cached(include_str!("sql/fresh_delete.sql"))?.execute([id])?;
    Ok(bytes)
}
