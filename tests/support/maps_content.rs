//! Entries and pieces over plain maps.

use super::maps::Maps;
use std::borrow::Cow;
use tracestore::content::PieceHash;
use tracestore::documents::rows::entry::EntryRows;
use tracestore::documents::rows::piece::{Home, OwnerUses, PieceRows, UseRow};
use tracestore::error::{Error, Result};

/// All in one place, which is allowed: what stands alone or is fresh only tells where it is read fast.
impl EntryRows for Maps {
    fn entry(&mut self, id: i64) -> Result<Cow<'_, [u8]>> {
        let bytes = self.entries.get(&id).ok_or_else(|| Error::corrupt(format!("entry {id} is missing")))?;
        Ok(Cow::Borrowed(bytes))
    }

    fn insert_fresh(&mut self, id: i64, _: i64, bytes: &[u8]) -> Result<()> {
        self.insert_alone(id, bytes)
    }

    fn insert_alone(&mut self, id: i64, bytes: &[u8]) -> Result<()> {
        assert!(self.entries.insert(id, bytes.to_vec()).is_none(), "entry {id} was given out twice");
        Ok(())
    }

    fn make_alone(&mut self, _: i64) -> Result<()> {
        Ok(())
    }

    fn make_fresh(&mut self, _: i64, _: i64) -> Result<usize> {
        Ok(0)
    }

    fn remove_entries(&mut self, ids: &[i64]) -> Result<Vec<i64>> {
        for id in ids {
            assert!(self.entries.remove(id).is_some(), "entry {id} was removed twice");
        }
        Ok(Vec::new())
    }

    fn stands(&self) -> bool {
        true
    }
}

impl PieceRows for Maps {
    fn home(&mut self, hash: &PieceHash) -> Result<Option<Home>> {
        let home = |(piece, uses): &(i64, OwnerUses)| Home {
            piece: *piece,
            owner: uses.owner,
            is_counted: uses.uses.is_some(),
        };
        Ok(self.homes.get(hash).map(home))
    }

    fn further(&mut self, piece: i64, owner: i64) -> Result<Option<bool>> {
        Ok(self.further.get(&(piece, owner)).map(|uses| uses.uses.is_some()))
    }

    fn first_further(&mut self, piece: i64) -> Result<Option<OwnerUses>> {
        Ok(self.further.range((piece, i64::MIN)..=(piece, i64::MAX)).next().map(|(_, uses)| *uses))
    }

    fn insert_home(&mut self, hash: &PieceHash, piece: i64, uses: &OwnerUses) -> Result<()> {
        assert!(self.homes.insert(*hash, (piece, *uses)).is_none(), "piece {piece} has a home");
        Ok(())
    }

    fn insert_further(&mut self, piece: i64, uses: &OwnerUses) -> Result<()> {
        assert!(self.further.insert((piece, uses.owner), *uses).is_none(), "piece {piece} has that owner");
        Ok(())
    }

    fn set_home(&mut self, hash: &PieceHash, uses: &OwnerUses) -> Result<()> {
        self.homes.get_mut(hash).unwrap().1 = *uses;
        Ok(())
    }

    fn set_uses(&mut self, row: UseRow, uses: Option<i64>) -> Result<()> {
        self.uses(row).uses = uses;
        Ok(())
    }

    fn add_uses(&mut self, row: UseRow, change: i64) -> Result<Option<i64>> {
        let uses = self.uses(row);
        uses.uses = uses.uses.map(|before| before + change);
        Ok(uses.uses)
    }

    fn lose_first(&mut self, row: UseRow, document: i64) -> Result<()> {
        let uses = self.uses(row);
        uses.first = uses.first.filter(|first| *first != document);
        Ok(())
    }

    fn remove_uses(&mut self, row: UseRow) -> Result<()> {
        let removed = match row {
            UseRow::Home(hash) => self.homes.remove(&hash).map(|_| ()),
            UseRow::Further { piece, owner } => self.further.remove(&(piece, owner)).map(|_| ()),
        };
        assert!(removed.is_some(), "{row:?} is not there");
        Ok(())
    }
}

impl Maps {
    fn uses(&mut self, row: UseRow) -> &mut OwnerUses {
        match row {
            UseRow::Home(hash) => &mut self.homes.get_mut(&hash).unwrap().1,
            UseRow::Further { piece, owner } => self.further.get_mut(&(piece, owner)).unwrap(),
        }
    }
}
