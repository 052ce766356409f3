//! Turns rows into documents that share their pieces.

use super::rows::Rows;
use super::rows::span::StoredSpan;
use crate::content::{Form, Manifest, PieceHash, skeleton};
use crate::error::{Code, Error, Result};
use crate::model::answer::{Documents, Header, ListPage};
use crate::model::footprint::Footprint;
use crate::model::query::Room;
use crate::model::span::SpanHeader;
use std::collections::{HashMap, HashSet};

/// Collects the documents of one answer; every distinct piece is read, checked and handed on once.
pub struct Assembler<'a> {
    /// The snapshot that all of them come from.
    pub rows: &'a mut dyn Rows,
    /// Whose documents they all are.
    pub tenant: i64,
    room: Room,
    /// What the documents may take with the one that is added, bytes.
    limit: u64,
    documents: Documents,
    /// In the order of the answer's pieces.
    pieces: Vec<Piece>,
    bodies: HashSet<i64>,
    ordinals: HashMap<i64, usize>,
}

/// The node of an empty body.
const NO_BODY: &str = "[0,{}]";

/// What is known of a piece of the answer beside its text.
struct Piece {
    hash: PieceHash,
    footprint: Footprint,
    uses: Uses,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Uses {
    One,
    More,
}

/// Where the body of a document is: the entries of manifests of objects, each of which is folded over those before it, and
/// of lists of events that are added.
pub struct FoldedBody {
    /// Without one the first is empty: what is folded over it may clear fields, and it itself clears none.
    pub first: Option<i64>,
    pub later: Vec<i64>,
}

impl FoldedBody {
    /// Of a document that is written as a whole.
    pub fn whole(body: i64) -> Self {
        Self { first: Some(body), later: Vec::new() }
    }

    /// Of a span: later starts, the latest first, then its first body, then updates and ends as they came.
    pub fn of_span(found: &StoredSpan) -> Self {
        let (starts, others): (Vec<_>, Vec<_>) = found.words.iter().partition(|(place, _)| *place < 0);
        let mut entries = starts.into_iter().map(|(_, entry)| entry).chain(found.body);
        let first = entries.next();
        Self { first, later: entries.chain(others.into_iter().map(|(_, entry)| entry)).collect() }
    }
}

/// Whether an answer had room for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    Taken,
    NoRoom,
}

impl<'a> Assembler<'a> {
    /// An empty answer.
    pub fn new(rows: &'a mut dyn Rows, tenant: i64, room: Room) -> Self {
        Self {
            rows,
            tenant,
            room,
            limit: u64::MAX,
            documents: Documents::default(),
            pieces: Vec::new(),
            bodies: HashSet::new(),
            ordinals: HashMap::new(),
        }
    }

    /// Adds a document from its columns and the entry of its manifest; `TOO_LARGE` if there is no room for it.
    pub fn push(&mut self, header: &impl Header, body: i64) -> Result<()> {
        let manifest = self.manifest(body)?;
        self.add(header, &[manifest])
    }

    /// Adds a document that is nothing but columns.
    pub fn push_header(&mut self, header: &impl Header) -> Result<()> {
        self.documents.push(header, NO_BODY.to_owned())?;
        self.require_room()
    }

    /// As `push` for a document of a page: where that may end, it does if there is no room, and nothing may be added then.
    pub fn push_if_room(&mut self, header: &impl Header, body: &FoldedBody) -> Result<Pushed> {
        let manifests = self.manifests(body)?;
        let (pieces, documents, size) = (self.pieces.len(), self.documents.documents.len(), self.documents.size);
        // A page has one document at least.
        let end = self.room.page.filter(|_| documents > 0);
        self.limit = end.unwrap_or(u64::MAX);
        match self.add(header, &manifests) {
            Err(error) if error.code == Code::TooLarge && end.is_some() => {
                self.documents.pieces.truncate(pieces);
                self.documents.documents.truncate(documents);
                self.documents.size = size;
                Ok(Pushed::NoRoom)
            }
            added => added.map(|()| Pushed::Taken),
        }
    }

    /// Adds spans, each with its body, in this order.
    ///
    /// They are read in the order of their first entries, in which they lie in blocks: no block is opened twice.
    pub fn push_spans(&mut self, spans: &[(SpanHeader<'_>, FoldedBody)]) -> Result<()> {
        let mut by_entry: Vec<usize> = (0..spans.len()).collect();
        by_entry.sort_unstable_by_key(|at| spans[*at].1.first);
        let first = self.documents.documents.len();
        for at in &by_entry {
            let (header, body) = &spans[*at];
            let manifests = self.manifests(body)?;
            self.add(header, &manifests)?;
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
        self.rows.manifest(body)
    }

    fn manifests(&mut self, body: &FoldedBody) -> Result<Vec<Manifest>> {
        let first = body.first.map_or_else(|| Ok(Manifest::of_empty_object()), |first| self.manifest(first));
        std::iter::once(first).chain(body.later.iter().map(|later| self.manifest(*later))).collect()
    }

    fn add(&mut self, header: &impl Header, manifests: &[Manifest]) -> Result<()> {
        let mut nodes = String::new();
        for (at, manifest) in manifests.iter().enumerate() {
            if !nodes.is_empty() {
                nodes.push(',');
            }
            let form = self.write_node(manifest, &mut nodes)?;
            // What later words add to it are lists.
            if at == 0 {
                form.require_object()?;
            }
        }
        self.documents.push(header, nodes)?;
        self.require_room()
    }

    fn write_node(&mut self, manifest: &Manifest, nodes: &mut String) -> Result<Form> {
        let ordinals = manifest.holes.iter().map(|hole| self.ordinal(hole.piece)).collect::<Result<Vec<_>>>()?;
        let form =
            manifest.verify(ordinals.iter().map(|at| (self.pieces[*at].hash, self.documents.pieces[*at].len())))?;
        // An ordinal and its comma per hole, and some brackets: mostly enough.
        nodes.reserve(manifest.literal.len() + ordinals.len() * 5 + 128);
        skeleton::write_node(manifest, &ordinals, nodes)?;
        Ok(form)
    }

    fn ordinal(&mut self, id: i64) -> Result<usize> {
        let ordinal = match self.ordinals.get(&id) {
            Some(known) => self.use_again(*known),
            None => self.take_in(id)?,
        };
        self.require_room()?;
        Ok(ordinal)
    }

    fn use_again(&mut self, ordinal: usize) -> usize {
        let Piece { footprint, uses, .. } = &mut self.pieces[ordinal];
        if *uses == Uses::One {
            *uses = Uses::More;
            self.documents.size.add_plan(*footprint);
        }
        self.documents.size.add_copy(*footprint);
        ordinal
    }

    fn take_in(&mut self, id: i64) -> Result<usize> {
        let text = self.rows.text(id)?;
        let footprint = Footprint::of(&text);
        self.documents.size.add_piece(&text, footprint)?;
        let ordinal = self.pieces.len();
        self.pieces.push(Piece { hash: PieceHash::of(&text), footprint, uses: Uses::One });
        self.documents.pieces.push(text);
        self.ordinals.insert(id, ordinal);
        Ok(ordinal)
    }

    fn require_room(&self) -> Result<()> {
        let size = self.documents.size;
        if size.bytes() <= self.room.most && size.rebuilt <= self.limit {
            return Ok(());
        }
        let room = self.room.most >> 20;
        Err(Error::new(
            Code::TooLarge,
            format!("the answer takes more than the {room} MiB that JavaScript's heap has left"),
        ))
    }
}
