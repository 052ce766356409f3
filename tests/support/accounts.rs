//! Recounts which document uses which piece, and holds the tables against it.

use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tracestore::content::{Block, Compressor, Manifest, PieceHash};

/// Fails unless every piece is owned by exactly those who use it, every entry is used and in one place, and every hash right.
pub fn balance(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let mut compressor = Compressor::new().unwrap();
    let entries = entries(&connection, &mut compressor);
    let mut used: BTreeSet<(i64, i64)> = BTreeSet::new();
    let mut note = |owner: i64, manifest: &[u8]| {
        let manifest = Manifest::from_bytes(manifest).unwrap();
        used.extend(manifest.holes.iter().map(|hole| (hole.piece, owner)));
    };
    let bodies = "select id * 4, body from trace where body is not null
        union all select id * 4 + 1, body from session union all select id * 4 + 2, body from config_snapshot";
    for (owner, body) in rows::<(i64, Vec<u8>)>(&connection, bodies) {
        note(owner, &compressor.unpack(&body).unwrap());
    }
    let spans = rows::<(i64, i64)>(&connection, "select trace * 4, body from span");
    for (owner, entry) in &spans {
        note(*owner, &entries[entry]);
    }
    let owners = "select piece, owner from piece_hash union all select piece, owner from piece_owner";
    let counted = rows::<(i64, i64)>(&connection, owners);
    assert_eq!(counted.iter().copied().collect::<BTreeSet<_>>(), used, "owners");
    assert_eq!(counted.len(), used.len(), "an owner is counted once");
    let hashes: BTreeMap<i64, Vec<u8>> = rows(&connection, "select piece, hash from piece_hash").into_iter().collect();
    for (piece, hash) in &hashes {
        let text = std::str::from_utf8(&entries[piece]).unwrap();
        assert_eq!(PieceHash::of(text).0.as_slice(), hash, "hash of piece {piece}");
    }
    let expected: BTreeSet<i64> = hashes.keys().copied().chain(spans.into_iter().map(|(_, entry)| entry)).collect();
    assert_eq!(entries.keys().copied().collect::<BTreeSet<_>>(), expected, "entries");
}

/// All entries; each is in one place, and found there by the runs if that is a block.
fn entries(connection: &Connection, compressor: &mut Compressor) -> BTreeMap<i64, Vec<u8>> {
    let mut entries: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    let mut add = |id: i64, bytes: Vec<u8>| assert!(entries.insert(id, bytes).is_none(), "entry {id} is in two places");
    rows::<(i64, Vec<u8>)>(connection, "select id, data from fresh").into_iter().for_each(|(id, data)| add(id, data));
    for (id, data) in rows::<(i64, Vec<u8>)>(connection, "select id, data from piece") {
        add(id, compressor.unpack(&data).unwrap());
    }
    for (block, data) in rows::<(i64, Vec<u8>)>(connection, "select id, data from block") {
        for (id, entry) in Block::from_blob(&data, compressor).unwrap().entries() {
            let run = "select block, last >= ?1 from block_run where first <= ?1 order by first desc limit 1";
            let found: (i64, bool) = connection.query_row(run, [id], FromRow::from_row).unwrap();
            assert_eq!(found, (block, true), "entry {id}");
            add(id, entry.to_vec());
        }
    }
    entries
}

trait FromRow: Sized {
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

impl<A: rusqlite::types::FromSql, B: rusqlite::types::FromSql> FromRow for (A, B) {
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok((row.get(0)?, row.get(1)?))
    }
}

fn rows<T: FromRow>(connection: &Connection, sql: &str) -> Vec<T> {
    connection.prepare(sql).unwrap().query_map([], T::from_row).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}
