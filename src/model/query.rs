//! Everything that can be read.

use super::number::Number;
use super::time::Nanos;
use super::word::{TraceStatus, Word};
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer};

/// One read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "query", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Query {
    GetTrace { trace_id: String },
    GetSpans { trace_id: String },
    GetSession { session_id: String },
    GetConfigSnapshot { snapshot_id: String },
    ListTraces(TraceFilter),
    ListSessions(SessionFilter),
    Info,
}

impl Query {
    /// From the JSON text that `lib/store.ts` sends.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::invalid(format!("the query is not understood: {error}")))
    }
}

/// Which traces, all conditions together.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceFilter {
    pub agent_name: Option<String>,
    pub session_id: Option<String>,
    pub user_id: Option<Number>,
    #[serde(default, deserialize_with = "status")]
    pub status: Option<TraceStatus>,
    /// All of them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Inclusive.
    #[serde(default, deserialize_with = "millis")]
    pub after: Option<Nanos>,
    /// Exclusive.
    #[serde(default, deserialize_with = "millis")]
    pub before: Option<Nanos>,
    #[serde(flatten)]
    pub page: ListWindow,
}

/// Which sessions, all conditions together.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionFilter {
    pub user_id: Option<Number>,
    /// All of them.
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(flatten)]
    pub page: ListWindow,
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct ListWindow {
    pub limit: u32,
    #[serde(default)]
    pub offset: u64,
    #[serde(default, deserialize_with = "cursor")]
    pub cursor: Option<Cursor>,
    #[serde(default)]
    pub total: Total,
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
        let (time, seq) = parts
            .ok_or_else(|| Error::invalid(format!("cursor must be the nextCursor of an earlier page, got {text:?}")))?;
        Ok(Self { time: Nanos(time.cast_signed()), seq: seq.cast_signed() })
    }
}

fn status<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<TraceStatus>, D::Error> {
    let word = Option::<String>::deserialize(from)?;
    word.map(|word| TraceStatus::parse(&word)).transpose().map_err(serde::de::Error::custom)
}

/// JavaScript's dates reach further than nanoseconds; they are clamped, so that "before the year 9999" means no end.
fn millis<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Nanos>, D::Error> {
    Ok(Option::<i64>::deserialize(from)?.map(Nanos::from_millis))
}

fn cursor<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Cursor>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| Cursor::parse(&text)).transpose().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_with_its_page() {
        let text = r#"{"query":"listTraces","status":"failed","tags":["a"],"before":8640000000000000,"limit":5,"cursor":"ff.2"}"#;
        let Query::ListTraces(filter) = Query::parse(text).unwrap() else { panic!("another query") };
        assert_eq!(filter.status, Some(TraceStatus::Failed));
        assert_eq!(filter.before, Some(Nanos(i64::MAX)));
        assert_eq!(filter.page.cursor, Some(Cursor { time: Nanos(255), seq: 2 }));
        assert_eq!(filter.page.total, Total::Counted);
        let Query::ListSessions(filter) = Query::parse(r#"{"query":"listSessions","limit":5,"total":false}"#).unwrap()
        else {
            panic!("another query")
        };
        assert_eq!(filter.page.total, Total::Skipped);
    }

    #[test]
    fn a_cursor_survives_its_text() {
        for cursor in [Cursor { time: Nanos(-1), seq: 7 }, Cursor { time: Nanos(i64::MAX), seq: 0 }] {
            assert_eq!(Cursor::parse(&cursor.to_text()).unwrap(), cursor);
        }
        for text in ["", "1", "x.y", "1.2.3", "1.-2"] {
            assert!(Cursor::parse(text).is_err(), "{text}");
        }
    }
}
