//! A JSON number that stays what it was: whole numbers exact, others as doubles.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// A number of the contract, such as a user's id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    /// The number that this JSON text is.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|_| Error::invalid(format!("must be a number, got {}", super::document::short(text))))
    }
}
