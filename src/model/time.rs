//! Instants: nanoseconds since the epoch inside, milliseconds or ISO 8601 text at the edges.

use crate::error::{Error, Result};
use chrono::DateTime;

const NANOS_PER_MILLI: i64 = 1_000_000;

/// Nanoseconds since 1970-01-01T00:00:00Z; the years 1677 to 2262.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nanos(pub i64);

impl Nanos {
    /// An ISO 8601 text as `Date.prototype.toJSON` writes it.
    pub fn parse(text: &str) -> Result<Self> {
        let time =
            DateTime::parse_from_rfc3339(text).map_err(|error| Error::invalid(format!("must be a date ({error})")))?;
        time.timestamp_nanos_opt().map(Self).ok_or_else(|| Error::invalid("must lie between 1678 and 2262"))
    }

    /// Milliseconds since the epoch, clamped to what nanoseconds can tell.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(NANOS_PER_MILLI))
    }

    /// Whole milliseconds since the epoch, rounded down.
    pub fn millis(self) -> i64 {
        self.0.div_euclid(NANOS_PER_MILLI)
    }

    /// The nanoseconds as decimal text, where milliseconds don't tell them.
    pub fn finer_text(self) -> Option<String> {
        (self.0.rem_euclid(NANOS_PER_MILLI) != 0).then(|| self.0.to_string())
    }

    /// So many milliseconds later, as far as nanoseconds can tell.
    #[must_use]
    pub fn later_by_millis(self, millis: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        let nanos = (millis * 1_000_000.0).round() as i64;
        Self(self.0.saturating_add(nanos))
    }

    /// Milliseconds from an earlier instant; 0 if that lies later (a clock was set back).
    pub fn millis_since(self, earlier: Self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a duration of 104 days is still exact to the nanosecond")]
        let nanos = self.0.saturating_sub(earlier.0).max(0) as f64;
        nanos / 1_000_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_millis_agree() {
        assert_eq!(Nanos::parse("1970-01-01T00:00:01.500Z").unwrap(), Nanos::from_millis(1500));
        assert_eq!(Nanos::parse("1969-12-31T23:59:59.999Z").unwrap().millis(), -1);
        assert!(Nanos::parse("+012345-01-01T00:00:00.000Z").is_err());
        assert!(Nanos::parse("2300-01-01T00:00:00.000Z").is_err());
    }

    #[test]
    fn a_duration_is_never_negative() {
        assert!(Nanos(0).millis_since(Nanos(5)).abs() < f64::EPSILON);
        assert!((Nanos(1_500_000).millis_since(Nanos(0)) - 1.5).abs() < f64::EPSILON);
    }
}
