//! Recounts which document uses which piece, and holds the tables against it.

use super::facets;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tracestore::content::{Compressor, Manifest, PieceHash};

/// Fails unless every piece is owned by exactly those who use it, is used by somebody, and has its own hash.
pub fn balance(path: &Path) {
    let connection = Connection::open(path).unwrap();
    facets::recount(&connection);
    let mut compressor = Compressor::new().unwrap();
    let mut used: BTreeSet<(i64, i64)> = BTreeSet::new();
    let bodies = "select id * 4, body from trace where body is not null union all select trace * 4, body from span
        union all select id * 4 + 1, body from session union all select id * 4 + 2, body from config_snapshot";
    for (owner, body) in rows::<(i64, Vec<u8>)>(&connection, bodies) {
        let manifest = Manifest::from_bytes(&body, &mut compressor).unwrap();
        used.extend(manifest.holes.iter().map(|hole| (hole.piece, owner)));
    }
    let owned: BTreeSet<(i64, i64)> = rows(&connection, "select piece, owner from piece_owner").into_iter().collect();
    assert_eq!(owned, used, "owners");
    let pieces: BTreeMap<i64, Vec<u8>> = rows(&connection, "select id, data from piece").into_iter().collect();
    assert_eq!(
        pieces.keys().copied().collect::<BTreeSet<_>>(),
        used.iter().map(|(piece, _)| *piece).collect(),
        "pieces"
    );
    let hashes: BTreeMap<i64, Vec<u8>> = rows(&connection, "select piece, hash from piece_hash").into_iter().collect();
    assert_eq!(hashes.len(), pieces.len(), "hashes");
    for (piece, data) in pieces {
        let text = compressor.unpack_text(&data).unwrap();
        assert_eq!(PieceHash::of(&text).0.as_slice(), hashes[&piece], "hash of piece {piece}");
    }
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
