//! The sets that totals are counted from and lists are led by: each has the rows with its value, and no other.

use super::check::Check;
use super::tally::Tally;
use crate::error::{Error, Result};
use crate::model::job::Area;
use crate::sqlite::documents::columns::{Strings, word};
use crate::sqlite::facets::facet::{Facet, Kind};
use crate::sqlite::facets::id_set::Part;
use rusqlite::Row;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

const TRACE: (Area, &str) = (Area::Lists, "trace");
const SESSION: (Area, &str) = (Area::Lists, "session");
const FACET: (Area, &str) = (Area::Lists, "facet");

/// Each kind, in the order of their numbers, and what its sets are called.
const KINDS: [(Kind, &str); 6] = [
    (Kind::Agent, "traces by agent"),
    (Kind::Status, "traces by status"),
    (Kind::User, "traces by user"),
    (Kind::Tag, "traces by tag"),
    (Kind::SessionUser, "sessions by user"),
    (Kind::SessionTag, "sessions by tag"),
];

/// Holds the sets of each kind against the documents that should be in them.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let mut documents = Tallies::default();
    check.each(TRACE, include_str!("sql/facet_traces.sql"), [], |_, row| {
        let Strings(tags) = row.get("tags")?;
        let (agent, user): (String, _) = (row.get("agent_name")?, row.get("user_id")?);
        documents.note_all(row.get("id")?, &Facet::of_trace_values(&agent, word(row, "status")?, user, &tags));
        Ok(())
    })?;
    check.each(SESSION, include_str!("sql/facet_sessions.sql"), [], |_, row| {
        let Strings(tags) = row.get("tags")?;
        documents.note_all(row.get("id")?, &Facet::of_session_values(row.get("user_id")?, &tags));
        Ok(())
    })?;
    let mut sets = Tallies::default();
    check.each(FACET, include_str!("sql/facets.sql"), [], |_, row| sets.note_part(row))?;
    for ((_, name), (set, document)) in KINDS.iter().zip(sets.0.iter().zip(&documents.0)) {
        if set != document {
            let message = format!(
                "the sets of {name} have {} members, documents make {}; they should be the same",
                set.count, document.count
            );
            check.report.find(Area::Lists, message);
        }
    }
    Ok(())
}

/// IdSet of the sets of each kind.
#[derive(Default)]
struct Tallies([Tally; KINDS.len()]);

impl Tallies {
    /// A row with these values.
    fn note_all(&mut self, id: i64, facets: &BTreeSet<Facet>) {
        for facet in facets {
            self.0[facet.kind as usize].note(member(hash(&facet.value), id));
        }
    }

    /// The members in a row of the table.
    fn note_part(&mut self, row: &Row<'_>) -> Result<()> {
        let (kind, value, number): (i64, String, i64) = (row.get("kind")?, row.get("value")?, row.get("part")?);
        let at = KINDS.iter().position(|(known, _)| *known as i64 == kind);
        let at = at.ok_or_else(|| Error::corrupt(format!("there are no sets of kind {kind}")))?;
        let bytes: Vec<u8> = row.get("members")?;
        let part = Part::from_bytes(&bytes)?;
        let value = hash(&value);
        part.ids(number).for_each(|id| self.0[at].note(member(value, id)));
        if part.len() == 0 || part.to_bytes() != bytes {
            return Err(Error::corrupt(format!("a part of the sets of {} is not as it is written", KINDS[at].1)));
        }
        Ok(())
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
