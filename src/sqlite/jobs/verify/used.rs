//! The pieces that the documents of one owner use, each document held against its check on the way.

use super::check::Check;
use crate::content::{Manifest, PieceHash};
use crate::error::Result;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

/// What the documents of one owner use.
#[derive(Default)]
pub struct UsedPieces {
    pub used: BTreeSet<i64>,
    /// Some manifest could not be read: more may be used than is known.
    pub incomplete: bool,
    hashes: HashMap<i64, PieceHash>,
}

impl UsedPieces {
    /// `check` for the column of a body.
    pub fn check_packed(&mut self, check: &mut Check<'_>, body: &[u8]) -> Result<()> {
        let manifest = check.compressor.unpack(body).and_then(|bytes| Manifest::from_bytes(&bytes));
        self.check(check, manifest)
    }

    /// Fails unless the manifest stands for the text that went in.
    pub fn check(&mut self, check: &mut Check<'_>, manifest: Result<Manifest>) -> Result<()> {
        let manifest = manifest.inspect_err(|_| self.incomplete = true)?;
        self.used.extend(manifest.holes.iter().map(|hole| hole.piece));
        let hashes = manifest.holes.iter().map(|hole| self.hash(check, hole.piece));
        manifest.verify(&hashes.collect::<Result<Vec<_>>>()?)
    }

    /// Of the text that is stored, whatever hash is stored with it.
    fn hash(&mut self, check: &mut Check<'_>, id: i64) -> Result<PieceHash> {
        match self.hashes.entry(id) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(unknown) => {
                let text = check
                    .blocks
                    .text(check.connection, check.compressor, id)
                    .map_err(|error| error.at(&format!("piece {id}")))?;
                Ok(*unknown.insert(PieceHash::of(&text)))
            }
        }
    }
}
