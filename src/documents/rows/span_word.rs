//! Rows of span words: what later words gave of a span's body.

use crate::error::Result;

/// A span word that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanWordRow {
    /// The ids of the rows of its trace and its span.
    pub trace: i64,
    pub span: i64,
    /// Where it is folded: below 0 before the span's first body, else after it. No two words of a span have the same.
    pub place: i64,
    /// What it gives, in a form that only `documents` reads.
    pub keys: Vec<u8>,
    /// The entry of its manifest.
    pub body: i64,
}

/// Reads and writes the rows of span words.
pub trait SpanWordRows {
    /// Adds a word.
    fn insert_span_word(&mut self, word: &SpanWordRow) -> Result<()>;

    /// So many words of a span, those with the greatest places first.
    fn span_words(&mut self, trace: i64, span: i64, most: u32) -> Result<Vec<SpanWordRow>>;

    /// Removes a word; its entry stays for the caller to remove.
    fn remove_span_word(&mut self, word: &SpanWordRow) -> Result<()>;
}
