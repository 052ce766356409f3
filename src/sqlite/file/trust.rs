//! Whether what lies beside a database may be its log, its index or its journal: SQLite plays the first and the last into
//! the database, whoever put them there, and writes into them whatever is written.

use super::identity::{SUFFIXES, sidecar};
use crate::error::{Code, Error, Result};
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Whoever may write.
const WRITE: u32 = 0o022;
const READ: u32 = 0o044;
/// The bits that tell the kind of a file, and what they are of a regular one, on every system.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// Whose a file is, what it is, and who may use it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    owner: u32,
    group: u32,
    /// With the kind of file, as `stat` has it.
    mode: u32,
}

impl Standing {
    #[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "the type differs between platforms")]
    pub fn of_descriptor(found: &libc::stat) -> Self {
        Self { owner: found.st_uid, group: found.st_gid, mode: found.st_mode as u32 }
    }

    fn of_file(found: &Metadata) -> Self {
        Self { owner: found.uid(), group: found.gid(), mode: found.mode() }
    }

    /// The permissions that are more than the database has, if this user can take them away.
    pub fn excess(self, database: Self, user: u32) -> Option<u32> {
        let more = self.mode & (READ | WRITE) & !database.mode;
        (more != 0 && self.owner == user).then_some(self.mode & 0o777 & !more)
    }

    /// Why it can't be a part of this database, for a process of this user.
    pub fn objection(self, database: Self, user: u32) -> Option<&'static str> {
        if self.mode & KIND != REGULAR {
            return Some("is no regular file");
        }
        // Whoever may write the database anyway makes its parts as well as its owner does.
        let by_group = database.mode & 0o020 != 0 && self.group == database.group;
        let by_writer = by_group || database.mode & 0o002 != 0;
        if ![database.owner, user, 0].contains(&self.owner) && !by_writer {
            return Some("belongs to another user than the database");
        }
        if self.mode & (READ | WRITE) & !database.mode != 0 && self.owner != user {
            return Some("can be read or written by more users than the database");
        }
        None
    }
}

/// The user that this process acts for.
pub fn user() -> u32 {
    #[expect(unsafe_code, reason = "the standard library has no binding for it")]
    // SAFETY: it takes nothing and never fails.
    unsafe {
        libc::geteuid()
    }
}

/// The standing of the database that a file with this path is a part of by its name, if there is one.
pub fn database_of(path: &Path) -> Option<Standing> {
    let bytes = path.as_os_str().as_bytes();
    let database = SUFFIXES.iter().find_map(|suffix| bytes.strip_suffix(suffix.as_bytes()))?;
    let database = PathBuf::from(std::ffi::OsStr::from_bytes(database));
    fs::metadata(database).ok().map(|found| Standing::of_file(&found))
}

/// `IO` if something lies beside the database that somebody may have planted there. Asked before each connection, for the
/// words; what is put there afterwards SQLite is kept from opening (`descriptors`).
pub fn refuse_planted(path: &Path) -> Result<()> {
    for suffix in SUFFIXES {
        let part = sidecar(path, suffix);
        let Ok(found) = fs::symlink_metadata(&part) else { continue };
        let Some(database) = database_of(&part) else { continue };
        if let Some(objection) = Standing::of_file(&found).objection(database, user()) {
            return Err(Error::new(
                Code::Io,
                format!(
                    "{} {objection}: whoever made it could read and change what is stored. If it is yours, give it the owner and the permissions of the database; if not, remove it",
                    part.display()
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(owner: u32, group: u32, mode: u32) -> Standing {
        Standing { owner, group, mode: REGULAR | mode }
    }

    #[test]
    fn only_who_may_write_the_database_makes_its_parts() {
        let private = standing(10, 10, 0o600);
        let objection = |database: Standing, part: Standing, user| part.objection(database, user).is_some();
        for part in [standing(10, 10, 0o600), standing(0, 0, 0o600), standing(10, 99, 0o400)] {
            assert!(!objection(private, part, 10) && !objection(private, part, 0), "{part:?}");
        }
        assert!(!objection(private, standing(20, 20, 0o600), 20), "one's own");
        assert!(objection(private, standing(20, 20, 0o666), 10));
        assert!(objection(private, standing(20, 20, 0o600), 0));
        assert!(objection(private, standing(20, 10, 0o600), 10));
        let (group, all) = (standing(10, 50, 0o660), standing(10, 50, 0o666));
        assert!(!objection(group, standing(20, 50, 0o660), 10) && objection(group, standing(20, 51, 0o660), 10));
        assert!(!objection(all, standing(20, 51, 0o666), 10));
        assert!(objection(standing(10, 50, 0o640), standing(20, 50, 0o640), 10), "who may only read");
        // A link, a folder and a pipe.
        for kind in [0o120_000, 0o040_000, 0o010_000] {
            let part = Standing { mode: kind | 0o600, ..private };
            assert!(objection(private, part, 10));
        }
    }

    #[test]
    fn permissions_beyond_those_of_the_database_are_taken_away_or_refused() {
        let database = standing(10, 10, 0o640);
        let part = standing(10, 10, 0o666);
        assert_eq!((part.objection(database, 10), part.excess(database, 10)), (None, Some(0o640)));
        assert!(part.objection(database, 0).is_some() && part.excess(database, 0).is_none());
        assert_eq!(standing(10, 10, 0o600).excess(database, 10), None);
    }
}
