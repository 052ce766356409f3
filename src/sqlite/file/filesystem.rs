//! Which file systems can't share a write-ahead log between processes.
//!
//! SQLite keeps the log's index in shared memory; network and shared-folder file systems map it separately on each
//! side, and commits would be lost without a word.

/// The name of the file system, if it is one of those.
pub fn without_shared_memory(magic: i64) -> Option<&'static str> {
    // From linux/magic.h and the file systems' own headers. Folders that a virtual machine or a container shares with
    // its host are 9P, FUSE (VirtioFS, osxfs and gRPC FUSE too) or the host program's own.
    match magic {
        0x6969 => Some("NFS"),
        0x517b => Some("SMB"),
        0xfe53_4d42 => Some("SMB2"),
        0xff53_4d42 => Some("CIFS"),
        0x564c => Some("NCP"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x7375_7245 => Some("Coda"),
        0x00c3_6400 => Some("Ceph"),
        0x7461_636f => Some("OCFS2"),
        0x0116_1970 => Some("GFS2"),
        0x0bd0_0bd0 => Some("Lustre"),
        0x4750_4653 => Some("GPFS"),
        0x1983_0326 => Some("BeeGFS"),
        0xaad7_aaea => Some("PanFS"),
        0xbeef_dead => Some("StorNext"),
        0x6163_6673 => Some("ACFS"),
        0x0102_1997 => Some("9P"),
        0x6573_5546 => Some("FUSE"),
        0x6a65_6a63 => Some("a shared folder of Docker Desktop"),
        0x786f_4256 => Some("a VirtualBox shared folder"),
        0xbacb_acbc => Some("a VMware shared folder"),
        0x7c7c_6673 => Some("a Parallels shared folder"),
        _ => None,
    }
}

/// The kind of file system at `path`, where the platform tells.
#[cfg(target_os = "linux")]
pub fn magic(path: &std::path::Path) -> Option<i64> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes()).ok()?;
    let mut answer = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    #[expect(unsafe_code, reason = "statfs has no safe binding in the standard library")]
    // SAFETY: `path` ends with NUL, `answer` has the size that the call fills, and zeroes are a valid value of it.
    let answer = unsafe {
        if libc::statfs(path.as_ptr(), answer.as_mut_ptr()) != 0 {
            return None;
        }
        answer.assume_init()
    };
    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_cast,
        reason = "the field's type differs between C libraries"
    )]
    Some(answer.f_type as i64 & 0xffff_ffff)
}

/// The kind of file system at `path`, where the platform tells.
#[cfg(not(target_os = "linux"))]
pub fn magic(_path: &std::path::Path) -> Option<i64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_number() {
        assert_eq!(without_shared_memory(0x6969), Some("NFS"));
        assert_eq!(without_shared_memory(0xef53), None, "ext4");
        assert_eq!(without_shared_memory(0x794c_7630), None, "overlayfs");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_temporary_folder_has_a_kind() {
        assert!(magic(&std::env::temp_dir()).is_some());
        assert!(magic(std::path::Path::new("/no/such/place")).is_none());
    }
}
