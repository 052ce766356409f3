//! Closed lists of words, as the contract and columns spell them.

use crate::error::{Error, Result};

/// Makes an enum whose values are the words of the contract.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$note])* $variant),+ }

        impl Word for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }
    };
}

/// A value of a closed list.
pub trait Word: Copy + PartialEq + Sized + 'static {
    /// Every word with its value.
    const ALL: &'static [(&'static str, Self)];

    /// The word as the contract spells it.
    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }

    /// The value of a word; `INVALID_ARGUMENT` names the words there are.
    fn parse(word: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(other, _)| *other == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|(word, _)| *word).collect();
            Error::invalid(format!("must be one of {}", known.join(", ")))
        })
    }
}

words! {
    /// Where a trace stands.
    TraceStatus { Running = "running", Completed = "completed", Failed = "failed", Timeout = "timeout" }
}

words! {
    /// What a span records.
    SpanKind {
        Llm = "llm", Retrieval = "retrieval", Tool = "tool", Agent = "agent",
        Grounding = "grounding", Api = "api", Custom = "custom",
    }
}

words! {
    /// How a span ended.
    SpanStatus { Ok = "ok", Error = "error" }
}

words! {
    /// What was said of a span so far.
    SpanState {
        /// Nothing but updates: it is not shown before its start or its end comes.
        Awaited = "awaited",
        /// Its start, and not its end.
        Running = "running",
        /// Its end, or all of it at once.
        Ended = "ended",
    }
}

words! {
    /// Where a tool comes from.
    ToolType { Framework = "framework", Mcp = "mcp", Dynamic = "dynamic" }
}
