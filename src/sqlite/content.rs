//! The codec on the writing connection: bodies to manifests, pieces into their table, and what a rewrite lets go.

use super::piece::{self, Owner, Pieces};
use crate::content::{Compressor, Manifest, PieceHash, Recent};
use crate::error::Result;
use rusqlite::Connection;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

/// Memory for the recent texts of running traces, bytes; beyond it they are forgotten together.
const MAX_RECENT_BYTES: usize = 16 << 20;
/// Bytes of a body that tell its conversation.
const BEGINNING: usize = 512;

/// See the module.
pub struct Content {
    compressor: Compressor,
    pieces: Pieces,
    /// The last span of each conversation, by how it begins: the next one begins alike, in whatever trace it is.
    recent: HashMap<u64, Recent>,
    recent_bytes: usize,
    /// What rewrites of this transaction may have left unused.
    released: Vec<(Owner, Vec<i64>)>,
}

/// A point to undo to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pieces: usize,
    released: usize,
}

impl Content {
    /// With empty caches.
    pub fn new() -> Result<Self> {
        Ok(Self {
            compressor: Compressor::new()?,
            pieces: Pieces::default(),
            recent: HashMap::new(),
            recent_bytes: 0,
            released: Vec::new(),
        })
    }

    /// The manifest of a body; its pieces are stored and counted for `owner`.
    pub fn encode(&mut self, connection: &Connection, owner: Owner, body: &str) -> Result<Vec<u8>> {
        let Self { compressor, pieces, .. } = self;
        let manifest = Manifest::of(body, |hash, text| pieces.intern(connection, compressor, owner, hash, text))?;
        manifest.to_bytes(compressor)
    }

    /// Like `encode`, for a body that probably begins like the last one of this trace.
    pub fn encode_next(&mut self, connection: &Connection, trace: i64, body: &str) -> Result<Vec<u8>> {
        if self.recent_bytes > MAX_RECENT_BYTES {
            self.forget_recent();
        }
        let Self { compressor, pieces, recent, recent_bytes, .. } = self;
        let recent = recent.entry(beginning(body)).or_default();
        let before = recent.bytes();
        let owner = Owner::Trace(trace);
        let manifest = Manifest::after(body, recent, owner.key(), |hash, text| {
            pieces.intern(connection, compressor, owner, hash, text)
        })?;
        *recent_bytes = (*recent_bytes + recent.bytes()).saturating_sub(before);
        manifest.to_bytes(compressor)
    }

    /// Ids of recent texts hold only while nothing is undone or deleted.
    fn forget_recent(&mut self) {
        self.recent.clear();
        self.recent_bytes = 0;
    }

    /// The body that a manifest stands for, checked.
    pub fn decode(&mut self, connection: &Connection, manifest: &[u8]) -> Result<String> {
        let manifest = Manifest::from_bytes(manifest, &mut self.compressor)?;
        let mut texts: HashMap<i64, (String, PieceHash)> = HashMap::new();
        for hole in &manifest.holes {
            if let Entry::Vacant(entry) = texts.entry(hole.piece) {
                let text = piece::load(connection, &mut self.compressor, hole.piece)?;
                let hash = PieceHash::of(&text);
                entry.insert((text, hash));
            }
        }
        let (pieces, hashes): (Vec<&str>, Vec<PieceHash>) =
            manifest.holes.iter().map(|hole| (texts[&hole.piece].0.as_str(), texts[&hole.piece].1)).unzip();
        manifest.verify(&hashes)?;
        Ok(manifest.expand(&pieces))
    }

    /// Notes the pieces that `old` used and `new` doesn't, after a document of `owner` was rewritten.
    pub fn release(&mut self, owner: Owner, old: &[u8], new: &[u8]) -> Result<()> {
        let kept = self.piece_ids(new)?;
        let dropped: Vec<i64> = self.piece_ids(old)?.difference(&kept).copied().collect();
        if !dropped.is_empty() {
            self.released.push((owner, dropped));
        }
        Ok(())
    }

    /// Takes from their owners the pieces that rewrites of this transaction left unused.
    ///
    /// `bodies` gives the manifests of all of an owner's documents as they are now. It is asked once per owner and
    /// transaction: a trace with many spans that are rewritten must not be read through once for each.
    pub fn settle_released(
        &mut self,
        connection: &Connection,
        bodies: impl Fn(Owner) -> Result<Vec<Vec<u8>>>,
    ) -> Result<()> {
        let mut unused: HashMap<Owner, HashSet<i64>> = HashMap::new();
        for (owner, dropped) in std::mem::take(&mut self.released) {
            unused.entry(owner).or_default().extend(dropped);
        }
        for (owner, mut unused) in unused {
            for manifest in bodies(owner)? {
                let used = self.piece_ids(&manifest)?;
                unused.retain(|piece| !used.contains(piece));
            }
            if !unused.is_empty() {
                self.forget_recent();
            }
            for piece in unused {
                self.pieces.disown(connection, &mut self.compressor, owner, piece)?;
            }
        }
        Ok(())
    }

    /// The compressor, for reads on this connection.
    pub fn compressor(&mut self) -> &mut Compressor {
        &mut self.compressor
    }

    /// A transaction began; what other processes changed is forgotten.
    pub fn begin(&mut self, gc_epoch: i64) {
        self.released.clear();
        if self.pieces.begin(gc_epoch) {
            self.forget_recent();
        }
    }

    /// Where this transaction stands.
    pub fn mark(&self) -> Mark {
        Mark { pieces: self.pieces.mark(), released: self.released.len() }
    }

    /// Forgets what happened since the mark: it was rolled back.
    pub fn undo(&mut self, mark: Mark) {
        self.pieces.undo(mark.pieces);
        self.released.truncate(mark.released);
        self.forget_recent();
    }

    /// Forgets what happened in this transaction.
    pub fn undo_all(&mut self) {
        self.undo(Mark { pieces: 0, released: 0 });
    }

    /// Whether this transaction took pieces from owners.
    pub fn disowned_pieces(&self) -> bool {
        self.pieces.disowned()
    }

    /// The transaction is committed.
    pub fn commit(&mut self, gc_epoch: i64) {
        self.pieces.commit(gc_epoch);
    }

    fn piece_ids(&mut self, manifest: &[u8]) -> Result<HashSet<i64>> {
        let manifest = Manifest::from_bytes(manifest, &mut self.compressor)?;
        Ok(manifest.holes.iter().map(|hole| hole.piece).collect())
    }
}

/// Tells conversations apart by their first messages; two that begin alike only disturb each other.
fn beginning(body: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(&body.as_bytes()[..body.len().min(BEGINNING)]);
    hasher.finish()
}
