//! What a read returns, and its JSON text.
//!
//! Documents share pieces: each distinct piece stands in the answer once, and every document refers to it by position,
//! because the same messages recur in every span of a conversation.

use super::counts::NounCounts;
use super::footprint::AnswerSize;
use super::job::Progress;
use super::tenant::TenantPage;
use crate::error::{Error, Result};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt::Write as _;

/// One answer.
#[derive(Debug, Clone)]
pub enum Answer {
    Documents(Documents),
    Tenants(TenantPage),
    Info(Box<Info>),
}

impl Answer {
    /// Bytes that it takes in JavaScript, about.
    pub fn size(&self) -> u64 {
        match self {
            Self::Documents(documents) => documents.size.bytes(),
            Self::Tenants(_) | Self::Info(_) => 0,
        }
    }

    /// The JSON texts that `lib/read/rebuild.ts` reads, one after the other. None is longer than `part_bytes`, but where
    /// one piece or one document alone is.
    pub fn into_parts(self, part_bytes: usize) -> Vec<String> {
        match self {
            Self::Documents(documents) => documents.into_parts(part_bytes),
            Self::Tenants(page) => vec![serde_json::json!(page).to_string()],
            Self::Info(info) => vec![serde_json::json!({ "info": info }).to_string()],
        }
    }
}

/// The state of a store: what the backend knows of its file, and what the engine knows of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Info {
    #[serde(flatten)]
    pub file: FileInfo,
    #[serde(flatten)]
    pub engine: EngineInfo,
}

/// What an engine knows of itself; counted since it was opened in this process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    pub path: String,
    pub readonly: bool,
    pub queued_operations: usize,
    pub queued_bytes: usize,
    pub dropped_writes: u64,
    pub failed_writes: u64,
    /// Calls that a defect of ours cost.
    pub defects: u64,
    pub last_error: Option<LastError>,
    /// The long work that is under way.
    pub chore: Option<ChoreInfo>,
}

/// How far a chore is: bytes that are packed, or blocks that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChoreInfo {
    pub name: &'static str,
    #[serde(flatten)]
    pub progress: Progress,
}

/// The failure that happened last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastError {
    pub code: &'static str,
    pub message: String,
    /// Milliseconds since the epoch.
    pub at: i64,
}

/// The columns of a document.
pub trait Header: Serialize {}

/// Documents and the pieces that they share.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    /// The JSON text of each distinct piece.
    pub pieces: Vec<String>,
    /// Header and node (see `content::skeleton`) of each document, as JSON text.
    pub documents: Vec<(String, String)>,
    /// Where the documents stand in their list; absent for a single document.
    pub page: Option<ListPage>,
    /// What they take in JavaScript, about.
    pub size: AnswerSize,
}

/// Where a page stands in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPage {
    /// All that match the filter, if they were counted.
    pub total: Option<u64>,
    pub has_more: bool,
    pub next_cursor: Option<String>,
}

/// What a backend knows of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileInfo {
    pub file_bytes: u64,
    pub wal_bytes: u64,
    pub counts: NounCounts,
    pub schema_version: i64,
    /// A reader holds back the checkpoint of the write-ahead log.
    pub wal_blocked: bool,
    /// Bytes of JSON taken in since the file was made.
    pub bytes_in: u64,
    /// Bytes that documents and pieces take in the file, without free pages.
    pub bytes_stored: u64,
}

impl Documents {
    /// Adds a document.
    pub fn push(&mut self, header: &impl Header, node: String) -> Result<()> {
        let header = serde_json::to_string(header)
            .map_err(|error| Error::internal(format!("a header can't be written: {error}")))?;
        self.size.add_document(&header, &node)?;
        self.documents.push((header, node));
        Ok(())
    }

    fn into_parts(self, part_bytes: usize) -> Vec<String> {
        let size = self.pieces.iter().map(|piece| piece.len() + 1).sum::<usize>()
            + self.documents.iter().map(|(header, node)| header.len() + node.len() + 4).sum::<usize>();
        let mut parts =
            AnswerParts { done: Vec::new(), open: String::with_capacity(size.min(part_bytes) + 256), part_bytes };
        parts.open.push_str(PIECES);
        for piece in self.pieces {
            parts.add(PIECES, &[&piece]);
        }
        parts.open.push_str(DOCUMENTS);
        for (header, node) in self.documents {
            parts.add(NO_PIECES, &["[", &header, ",", &node, "]"]);
        }
        parts.end(self.page.as_ref())
    }
}

// How a part begins, and how its documents follow its pieces. A document's pieces stand before it, in its part or in
// earlier ones, and are numbered through.
const PIECES: &str = r#"{"pieces":["#;
const DOCUMENTS: &str = r#"],"docs":["#;
const NO_PIECES: &str = r#"{"pieces":[],"docs":["#;

/// The parts of an answer while they are written.
struct AnswerParts {
    done: Vec<String>,
    open: String,
    part_bytes: usize,
}

impl AnswerParts {
    /// Adds an item of these texts to the list that is open; a new part begins with `beginning`.
    fn add(&mut self, beginning: &str, item: &[&str]) {
        let length: usize = item.iter().map(|text| text.len()).sum();
        let is_empty = [PIECES, NO_PIECES].contains(&self.open.as_str());
        if !is_empty && self.open.len() + length > self.part_bytes {
            self.open.push_str(if beginning == PIECES { r#"],"docs":[]}"# } else { "]}" });
            self.done.push(std::mem::replace(&mut self.open, beginning.to_owned()));
        } else if !self.open.ends_with('[') {
            self.open.push(',');
        }
        for text in item {
            self.open.push_str(text);
        }
    }

    /// The last part says where the page stands.
    fn end(mut self, page: Option<&ListPage>) -> Vec<String> {
        self.open.push(']');
        if let Some(page) = page {
            if let Some(total) = page.total {
                let _ = write!(self.open, ",\"total\":{total}");
            }
            let _ = write!(self.open, ",\"hasMore\":{}", page.has_more);
            if let Some(cursor) = &page.next_cursor {
                let _ = write!(self.open, ",\"nextCursor\":\"{cursor}\"");
            }
        }
        self.open.push('}');
        self.done.push(self.open);
        self.done
    }
}

/// A text in a header that is JSON already; fails to be written if it is none.
pub struct JsonText<'a>(pub &'a str);

impl Serialize for JsonText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.0).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_bounded_and_numbered_through() {
        let piece = |n: usize| format!("\"{}\"", "x".repeat(n));
        let documents = || Documents {
            pieces: vec![piece(10), piece(300), piece(10), piece(10)],
            documents: vec![("{}".to_owned(), "[0,{}]".to_owned()); 9],
            page: Some(ListPage { total: Some(9), has_more: false, next_cursor: None }),
            size: AnswerSize::default(),
        };
        let whole = documents().into_parts(usize::MAX);
        assert_eq!(whole.len(), 1);
        for part_bytes in [1, 30, 60, 100, 200] {
            let (mut pieces, mut docs) = (Vec::new(), Vec::new());
            let parts = documents().into_parts(part_bytes);
            for part in &parts {
                let value: serde_json::Value = serde_json::from_str(part).unwrap();
                let count = ["pieces", "docs"].map(|key| value[key].as_array().unwrap().len()).iter().sum::<usize>();
                assert!(part.len() <= part_bytes + 64 || count == 1, "{part}");
                pieces.extend(value["pieces"].as_array().unwrap().clone());
                docs.extend(value["docs"].as_array().unwrap().clone());
                assert_eq!(value.get("total").is_some(), part == parts.last().unwrap());
            }
            let value: serde_json::Value = serde_json::from_str(&whole[0]).unwrap();
            assert_eq!((&value["pieces"], &value["docs"]), (&pieces.into(), &docs.into()));
        }
    }
}
