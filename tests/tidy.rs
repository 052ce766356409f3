//! Walls of the house: who may name whom, how long a file may be, and lists that must agree.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

#[path = "support/modules.rs"]
mod modules;

use modules::{Modules, Uses, circle};
use std::collections::{BTreeMap, BTreeSet};
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
const PURE: &[&str] =
    &["crate::documents", "crate::store", "crate::sqlite", "crate::open", "crate::binding", "std::fs", "std::thread"];

#[test]
fn a_layer_uses_only_what_lies_below_it() {
    // Folder or file, and what it must not name.
    let walls: &[(&str, &[&str])] = &[
        ("src/error.rs", &["crate::"]),
        (
            "src/json.rs",
            &["crate::model", "crate::wire", "crate::content", "crate::documents", "crate::store", "crate::sqlite"],
        ),
        ("src/wire/", &["crate::model", "crate::content"]),
        ("src/wire/", PURE),
        ("src/model/", &["crate::content", "crate::wire"]),
        ("src/model/", PURE),
        ("src/content/", &["crate::model", "crate::wire"]),
        ("src/content/", PURE),
        (
            "src/documents/",
            &[
                "crate::wire",
                "crate::store",
                "crate::sqlite",
                "crate::open",
                "crate::binding",
                "std::fs",
                "std::thread",
            ],
        ),
        ("src/documents/rows/", &["crate::documents::"]),
        ("src/store/", &["crate::documents", "crate::sqlite", "crate::open", "crate::binding"]),
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

/// The rooms of the backend from the ground up: each uses only those before it, and what stands beside them.
const ROOMS: &[&str] = &["file", "entries", "facets", "lists", "rows", "jobs"];

#[test]
fn a_room_of_the_backend_uses_only_those_below_it() {
    for (path, text) in source() {
        let Some(room) = ROOMS.iter().position(|room| path.starts_with(&format!("src/sqlite/{room}/"))) else {
            continue;
        };
        for above in &ROOMS[room + 1..] {
            assert!(!code(&text).contains(&format!("sqlite::{above}::")), "{path} names {above}");
        }
    }
}

#[test]
fn nothing_uses_what_uses_it() {
    let modules = Modules::new(source().into_iter().map(|(path, text)| (path, code(&text))));
    let uses = modules.uses();
    let arrows: usize = uses.values().map(BTreeSet::len).sum();
    assert!(arrows > 200, "only {arrows} uses were found");
    assert_eq!(circle(&uses), None, "files");
    assert_eq!(circle(&folders(&uses)), None, "folders");
}

/// What stands side by side in one folder counts as one; a folder may use what stands beside it.
fn folders(uses: &Uses) -> Uses {
    let folder = |module: &str| module.rsplit_once("::").map(|(folder, _)| folder.to_owned());
    let mut found: Uses = BTreeMap::new();
    for (module, used) in uses {
        let Some(own) = folder(module) else { continue };
        let others = used.iter().filter_map(|used| folder(used)).filter(|other| {
            *other != own && !own.starts_with(&format!("{other}::")) && !other.starts_with(&format!("{own}::"))
        });
        found.entry(own.clone()).or_default().extend(others);
    }
    found
}

#[test]
fn a_circle_is_found() {
    let sources = [
        ("src/a/mod.rs", "pub mod one; pub use one::One;"),
        ("src/a/one.rs", "use crate::b::{self, two::Two};"),
        ("src/b/mod.rs", "pub mod two;"),
        ("src/b/two.rs", "use crate::error::Error;\nfn f(one: crate::a::One) {}"),
        ("src/error.rs", ""),
    ];
    let modules = Modules::new(sources.map(|(path, text)| (path.to_owned(), text.to_owned())));
    assert_eq!(circle(&modules.uses()), Some(vec!["a::one".to_owned(), "b::two".to_owned()]));
}

/// Types are told apart by their names alone, wherever they are.
#[test]
fn no_two_types_share_a_name() {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in source() {
        let shown = text.split("#[cfg(test)]").next().unwrap().to_owned();
        for line in shown.lines() {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let Some(rest) = ["struct ", "enum ", "trait ", "type "].iter().find_map(|word| line.strip_prefix(word))
            else {
                continue;
            };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if let Some(other) = known.insert(name.clone(), path.clone()) {
                panic!("{name} is a type in {other} and in {path}");
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
    for (path, text) in files("lib", ".ts").into_iter().chain(files("types", ".d.ts")) {
        assert!(text.starts_with("// ") || text.starts_with("/**"), "{path} does not say why it exists");
        assert!(text.lines().count() <= MAX_TYPESCRIPT_LINES, "{path} is longer than {MAX_TYPESCRIPT_LINES} lines");
    }
}

#[test]
fn no_statement_is_an_orphan() {
    let source: String = files("src/sqlite", ".rs").into_iter().map(|(_, text)| text).collect();
    for (path, _) in files("src/sqlite", ".sql") {
        let name = path.rsplit('/').next().unwrap();
        assert!(
            source.contains(&format!("/{name}\")")) || source.contains(&format!("(\"{name}\")")),
            "nothing includes {path}"
        );
    }
}

/// A tag can be moved to other code after somebody has looked at it.
#[test]
fn actions_are_named_by_their_hash() {
    for (path, text) in files(".github", ".yml") {
        for action in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
            let hash = action.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_pinned = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_pinned || action.starts_with("./"), "{path}: {action}");
        }
    }
}

#[test]
fn only_the_step_that_publishes_sees_the_token() {
    for (path, text) in files(".github", ".yml") {
        let steps = text.split("\n      - ").filter(|step| step.contains("secrets."));
        for step in steps {
            assert!(step.starts_with("run:") && step.contains("npm publish"), "{path}: {step}");
        }
    }
}

#[test]
fn error_codes_are_those_of_the_contract() {
    let contract = fs::read_to_string(root().join("types/errors.d.ts")).unwrap();
    let union = contract.split("type TraceStoreErrorCode").nth(1).unwrap().split(';').next().unwrap();
    let public: BTreeSet<&str> = union.split('\'').skip(1).step_by(2).collect();
    let core = fs::read_to_string(root().join("src/error.rs")).unwrap();
    let ours: BTreeSet<&str> = core.split("=> \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ours, public);
}
