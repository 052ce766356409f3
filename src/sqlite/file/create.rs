//! Finds a place for a file and makes it: private to the user unless `fileMode` says otherwise.

use super::descriptors;
use super::filesystem;
use super::one_per::OnePer;
use crate::error::{Code, Error, Result};
use crate::store::options::{Locking, Options};
use parking_lot::Mutex;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Permissions of a new file unless `fileMode` says otherwise.
pub const PRIVATE: u32 = 0o600;

/// Whoever finds a file may lock it, and would lose the lock when the thread that made it closes its descriptor: all who
/// want what is missing at this place wait for that.
static MAKING: OnePer<PathBuf, Mutex<()>> = OnePer::new();

/// Makes the file and its folders where they are missing; private to the user unless `fileMode` says otherwise.
///
/// `path` is the one behind all links.
pub fn make_file(path: &Path, file_mode: Option<u32>) -> Result<()> {
    let making = MAKING.of(path.to_owned());
    let _turn = making.lock();
    if path.exists() {
        return Ok(());
    }
    let mode = file_mode.unwrap_or(PRIVATE);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        make_folder(folder, mode).map_err(|error| io_error("make the folder of", path, &error))?;
    }
    match create_new(path, mode) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(io_error("make", path, &error)),
    }
}

/// Makes an empty file with these permissions, whatever the process keeps back from new files (its umask); fails if
/// something is there. SQLite gives its log and its index the same.
pub fn create_new(path: &Path, mode: u32) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    // Closing this descriptor drops no lock: nobody else has opened the file yet, see `MAKING`.
    descriptors::unseen(path, || {
        let made = options.open(path)?;
        #[cfg(unix)]
        made.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
        drop(made);
        Ok(())
    })
}

/// Makes the folder and those above it; what is there already stays as it is.
fn make_folder(folder: &Path, file_mode: u32) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_folder(above, file_mode)?;
    }
    // Who may read the file may search the folder; the owner may do all.
    let mode = 0o700 | file_mode | ((file_mode & 0o444) >> 2);
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Another process made it meanwhile, and gives it its permissions.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    }
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

/// Before anything is made there: a file that is missing lies where its nearest folder does.
pub fn refuse_unshared(path: &Path, options: &Options) -> Result<()> {
    let place = path.ancestors().find(|place| place.exists()).unwrap_or(path);
    let name = filesystem::magic(place).and_then(filesystem::without_shared_memory);
    match name {
        Some(name) if options.locking == Locking::Shared => Err(Error::new(
            Code::Unsupported,
            format!(
                "{} lies on {name}, which has no shared memory between processes: commits would be lost. Use a local disk, or locking: 'exclusive' if one process alone uses the file",
                path.display()
            ),
        )),
        _ => Ok(()),
    }
}

/// What the operating system refused, with the remedy.
pub fn io_error(act: &str, path: &Path, error: &std::io::Error) -> Error {
    let remedy = match error.kind() {
        ErrorKind::PermissionDenied => "; make the folder writable for this user, or choose another path",
        ErrorKind::ReadOnlyFilesystem => {
            "; the file system is read-only: choose another path, or open the store with readonly: true"
        }
        _ => out_of_descriptors(error),
    };
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let code = if full { Code::Full } else { Code::Io };
    Error::new(code, format!("can't {act} {}: {error}{remedy}", path.display()))
}

/// The remedy where a process has used up its descriptors, and nothing for any other error.
pub fn out_of_descriptors(error: &std::io::Error) -> &'static str {
    #[cfg(unix)]
    if matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) {
        return "; too many files are open: close some, or raise the limit (ulimit -n)";
    }
    let _ = error;
    ""
}
