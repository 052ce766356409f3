//! A config snapshot: written once under its id and never changed.

use super::answer::Header;
use super::fields::{self, Fields};
use super::time::Nanos;
use crate::error::Result;
use serde::Serialize;

/// A config snapshot as a backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigSnapshot {
    pub snapshot_id: String,
    pub agent_name: String,
    pub agent_version: String,
    pub created_at: Nanos,
    /// The JSON text of an object with all other fields.
    pub body: String,
}

impl ConfigSnapshot {
    /// From the text of a `ConfigSnapshot`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut given = Fields::parse("snapshot", text)?;
        given.schema_version()?;
        Ok(Self {
            snapshot_id: given.required("snapshotId", fields::id)?,
            agent_name: given.required("agentName", fields::string)?,
            agent_version: given.required("agentVersion", fields::string)?,
            created_at: given.required("createdAt", fields::time)?,
            body: given.rest_text(),
        })
    }

    /// The columns as the contract's document shows them.
    pub fn header(&self) -> ConfigSnapshotHeader<'_> {
        ConfigSnapshotHeader {
            schema_version: 1,
            snapshot_id: &self.snapshot_id,
            agent_name: &self.agent_name,
            agent_version: &self.agent_version,
            created_at: self.created_at.millis(),
        }
    }
}

/// A snapshot's columns in an answer; times in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigSnapshotHeader<'a> {
    schema_version: u32,
    snapshot_id: &'a str,
    agent_name: &'a str,
    agent_version: &'a str,
    created_at: i64,
}

impl Header for ConfigSnapshotHeader<'_> {}
