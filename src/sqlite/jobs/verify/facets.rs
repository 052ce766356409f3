//! The sets that totals are counted from and lists are led by: each has the rows with its value, and no other.

use super::check::Check;
use super::tally::Tally;
use crate::documents::rows::facet::Facet;
use crate::error::{Error, Result};
use crate::model::field::{self, Field, Noun};
use crate::model::job::Area;
use crate::sqlite::facets::id_set::Part;
use crate::sqlite::rows::{session, trace};
use rusqlite::Row;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

const TRACE: (Area, &str) = (Area::Lists, "trace");
const SESSION: (Area, &str) = (Area::Lists, "session");
const FACET: (Area, &str) = (Area::Lists, "facet");

/// Holds the sets of each kind against the documents that should be in them.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let mut documents = AllSets::default();
    check.each(TRACE, include_str!("sql/facet_traces.sql"), [], |_, row| {
        documents.note_all(row.get("tenant")?, row.get("id")?, &Facet::of(Noun::Trace, &trace::from_row(row)?.trace));
        Ok(())
    })?;
    check.each(SESSION, include_str!("sql/facet_sessions.sql"), [], |_, row| {
        documents.note_all(
            row.get("tenant")?,
            row.get("id")?,
            &Facet::of(Noun::Session, &session::from_row(row)?.session),
        );
        Ok(())
    })?;
    let mut sets = AllSets::default();
    check.each(FACET, include_str!("sql/facets.sql"), [], |_, row| sets.note_part(row))?;
    for (set, document) in sets.0.iter().zip(&documents.0) {
        if set.members != document.members {
            let message = format!(
                "the sets of {} have {} members, documents make {}; they should be the same",
                set.name, set.members.count, document.members.count
            );
            check.report.find(Area::Lists, message);
        }
    }
    Ok(())
}

/// The members of all sets of one kind.
struct Sets {
    kind: u8,
    name: String,
    members: Tally,
}

/// The sets of every kind.
struct AllSets(Vec<Sets>);

impl Default for AllSets {
    fn default() -> Self {
        let nouns = [(Noun::Trace, "traces"), (Noun::Session, "sessions")];
        let kinds = nouns.into_iter().flat_map(|(noun, plural)| {
            let sets = move |field: &Field| {
                Some(Sets {
                    kind: field.facet?,
                    name: format!("{plural} by {}", field.name),
                    members: Tally::default(),
                })
            };
            field::fields(noun).iter().filter_map(sets)
        });
        Self(kinds.collect())
    }
}

impl AllSets {
    /// A row with these values.
    fn note_all(&mut self, tenant: i64, id: i64, facets: &BTreeSet<Facet>) {
        for facet in facets {
            if let Some(sets) = self.of(facet.kind) {
                sets.members.note(member(hash(&(tenant, &facet.value)), id));
            }
        }
    }

    /// The members in a row of the table.
    fn note_part(&mut self, row: &Row<'_>) -> Result<()> {
        let (tenant, kind): (i64, u8) = (row.get("tenant")?, row.get("kind")?);
        let (value, number): (String, i64) = (row.get("value")?, row.get("part")?);
        let sets = self.of(kind).ok_or_else(|| Error::corrupt(format!("there are no sets of kind {kind}")))?;
        let bytes: Vec<u8> = row.get("members")?;
        let part = Part::from_bytes(&bytes)?;
        let value = hash(&(tenant, &value));
        part.ids(number).for_each(|id| sets.members.note(member(value, id)));
        if part.len() == 0 || part.to_bytes() != bytes {
            return Err(Error::corrupt(format!("a part of the sets of {} is not as it is written", sets.name)));
        }
        Ok(())
    }

    fn of(&mut self, kind: u8) -> Option<&mut Sets> {
        self.0.iter_mut().find(|sets| sets.kind == kind)
    }
}

/// What stands for a row in the set of this value.
fn member(value: u64, id: i64) -> i64 {
    hash(&(value, id)).cast_signed()
}

fn hash(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
