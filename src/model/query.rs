//! Everything that can be read.

use super::field::{self, Field, FieldKind, FieldValue, Listed, Noun, Operator};
use super::number::Number;
use super::tenant::{TenantName, TenantWindow};
use super::time::Nanos;
use super::word::{TraceStatus, Word};
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One read.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Of the documents of one tenant.
    Documents {
        tenant: TenantName,
        wanted: Wanted,
        room: Room,
    },
    Tenants(TenantWindow),
    Info,
}

/// Which documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    Trace {
        trace_id: String,
    },
    /// All spans of a trace.
    Spans {
        trace_id: String,
    },
    SpanPage {
        trace_id: String,
        window: SpanWindow,
    },
    Session {
        session_id: String,
    },
    ConfigSnapshot {
        snapshot_id: String,
    },
    List(ListRequest),
}

/// How much memory an answer may take in JavaScript, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// More is `TOO_LARGE`.
    pub most: u64,
    /// Of a page that may end early: behind its first document it ends here, or at `most`.
    pub page: Option<u64>,
}

/// A page of the documents that meet all conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRequest {
    pub noun: Noun,
    pub conditions: Vec<Condition>,
    pub window: ListWindow,
}

impl Query {
    /// From the JSON text that `lib/core.ts` sends.
    pub fn parse(text: &str) -> Result<Self> {
        let RawRequest { query, tenant, budget } =
            serde_json::from_str(text).map_err(|error| not_understood(&error))?;
        let wanted = match query {
            RawQuery::GetTrace { trace_id } => Wanted::Trace { trace_id },
            RawQuery::GetSpans { trace_id, page: None } => Wanted::Spans { trace_id },
            RawQuery::GetSpans { trace_id, page: Some(window) } => Wanted::SpanPage { trace_id, window },
            RawQuery::GetSession { session_id } => Wanted::Session { session_id },
            RawQuery::GetConfigSnapshot { snapshot_id } => Wanted::ConfigSnapshot { snapshot_id },
            RawQuery::ListTraces(list) => Wanted::List(list.of(Noun::Trace)?),
            RawQuery::ListSessions(list) => Wanted::List(list.of(Noun::Session)?),
            RawQuery::ListTenants(window) => return Ok(Self::Tenants(window)),
            RawQuery::Info => return Ok(Self::Info),
        };
        let room = Room { most: budget.unwrap_or(u64::MAX), page: wanted.page_bytes() };
        Ok(Self::Documents { tenant, wanted, room })
    }
}

impl Wanted {
    /// Where a page ends, if it may end early: one of spans, or of a list by a cursor or by its bytes.
    fn page_bytes(&self) -> Option<u64> {
        match self {
            Self::SpanPage { window, .. } => Some(window.max_bytes.unwrap_or(u64::MAX)),
            Self::List(ListRequest { window, .. }) if window.cursor.is_some() || window.max_bytes.is_some() => {
                Some(window.max_bytes.unwrap_or(u64::MAX))
            }
            _ => None,
        }
    }
}

/// A query as it comes.
#[derive(Deserialize)]
struct RawRequest {
    #[serde(flatten)]
    query: RawQuery,
    #[serde(default)]
    tenant: TenantName,
    budget: Option<u64>,
}

#[derive(Deserialize)]
#[serde(tag = "query", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum RawQuery {
    GetTrace { trace_id: String },
    GetSpans { trace_id: String, page: Option<SpanWindow> },
    GetSession { session_id: String },
    GetConfigSnapshot { snapshot_id: String },
    ListTraces(RawList),
    ListSessions(RawList),
    ListTenants(TenantWindow),
    Info,
}

#[derive(Deserialize)]
struct RawList {
    #[serde(rename = "where", default)]
    conditions: Vec<RawCondition>,
    #[serde(flatten)]
    window: ListWindow,
}

impl RawList {
    fn of(self, noun: Noun) -> Result<ListRequest> {
        let conditions = self.conditions.into_iter().map(|raw| raw.of(noun)).collect::<Result<_>>()?;
        Ok(ListRequest { noun, conditions, window: self.window })
    }
}

fn not_understood(error: &serde_json::Error) -> Error {
    Error::invalid(format!("the query is not understood: {error}"))
}

/// What one field must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub field: &'static Field,
    pub test: Test,
}

/// An operator with what it compares to.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    IsText(String),
    IsNumber(Number),
    /// Each of these is among the values.
    HasAll(Vec<String>),
    /// Inclusive.
    From(Nanos),
    /// Exclusive.
    Until(Nanos),
}

/// A condition as it comes: `{"field", "op", "value"}`.
#[derive(Deserialize)]
struct RawCondition {
    field: String,
    op: Operator,
    value: Value,
}

impl RawCondition {
    fn of(self, noun: Noun) -> Result<Condition> {
        let Self { field: name, op, value } = self;
        let unknown = || Error::invalid(format!("nothing can be asked of field {name:?} in this way"));
        let field = field::find(noun, &name, op).ok_or_else(unknown)?;
        let wrong = |_| Error::invalid(format!("a value of field {name:?} has another type"));
        let test = match (op, field.kind) {
            (Operator::Equals, FieldKind::Number) => Test::IsNumber(serde_json::from_value(value).map_err(wrong)?),
            (Operator::Equals, FieldKind::TraceStatus) => {
                let word: String = serde_json::from_value(value).map_err(wrong)?;
                Test::IsText(TraceStatus::parse(&word)?.as_str().to_owned())
            }
            (Operator::Equals, _) => Test::IsText(serde_json::from_value(value).map_err(wrong)?),
            (Operator::All, _) => Test::HasAll(serde_json::from_value(value).map_err(wrong)?),
            // JavaScript's dates reach further than nanoseconds; they are clamped, so that "before the year 9999" means no end.
            (Operator::From, _) => Test::From(Nanos::from_millis(serde_json::from_value(value).map_err(wrong)?)),
            (Operator::Until, _) => Test::Until(Nanos::from_millis(serde_json::from_value(value).map_err(wrong)?)),
        };
        Ok(Condition { field, test })
    }
}

impl Condition {
    /// Whether a document meets it.
    pub fn holds(&self, document: &impl Listed) -> bool {
        match (&self.test, document.value(&self.field.name)) {
            (Test::IsText(wanted), FieldValue::Text(found)) => wanted == found,
            (Test::IsNumber(wanted), FieldValue::Number(found)) => wanted.same(found),
            (Test::HasAll(wanted), FieldValue::Texts(found)) => wanted.iter().all(|text| found.contains(text)),
            (Test::From(wanted), FieldValue::Time(found)) => found >= *wanted,
            (Test::Until(wanted), FieldValue::Time(found)) => found < *wanted,
            _ => false,
        }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListWindow {
    pub limit: u32,
    #[serde(default)]
    pub offset: u64,
    #[serde(default, deserialize_with = "cursor")]
    pub cursor: Option<Cursor>,
    /// Where the page ends early, behind its first document.
    #[serde(default)]
    pub max_bytes: Option<u64>,
    #[serde(default)]
    pub total: Total,
}

/// Which part of a trace's spans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanWindow {
    pub limit: Option<u32>,
    #[serde(default, deserialize_with = "span_cursor")]
    pub cursor: Option<SpanCursor>,
    /// Where the page ends early, behind its first span.
    pub max_bytes: Option<u64>,
}

/// Whether a page says how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "bool")]
pub enum Total {
    #[default]
    Counted,
    Skipped,
}

impl From<bool> for Total {
    fn from(wanted: bool) -> Self {
        if wanted { Self::Counted } else { Self::Skipped }
    }
}

/// The last row of a page: the next page starts behind it, whatever was written since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// `startedAt` of a trace, `updatedAt` of a session.
    pub time: Nanos,
    /// The order of writing, which breaks ties.
    pub seq: i64,
}

impl Cursor {
    /// The text that callers pass back.
    pub fn to_text(self) -> String {
        format!("{:x}.{:x}", self.time.0, self.seq)
    }

    /// What `to_text` made; anything else is `INVALID_ARGUMENT`.
    pub fn parse(text: &str) -> Result<Self> {
        let parts = text
            .split_once('.')
            .and_then(|(time, seq)| Some((u64::from_str_radix(time, 16).ok()?, u64::from_str_radix(seq, 16).ok()?)));
        let (time, seq) = parts.ok_or_else(|| not_a_cursor(text))?;
        Ok(Self { time: Nanos(time.cast_signed()), seq: seq.cast_signed() })
    }
}

/// The last span of a page: the next page starts behind it, and shows none that were written since the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanCursor {
    /// The millisecond of its start.
    pub millis: i64,
    /// Its place in the order of first writing.
    pub span: i64,
    /// The place of the span written last when the first page was read.
    pub newest: i64,
}

impl SpanCursor {
    /// The text that callers pass back.
    pub fn to_text(self) -> String {
        format!("{:x}.{:x}.{:x}", self.millis, self.span, self.newest)
    }

    /// What `to_text` made; anything else is `INVALID_ARGUMENT`.
    pub fn parse(text: &str) -> Result<Self> {
        let numbers: Vec<i64> =
            text.split('.').filter_map(|part| u64::from_str_radix(part, 16).ok()).map(u64::cast_signed).collect();
        match (numbers.as_slice(), text.split('.').count()) {
            (&[millis, span, newest], 3) => Ok(Self { millis, span, newest }),
            _ => Err(not_a_cursor(text)),
        }
    }
}

fn not_a_cursor(text: &str) -> Error {
    Error::invalid(format!("cursor must be the nextCursor of an earlier page, got {text:?}"))
}

fn cursor<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Cursor>, D::Error> {
    parsed(from, Cursor::parse)
}

fn span_cursor<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<SpanCursor>, D::Error> {
    parsed(from, SpanCursor::parse)
}

fn parsed<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: fn(&str) -> Result<T>,
) -> std::result::Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| parse(&text)).transpose().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_with_its_page() {
        let text = r#"{"query":"listTraces","where":[{"field":"status","op":"equals","value":"failed"},{"field":"tags","op":"all","value":["a"]},
            {"field":"startedAt","op":"until","value":8640000000000000}],"limit":5,"cursor":"ff.2","tenant":"acme"}"#;
        let Query::Documents { tenant, wanted: Wanted::List(list), .. } = Query::parse(text).unwrap() else {
            panic!("another query")
        };
        assert_eq!(tenant.as_str(), "acme");
        let tests: Vec<&Test> = list.conditions.iter().map(|condition| &condition.test).collect();
        let expected =
            [Test::IsText("failed".to_owned()), Test::HasAll(vec!["a".to_owned()]), Test::Until(Nanos(i64::MAX))];
        assert_eq!(tests, expected.iter().collect::<Vec<_>>());
        assert_eq!(list.window.cursor, Some(Cursor { time: Nanos(255), seq: 2 }));
        assert_eq!(list.window.total, Total::Counted);
        let Query::Documents { wanted: Wanted::List(list), .. } =
            Query::parse(r#"{"query":"listSessions","limit":5,"total":false}"#).unwrap()
        else {
            panic!("another query")
        };
        assert_eq!(list.window.total, Total::Skipped);
    }

    #[test]
    fn what_the_table_does_not_offer_is_refused() {
        for condition in [
            r#"{"field":"agentName","op":"from","value":1}"#,
            r#"{"field":"nothing","op":"equals","value":1}"#,
            r#"{"field":"status","op":"equals","value":"x"}"#,
            r#"{"field":"userId","op":"equals","value":"1"}"#,
        ] {
            let query = format!(r#"{{"query":"listTraces","where":[{condition}],"limit":5}}"#);
            assert_eq!(Query::parse(&query).unwrap_err().code, crate::error::Code::InvalidArgument, "{condition}");
        }
    }

    #[test]
    fn a_cursor_survives_its_text() {
        for cursor in [Cursor { time: Nanos(-1), seq: 7 }, Cursor { time: Nanos(i64::MAX), seq: 0 }] {
            assert_eq!(Cursor::parse(&cursor.to_text()).unwrap(), cursor);
        }
        for text in ["", "1", "x.y", "1.2.3", "1.-2"] {
            assert!(Cursor::parse(text).is_err(), "{text}");
        }
        let cursor = SpanCursor { millis: -1, span: 7, newest: i64::MAX };
        assert_eq!(SpanCursor::parse(&cursor.to_text()).unwrap(), cursor);
        for text in ["", "1.2", "x.y.z", "1.2.3.4", "1.2.x.3", "1.2.-3"] {
            assert!(SpanCursor::parse(text).is_err(), "{text}");
        }
    }
}
