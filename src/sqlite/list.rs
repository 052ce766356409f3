//! Pages of traces and sessions: every filter with every other, each driven by the index that narrows it most.

use super::assemble::Assembler;
use super::session::SessionRow;
use super::trace::TraceRow;
use crate::error::Result;
use crate::model::answer::Page;
use crate::model::query::{Cursor, PageRequest, SessionFilter, TraceFilter};
use crate::model::time::Nanos;
use crate::model::word::Word;
use rusqlite::{Connection, Row, ToSql};

/// A list under construction: where its rows come from and what they must satisfy.
struct Listing<'a> {
    columns: &'static str,
    from: &'static str,
    /// The columns that order the list, the last one breaking ties.
    order: (&'static str, &'static str),
    conditions: Vec<String>,
    parameters: Vec<(String, Box<dyn ToSql + 'a>)>,
    /// The end of the time that is looked at; a cursor that lies before it takes its place as the bound of the index.
    before: Option<Nanos>,
}

impl<'a> Listing<'a> {
    fn require(&mut self, condition: &str, name: &str, value: impl ToSql + 'a) {
        self.conditions.push(condition.to_owned());
        self.bind(name, value);
    }

    fn bind(&mut self, name: &str, value: impl ToSql + 'a) {
        self.parameters.push((name.to_owned(), Box::new(value)));
    }

    /// Runs the list and hands each row of the page to `push`.
    fn page<T>(
        mut self,
        connection: &Connection,
        request: &'a PageRequest,
        from_row: fn(&Row<'_>) -> rusqlite::Result<T>,
        mut push: impl FnMut(T) -> Result<Cursor>,
    ) -> Result<Page> {
        let (time, seq) = self.order;
        let within = self.conditions.len();
        if let Some(before) = self.before {
            self.require(&format!("{time} < :before"), ":before", before);
        }
        let total = self.total(connection)?;
        if let Some(cursor) = request.cursor {
            let cursor = match self.before {
                Some(before) if before <= cursor.time => Cursor { time: before, seq: i64::MIN },
                _ => cursor,
            };
            self.conditions.truncate(within);
            self.parameters.retain(|(name, _)| name != ":before");
            self.require(&format!("({time}, {seq}) < (:cursor_time, :cursor_seq)"), ":cursor_time", cursor.time);
            self.bind(":cursor_seq", cursor.seq);
        }
        // One row more than asked for tells whether there is another page.
        self.bind(":limit", i64::from(request.limit) + 1);
        self.bind(":offset", i64::try_from(request.offset).unwrap_or(i64::MAX));
        let sql = format!(
            "select {} from {} where {} order by {time} desc, {seq} desc limit :limit offset :offset",
            self.columns,
            self.from,
            self.conditions.join(" and ")
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(self.bound().as_slice())?;
        let mut page = Page { total, ..Page::default() };
        let mut last = None;
        for _ in 0..request.limit {
            let Some(row) = rows.next()? else { break };
            last = Some(push(from_row(row)?)?);
        }
        page.has_more = rows.next()?.is_some();
        page.next_cursor = last.filter(|_| page.has_more).map(Cursor::to_text);
        Ok(page)
    }

    /// How many rows the whole list has. A tag's own table tells it, unless a condition asks for what that is joined to.
    fn total(&self, connection: &Connection) -> Result<u64> {
        let (tags, _) = self.from.split_once(" cross join ").unwrap_or((self.from, ""));
        let joined = self.conditions.iter().any(|condition| condition.starts_with("t.") || condition.starts_with("s."));
        let from = if joined { self.from } else { tags };
        let sql = format!("select count(*) from {from} where {}", self.conditions.join(" and "));
        let total: i64 = connection.prepare_cached(&sql)?.query_row(self.bound().as_slice(), |row| row.get(0))?;
        Ok(u64::try_from(total).unwrap_or(0))
    }

    fn bound(&self) -> Vec<(&str, &dyn ToSql)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_ref())).collect()
    }
}

/// Adds a page of traces to an answer, the latest start first.
pub fn traces(assembler: &mut Assembler<'_>, filter: &TraceFilter) -> Result<Page> {
    let earliest = filter.after.unwrap_or(Nanos(i64::MIN));
    let (from, key, first_tag) = trace_source(filter);
    let order = if key == "g" { ("g.started_at", "g.seq") } else { ("t.started_at", "t.seq") };
    let mut listing = Listing {
        columns: include_str!("sql/trace_columns.sql"),
        from,
        order,
        conditions: Vec::new(),
        parameters: Vec::new(),
        before: None,
    };
    // Always there: rows that only wait for their trace have no start.
    listing.require(&format!("{} >= :after", order.0), ":after", earliest);
    if let Some(before) = filter.before {
        listing.before = Some(before);
    }
    if let Some(agent_name) = &filter.agent_name {
        listing.require("t.agent_name = :agent_name", ":agent_name", agent_name);
    }
    if let Some(session_id) = &filter.session_id {
        listing.require("t.session_id = :session_id", ":session_id", session_id);
    }
    if let Some(user_id) = &filter.user_id {
        listing.require("t.user_id = :user_id", ":user_id", user_id);
    }
    if let Some(status) = filter.status {
        listing.require("t.status = :status", ":status", status.as_str());
    }
    for (at, tag) in filter.tags.iter().enumerate() {
        let condition = if at == 0 && first_tag {
            format!("g.tag = :tag{at}")
        } else {
            format!(
                "exists (select 1 from trace_tag o where o.tag = :tag{at} and o.started_at = {} and o.seq = {})",
                order.0, order.1
            )
        };
        listing.require(&condition, &format!(":tag{at}"), tag);
    }
    listing.page(assembler.connection, &filter.page, TraceRow::from_row, |row| {
        assembler.push(&row.trace.header(), &row.manifest)?;
        Ok(Cursor { time: row.trace.started_at, seq: row.seq })
    })
}

/// Where traces come from: the table with an index, or the tag that comes first; and whether that tag is used up.
fn trace_source(filter: &TraceFilter) -> (&'static str, &'static str, bool) {
    if filter.session_id.is_some() {
        ("trace t indexed by trace_by_session", "t", false)
    } else if filter.user_id.is_some() {
        ("trace t indexed by trace_by_user", "t", false)
    } else if !filter.tags.is_empty() {
        ("trace_tag g cross join trace t on t.id = g.trace", "g", true)
    } else if filter.agent_name.is_some() {
        ("trace t indexed by trace_by_agent", "t", false)
    } else if filter.status.is_some() {
        ("trace t indexed by trace_by_status", "t", false)
    } else {
        ("trace t indexed by trace_by_time", "t", false)
    }
}

/// Adds a page of sessions to an answer, the latest update first.
pub fn sessions(assembler: &mut Assembler<'_>, filter: &SessionFilter) -> Result<Page> {
    let first_tag = filter.user_id.is_none() && !filter.tags.is_empty();
    let (from, order) = match (&filter.user_id, first_tag) {
        (Some(_), _) => ("session s indexed by session_by_user", ("s.updated_at", "s.seq")),
        (None, true) => ("session_tag g cross join session s on s.id = g.session", ("g.updated_at", "g.seq")),
        (None, false) => ("session s indexed by session_by_time", ("s.updated_at", "s.seq")),
    };
    let mut listing = Listing {
        columns: include_str!("sql/session_columns.sql"),
        from,
        order,
        conditions: Vec::new(),
        parameters: Vec::new(),
        before: None,
    };
    listing.require(&format!("{} >= :earliest", order.0), ":earliest", i64::MIN);
    if let Some(user_id) = &filter.user_id {
        listing.require("s.user_id = :user_id", ":user_id", user_id);
    }
    for (at, tag) in filter.tags.iter().enumerate() {
        let condition = if at == 0 && first_tag {
            format!("g.tag = :tag{at}")
        } else {
            format!(
                "exists (select 1 from session_tag o where o.tag = :tag{at} and o.updated_at = {} and o.seq = {})",
                order.0, order.1
            )
        };
        listing.require(&condition, &format!(":tag{at}"), tag);
    }
    listing.page(assembler.connection, &filter.page, SessionRow::from_row, |row| {
        let row = row.counted();
        assembler.push(&row.session.header(), &row.manifest)?;
        Ok(Cursor { time: row.session.updated_at, seq: row.seq })
    })
}
