//! An answer on its way: JavaScript takes one part after the other, so that only one is there as text.

use super::error_text;
use crate::error::Result;
use crate::model::Answer;
use crate::model::footprint::PART_BYTES;
use napi::Either;
use napi_derive::napi;

/// What a query is answered, as JSON texts.
#[napi]
pub struct NativeAnswer {
    size: u64,
    parts: std::vec::IntoIter<String>,
}

/// So little finds room wherever it is, and an object for it would cost more than its text, bytes.
const SMALL: u64 = 1 << 20;

/// What JavaScript is given of an answer: of a small one, and of an error, the text itself.
pub fn handed_over(answer: Result<Answer>) -> Either<String, NativeAnswer> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Either::A(error_text(&error)),
    };
    let size = answer.size();
    let parts = answer.into_parts(PART_BYTES);
    if size <= SMALL { Either::A(parts.concat()) } else { Either::B(NativeAnswer { size, parts: parts.into_iter() }) }
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
