//! Recounts who owns which piece: exactly those whose documents use it.

use super::check::Check;
use super::used::UsedPieces;
use crate::error::Result;
use crate::model::job::Area;
use crate::sqlite::pieces::piece::Owner;
use rusqlite::Rows;
use std::collections::BTreeSet;

const TABLE: (Area, &str) = (Area::Owners, "piece_owner");

/// What `piece_hash` and `piece_owner` say of the owners of one kind, read in their order beside their documents.
pub struct Owned<'a> {
    rows: Option<Rows<'a>>,
    /// The row that was read and belongs to a later owner.
    next: Option<(i64, i64)>,
}

impl Owned<'_> {
    /// Runs `walk`, which compares each owner of this one's kind in the order of their ids.
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

    /// Holds the next owner's pieces against those that its documents use.
    pub fn compare(&mut self, check: &mut Check<'_>, owner: Owner, name: &str, documents: &UsedPieces) -> Result<()> {
        self.skip_before(check, owner.key())?;
        let mut counted = BTreeSet::new();
        while let Some((_, piece)) = self.take_if(check, |key| key == owner.key())? {
            if !counted.insert(piece) {
                check.report.find(Area::Owners, format!("{name} is counted twice for piece {piece}"));
            }
            if !documents.used.contains(&piece) && !documents.incomplete {
                check.report.find(Area::Owners, format!("{name} owns piece {piece}, which none of its documents uses"));
            }
        }
        // Once the table could not be read on, nothing is known of the rest.
        if self.rows.is_some() {
            for piece in documents.used.difference(&counted) {
                check.report.find(Area::Owners, format!("{name} uses piece {piece} and does not own it"));
            }
        }
        Ok(())
    }

    fn skip_before(&mut self, check: &mut Check<'_>, key: i64) -> Result<()> {
        while let Some((owner, piece)) = self.take_if(check, |owner| owner < key)? {
            tell_ownerless(check, owner, piece);
        }
        Ok(())
    }

    fn take_if(&mut self, check: &mut Check<'_>, wanted: impl Fn(i64) -> bool) -> Result<Option<(i64, i64)>> {
        if self.next.is_none()
            && let Some(rows) = &mut self.rows
        {
            let read = rows.next().and_then(|row| row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose());
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
        Ok(self.next.take_if(|(owner, _)| wanted(*owner)))
    }
}

fn tell_ownerless(check: &mut Check<'_>, owner: i64, piece: i64) {
    check.report.find(Area::Owners, format!("piece {piece} is owned by owner {owner}, which is not there"));
}
