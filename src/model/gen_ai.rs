//! The names of the OpenTelemetry attributes for generative AI: the table that both languages read.

use super::fact::{Fact, FactPlace};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One attribute of the table.
#[derive(Deserialize)]
struct Attribute {
    name: String,
    /// The path of the fact that it tells.
    fact: Option<String>,
    /// Old names of it, and those that other conventions give it; of several that are given the first here counts.
    #[serde(default)]
    aliases: Vec<String>,
}

static PLACES: LazyLock<HashMap<String, FactPlace>> =
    LazyLock::new(|| places(include_str!("../../lib/write/gen-ai.json")));

/// What an attribute of a span tells, by whatever name.
pub fn place(name: &str) -> Option<FactPlace> {
    PLACES.get(name).copied()
}

/// All that attributes can tell, by their present names.
pub fn present_places() -> impl Iterator<Item = FactPlace> {
    PLACES.values().copied().filter(|place| place.rank == FactPlace::ATTRIBUTE)
}

fn places(table: &str) -> HashMap<String, FactPlace> {
    let attributes: Vec<Attribute> = serde_json::from_str(table).unwrap_or_default();
    let told = attributes.into_iter().filter_map(|attribute| {
        let fact = Fact::at(attribute.fact.as_deref()?)?;
        let names = std::iter::once(attribute.name).chain(attribute.aliases);
        Some(names.zip(FactPlace::ATTRIBUTE..).map(move |(name, rank)| (name, FactPlace { fact, rank })))
    });
    told.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_the_table_is_known_and_every_name_is_there_once() {
        let table = include_str!("../../lib/write/gen-ai.json");
        let attributes: Vec<Attribute> = serde_json::from_str(table).unwrap();
        let told: Vec<&Attribute> = attributes.iter().filter(|attribute| attribute.fact.is_some()).collect();
        assert!(told.iter().all(|attribute| attribute.fact.as_deref().and_then(Fact::at).is_some()));
        let names: usize = told.iter().map(|attribute| 1 + attribute.aliases.len()).sum();
        assert_eq!((told.len(), names), (15, places(table).len()));
    }
}
