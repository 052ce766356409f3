//! Which source file uses which, read from `use` statements and paths, as far as that takes no compiler.

use std::collections::{BTreeMap, BTreeSet};

/// Files by the path of their module, such as `sqlite::file::guard`.
pub struct Modules {
    files: BTreeMap<String, String>,
    /// What a module hands on under a name of its own: `content::Block` is `content::block::Block`.
    renamed: BTreeMap<String, String>,
}

/// For each module the modules that it uses.
pub type Uses = BTreeMap<String, BTreeSet<String>>;

impl Modules {
    /// From paths below the repository's root, and texts without comments.
    pub fn new(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let files: BTreeMap<_, _> = sources.into_iter().map(|(path, text)| (module(&path), text)).collect();
        let mut modules = Self { files, renamed: BTreeMap::new() };
        modules.renamed = modules.hand_on();
        modules
    }

    /// Who uses whom; a module that only names its own parts uses none of them.
    pub fn uses(&self) -> Uses {
        let found = |(module, text): (&String, &String)| {
            let used = paths(text).into_iter().filter_map(|path| self.resolve(module, &path));
            (module.clone(), used.filter(|used| used != module && !used.is_empty()).collect())
        };
        self.files.iter().map(found).collect()
    }

    fn hand_on(&self) -> BTreeMap<String, String> {
        let mut renamed = BTreeMap::new();
        for (module, text) in &self.files {
            for statement in text.split("pub use ").skip(1) {
                for path in expand(statement.split(';').next().unwrap_or_default()) {
                    let name = path.rsplit("::").next().unwrap_or_default();
                    renamed.insert(join(module, name), join(module, path.trim_start_matches("self::")));
                }
            }
        }
        renamed
    }

    /// The module that a path in `module` leads to.
    fn resolve(&self, module: &str, path: &str) -> Option<String> {
        let mut whole = if let Some(rest) = path.strip_prefix("crate::") {
            rest.to_owned()
        } else {
            let mut base = module;
            let mut rest = path;
            while let Some(after) = rest.strip_prefix("super::") {
                base = base.rsplit_once("::").map_or("", |(parent, _)| parent);
                rest = after;
            }
            join(base, rest.trim_start_matches("self::"))
        };
        if let Some(name) = self.renamed.iter().find(|(name, _)| is_within(&whole, name)) {
            whole = whole.replacen(name.0, name.1, 1);
        }
        loop {
            if self.files.contains_key(&whole) {
                return Some(whole);
            }
            whole.truncate(whole.rfind("::")?);
        }
    }
}

/// A way from a module back to itself, if there is one.
pub fn circle(uses: &Uses) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    uses.keys().find_map(|start| follow(uses, start, &mut Vec::new(), &mut done))
}

fn follow(uses: &Uses, at: &str, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> Option<Vec<String>> {
    if let Some(begin) = way.iter().position(|before| before == at) {
        return Some(way[begin..].to_vec());
    }
    if done.contains(at) {
        return None;
    }
    way.push(at.to_owned());
    let found = uses.get(at).into_iter().flatten().find_map(|next| follow(uses, next, way, done));
    way.pop();
    done.insert(at.to_owned());
    found
}

fn module(path: &str) -> String {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inner.replace('/', "::")
}

fn join(module: &str, rest: &str) -> String {
    if module.is_empty() { rest.to_owned() } else { format!("{module}::{rest}") }
}

fn is_within(path: &str, name: &str) -> bool {
    path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"))
}

/// Every path that begins at the crate, the parent or the module itself.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(start) {
            let inside =
                text[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || "_:".contains(before));
            if !inside {
                found.extend(expand(&text[at..]));
            }
        }
    }
    found
}

/// The paths that the beginning of a text stands for: `a::{b, c::d}` are two.
fn expand(text: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    if !rest.starts_with('{') || !head.ends_with("::") {
        return vec![head.trim_end_matches(':').to_owned()];
    }
    let parts = split(&rest[1..]).into_iter();
    parts.flat_map(|part| expand(part.trim())).map(|part| format!("{head}{part}")).collect()
}

/// The parts between here and the closing brace.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[begin..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}
