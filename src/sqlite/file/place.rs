//! Where a database may be: behind all links, under a name that is its own, a regular file or nothing.

use super::create::io_error;
use super::identity::{SUFFIXES, sidecar};
use crate::error::{Code, Error, Result};
use std::collections::VecDeque;
use std::fs;
use std::io::{Error as IoError, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// As many links behind one another are a circle, as for the operating system.
const MOST_LINKS: usize = 40;

/// SQLite takes 512 bytes, with the longest ending of a part; on Windows the system has a limit of its own.
const LONGEST: usize = if cfg!(unix) { 512 - "-journal".len() } else { usize::MAX };

/// The place that `path` names, whether something is there or not.
///
/// `INVALID_ARGUMENT` if its name is that of another file's part, or too long for SQLite; `IO` if something is there, or where its own parts
/// will be, that is no regular file: opening a pipe would wait for ever, and a device would be overwritten.
pub fn find(path: &Path) -> Result<PathBuf> {
    let place = behind_links(path).map_err(|error| io_error("find", path, &error))?;
    refuse_reserved(path, &place)?;
    refuse_long(path, &place)?;
    refuse_odd(path, fs::metadata(&place))?;
    for suffix in SUFFIXES {
        // A link there would lead to somebody else's file.
        let part = sidecar(&place, suffix);
        refuse_odd(&part, fs::symlink_metadata(&part))?;
    }
    Ok(place)
}

/// Like `canonicalize`, for what is not there yet too.
pub fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    if let Ok(found) = fs::canonicalize(path) {
        return Ok(found);
    }
    let parts = |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>();
    let mut ahead: VecDeque<_> = parts(&std::path::absolute(path)?).into();
    let (mut place, mut links) = (PathBuf::new(), 0);
    while let Some(part) = ahead.pop_front() {
        if Path::new(&part).components().next() == Some(Component::ParentDir) {
            place.pop();
            continue;
        }
        place.push(part);
        let Ok(target) = fs::read_link(&place) else { continue };
        links += 1;
        if links > MOST_LINKS {
            return Err(IoError::new(ErrorKind::InvalidInput, "its links lead in a circle"));
        }
        place.pop();
        parts(&target).into_iter().rev().for_each(|part| ahead.push_front(part));
    }
    Ok(place)
}

/// Refuses a place whose name makes it a part of another file.
pub fn refuse_reserved(given: &Path, place: &Path) -> Result<()> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    // There the same name may be spelt in other ways.
    let name =
        if cfg!(target_os = "linux") { name } else { name.trim_end_matches(['.', ' ']).to_ascii_lowercase().into() };
    let Some(suffix) = SUFFIXES.iter().find(|suffix| name.len() > suffix.len() && name.ends_with(**suffix)) else {
        return Ok(());
    };
    let leads = if given == place { String::new() } else { format!(" leads to {}, which", place.display()) };
    Err(Error::invalid(format!(
        "{}{leads} ends in '{suffix}': SQLite takes it for a part of another file; choose another path",
        given.display()
    )))
}

/// Refuses a place whose path is longer than SQLite can open.
pub fn refuse_long(given: &Path, place: &Path) -> Result<()> {
    let length = place.as_os_str().len();
    if length <= LONGEST {
        return Ok(());
    }
    let given = given.display();
    Err(Error::invalid(format!(
        "{given} is a path of {length} bytes behind its links, and SQLite takes {LONGEST}: choose a shorter one"
    )))
}

fn refuse_odd(path: &Path, found: std::io::Result<fs::Metadata>) -> Result<()> {
    // What can't be looked at is refused by whoever opens it.
    let Ok(found) = found else { return Ok(()) };
    let kind = match found.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "directory",
        kind if kind.is_symlink() => "symbolic link",
        _ => "pipe, socket or device",
    };
    Err(Error::new(
        Code::Io,
        format!(
            "{} is a {kind}; there must be a regular file, or nothing: choose another path, or remove it",
            path.display()
        ),
    ))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_to_what_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let here = fs::canonicalize(folder.path()).unwrap();
        symlink("later/x.db", here.join("to-file")).unwrap();
        symlink("missing", here.join("to-folder")).unwrap();
        symlink(here.join("to-folder/../to-file"), here.join("to-link")).unwrap();
        let place = |name: &str| behind_links(&here.join(name)).unwrap();
        assert_eq!(place("to-file"), here.join("later/x.db"));
        assert_eq!(place("to-folder/sub/y.db"), here.join("missing/sub/y.db"));
        assert_eq!(place("to-link"), here.join("later/x.db"));
        assert_eq!(place("a/../plain.db"), here.join("plain.db"));
    }

    #[test]
    fn a_circle_of_links_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        symlink(&one, &other).unwrap();
        symlink(&other, &one).unwrap();
        assert_eq!(find(&one).unwrap_err().code, Code::Io);
    }
}
