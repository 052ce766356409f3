//! Which rows share a value that lists are filtered by: the sets that totals are counted from and lists are led by.
//!
//! Operations note who joins and who leaves a facet; the notes become rows when the transaction commits, one per facet
//! and part however many operations it has.

use super::id_set::{IdSet, Part, part_of};
use crate::error::Result;
use crate::model::field::{self, FieldValue, Listed, Noun};
use crate::model::number::Number;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

/// The number of a field and the value that rows share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    /// Stands in `facet.kind`.
    pub kind: u8,
    pub value: String,
}

impl Facet {
    /// All rows with this text, such as an agent's traces.
    pub fn of_text(kind: u8, value: &str) -> Self {
        Self { kind, value: value.to_owned() }
    }

    /// All rows with this number; those that SQLite takes for equal are one text.
    pub fn of_number(kind: u8, value: Number) -> Self {
        Self { kind, value: value.to_text() }
    }

    /// Those of a document.
    pub fn of(noun: Noun, document: &impl Listed) -> BTreeSet<Self> {
        let mut found = BTreeSet::new();
        for (field, kind) in field::fields(noun).iter().filter_map(|field| Some((field, field.facet?))) {
            match document.value(&field.name) {
                FieldValue::Text(text) => drop(found.insert(Self::of_text(kind, text))),
                FieldValue::Number(number) => drop(found.insert(Self::of_number(kind, number))),
                FieldValue::Texts(texts) => found.extend(texts.iter().map(|text| Self::of_text(kind, text))),
                FieldValue::Absent | FieldValue::Time(_) => {}
            }
        }
        found
    }

    /// The ids of its rows.
    pub fn members(&self, connection: &Connection, tenant: i64) -> Result<IdSet> {
        let mut statement = connection.prepare_cached(include_str!("sql/facet_members.sql"))?;
        let mut rows = statement.query((tenant, self.kind, &self.value))?;
        let mut members = IdSet::default();
        while let Some(row) = rows.next()? {
            members.push(row.get("part")?, Part::from_bytes(&row.get::<_, Vec<u8>>("members")?)?);
        }
        Ok(members)
    }
}

#[derive(Debug, Clone, Copy)]
enum Membership {
    Joins,
    Leaves,
}

/// What a transaction changes in facets.
#[derive(Default)]
pub struct FacetNotes {
    notes: Vec<(i64, Facet, i64, Membership)>,
}

impl FacetNotes {
    /// Notes that a tenant's row was in the facets `before`, and is in those of `after` now.
    pub fn change(&mut self, tenant: i64, id: i64, before: &BTreeSet<Facet>, after: &BTreeSet<Facet>) {
        let left = before.difference(after).map(|facet| (tenant, facet.clone(), id, Membership::Leaves));
        let joined = after.difference(before).map(|facet| (tenant, facet.clone(), id, Membership::Joins));
        self.notes.extend(left.chain(joined));
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted since the mark.
    pub fn undo(&mut self, mark: usize) {
        self.notes.truncate(mark);
    }

    /// Writes the notes into the table; the transaction is about to commit.
    pub fn store(&mut self, connection: &Connection) -> Result<()> {
        let mut parts: BTreeMap<(i64, Facet, i64), Vec<(i64, Membership)>> = BTreeMap::new();
        for (tenant, facet, id, change) in self.notes.drain(..) {
            parts.entry((tenant, facet, part_of(id))).or_default().push((id, change));
        }
        for ((tenant, facet, number), changes) in parts {
            let key = (tenant, facet.kind, &facet.value, number);
            let before: Option<Vec<u8>> = connection
                .prepare_cached(include_str!("sql/facet_part.sql"))?
                .query_row(key, |row| row.get(0))
                .optional()?;
            let mut part = before.as_deref().map_or_else(|| Ok(Part::default()), Part::from_bytes)?;
            for (id, change) in changes {
                match change {
                    Membership::Joins => part.insert(id),
                    Membership::Leaves => part.remove(id),
                }
            }
            if part.len() == 0 {
                connection.prepare_cached(include_str!("sql/facet_delete.sql"))?.execute(key)?;
            } else {
                let row = (key.0, key.1, key.2, key.3, part.to_bytes());
                connection.prepare_cached(include_str!("sql/facet_set.sql"))?.execute(row)?;
            }
        }
        Ok(())
    }
}
