//! Whose documents use a piece, and which of them.

/// A document or family of documents that uses of pieces are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A trace with its spans and what was said of them.
    Trace(i64),
    Session(i64),
    ConfigSnapshot(i64),
}

impl Owner {
    /// The number that stands for it in rows.
    pub fn key(self) -> i64 {
        let (id, kind) = match self {
            Self::Trace(id) => (id, 0),
            Self::Session(id) => (id, 1),
            Self::ConfigSnapshot(id) => (id, 2),
        };
        // Only a forged id is too large for that.
        id.wrapping_mul(4) + kind
    }
}

/// A document that uses pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Read with the trace's other spans.
    Span { trace: i64, span: i64 },
    /// A score or an annotation, by its number among these: read with the trace's spans.
    Said { trace: i64, said: i64 },
    /// A trace itself, a session or a snapshot: read for lists.
    Listed(Owner),
}

impl User {
    /// Whom its uses are counted for.
    pub fn owner(self) -> Owner {
        match self {
            Self::Span { trace, .. } | Self::Said { trace, .. } => Owner::Trace(trace),
            Self::Listed(owner) => owner,
        }
    }

    /// Its number among the owner's documents, as it stands in rows.
    pub fn document(self) -> i64 {
        match self {
            Self::Span { span, .. } => span,
            Self::Said { said, .. } => -said,
            Self::Listed(_) => 0,
        }
    }
}
