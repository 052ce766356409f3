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

/// What tells the list of traces from that of sessions.
struct Source {
    table: &'static str,
    /// The table's alias.
    row: &'static str,
    columns: &'static str,
    tags: &'static str,
    /// The column that orders the list; `seq` breaks ties.
    time: &'static str,
}

const TRACES: Source = Source {
    table: "trace",
    row: "t",
    columns: include_str!("sql/trace_columns.sql"),
    tags: "trace_tag",
    time: "started_at",
};

const SESSIONS: Source = Source {
    table: "session",
    row: "s",
    columns: include_str!("sql/session_columns.sql"),
    tags: "session_tag",
    time: "updated_at",
};

/// What walks the list in its order.
#[derive(Clone, Copy)]
enum Driver {
    /// The index with this name.
    Index(&'static str),
    /// The rows of the first tag, which are in the same order.
    FirstTag,
}

/// A list under construction: where its rows come from and what they must satisfy.
struct Listing<'a> {
    source: &'static Source,
    driver: Driver,
    /// The columns that order the list, the last one breaking ties.
    order: (String, String),
    conditions: Vec<String>,
    parameters: Vec<(String, Box<dyn ToSql + 'a>)>,
    /// Whether a condition asks for more than the tags tell.
    asks_row: bool,
    /// The end of the time that is looked at; a cursor that lies before it takes its place as the bound of the index.
    before: Option<Nanos>,
}

impl<'a> Listing<'a> {
    /// A list of everything since `earliest`, which is always asked for: rows that only wait for their trace have no time.
    fn new(source: &'static Source, driver: Driver, earliest: Nanos) -> Self {
        let ordered = if matches!(driver, Driver::FirstTag) { "g" } else { source.row };
        let order = (format!("{ordered}.{}", source.time), format!("{ordered}.seq"));
        let mut listing = Self {
            source,
            driver,
            order,
            conditions: Vec::new(),
            parameters: Vec::new(),
            asks_row: false,
            before: None,
        };
        let condition = format!("{} >= :earliest", listing.order.0);
        listing.require(&condition, ":earliest", earliest);
        listing
    }

    fn require(&mut self, condition: &str, name: &str, value: impl ToSql + 'a) {
        self.conditions.push(condition.to_owned());
        self.bind(name, value);
    }

    /// A column of the row itself, if the filter gives it a value.
    fn equal(&mut self, column: &str, value: Option<impl ToSql + 'a>) {
        if let Some(value) = value {
            self.require(&format!("{}.{column} = :{column}", self.source.row), &format!(":{column}"), value);
            self.asks_row = true;
        }
    }

    /// All of these tags.
    fn tagged(&mut self, tags: &'a [String]) {
        let Source { tags: table, time: column, .. } = self.source;
        for (at, tag) in tags.iter().enumerate() {
            let (time, seq) = &self.order;
            let condition = if at == 0 && matches!(self.driver, Driver::FirstTag) {
                format!("g.tag = :tag{at}")
            } else {
                format!(
                    "exists (select 1 from {table} o where o.tag = :tag{at} and o.{column} = {time} and o.seq = {seq})"
                )
            };
            self.require(&condition, &format!(":tag{at}"), tag);
        }
    }

    fn bind(&mut self, name: &str, value: impl ToSql + 'a) {
        self.parameters.push((name.to_owned(), Box::new(value)));
    }

    fn from(&self) -> String {
        let Source { table, row, tags, .. } = self.source;
        match self.driver {
            Driver::Index(index) => format!("{table} {row} indexed by {index}"),
            Driver::FirstTag => format!("{tags} g cross join {table} {row} on {row}.id = g.{table}"),
        }
    }

    /// Runs the list and hands each row of the page to `push`.
    fn page<T>(
        mut self,
        connection: &Connection,
        request: &'a PageRequest,
        from_row: fn(&Row<'_>) -> rusqlite::Result<T>,
        mut push: impl FnMut(T) -> Result<Cursor>,
    ) -> Result<Page> {
        let (time, seq) = self.order.clone();
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
            self.source.columns,
            self.from(),
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
        let from = match self.driver {
            Driver::FirstTag if !self.asks_row => format!("{} g", self.source.tags),
            _ => self.from(),
        };
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
    let mut listing = Listing::new(&TRACES, trace_driver(filter), filter.after.unwrap_or(Nanos(i64::MIN)));
    listing.before = filter.before;
    listing.equal("agent_name", filter.agent_name.as_ref());
    listing.equal("session_id", filter.session_id.as_ref());
    listing.equal("user_id", filter.user_id);
    listing.equal("status", filter.status.map(Word::as_str));
    listing.tagged(&filter.tags);
    listing.page(assembler.connection, &filter.page, TraceRow::from_row, |row| {
        assembler.push(&row.trace.header(), &row.body)?;
        Ok(Cursor { time: row.trace.started_at, seq: row.seq })
    })
}

/// The narrowest way into the traces that the filter offers.
fn trace_driver(filter: &TraceFilter) -> Driver {
    if filter.session_id.is_some() {
        Driver::Index("trace_by_session")
    } else if filter.user_id.is_some() {
        Driver::Index("trace_by_user")
    } else if !filter.tags.is_empty() {
        Driver::FirstTag
    } else if filter.agent_name.is_some() {
        Driver::Index("trace_by_agent")
    } else if filter.status.is_some() {
        Driver::Index("trace_by_status")
    } else {
        Driver::Index("trace_by_time")
    }
}

/// Adds a page of sessions to an answer, the latest update first.
pub fn sessions(assembler: &mut Assembler<'_>, filter: &SessionFilter) -> Result<Page> {
    let driver = match (filter.user_id, filter.tags.as_slice()) {
        (Some(_), _) => Driver::Index("session_by_user"),
        (None, []) => Driver::Index("session_by_time"),
        (None, _) => Driver::FirstTag,
    };
    let mut listing = Listing::new(&SESSIONS, driver, Nanos(i64::MIN));
    listing.equal("user_id", filter.user_id);
    listing.tagged(&filter.tags);
    listing.page(assembler.connection, &filter.page, SessionRow::from_row, |row| {
        let row = row.counted();
        assembler.push(&row.session.header(), &row.body)?;
        Ok(Cursor { time: row.session.updated_at, seq: row.seq })
    })
}
