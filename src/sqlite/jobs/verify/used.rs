//! The pieces that the documents of one owner use: each document held against its check, and all against what is told.

use super::check::Check;
use super::owners::{Owned, Told};
use crate::content::{Form, PieceHash};
use crate::documents::pieces::owner::Owner;
use crate::documents::rows::entry::EntryRows;
use crate::error::Result;
use crate::model::job::Area;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// One owner while its documents are walked.
pub struct UsedPieces {
    name: String,
    /// What the tables say, if they could be read so far.
    told: Option<BTreeMap<i64, Told>>,
    uses: BTreeMap<i64, FoundUses>,
    /// Some manifest could not be read: more may be used than is known.
    incomplete: bool,
    /// With the length of the text.
    hashes: HashMap<i64, (PieceHash, usize)>,
}

/// What was found of one piece.
#[derive(Default)]
struct FoundUses {
    uses: i64,
    /// The document that is told to have brought it does use it.
    by_first: bool,
}

impl UsedPieces {
    /// Of the next owner.
    pub fn of(check: &mut Check<'_>, owned: &mut Owned<'_>, owner: Owner, name: &str) -> Result<Self> {
        let told = owned.take(check, owner, name)?;
        Ok(Self { name: name.to_owned(), told, uses: BTreeMap::new(), incomplete: false, hashes: HashMap::new() })
    }

    /// Fails unless the manifest in this entry stands for the text that went in; `document` is its number among the
    /// owner's.
    pub fn check(&mut self, check: &mut Check<'_>, document: i64, entry: i64) -> Result<Form> {
        check.manifests.note(entry);
        let manifest = check.rows.manifest(entry);
        let manifest = manifest.inspect_err(|_| self.incomplete = true)?;
        for piece in manifest.pieces() {
            let told = self.told.as_ref().and_then(|told| told.get(&piece));
            let found = self.uses.entry(piece).or_default();
            found.uses += 1;
            found.by_first |= told.is_some_and(|told| told.first == Some(document));
        }
        let pieces = manifest.holes.iter().map(|hole| self.hash(check, hole.piece));
        manifest.verify(pieces.collect::<Result<Vec<_>>>()?)
    }

    /// Holds what was found against what is told.
    pub fn compare(self, check: &mut Check<'_>) {
        let Self { name, told, uses, incomplete, .. } = self;
        // Once the table could not be read on, nothing is known of the rest.
        let Some(told) = told else { return };
        for (piece, told) in &told {
            let found = uses.get(piece);
            let problem = match found {
                None if !incomplete => format!("{name} owns piece {piece}, which none of its documents uses"),
                Some(found) if told.uses.is_some_and(|told| told != found.uses) && !incomplete => {
                    let told = told.uses.unwrap_or_default();
                    format!("{name} is told to use piece {piece} {told} times, and does {} times", found.uses)
                }
                Some(found) if told.first.is_some() && !found.by_first && !incomplete => {
                    format!("{name} is told to have got piece {piece} from a document that does not use it")
                }
                _ => continue,
            };
            check.report.find(Area::Owners, problem);
        }
        for piece in uses.keys().filter(|piece| !told.contains_key(piece)) {
            check.report.find(Area::Owners, format!("{name} uses piece {piece} and does not own it"));
        }
    }

    /// Of the text that is stored, whatever hash is stored with it.
    fn hash(&mut self, check: &mut Check<'_>, id: i64) -> Result<(PieceHash, usize)> {
        match self.hashes.entry(id) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(unknown) => {
                let text = check.rows.text(id).map_err(|error| error.at(&format!("piece {id}")))?;
                Ok(*unknown.insert((PieceHash::of(&text), text.len())))
            }
        }
    }
}
