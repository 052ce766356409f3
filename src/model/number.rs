//! A JSON number that stays what it was: whole numbers exact, others as doubles.

use serde::{Deserialize, Serialize};

/// A number of the contract, such as a user's id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Real(f64),
}
