//! A JSON number that stays what it was: whole numbers exact, others as doubles.

use serde::{Deserialize, Serialize};
use std::ops::Add;

/// A number of the contract, such as a user's id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Real(f64),
}

/// Whole numbers stay whole as long as there is room.
impl Add for Number {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => one.checked_add(other).map(Self::Whole),
            _ => None,
        }
        .unwrap_or_else(|| Self::Real(self.to_real() + other.to_real()))
    }
}

impl Number {
    /// Whether JavaScript takes both for the same number.
    #[expect(clippy::float_cmp, reason = "numbers are compared as JavaScript does")]
    pub fn same(self, other: Self) -> bool {
        self.to_real() == other.to_real()
    }

    /// The number that JavaScript takes it for.
    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    pub fn to_real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }

    /// One text for all numbers that are the same.
    pub fn to_text(self) -> String {
        match self {
            Self::Whole(whole) => whole.to_string(),
            Self::Real(real) => {
                let text = format!("{real}");
                text.parse::<i64>().map_or(text, |whole| whole.to_string())
            }
        }
    }
}
