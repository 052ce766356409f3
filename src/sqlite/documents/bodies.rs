//! Bodies of documents on the writing connection: to manifests and pieces, and what a rewrite lets go.

use super::byte_lru::ByteLru;
use crate::content::{Compressor, Manifest, PieceHash, Recent, split};
use crate::error::{Error, Result};
use crate::sqlite::entries::read::{Entries, unless_damaged};
use crate::sqlite::entries::write::{self, EntryWriter};
use crate::sqlite::numbers::Numbers;
use crate::sqlite::pieces::accounts::OwnedDocuments;
use crate::sqlite::pieces::hashes::Hashes;
use crate::sqlite::pieces::owner::Owner;
use crate::sqlite::pieces::owner::User;
use crate::sqlite::pieces::uses::UseNotes;
use rusqlite::Connection;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

/// Memory for the recent texts of running traces, bytes.
const MAX_RECENT_BYTES: usize = 16 << 20;
/// Memory for the bodies that were written last, bytes.
const MAX_REWRITABLE_BYTES: usize = 4 << 20;
/// Bytes of a body that tell its conversation.
const BEGINNING: usize = 512;

/// The codec with its caches, and what the open transaction lets go of.
pub struct Bodies {
    compressor: Compressor,
    hashes: Hashes,
    uses: UseNotes,
    /// Manifests that rewrites of this transaction left behind.
    gone: Vec<i64>,
    /// The last span of each conversation, by how it begins: the next one begins alike, in whatever trace it is.
    recent: ByteLru<u64, Recent>,
    /// Bodies by their entries: the next word on a trace changes its body, and need not read its pieces for that.
    rewritable: ByteLru<i64, (Manifest, String)>,
}

/// A body that was stored.
pub struct Stored {
    /// The entry of its manifest.
    pub entry: i64,
    hashes: HashMap<i64, PieceHash>,
}

/// A body that a document had until now.
pub struct Former {
    entry: i64,
    manifest: Manifest,
}

/// A point to undo to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodiesMark {
    hashes: usize,
    uses: usize,
    gone: usize,
}

impl Bodies {
    /// With empty caches.
    pub fn new() -> Result<Self> {
        Ok(Self {
            compressor: Compressor::new()?,
            hashes: Hashes::default(),
            uses: UseNotes::default(),
            gone: Vec::new(),
            recent: ByteLru::new(MAX_RECENT_BYTES),
            rewritable: ByteLru::new(MAX_REWRITABLE_BYTES),
        })
    }

    /// Stores the body of a document that lists show: it and its pieces stay alone.
    pub fn store_listed(&mut self, connection: &Connection, numbers: &mut Numbers, body: &str) -> Result<Stored> {
        let Self { compressor, hashes, .. } = self;
        let mut writer = EntryWriter { connection, compressor, numbers };
        let mut recent = Recent::default();
        let manifest = Manifest::after(body, &mut recent, |hash, text| {
            if let Some(piece) = hashes.find(connection, hash)? {
                writer.keep_alone(piece)?;
                return Ok(piece);
            }
            let piece = writer.add_alone(text.as_bytes())?;
            hashes.add(*hash, piece);
            Ok(piece)
        })?;
        let entry = writer.add_alone(&manifest.to_bytes())?;
        let bytes = body.len() + manifest.literal.len();
        self.rewritable.keep(entry, (manifest, body.to_owned()), bytes);
        Ok(Stored { entry, hashes: by_piece(&recent) })
    }

    /// Stores the body of a span; probably it begins like the one before it.
    pub fn store_span(
        &mut self,
        connection: &Connection,
        numbers: &mut Numbers,
        trace: i64,
        body: &str,
    ) -> Result<Stored> {
        let Self { compressor, hashes, recent, .. } = self;
        let conversation = beginning(body);
        let mut before = recent.take(&conversation).unwrap_or_default();
        let mut writer = EntryWriter { connection, compressor, numbers };
        let manifest = Manifest::after(body, &mut before, |hash, text| {
            if let Some(piece) = hashes.find(connection, hash)? {
                return Ok(piece);
            }
            let piece = writer.add_fresh(trace, text.as_bytes())?;
            hashes.add(*hash, piece);
            Ok(piece)
        })?;
        let entry = writer.add_fresh(trace, &manifest.to_bytes())?;
        let stored = Stored { entry, hashes: by_piece(&before) };
        let bytes = before.bytes();
        recent.keep(conversation, before, bytes);
        Ok(stored)
    }

    /// The body in an entry that is about to be rewritten.
    pub fn take_listed(&mut self, connection: &Connection, entry: i64) -> Result<(Former, String)> {
        if let Some((manifest, body)) = self.rewritable.take(&entry) {
            return Ok((Former { entry, manifest }, body));
        }
        let manifest = self.entries(connection).manifest(entry)?;
        let body = self.decode(connection, &manifest)?;
        Ok((Former { entry, manifest }, body))
    }

    /// The manifest of a span that was rewritten.
    pub fn former_span(&mut self, connection: &Connection, entry: i64) -> Result<Former> {
        Ok(Former { entry, manifest: self.entries(connection).manifest(entry)? })
    }

    /// Notes what a document uses from now on, and what it no longer does.
    pub fn count_uses(&mut self, user: User, former: Option<&Former>, stored: &Stored) {
        let before = former.map_or_else(HashSet::new, |former| former.manifest.pieces());
        for (piece, hash) in stored.hashes.iter().filter(|(piece, _)| !before.contains(piece)) {
            self.uses.begin_use(user, *piece, *hash);
        }
        let Some(former) = former else { return };
        for piece in before.iter().filter(|piece| !stored.hashes.contains_key(piece)) {
            self.uses.cease_use(user, *piece);
        }
        self.gone.push(former.entry);
    }

    /// Writes what was noted of uses, and removes the entries that nobody needs any more; the transaction is about to commit.
    pub fn settle(&mut self, connection: &Connection, numbers: &mut Numbers) -> Result<()> {
        let Self { compressor, hashes, uses, .. } = self;
        let mut entries = Entries::new(connection, compressor);
        let mut documents = StoredDocuments { connection, entries: &mut entries, counted: HashMap::new() };
        let released = uses.store(connection, hashes, &mut documents)?;
        let mut writer = EntryWriter { connection, compressor, numbers };
        for (trace, piece) in released.left_to_spans {
            // It may be packed with them.
            writer.make_fresh(trace, piece)?;
        }
        if !released.gone.is_empty() {
            self.recent.clear();
        }
        numbers.gc_epoch += i64::from(released.disowned);
        self.gone.extend(released.gone);
        // A rewrite promised nobody that the old text goes: what damage keeps is told by `verify()`.
        let _kept = write::remove(connection, &mut self.compressor, &std::mem::take(&mut self.gone))?;
        Ok(())
    }

    /// What moves entries, without a look at documents.
    pub fn entry_writer<'a>(&'a mut self, connection: &'a Connection, numbers: &'a mut Numbers) -> EntryWriter<'a> {
        EntryWriter { connection, compressor: &mut self.compressor, numbers }
    }

    /// The compressor, for reads on this connection.
    pub fn compressor(&mut self) -> &mut Compressor {
        &mut self.compressor
    }

    /// A transaction began; what other processes changed is forgotten.
    pub fn begin(&mut self, gc_epoch: i64) {
        self.uses.undo(0);
        self.gone.clear();
        if self.hashes.begin(gc_epoch) {
            self.recent.clear();
        }
    }

    /// Where this transaction stands.
    pub fn mark(&self) -> BodiesMark {
        BodiesMark { hashes: self.hashes.mark(), uses: self.uses.mark(), gone: self.gone.len() }
    }

    /// Forgets what happened since the mark: it was rolled back.
    pub fn undo(&mut self, mark: BodiesMark) {
        self.hashes.undo(mark.hashes);
        self.uses.undo(mark.uses);
        self.gone.truncate(mark.gone);
        self.recent.clear();
        self.rewritable.clear();
    }

    /// Forgets what happened in this transaction, of which rows may have been remembered that never came to be.
    pub fn undo_all(&mut self) {
        self.undo(BodiesMark { hashes: 0, uses: 0, gone: 0 });
        self.hashes.forget_all();
    }

    /// The transaction is committed.
    pub fn commit(&mut self, gc_epoch: i64) {
        self.hashes.commit(gc_epoch);
    }

    fn entries<'a>(&'a mut self, connection: &'a Connection) -> Entries<'a> {
        Entries::new(connection, &mut self.compressor)
    }

    /// The body that a manifest stands for, checked.
    fn decode(&mut self, connection: &Connection, manifest: &Manifest) -> Result<String> {
        let mut entries = self.entries(connection);
        let mut texts: HashMap<i64, (String, PieceHash)> = HashMap::new();
        for hole in &manifest.holes {
            if let Entry::Vacant(vacant) = texts.entry(hole.piece) {
                let text = entries.text(hole.piece)?;
                let hash = PieceHash::of(&text);
                vacant.insert((text, hash));
            }
        }
        let pieces = manifest.holes.iter().map(|hole| &texts[&hole.piece]);
        manifest.verify(pieces.clone().map(|(text, hash)| (*hash, text.len())))?;
        let body = manifest.expand(&pieces.map(|(text, _)| text.as_str()).collect::<Vec<_>>());
        // It is about to be written again, and then it would be the caller's that is malformed.
        match split::cuts(&body) {
            Ok(_) => Ok(body),
            Err(_) => Err(Error::corrupt("a stored document is no JSON object")),
        }
    }
}

/// Documents as the open transaction leaves them.
struct StoredDocuments<'a, 'b> {
    connection: &'a Connection,
    entries: &'b mut Entries<'a>,
    /// Of each owner that was asked for, how many of its documents use each piece.
    counted: HashMap<Owner, Option<HashMap<i64, i64>>>,
}

impl StoredDocuments<'_, '_> {
    fn count_all(&mut self, owner: Owner) -> Result<Option<HashMap<i64, i64>>> {
        // Others have one document, so that theirs are always counted.
        let Owner::Trace(trace) = owner else { return Ok(None) };
        let mut statement = self.connection.prepare_cached(include_str!("sql/trace_bodies.sql"))?;
        let bodies: Vec<i64> = statement.query_map([trace], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut counts = HashMap::new();
        for body in bodies {
            let Some(manifest) = unless_damaged(self.connection, self.entries.manifest(body))? else { return Ok(None) };
            manifest.pieces().into_iter().for_each(|piece| *counts.entry(piece).or_default() += 1);
        }
        Ok(Some(counts))
    }
}

impl OwnedDocuments for StoredDocuments<'_, '_> {
    fn hash_of(&mut self, piece: i64) -> Result<Option<PieceHash>> {
        Ok(unless_damaged(self.connection, self.entries.text(piece))?.map(|text| PieceHash::of(&text)))
    }

    fn count(&mut self, owner: Owner, piece: i64) -> Result<Option<i64>> {
        if !self.counted.contains_key(&owner) {
            let counts = self.count_all(owner)?;
            self.counted.insert(owner, counts);
        }
        let counts = self.counted.get(&owner).and_then(Option::as_ref);
        Ok(counts.map(|counts| counts.get(&piece).copied().unwrap_or_default()))
    }
}

/// Each piece of a text once.
fn by_piece(text: &Recent) -> HashMap<i64, PieceHash> {
    text.pieces().iter().map(|(hash, piece)| (*piece, *hash)).collect()
}

/// Tells conversations apart by their first messages; two that begin alike only disturb each other.
fn beginning(body: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(&body.as_bytes()[..body.len().min(BEGINNING)]);
    hasher.finish()
}
