//! A link between two things, of which one at least is mostly a trace or a span of this store; and those that a span gives.

use super::answer::{Header, JsonText};
use super::fields::{self, Fields};
use super::history::History;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a link leads from or to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEnd {
    Trace(String),
    Span {
        trace_id: String,
        span_id: String,
    },
    /// A document of another store.
    Document {
        store: String,
        id: String,
    },
    /// Something that another system has under this id.
    External(String),
    Url(String),
}

impl LinkEnd {
    /// From a `LinkEnd` of the contract.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("end", text)?;
        let mut field = |name| given.optional(name, fields::string);
        let (trace_id, span_id) = (field("traceId")?, field("spanId")?);
        let (store, id, external_id, url) = (field("store")?, field("id")?, field("externalId")?, field("url")?);
        match (trace_id, span_id, store, id, external_id, url) {
            (Some(trace_id), None, None, None, None, None) => Ok(Self::Trace(trace_id)),
            (Some(trace_id), Some(span_id), None, None, None, None) => Ok(Self::Span { trace_id, span_id }),
            (None, None, Some(store), Some(id), None, None) => Ok(Self::Document { store, id }),
            (None, None, None, None, Some(id), None) => Ok(Self::External(id)),
            (None, None, None, None, None, Some(url)) => Ok(Self::Url(url)),
            _ => Err(Error::invalid("must be a trace, a span, a document of a store, an external id or a url")),
        }
    }

    /// The same text for the same end: a JSON array of its kind and its ids.
    pub fn to_key(&self) -> String {
        let parts: Vec<&str> = match self {
            Self::Trace(trace_id) => vec!["trace", trace_id],
            Self::Span { trace_id, span_id } => vec!["span", trace_id, span_id],
            Self::Document { store, id } => vec!["document", store, id],
            Self::External(id) => vec!["external", id],
            Self::Url(url) => vec!["url", url],
        };
        serde_json::Value::from(parts).to_string()
    }

    /// What `to_key` was made of; `CORRUPT` if it made nothing like that.
    pub fn from_key(key: &str) -> Result<Self> {
        let parts: Vec<String> = serde_json::from_str(key).unwrap_or_default();
        let mut parts = parts.into_iter();
        let kind = parts.next().unwrap_or_default();
        match (kind.as_str(), parts.next(), parts.next(), parts.next()) {
            ("trace", Some(trace_id), None, None) => Ok(Self::Trace(trace_id)),
            ("span", Some(trace_id), Some(span_id), None) => Ok(Self::Span { trace_id, span_id }),
            ("document", Some(store), Some(id), None) => Ok(Self::Document { store, id }),
            ("external", Some(id), None, None) => Ok(Self::External(id)),
            ("url", Some(url), None, None) => Ok(Self::Url(url)),
            _ => Err(Error::corrupt("an end of a link is none")),
        }
    }

    /// Before all keys of the spans of a trace, and behind them.
    pub fn span_keys(trace_id: &str) -> (String, String) {
        let mut key = serde_json::Value::from(vec!["span", trace_id]).to_string();
        key.pop();
        // What follows a comma.
        (format!("{key},"), format!("{key}-"))
    }

    fn header(&self) -> EndHeader<'_> {
        match self {
            Self::Trace(trace_id) => EndHeader::Trace { trace_id },
            Self::Span { trace_id, span_id } => EndHeader::Span { trace_id, span_id },
            Self::Document { store, id } => EndHeader::Document { store, id },
            Self::External(external_id) => EndHeader::External { external_id },
            Self::Url(url) => EndHeader::Url { url },
        }
    }
}

/// Which of the links of an end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Those that lead away from it.
    From,
    /// Those that lead to it.
    To,
    #[default]
    Both,
}

/// A link as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub from: LinkEnd,
    pub to: LinkEnd,
    pub kind: String,
    /// The JSON text of an object.
    pub attributes: Option<String>,
}

impl Link {
    /// From the text of a `LinkInput`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("link", text)?;
        Ok(Self {
            from: given.required("from", LinkEnd::parse)?,
            to: given.required("to", LinkEnd::parse)?,
            kind: given.required("type", fields::string)?,
            attributes: given.optional("attributes", fields::object)?,
        })
    }

    /// The link as a `Link` shows it.
    pub fn header(&self, history: History) -> Result<LinkHeader<'_>> {
        let raw = |text: &String| RawValue::from_string(text.clone());
        let attributes = self.attributes.as_ref().map(raw).transpose();
        let attributes = attributes.map_err(|_| Error::corrupt(NO_JSON))?;
        Ok(LinkHeader { from: self.from.header(), to: self.to.header(), kind: &self.kind, attributes, history })
    }
}

/// What leads away from a span that does not say how.
const UNTYPED: &str = "correlates_to";

/// A link that a span gives itself, and that is the span's: a field of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanLink {
    pub to: LinkEnd,
    pub kind: String,
    /// The JSON text of an object.
    pub attributes: Option<String>,
}

impl SpanLink {
    /// From the text of a list of `SpanLink`s.
    pub fn parse_all(text: &str) -> Result<Vec<Self>> {
        let links: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| Error::invalid("must be an array"))?;
        links.into_iter().map(|link| Self::parse(link.get())).collect()
    }

    fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("link", text)?;
        Ok(Self {
            to: given.required("to", LinkEnd::parse)?,
            kind: given.optional("type", fields::string)?.unwrap_or_else(|| UNTYPED.to_owned()),
            attributes: given.optional("attributes", fields::object)?,
        })
    }

    /// As a link among others.
    pub fn leading_from(&self, from: &LinkEnd) -> Link {
        let Self { to, kind, attributes } = self.clone();
        Link { from: from.clone(), to, kind, attributes }
    }

    /// What `leading_from` made; `CORRUPT` if it made nothing like that.
    pub fn of(link: Link) -> Result<Self> {
        let Link { to, kind, attributes, .. } = link;
        let is_json = |text: &String| serde_json::from_str::<&RawValue>(text).is_ok();
        if attributes.as_ref().is_some_and(|text| !is_json(text)) {
            return Err(Error::corrupt(NO_JSON));
        }
        Ok(Self { to, kind, attributes })
    }

    /// The link as a `Span` shows it.
    pub fn header(&self) -> SpanLinkHeader<'_> {
        SpanLinkHeader { to: self.to.header(), kind: &self.kind, attributes: self.attributes.as_deref().map(JsonText) }
    }
}

const NO_JSON: &str = "the attributes of a link are no JSON";

/// A link in a span's answer.
#[derive(Serialize)]
pub struct SpanLinkHeader<'a> {
    to: EndHeader<'a>,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<JsonText<'a>>,
}

/// A link in an answer.
#[derive(Serialize)]
pub struct LinkHeader<'a> {
    from: EndHeader<'a>,
    to: EndHeader<'a>,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Box<RawValue>>,
    #[serde(flatten)]
    history: History,
}

impl Header for LinkHeader<'_> {}

/// An end of a link in an answer.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum EndHeader<'a> {
    Trace { trace_id: &'a str },
    Span { trace_id: &'a str, span_id: &'a str },
    Document { store: &'a str, id: &'a str },
    External { external_id: &'a str },
    Url { url: &'a str },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spans_of_a_trace_have_their_keys_together() {
        let key =
            |trace: &str, span: &str| LinkEnd::Span { trace_id: trace.to_owned(), span_id: span.to_owned() }.to_key();
        let (from, behind) = LinkEnd::span_keys("t");
        let is_in = |key: String| from <= key && key < behind;
        assert!(is_in(key("t", "s")) && is_in(key("t", "")) && is_in(key("t", "\u{10ffff}")));
        assert!(!is_in(key("t2", "s")) && !is_in(key("t\"", "s")) && !is_in(key("s", "s")) && !is_in(key("t,", "s")));
        assert!(!is_in(LinkEnd::Trace("t".to_owned()).to_key()));
    }

    #[test]
    fn a_link_of_a_span_has_a_type() {
        let links = SpanLink::parse_all(r#"[{"to":{"url":"u"}},{"to":{"url":"u"},"type":"x","attributes":{"a":1}}]"#);
        let text = |link: &SpanLink| serde_json::to_string(&link.header()).unwrap();
        let texts: Vec<_> = links.unwrap().iter().map(text).collect();
        assert_eq!(
            texts,
            [r#"{"to":{"url":"u"},"type":"correlates_to"}"#, r#"{"to":{"url":"u"},"type":"x","attributes":{"a":1}}"#]
        );
        assert!(SpanLink::parse_all(r#"[{"type":"x"}]"#).is_err() && SpanLink::parse_all("{}").is_err());
    }

    #[test]
    fn every_kind_of_end_survives_its_key() {
        for text in [
            r#"{"traceId":"t\"1"}"#,
            r#"{"traceId":"t","spanId":"s"}"#,
            r#"{"store":"s","id":"1"}"#,
            r#"{"externalId":"x"}"#,
            r#"{"url":"https://x"}"#,
        ] {
            let end = LinkEnd::parse(text).unwrap();
            assert_eq!(LinkEnd::from_key(&end.to_key()).unwrap(), end);
            assert_eq!(serde_json::to_string(&end.header()).unwrap(), text);
        }
        for text in [r"{}", r#"{"spanId":"s"}"#, r#"{"traceId":"t","url":"u"}"#, r#"{"store":"s"}"#, r#""t""#] {
            assert!(LinkEnd::parse(text).is_err(), "{text}");
        }
        for key in ["", "{}", r#"["trace"]"#, r#"["trace","t","s"]"#, r#"["other","t"]"#] {
            assert!(LinkEnd::from_key(key).is_err(), "{key}");
        }
    }
}
