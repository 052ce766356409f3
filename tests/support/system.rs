//! The system calls by which a program finishes a file without SQLite, failing by the plan of that file's folder.
//!
//! Functions of the C library that a program defines itself are called in place of the library's, by Rust's standard
//! library too.

#![allow(unsafe_code, reason = "the C library's functions are given pointers")]

use super::faults::{self, Call, Fault, Place};
use std::ffi::{CStr, OsStr, c_char, c_int, c_long};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Fails for a file of a watched folder, and for the folder itself.
#[unsafe(no_mangle)]
extern "C" fn fsync(descriptor: c_int) -> c_int {
    let path = std::fs::read_link(format!("/proc/self/fd/{descriptor}")).unwrap_or_default();
    let place = if path.is_dir() { Place::Folder } else { Place::Database };
    fail(fault(Call::Flush, place, &path)).unwrap_or_else(|| {
        // SAFETY: the caller's own argument.
        answer(unsafe { libc::syscall(libc::SYS_fsync, descriptor) })
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn linkat(from: c_int, old: *const c_char, to: c_int, new: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's own arguments; names end with NUL.
    unsafe {
        fail(fault(Call::Link, Place::Database, path(new)))
            .unwrap_or_else(|| answer(libc::syscall(libc::SYS_linkat, from, old, to, new, flags)))
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(old: *const c_char, new: *const c_char) -> c_int {
    let here = libc::AT_FDCWD;
    // SAFETY: as above.
    unsafe {
        fail(fault(Call::Rename, Place::Database, path(new)))
            .unwrap_or_else(|| answer(libc::syscall(libc::SYS_renameat2, here, old, here, new, 0)))
    }
}

unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    // SAFETY: the caller's name ends with NUL and outlives the call.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

fn fault(call: Call, place: Place, path: &Path) -> Option<Fault> {
    faults::of(path)?.strike(call, place)
}

fn fail(fault: Option<Fault>) -> Option<c_int> {
    let Fault::Code(code) = fault? else { return None };
    // SAFETY: the thread's own.
    unsafe { *libc::__errno_location() = code };
    Some(-1)
}

fn answer(code: c_long) -> c_int {
    c_int::try_from(code).unwrap_or(-1)
}
