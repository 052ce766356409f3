//! Bodies of documents on the writing connection: to manifests and pieces, and what a rewrite lets go.

use super::byte_lru::ByteLru;
use super::pieces::hashes::Hashes;
use super::pieces::owner::User;
use super::pieces::uses::UseNotes;
use super::rows::Rows;
use super::rows::span::SpanRow;
use super::rows::state::{Numbers, next};
use crate::content::{Manifest, PieceHash, Recent, split};
use crate::error::{Error, Result};
use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

/// Memory for the recent texts of running traces, bytes.
const MAX_RECENT_BYTES: usize = 16 << 20;
/// Memory for the bodies that were written last, bytes.
const MAX_REWRITABLE_BYTES: usize = 4 << 20;
/// Memory for the pieces of the span words that came last, bytes; a piece takes about so many.
const MAX_REPLACEABLE_BYTES: usize = 1 << 20;
const REPLACEABLE_PIECE: usize = 64;
/// Bytes of a body that tell its conversation.
const BEGINNING: usize = 512;

/// The caches of the codec, and what the open transaction lets go of.
pub struct Bodies {
    hashes: Hashes,
    uses: UseNotes,
    /// Manifests that rewrites of this transaction left behind.
    gone: Vec<i64>,
    /// The last span of each conversation, by how it begins: the next one begins alike, in whatever trace it is.
    recent: ByteLru<u64, Recent>,
    /// Bodies by their entries: the next word on a trace changes its body, and need not read its pieces for that.
    rewritable: ByteLru<i64, (Manifest, String)>,
    /// What the span words that came last use, by their entries: the next one of a stream takes the place of the one
    /// before, which need not be read for that.
    replaceable: ByteLru<i64, HashMap<i64, PieceHash>>,
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

impl Former {
    /// The body in this entry.
    pub fn read(rows: &mut dyn Rows, entry: i64) -> Result<Self> {
        Ok(Self { entry, manifest: rows.manifest(entry)? })
    }
}

/// A point to undo to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodiesMark {
    hashes: usize,
    uses: usize,
    gone: usize,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            hashes: Hashes::default(),
            uses: UseNotes::default(),
            gone: Vec::new(),
            recent: ByteLru::new(MAX_RECENT_BYTES),
            rewritable: ByteLru::new(MAX_REWRITABLE_BYTES),
            replaceable: ByteLru::new(MAX_REPLACEABLE_BYTES),
        }
    }
}

impl Bodies {
    /// Stores the body of a document that lists show: it and its pieces stay alone.
    pub fn store_listed(&mut self, rows: &mut dyn Rows, numbers: &mut Numbers, body: &str) -> Result<Stored> {
        let mut recent = Recent::default();
        let manifest = Manifest::after(body, &mut recent, |hash, text| {
            if let Some(piece) = self.hashes.find(rows, hash)? {
                rows.make_alone(piece)?;
                return Ok(piece);
            }
            let piece = add_alone(rows, numbers, text.as_bytes())?;
            self.hashes.add(*hash, piece);
            Ok(piece)
        })?;
        let entry = add_alone(rows, numbers, &manifest.to_bytes())?;
        let bytes = body.len() + manifest.literal.len();
        self.rewritable.keep(entry, (manifest, body.to_owned()), bytes);
        Ok(Stored { entry, hashes: by_piece(&recent) })
    }

    /// Stores the body of a span, or of what is said of a trace; probably it begins like the one before it.
    pub fn store_span(&mut self, rows: &mut dyn Rows, numbers: &mut Numbers, trace: i64, body: &str) -> Result<Stored> {
        let Self { hashes, recent, .. } = self;
        let conversation = beginning(body);
        let mut before = recent.take(&conversation).unwrap_or_default();
        let manifest = Manifest::after(body, &mut before, |hash, text| {
            if let Some(piece) = hashes.find(rows, hash)? {
                return Ok(piece);
            }
            let piece = add_fresh(rows, numbers, trace, text.as_bytes())?;
            hashes.add(*hash, piece);
            Ok(piece)
        })?;
        let entry = add_fresh(rows, numbers, trace, &manifest.to_bytes())?;
        let stored = Stored { entry, hashes: by_piece(&before) };
        let bytes = before.bytes();
        recent.keep(conversation, before, bytes);
        Ok(stored)
    }

    /// The body in an entry that is about to be rewritten.
    pub fn take_listed(&mut self, rows: &mut dyn Rows, entry: i64) -> Result<(Former, String)> {
        if let Some((manifest, body)) = self.rewritable.take(&entry) {
            return Ok((Former { entry, manifest }, body));
        }
        let former = Former::read(rows, entry)?;
        let body = decode(rows, &former.manifest)?;
        Ok((former, body))
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

    /// Notes that a document goes with all that it uses.
    pub fn let_go(&mut self, user: User, former: &Former) {
        for piece in former.manifest.pieces() {
            self.uses.cease_use(user, piece);
        }
        self.gone.push(former.entry);
    }

    /// Stores what a span word gives, and notes what it uses; the entry of its manifest.
    pub fn store_word(&mut self, rows: &mut dyn Rows, numbers: &mut Numbers, of: &SpanRow, body: &str) -> Result<i64> {
        let stored = self.store_span(rows, numbers, of.trace, body)?;
        let user = User::Span { trace: of.trace, span: of.id };
        self.count_uses(user, None, &stored);
        let bytes = (stored.hashes.len() + 1) * REPLACEABLE_PIECE;
        self.replaceable.keep(stored.entry, stored.hashes, bytes);
        Ok(stored.entry)
    }

    /// Notes that what a span word gave is not needed any more.
    pub fn let_word_go(&mut self, rows: &mut dyn Rows, user: User, entry: i64) -> Result<()> {
        if let Some(pieces) = self.replaceable.take(&entry) {
            for (piece, hash) in pieces {
                self.uses.cease_known_use(user, piece, hash);
            }
            self.gone.push(entry);
        } else {
            self.let_go(user, &Former::read(rows, entry)?);
        }
        Ok(())
    }

    /// Writes what was noted of uses, and removes the entries that nobody needs any more; the transaction is about to commit.
    pub fn settle(&mut self, rows: &mut dyn Rows, numbers: &mut Numbers) -> Result<()> {
        let released = self.uses.store(rows, &mut self.hashes)?;
        for (trace, piece) in released.left_to_spans {
            // It may be packed with them.
            numbers.fresh_bytes += to_number(rows.make_fresh(piece, trace)?);
        }
        if !released.gone.is_empty() {
            let gone: HashSet<i64> = released.gone.iter().copied().collect();
            self.recent.retain(|recent| recent.pieces().iter().all(|(_, piece)| !gone.contains(piece)));
        }
        numbers.gc_epoch += i64::from(released.disowned);
        self.gone.extend(released.gone);
        // A rewrite promised nobody that the old text goes: what damage keeps is told by `verify()`.
        let _kept = rows.remove_entries(&std::mem::take(&mut self.gone))?;
        Ok(())
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
        self.replaceable.clear();
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
}

/// The body in an entry.
pub fn read(rows: &mut dyn Rows, entry: i64) -> Result<String> {
    let manifest = rows.manifest(entry)?;
    decode(rows, &manifest)
}

fn add_alone(rows: &mut dyn Rows, numbers: &mut Numbers, bytes: &[u8]) -> Result<i64> {
    let id = next(&mut numbers.entry);
    rows.insert_alone(id, bytes)?;
    Ok(id)
}

fn add_fresh(rows: &mut dyn Rows, numbers: &mut Numbers, trace: i64, bytes: &[u8]) -> Result<i64> {
    let id = next(&mut numbers.entry);
    rows.insert_fresh(id, trace, bytes)?;
    numbers.fresh_bytes += to_number(bytes.len());
    Ok(id)
}

fn to_number(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// The body that a manifest stands for, checked.
fn decode(rows: &mut dyn Rows, manifest: &Manifest) -> Result<String> {
    let mut texts: HashMap<i64, (String, PieceHash)> = HashMap::new();
    for hole in &manifest.holes {
        if let Entry::Vacant(vacant) = texts.entry(hole.piece) {
            let text = rows.text(hole.piece)?;
            let hash = PieceHash::of(&text);
            vacant.insert((text, hash));
        }
    }
    let pieces = manifest.holes.iter().map(|hole| &texts[&hole.piece]);
    manifest.verify(pieces.clone().map(|(text, hash)| (*hash, text.len())))?.require_object()?;
    let body = manifest.expand(&pieces.map(|(text, _)| text.as_str()).collect::<Vec<_>>());
    // It is about to be written again, and then it would be the caller's that is malformed.
    match split::cuts(&body) {
        Ok(_) => Ok(body),
        Err(_) => Err(Error::corrupt("a stored document is no JSON object")),
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
