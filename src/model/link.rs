//! A link between two things, of which one at least is mostly a trace or a span of this store.

use super::answer::Header;
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
        let attributes = attributes.map_err(|_| Error::corrupt("the attributes of a link are no JSON"))?;
        Ok(LinkHeader { from: self.from.header(), to: self.to.header(), kind: &self.kind, attributes, history })
    }
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
