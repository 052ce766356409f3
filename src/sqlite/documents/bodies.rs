//! Bodies of documents on the writing connection: bodies to manifests, pieces into their table, and what a rewrite lets go.

use super::recent_bodies::RecentBodies;
use crate::content::{Compressor, Manifest, PieceHash, Recent};
use crate::error::Result;
use crate::sqlite::entries::packing::{self, Scope};
use crate::sqlite::entries::read::{Entries, unless_damaged};
use crate::sqlite::entries::write::{self, EntryWriter};
use crate::sqlite::numbers::Numbers;
use crate::sqlite::pieces::piece::{Owner, Pieces, Use};
use rusqlite::Connection;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hasher;

/// Memory for the recent texts of running traces, bytes; beyond it they are forgotten together.
const MAX_RECENT_BYTES: usize = 16 << 20;
/// Bytes of a body that tell its conversation.
const BEGINNING: usize = 512;

/// The codec with its caches, and what the open transaction lets go of.
pub struct Bodies {
    compressor: Compressor,
    pieces: Pieces,
    /// The last span of each conversation, by how it begins: the next one begins alike, in whatever trace it is.
    recent: HashMap<u64, Recent>,
    recent_bytes: usize,
    rewritable: RecentBodies,
    /// What rewrites of this transaction may have left unused.
    released: Vec<Released>,
}

/// What a rewrite lets go.
enum Released {
    /// Pieces that the owner's other documents may still use.
    Pieces(Use, HashSet<i64>),
    /// The entry of a manifest, which belonged to one span alone.
    Manifest(i64),
}

/// A point to undo to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodiesMark {
    pieces: usize,
    released: usize,
}

impl Bodies {
    /// With empty caches.
    pub fn new() -> Result<Self> {
        Ok(Self {
            compressor: Compressor::new()?,
            pieces: Pieces::default(),
            recent: HashMap::new(),
            recent_bytes: 0,
            rewritable: RecentBodies::default(),
            released: Vec::new(),
        })
    }

    /// The manifest of a body and the bytes of its column; its pieces are stored and counted for `owner`.
    pub fn write_body(
        &mut self,
        connection: &Connection,
        numbers: &mut Numbers,
        owner: Owner,
        body: &str,
    ) -> Result<(Manifest, Vec<u8>)> {
        let Self { compressor, pieces, .. } = self;
        let mut writer = EntryWriter { connection, compressor, numbers };
        let manifest = Manifest::of(body, |hash, text| pieces.intern(&mut writer, Use::Body(owner), hash, text))?;
        let mut packed = Vec::new();
        self.compressor.pack(&manifest.to_bytes(), &mut packed)?;
        self.rewritable.keep(&packed, body);
        Ok((manifest, packed))
    }

    /// What `write_body` was given, from a column that is about to be written again.
    pub fn read_body(&mut self, connection: &Connection, packed: &[u8]) -> Result<(Manifest, String)> {
        let manifest = Manifest::from_bytes(&self.compressor.unpack(packed)?)?;
        let body = self.rewritable.take(packed).map_or_else(|| self.decode(connection, &manifest), Ok)?;
        Ok((manifest, body))
    }

    /// The manifest of the body of a span, with the entry that it is put into; probably the body begins like the one
    /// before it.
    pub fn encode_span(
        &mut self,
        connection: &Connection,
        numbers: &mut Numbers,
        trace: i64,
        body: &str,
    ) -> Result<(Manifest, i64)> {
        if self.recent_bytes > MAX_RECENT_BYTES {
            self.forget_recent();
        }
        let Self { compressor, pieces, recent, recent_bytes, .. } = self;
        let recent = recent.entry(beginning(body)).or_default();
        let before = recent.bytes();
        let mut writer = EntryWriter { connection, compressor, numbers };
        let manifest = Manifest::after(body, recent, Owner::Trace(trace).key(), |hash, text| {
            pieces.intern(&mut writer, Use::Span(trace), hash, text)
        })?;
        *recent_bytes = (*recent_bytes + recent.bytes()).saturating_sub(before);
        let entry = writer.add_fresh(trace, &manifest.to_bytes())?;
        Ok((manifest, entry))
    }

    /// Ids of recent texts hold only while nothing is undone or deleted.
    fn forget_recent(&mut self) {
        self.recent.clear();
        self.recent_bytes = 0;
    }

    /// The body that a manifest stands for, checked.
    fn decode(&mut self, connection: &Connection, manifest: &Manifest) -> Result<String> {
        let mut entries = Entries::new(connection, &mut self.compressor);
        let mut texts: HashMap<i64, (String, PieceHash)> = HashMap::new();
        for hole in &manifest.holes {
            if let Entry::Vacant(vacant) = texts.entry(hole.piece) {
                let text = entries.text(hole.piece)?;
                let hash = PieceHash::of(&text);
                vacant.insert((text, hash));
            }
        }
        let (pieces, hashes): (Vec<&str>, Vec<PieceHash>) =
            manifest.holes.iter().map(|hole| (texts[&hole.piece].0.as_str(), texts[&hole.piece].1)).unzip();
        manifest.verify(&hashes)?;
        Ok(manifest.expand(&pieces))
    }

    /// Notes the pieces that `old` used and `new` doesn't, after a document was rewritten.
    pub fn release(&mut self, usage: Use, old: &Manifest, new: &Manifest) {
        let dropped: HashSet<i64> = old.pieces().difference(&new.pieces()).copied().collect();
        if !dropped.is_empty() {
            self.released.push(Released::Pieces(usage, dropped));
        }
    }

    /// Like `release`, for a span, whose old manifest is an entry itself.
    pub fn release_span(&mut self, connection: &Connection, trace: i64, old: i64, new: &Manifest) -> Result<()> {
        let manifest = Entries::new(connection, &mut self.compressor).manifest(old)?;
        self.released.push(Released::Manifest(old));
        self.release(Use::Span(trace), &manifest, new);
        Ok(())
    }

    /// Takes from their owners the pieces that rewrites of this transaction left unused.
    ///
    /// `used` gives the pieces that all of an owner's documents use as they are now. It is asked once per owner and
    /// transaction: a trace with many spans that are rewritten must not be read through once for each.
    /// Of an owner whose documents can't all be read, for damage, everything is kept: that fails nobody else's writes.
    pub fn settle_released(
        &mut self,
        connection: &Connection,
        numbers: &mut Numbers,
        used: impl Fn(&mut Entries<'_>, Owner) -> Result<HashSet<i64>>,
    ) -> Result<()> {
        let mut gone = Vec::new();
        let mut dropped: HashMap<Owner, Vec<(Use, HashSet<i64>)>> = HashMap::new();
        for released in std::mem::take(&mut self.released) {
            match released {
                Released::Pieces(usage, pieces) => dropped.entry(usage.owner()).or_default().push((usage, pieces)),
                Released::Manifest(entry) => gone.push(entry),
            }
        }
        for (owner, dropped) in dropped {
            let Some(used) = unless_damaged(used(&mut Entries::new(connection, &mut self.compressor), owner))? else {
                continue;
            };
            let all: BTreeSet<i64> = dropped.iter().flat_map(|(_, pieces)| pieces).copied().collect();
            self.disown(connection, owner, all.into_iter().filter(|piece| !used.contains(piece)), &mut gone)?;
            // What a trace's body no longer uses and its spans still do may be packed with them.
            let mut writer = EntryWriter { connection, compressor: &mut self.compressor, numbers };
            for (usage, pieces) in dropped {
                if let (Use::Body(Owner::Trace(trace)), kept) = (usage, pieces.intersection(&used)) {
                    kept.copied().try_for_each(|piece| writer.make_fresh(trace, piece))?;
                }
            }
        }
        if self.pieces.disowned() {
            self.forget_recent();
        }
        write::remove(connection, &mut self.compressor, &gone)
    }

    /// In the order of their ids, in which they lie in blocks; `gone` gets those that nobody owns any more.
    fn disown(
        &mut self,
        connection: &Connection,
        owner: Owner,
        unused: impl Iterator<Item = i64>,
        gone: &mut Vec<i64>,
    ) -> Result<()> {
        let Self { compressor, pieces, .. } = self;
        let mut entries = Entries::new(connection, compressor);
        for piece in unused {
            let Some(text) = unless_damaged(entries.text(piece))? else { continue };
            if unless_damaged(pieces.disown(connection, owner, piece, &PieceHash::of(&text)))? == Some(true) {
                gone.push(piece);
            }
        }
        Ok(())
    }

    /// Moves what is fresh into blocks.
    pub fn pack_fresh(&mut self, connection: &Connection, numbers: &mut Numbers, scope: Scope) -> Result<()> {
        packing::pack(connection, &mut self.compressor, numbers, scope)
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
    pub fn mark(&self) -> BodiesMark {
        BodiesMark { pieces: self.pieces.mark(), released: self.released.len() }
    }

    /// Forgets what happened since the mark: it was rolled back.
    pub fn undo(&mut self, mark: BodiesMark) {
        self.pieces.undo(mark.pieces);
        self.released.truncate(mark.released);
        self.forget_recent();
        self.rewritable.forget();
    }

    /// Forgets what happened in this transaction.
    pub fn undo_all(&mut self) {
        self.undo(BodiesMark { pieces: 0, released: 0 });
    }

    /// Whether this transaction took pieces from owners.
    pub fn disowned_pieces(&self) -> bool {
        self.pieces.disowned()
    }

    /// The transaction is committed.
    pub fn commit(&mut self, gc_epoch: i64) {
        self.pieces.commit(gc_epoch);
    }
}

/// Tells conversations apart by their first messages; two that begin alike only disturb each other.
fn beginning(body: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(&body.as_bytes()[..body.len().min(BEGINNING)]);
    hasher.finish()
}
