//! Everything that can be written, and how a batch of it is framed.
//!
//! A frame is the text's length (u32, little endian), an op code and the JSON text. A batch starts with four bytes
//! that hold the offset of its end, so that a pooled buffer can be drained without asking JavaScript.

use super::config_snapshot::ConfigSnapshot;
use super::session::Session;
use super::span::Span;
use super::trace::{Trace, TraceChange, TraceEnd, TraceTags};
use crate::error::{Error, Result};

/// Bytes in front of a batch's first frame.
pub const BATCH_HEADER: usize = 4;
const FRAME_HEADER: usize = 5;

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    StartTrace(Box<Trace>),
    EndTrace(Box<TraceEnd>),
    AddSpan(Box<Span>),
    /// `setApiIO` or `setTraceScores`.
    ChangeTrace(TraceChange),
    SetTraceTags(TraceTags),
    UpsertSession(Box<Session>),
    EnsureConfigSnapshot(Box<ConfigSnapshot>),
}

impl Op {
    /// Reads one operation; `code` is the number that `lib/outbox.ts` gives each method.
    pub fn parse(code: u8, text: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(text).map_err(|_| Error::invalid("the operation is not UTF-8"))?;
        match code {
            1 => Trace::start(text).map(|trace| Self::StartTrace(Box::new(trace))),
            2 => TraceEnd::parse(text).map(|end| Self::EndTrace(Box::new(end))),
            3 => Span::parse(text).map(|span| Self::AddSpan(Box::new(span))),
            4 => TraceChange::api_io(text).map(Self::ChangeTrace),
            5 => Session::parse(text).map(|session| Self::UpsertSession(Box::new(session))),
            6 => ConfigSnapshot::parse(text).map(|snapshot| Self::EnsureConfigSnapshot(Box::new(snapshot))),
            7 => TraceChange::scores(text).map(Self::ChangeTrace),
            8 => TraceTags::parse(text).map(Self::SetTraceTags),
            _ => Err(Error::internal(format!("unknown operation code {code}"))),
        }
    }
}

/// A frame of a batch: op code and text.
pub type Frame<'a> = (u8, &'a [u8]);

/// The frames of a batch without its four-byte header; a torn frame ends it.
pub fn frames(batch: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut rest = batch;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (&code, after) = after.split_first()?;
        let text = after.get(..length)?;
        rest = &after[length..];
        Some((code, text))
    })
}

/// A frame, for tests and tools that write without the TypeScript side.
pub fn frame(code: u8, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME_HEADER + text.len());
    bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.push(code);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_a_torn_one_ends_the_batch() {
        let mut batch = frame(3, "{}");
        batch.extend(frame(7, "[1]"));
        let whole: Vec<_> = frames(&batch).collect();
        assert_eq!(whole, [(3, &b"{}"[..]), (7, &b"[1]"[..])]);
        let torn: Vec<_> = frames(&batch[..batch.len() - 1]).collect();
        assert_eq!(torn.len(), 1);
    }
}
