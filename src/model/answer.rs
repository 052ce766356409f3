//! What a read returns, and its JSON text.
//!
//! Documents share pieces: each distinct piece stands in the answer once, and every document refers to it by position,
//! because the same messages recur in every span of a conversation.

use super::job::Progress;
use crate::error::{Error, Result};
use serde::Serialize;
use std::fmt::Write as _;

/// One answer.
#[derive(Debug, Clone)]
pub enum Answer {
    Documents(Documents),
    Info(Box<Info>),
}

impl Answer {
    /// The JSON text that `lib/read/rebuild.ts` reads.
    pub fn to_text(&self) -> String {
        match self {
            Self::Documents(documents) => documents.to_text(),
            Self::Info(info) => serde_json::json!({ "info": info }).to_string(),
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

/// How many of each noun there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NounCounts {
    pub traces: u64,
    pub spans: u64,
    pub sessions: u64,
    pub config_snapshots: u64,
}

impl Documents {
    /// Adds a document.
    pub fn push(&mut self, header: &impl Header, node: String) -> Result<()> {
        let header = serde_json::to_string(header)
            .map_err(|error| Error::internal(format!("a header can't be written: {error}")))?;
        self.documents.push((header, node));
        Ok(())
    }

    /// The JSON text that `lib/read/rebuild.ts` reads.
    pub fn to_text(&self) -> String {
        let size: usize = self.pieces.iter().map(String::len).sum::<usize>()
            + self.documents.iter().map(|(header, node)| header.len() + node.len() + 4).sum::<usize>();
        let mut text = String::with_capacity(size + self.pieces.len() + 128);
        text.push_str("{\"pieces\":[");
        for (at, piece) in self.pieces.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            text.push_str(piece);
        }
        text.push_str("],\"docs\":[");
        for (at, (header, node)) in self.documents.iter().enumerate() {
            let _ = write!(text, "{}[{header},{node}]", if at > 0 { "," } else { "" });
        }
        text.push(']');
        if let Some(page) = &self.page {
            if let Some(total) = page.total {
                let _ = write!(text, ",\"total\":{total}");
            }
            let _ = write!(text, ",\"hasMore\":{}", page.has_more);
            if let Some(cursor) = &page.next_cursor {
                let _ = write!(text, ",\"nextCursor\":\"{cursor}\"");
            }
        }
        text.push('}');
        text
    }
}
