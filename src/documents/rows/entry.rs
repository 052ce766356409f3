//! Entries: bytes by id, the texts of pieces and the manifests of documents.
//!
//! Those that lists read stand *alone*. Others are *fresh*, and the database may put them together with what else the
//! same trace brings, now or later, so that who reads a trace finds them in one place.

use crate::content::Manifest;
use crate::content::depth::MAX_DEPTH;
use crate::error::{Code, Error, Result};
use crate::json;
use std::borrow::Cow;

/// Reads and writes entries.
pub trait EntryRows {
    /// The bytes of an entry, wherever they are; `CORRUPT` if there are none.
    fn entry(&mut self, id: i64) -> Result<Cow<'_, [u8]>>;

    /// Adds an entry of a span of this trace.
    fn insert_fresh(&mut self, id: i64, trace: i64, bytes: &[u8]) -> Result<()>;

    /// Adds an entry that lists read.
    fn insert_alone(&mut self, id: i64, bytes: &[u8]) -> Result<()>;

    /// Lists read this entry from now on. One that was put together with others meanwhile may stay there.
    fn make_alone(&mut self, id: i64) -> Result<()>;

    /// Only spans of this trace read this entry from now on; the bytes that became fresh, none if it did not stand alone.
    fn make_fresh(&mut self, id: i64, trace: i64) -> Result<usize>;

    /// Removes entries, wherever they are. What damage keeps from being removed stays, and is returned: who promised that
    /// it goes must say so.
    fn remove_entries(&mut self, ids: &[i64]) -> Result<Vec<i64>>;

    /// Whether the transaction is still open: an error may have cost all of it.
    fn stands(&self) -> bool;

    /// The text of a piece: one JSON value as far as its brackets and quotes tell, so that it can't reach into what stands
    /// beside it in an answer.
    fn text(&mut self, id: i64) -> Result<String> {
        let text = self.entry(id)?.into_owned();
        let text = String::from_utf8(text).map_err(|_| Error::corrupt("a stored text is not UTF-8"))?;
        match json::skip_shallow_value(text.as_bytes(), 0, MAX_DEPTH) {
            Ok(end) if end == text.len() => Ok(text),
            _ => Err(Error::corrupt("a stored text is no JSON value, or nested too deep")),
        }
    }

    /// The manifest of a document.
    fn manifest(&mut self, id: i64) -> Result<Manifest> {
        Manifest::from_bytes(&self.entry(id)?)
    }
}

/// For writers, `None` for what damage keeps from being read: readers are told, and `verify()` says where. Damage that cost
/// the whole transaction stays an error.
pub fn unless_damaged<T>(read: Result<T>, stands: impl FnOnce() -> bool) -> Result<Option<T>> {
    match read {
        Err(error) if error.code == Code::Corrupt && stands() => Ok(None),
        read => read.map(Some),
    }
}
