//! An answer on its way: JavaScript takes one part after the other, so that only one is there as text.

use super::error_text;
use crate::error::Result;
use crate::model::Answer;
use crate::model::footprint::PART_BYTES;
use napi_derive::napi;

/// What a query is answered, as JSON texts.
#[napi]
pub struct NativeAnswer {
    size: u64,
    parts: std::vec::IntoIter<String>,
}

impl NativeAnswer {
    /// Of an error it has one part, the error.
    pub fn new(answer: Result<Answer>) -> Self {
        let size = answer.as_ref().map_or(0, Answer::size);
        let parts = answer.map_or_else(|error| vec![error_text(&error)], |answer| answer.into_parts(PART_BYTES));
        Self { size, parts: parts.into_iter() }
    }
}

#[napi]
impl NativeAnswer {
    /// Bytes of memory that all parts take in JavaScript, about.
    #[napi]
    pub fn size(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "it passed a limit that JavaScript gave as a number")]
        let size = self.size as f64;
        size
    }

    /// The next part; `null` after the last.
    #[napi]
    pub fn next(&mut self) -> Option<String> {
        self.parts.next()
    }
}
