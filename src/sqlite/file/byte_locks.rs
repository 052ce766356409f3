//! Locks on single bytes of a file that belong to whoever opened it: they are gone with the last descriptor, as when the
//! process is killed, whatever it was doing, and stay while it is stopped or asleep.
//!
//! POSIX record locks would be lost when anything in the process closes another descriptor of the same file.

#[cfg(unix)]
pub use unix::{is_locked, lock, lock_all, unlock};

#[cfg(windows)]
pub use windows::{is_locked, lock, lock_all, unlock};

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{Error, Result};
    use std::os::fd::AsRawFd;

    #[cfg(not(target_vendor = "apple"))]
    use libc::{F_OFD_GETLK, F_OFD_SETLK};

    /// As in `sys/fcntl.h`; libc has no names for them.
    #[cfg(target_vendor = "apple")]
    const F_OFD_SETLK: libc::c_int = 90;
    #[cfg(target_vendor = "apple")]
    const F_OFD_GETLK: libc::c_int = 92;

    #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast, reason = "the types differ between platforms")]
    const WRITTEN: libc::c_short = libc::F_WRLCK as libc::c_short;
    #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast, reason = "the types differ between platforms")]
    const FREE: libc::c_short = libc::F_UNLCK as libc::c_short;

    /// Locks a byte; false if somebody else has.
    pub fn lock(file: &File, byte: i64) -> Result<bool> {
        set(file, record(WRITTEN, byte, 1))
    }

    /// Locks all bytes; false if somebody else has locked one.
    pub fn lock_all(file: &File) -> Result<bool> {
        set(file, record(WRITTEN, 0, 0))
    }

    /// Unlocks a byte that was locked through this file.
    pub fn unlock(file: &File, byte: i64) -> Result<()> {
        set(file, record(FREE, byte, 1)).map(drop)
    }

    /// Whether somebody else has locked a byte.
    pub fn is_locked(file: &File, byte: i64) -> Result<bool> {
        let mut found = record(WRITTEN, byte, 1);
        call(file, F_OFD_GETLK, &mut found)?;
        Ok(found.l_type != FREE)
    }

    fn set(file: &File, mut wanted: libc::flock) -> Result<bool> {
        match call(file, F_OFD_SETLK, &mut wanted) {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EACCES)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A length of 0 reaches to the end, wherever that is.
    #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast, reason = "the types differ between platforms")]
    fn record(kind: libc::c_short, start: i64, length: i64) -> libc::flock {
        #[expect(unsafe_code, reason = "the structure has fields that only some platforms have")]
        // SAFETY: zeroes are a valid value of it; the process id must be 0 for these calls.
        let mut record: libc::flock = unsafe { std::mem::zeroed() };
        record.l_type = kind;
        record.l_whence = libc::SEEK_SET as libc::c_short;
        record.l_start = start as libc::off_t;
        record.l_len = length as libc::off_t;
        record
    }

    fn call(file: &File, command: libc::c_int, record: &mut libc::flock) -> Result<()> {
        #[expect(unsafe_code, reason = "the standard library locks whole files only")]
        // SAFETY: the descriptor is open for as long as `file` lives, and the structure is the one that the call takes.
        let done = unsafe { libc::fcntl(file.as_raw_fd(), command, std::ptr::from_mut(record)) };
        if done == -1 { Err(Error::last_os_error()) } else { Ok(()) }
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::io::{Error, Result};
    use std::os::windows::io::AsRawHandle;
    use windows_sys::Win32::Foundation::ERROR_LOCK_VIOLATION;
    use windows_sys::Win32::Storage::FileSystem::{
        LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, UnlockFileEx,
    };
    use windows_sys::Win32::System::IO::OVERLAPPED;

    /// Locks a byte; false if somebody else has.
    pub fn lock(file: &File, byte: i64) -> Result<bool> {
        set(file, byte, 1)
    }

    /// Locks all bytes; false if somebody, this process too, has locked one.
    pub fn lock_all(file: &File) -> Result<bool> {
        set(file, 0, u64::MAX >> 1)
    }

    /// Whether somebody else has locked a byte: it can only be told by trying.
    pub fn is_locked(file: &File, byte: i64) -> Result<bool> {
        if !lock(file, byte)? {
            return Ok(true);
        }
        unlock(file, byte).map(|()| false)
    }

    /// Unlocks a byte that was locked through this file.
    pub fn unlock(file: &File, byte: i64) -> Result<()> {
        let mut place = place(byte);
        #[expect(unsafe_code, reason = "the standard library locks whole files only")]
        // SAFETY: the handle is open for as long as `file` lives.
        let done = unsafe { UnlockFileEx(file.as_raw_handle(), 0, 1, 0, &mut place) };
        if done == 0 { Err(Error::last_os_error()) } else { Ok(()) }
    }

    fn set(file: &File, start: i64, length: u64) -> Result<bool> {
        let mut place = place(start);
        let flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
        #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
        let (low, high) = (length as u32, (length >> 32) as u32);
        #[expect(unsafe_code, reason = "the standard library locks whole files only")]
        // SAFETY: the handle is open for as long as `file` lives.
        let done = unsafe { LockFileEx(file.as_raw_handle(), flags, 0, low, high, &mut place) };
        if done != 0 {
            return Ok(true);
        }
        let error = Error::last_os_error();
        let is_taken = error.raw_os_error().is_some_and(|code| code.unsigned_abs() == ERROR_LOCK_VIOLATION);
        if is_taken { Ok(false) } else { Err(error) }
    }

    fn place(start: i64) -> OVERLAPPED {
        let mut place = OVERLAPPED::default();
        #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
        let (low, high) = (start as u32, (start >> 32) as u32);
        place.Anonymous.Anonymous.Offset = low;
        place.Anonymous.Anonymous.OffsetHigh = high;
        place
    }
}
