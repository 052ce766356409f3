//! Everything that reads a store from end to end, and what comes of it.

use crate::error::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One job: too long to be a query.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "job", rename_all = "camelCase")]
pub enum Job {
    /// Copies the store into a new file at this absolute path.
    Backup { path: PathBuf },
    /// Checks everything that is stored against everything that it should agree with.
    Verify,
}

impl Job {
    /// From the JSON text that `lib/job/jobs.ts` sends.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::invalid(format!("the job is not understood: {error}")))
    }

    /// What comes of it where the store can't be read at all: a check tells of damage, whatever is damaged.
    pub fn failed(&self, error: Error) -> Result<Outcome> {
        if *self != Self::Verify || error.code != Code::Corrupt {
            return Err(error);
        }
        let mut report = Report::default();
        report.find(Area::Database, error.message);
        Ok(Outcome::Verify(report))
    }
}

/// How far a job is; neither number ever gets smaller.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Pages copied, or rows checked.
    pub done: u64,
    pub total: u64,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    Backup(Backup),
    Verify(Report),
}

/// A finished copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backup {
    pub path: String,
    pub file_bytes: u64,
}

/// What a check of the whole store found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The first of them, in the order they were found.
    pub problems: Vec<Problem>,
    /// All of them.
    pub problem_count: u64,
    pub counts: Checked,
}

/// How many problems a report tells one by one.
const MAX_PROBLEMS: usize = 100;
/// Characters of a problem's message that are kept: ids are as long as whoever made the file likes.
const MAX_MESSAGE: usize = 2000;

impl Report {
    /// Counts a problem, and tells it if there is room.
    pub fn find(&mut self, area: Area, message: impl Into<String>) {
        self.problem_count += 1;
        if self.problems.len() < MAX_PROBLEMS {
            let message = message.into();
            let shown = message.char_indices().nth(MAX_MESSAGE).map_or(&*message, |(end, _)| &message[..end]);
            self.problems.push(Problem { area, message: shown.to_owned() });
        }
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub area: Area,
    /// What is wrong, with the ids of the documents concerned; never their content.
    pub message: String,
}

/// Which part of the store a problem is in; equal to `VerifyArea` in `types/jobs.d.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Area {
    /// The database's own structure.
    Database,
    /// Traces, spans, sessions and config snapshots.
    Documents,
    /// The texts that documents share.
    Pieces,
    /// Which document uses which piece.
    Owners,
    /// The tags by which lists find documents.
    Tags,
    /// The sets and counts that totals and lists come from.
    Lists,
}

/// What was counted on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// Started ones.
    pub traces: u64,
    pub spans: u64,
    pub sessions: u64,
    pub config_snapshots: u64,
    pub pieces: u64,
}
