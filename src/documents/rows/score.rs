//! Rows of scores.

use super::said::SaidRow;
use crate::error::Result;
use crate::model::score::{Score, ScoreMap};

/// A score as it was read.
#[derive(Debug, Clone)]
pub struct StoredScore {
    pub row: SaidRow,
    /// With an empty body: the entry stands for it.
    pub score: Score,
}

/// Reads and writes the rows of scores.
pub trait ScoreRows {
    /// The row of the score with this name.
    fn find_score(&mut self, tenant: i64, score_id: &str) -> Result<Option<SaidRow>>;

    /// The score with this id.
    fn score_by_id(&mut self, id: i64) -> Result<Option<StoredScore>>;

    /// Writes all columns of a score, whose row is made if it is not there. Of the body only its entry is written.
    fn write_score(&mut self, tenant: i64, row: &SaidRow, score: &Score) -> Result<()>;

    /// Removes the row of a score.
    fn remove_score(&mut self, id: i64) -> Result<()>;

    /// The last value of each name among a trace's own scores, those of its spans left out.
    fn score_map(&mut self, trace: i64) -> Result<ScoreMap>;

    /// The rows of all that have a value and are a trace's own.
    fn mapped_scores(&mut self, trace: i64) -> Result<Vec<SaidRow>>;
}
