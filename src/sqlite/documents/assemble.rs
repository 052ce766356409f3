//! Turns rows into documents that share their pieces.

use crate::content::{Compressor, Manifest, PieceHash, skeleton};
use crate::error::{Error, Result};
use crate::model::answer::{Documents, Header, ListPage};
use crate::model::span::Span;
use crate::sqlite::entries::read::Entries;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// Collects the documents of one answer; every distinct piece is read, checked and handed on once.
pub struct Assembler<'a> {
    pub connection: &'a Connection,
    entries: Entries<'a>,
    documents: Documents,
    hashes: Vec<PieceHash>,
    bodies: HashSet<i64>,
    ordinals: HashMap<i64, usize>,
}

impl<'a> Assembler<'a> {
    /// An empty answer.
    pub fn new(connection: &'a Connection, compressor: &'a mut Compressor) -> Self {
        Self {
            connection,
            entries: Entries::new(connection, compressor),
            documents: Documents::default(),
            hashes: Vec::new(),
            bodies: HashSet::new(),
            ordinals: HashMap::new(),
        }
    }

    /// Adds a document from its columns and the entry of its manifest.
    pub fn push(&mut self, header: &impl Header, body: i64) -> Result<()> {
        let manifest = self.manifest(body)?;
        self.add(header, &manifest)
    }

    /// Adds spans, each with the entry of its manifest, in this order.
    ///
    /// They are read in the order of their entries, in which they lie in blocks: no block is opened twice.
    pub fn push_spans(&mut self, spans: &[(Span, i64)]) -> Result<()> {
        let mut by_entry: Vec<usize> = (0..spans.len()).collect();
        by_entry.sort_unstable_by_key(|at| spans[*at].1);
        let first = self.documents.documents.len();
        for at in &by_entry {
            let (span, entry) = &spans[*at];
            let manifest = self.manifest(*entry)?;
            self.add(&span.header(), &manifest)?;
        }
        let mut read: Vec<_> = by_entry.into_iter().zip(self.documents.documents.drain(first..)).collect();
        read.sort_unstable_by_key(|(at, _)| *at);
        self.documents.documents.extend(read.into_iter().map(|(_, document)| document));
        Ok(())
    }

    /// The answer.
    pub fn finish(self, page: Option<ListPage>) -> Documents {
        Documents { page, ..self.documents }
    }

    /// Each document has a manifest of its own: one that is told to be another's too would make a small file a large
    /// answer.
    fn manifest(&mut self, body: i64) -> Result<Manifest> {
        if !self.bodies.insert(body) {
            return Err(Error::corrupt(format!("two documents have the same manifest, entry {body}")));
        }
        self.entries.manifest(body)
    }

    fn add(&mut self, header: &impl Header, manifest: &Manifest) -> Result<()> {
        let ordinals = manifest.holes.iter().map(|hole| self.ordinal(hole.piece)).collect::<Result<Vec<_>>>()?;
        manifest.verify(ordinals.iter().map(|at| (self.hashes[*at], self.documents.pieces[*at].len())))?;
        // An ordinal and its comma per hole, and some brackets: mostly enough.
        let mut node = String::with_capacity(manifest.literal.len() + ordinals.len() * 5 + 128);
        skeleton::write_node(manifest, &ordinals, &mut node)?;
        self.documents.push(header, node)
    }

    fn ordinal(&mut self, id: i64) -> Result<usize> {
        if let Some(ordinal) = self.ordinals.get(&id) {
            return Ok(*ordinal);
        }
        let text = self.entries.text(id)?;
        let ordinal = self.hashes.len();
        self.hashes.push(PieceHash::of(&text));
        self.documents.pieces.push(text);
        self.ordinals.insert(id, ordinal);
        Ok(ordinal)
    }
}
