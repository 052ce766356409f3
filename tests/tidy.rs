//! Walls of the house: who may name whom, how long a file may be, and lists that must agree.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const MAX_RUST_LINES: usize = 400;
const MAX_TYPESCRIPT_LINES: usize = 250;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with this ending, with their text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((relative(&path), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "nothing ends with {ending} in {folder}");
    found.sort();
    found
}

/// The source without the files of inner tests, which may reach over walls.
fn source() -> Vec<(String, String)> {
    files("src", ".rs").into_iter().filter(|(path, _)| !path.ends_with("/tests.rs")).collect()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The text without comments, so that a word in prose counts as no use.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What plain data and the codec must not name.
const PURE: &[&str] = &["crate::store", "crate::sqlite", "crate::open", "crate::binding", "std::fs", "std::thread"];

#[test]
fn a_layer_uses_only_what_lies_below_it() {
    // Folder or file, and what it must not name.
    let walls: &[(&str, &[&str])] = &[
        ("src/error.rs", &["crate::"]),
        ("src/json.rs", &["crate::model", "crate::content", "crate::store", "crate::sqlite"]),
        ("src/model/", &["crate::content"]),
        ("src/model/", PURE),
        ("src/content/", &["crate::model"]),
        ("src/content/", PURE),
        ("src/store/", &["crate::sqlite", "crate::open", "crate::binding"]),
        ("src/sqlite/", &["crate::open", "crate::binding", "store::engine", "store::queue", "store::registry"]),
        ("src/open.rs", &["crate::binding"]),
    ];
    for (path, text) in source() {
        for (_, forbidden) in walls.iter().filter(|(place, _)| path.starts_with(place)) {
            for name in *forbidden {
                assert!(!code(&text).contains(name), "{path} names {name}");
            }
        }
    }
}

#[test]
fn a_crate_is_named_in_one_folder() {
    for (name, place) in [
        ("napi", "src/binding/"),
        ("rusqlite", "src/sqlite/"),
        ("zstd", "src/content/"),
        ("twox_hash", "src/content/"),
        ("blake3", "src/content/"),
    ] {
        for (path, text) in source() {
            assert!(path.starts_with(place) || !code(&text).contains(&format!("{name}::")), "{path} names {name}");
        }
    }
}

#[test]
fn every_file_says_first_why_it_exists_and_stays_short() {
    for (path, text) in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        assert!(text.starts_with("//! "), "{path} has no module documentation");
        assert!(text.lines().count() <= MAX_RUST_LINES, "{path} is longer than {MAX_RUST_LINES} lines");
    }
    for (path, text) in files("lib", ".ts") {
        assert!(text.starts_with("// ") || text.starts_with("/**"), "{path} does not say why it exists");
        assert!(text.lines().count() <= MAX_TYPESCRIPT_LINES, "{path} is longer than {MAX_TYPESCRIPT_LINES} lines");
    }
}

#[test]
fn no_statement_is_an_orphan() {
    let source: String = files("src/sqlite", ".rs").into_iter().map(|(_, text)| text).collect();
    for (path, _) in files("src/sqlite", ".sql") {
        let name = path.trim_start_matches("src/sqlite/").trim_start_matches("migrations/");
        assert!(source.contains(&format!("{name}\")")), "nothing includes {path}");
    }
}

#[test]
fn error_codes_are_those_of_the_contract() {
    let contract = fs::read_to_string(root().join("index.d.ts")).unwrap();
    let union = contract.split("type TraceStoreErrorCode").nth(1).unwrap().split(';').next().unwrap();
    let public: BTreeSet<&str> = union.split('\'').skip(1).step_by(2).collect();
    let core = fs::read_to_string(root().join("src/error.rs")).unwrap();
    let ours: BTreeSet<&str> = core.split("=> \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ours, public);
}

#[test]
fn operation_codes_are_those_of_the_typescript_side() {
    let core = fs::read_to_string(root().join("src/model/op.rs")).unwrap();
    let parsed = core.split("match code {").nth(1).unwrap().split("_ =>").next().unwrap();
    let ours: BTreeSet<u32> = parsed.lines().filter_map(|line| line.trim().split(" =>").next()?.parse().ok()).collect();
    let lib: String = files("lib", ".ts").into_iter().map(|(_, text)| text).collect();
    let methods = [
        "startTrace",
        "endTrace",
        "addSpan",
        "setApiIO",
        "upsertSession",
        "ensureConfigSnapshot",
        "setTraceScores",
        "setTraceTags",
    ];
    for (code, method) in (1..).zip(methods) {
        assert!(
            ours.contains(&code) && lib.contains(&format!("method: '{method}',\n  code: {code},")),
            "{method} is not operation {code} on both sides"
        );
    }
    assert_eq!(ours.len(), methods.len());
}
