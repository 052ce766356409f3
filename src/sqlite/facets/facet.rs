//! Which rows share a value that lists are filtered by: the sets that totals are counted from and lists are led by.
//!
//! Operations note who joins and who leaves a facet; the notes become rows when the transaction commits, one per facet
//! and part however many operations it has.

use super::id_set::{IdSet, Part, part_of};
use crate::error::Result;
use crate::model::number::Number;
use crate::model::session::Session;
use crate::model::trace::Trace;
use crate::model::word::{TraceStatus, Word};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

/// What the rows of a facet share; the numbers stand in `facet.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Agent = 0,
    Status = 1,
    User = 2,
    Tag = 3,
    SessionUser = 4,
    SessionTag = 5,
}

/// A kind and the value that is shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    pub kind: Kind,
    pub value: String,
}

impl Facet {
    /// All traces of an agent, for example.
    pub fn new(kind: Kind, value: &str) -> Self {
        Self { kind, value: value.to_owned() }
    }

    /// All that a user has; numbers that SQLite takes for equal are one text.
    pub fn of_user(kind: Kind, user: Number) -> Self {
        let value = match user {
            Number::Whole(whole) => whole.to_string(),
            Number::Real(real) => {
                let text = format!("{real}");
                text.parse::<i64>().map_or(text, |whole| whole.to_string())
            }
        };
        Self { kind, value }
    }

    /// Those of a started trace.
    pub fn of_trace(trace: &Trace) -> BTreeSet<Self> {
        Self::of_trace_values(&trace.agent_name, trace.status, trace.user_id, &trace.tags)
    }

    /// Those of a started trace with these values.
    pub fn of_trace_values(agent: &str, status: TraceStatus, user: Number, tags: &[String]) -> BTreeSet<Self> {
        let tags = tags.iter().map(|tag| Self::new(Kind::Tag, tag));
        let (agent, status) = (Self::new(Kind::Agent, agent), Self::new(Kind::Status, status.as_str()));
        [agent, status, Self::of_user(Kind::User, user)].into_iter().chain(tags).collect()
    }

    /// Those of a session.
    pub fn of_session(session: &Session) -> BTreeSet<Self> {
        Self::of_session_values(session.user_id, &session.tags)
    }

    /// Those of a session with these values.
    pub fn of_session_values(user: Number, tags: &[String]) -> BTreeSet<Self> {
        let tags = tags.iter().map(|tag| Self::new(Kind::SessionTag, tag));
        tags.chain([Self::of_user(Kind::SessionUser, user)]).collect()
    }

    /// The ids of its rows.
    pub fn members(&self, connection: &Connection) -> Result<IdSet> {
        let mut statement = connection.prepare_cached(include_str!("sql/facet_members.sql"))?;
        let mut rows = statement.query((self.kind as i64, &self.value))?;
        let mut members = IdSet::default();
        while let Some(row) = rows.next()? {
            members.push(row.get("part")?, Part::from_bytes(&row.get::<_, Vec<u8>>("members")?)?);
        }
        Ok(members)
    }
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Joins,
    Leaves,
}

/// What a transaction changes in facets.
#[derive(Default)]
pub struct FacetNotes {
    notes: Vec<(Facet, i64, Change)>,
}

impl FacetNotes {
    /// Notes that a row was in the facets `before`, and is in those of `after` now.
    pub fn change(&mut self, id: i64, before: &BTreeSet<Facet>, after: &BTreeSet<Facet>) {
        let left = before.difference(after).map(|facet| (facet.clone(), id, Change::Leaves));
        let joined = after.difference(before).map(|facet| (facet.clone(), id, Change::Joins));
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
        let mut parts: BTreeMap<(Facet, i64), Vec<(i64, Change)>> = BTreeMap::new();
        for (facet, id, change) in self.notes.drain(..) {
            parts.entry((facet, part_of(id))).or_default().push((id, change));
        }
        for ((facet, number), changes) in parts {
            let key = (facet.kind as i64, &facet.value, number);
            let before: Option<Vec<u8>> = connection
                .prepare_cached(include_str!("sql/facet_part.sql"))?
                .query_row(key, |row| row.get(0))
                .optional()?;
            let mut part = before.as_deref().map_or_else(|| Ok(Part::default()), Part::from_bytes)?;
            for (id, change) in changes {
                match change {
                    Change::Joins => part.insert(id),
                    Change::Leaves => part.remove(id),
                }
            }
            if part.len() == 0 {
                connection.prepare_cached(include_str!("sql/facet_delete.sql"))?.execute(key)?;
            } else {
                let row = (key.0, key.1, key.2, part.to_bytes());
                connection.prepare_cached(include_str!("sql/facet_set.sql"))?.execute(row)?;
            }
        }
        Ok(())
    }
}
