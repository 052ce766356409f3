//! What the tables say of who uses which piece, read owner by owner beside the documents.

use super::check::Check;
use crate::documents::pieces::owner::Owner;
use crate::error::Result;
use crate::model::job::Area;
use rusqlite::Rows;
use std::collections::BTreeMap;

const TABLE: (Area, &str) = (Area::Owners, "piece_owner");

/// What is told of one owner's uses of one piece.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// How many documents use it, if that is counted.
    pub uses: Option<i64>,
    /// The document that brought the piece to its owner.
    pub first: Option<i64>,
}

/// A row: owner, piece, and what it tells.
type OwnerRow = (i64, i64, Told);

/// What `piece_hash` and `piece_owner` say of the owners of one kind, in their order.
pub struct Owned<'a> {
    rows: Option<Rows<'a>>,
    /// The row that was read and belongs to a later owner.
    next: Option<OwnerRow>,
}

impl Owned<'_> {
    /// Runs `walk`, which asks for each owner of this one's kind in the order of their ids.
    pub fn beside(
        check: &mut Check<'_>,
        kind: Owner,
        walk: impl FnOnce(&mut Check<'_>, &mut Owned<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = check.connection.prepare(include_str!("sql/owners.sql"))?;
        let mut owned = Owned { rows: Some(statement.query([kind.key() & 3])?), next: None };
        walk(check, &mut owned)?;
        owned.skip_before(check, i64::MAX)
    }

    /// Rows of no kind of owner there is.
    pub fn of_nobody(check: &mut Check<'_>) -> Result<()> {
        check.each(TABLE, include_str!("sql/owner_kinds.sql"), [], |check, row| {
            tell_ownerless(check, row.get(0)?, row.get(1)?);
            Ok(())
        })
    }

    /// What is told of the next owner's pieces; `None` once the table could not be read on.
    pub fn take(&mut self, check: &mut Check<'_>, owner: Owner, name: &str) -> Result<Option<BTreeMap<i64, Told>>> {
        self.skip_before(check, owner.key())?;
        let mut told = BTreeMap::new();
        while let Some((_, piece, row)) = self.take_if(check, |key| key == owner.key())? {
            if told.insert(piece, row).is_some() {
                check.report.find(Area::Owners, format!("{name} is counted twice for piece {piece}"));
            }
        }
        Ok(self.rows.is_some().then_some(told))
    }

    fn skip_before(&mut self, check: &mut Check<'_>, key: i64) -> Result<()> {
        while let Some((owner, piece, _)) = self.take_if(check, |owner| owner < key)? {
            tell_ownerless(check, owner, piece);
        }
        Ok(())
    }

    fn take_if(&mut self, check: &mut Check<'_>, wanted: impl Fn(i64) -> bool) -> Result<Option<OwnerRow>> {
        if self.next.is_none()
            && let Some(rows) = &mut self.rows
        {
            let read = rows.next().and_then(|row| {
                let told = |row: &rusqlite::Row<'_>| {
                    Ok((row.get(0)?, row.get(1)?, Told { uses: row.get(2)?, first: row.get(3)? }))
                };
                row.map(told).transpose()
            });
            match read {
                Ok(row) => {
                    if row.is_some() {
                        check.row_done();
                    }
                    self.next = row;
                }
                Err(error) => {
                    self.rows = None;
                    check.note(Err(error.into()), Area::Owners, || {
                        "table piece_owner can't be read to its end".to_owned()
                    })?;
                }
            }
        }
        Ok(self.next.take_if(|(owner, ..)| wanted(*owner)))
    }
}

fn tell_ownerless(check: &mut Check<'_>, owner: i64, piece: i64) {
    check.report.find(Area::Owners, format!("piece {piece} is owned by owner {owner}, which is not there"));
}
