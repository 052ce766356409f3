//! Which addons this process has loaded: a second copy of this one lets the first do the work, because two SQLite
//! libraries on one file would lose each other's commits.

use napi_derive::napi;

/// The file that this code was loaded from, then those of addons that were loaded before it, in order. Empty where
/// several copies do no harm, or can't be found.
#[napi]
pub fn addon_files() -> Vec<String> {
    let loaded = loaded::files();
    let own = loaded::own_file();
    let Some(at) = loaded.iter().position(|file| Some(file) == own.as_ref()) else { return Vec::new() };
    let is_addon = |file: &&String| file.to_ascii_lowercase().ends_with(".node");
    own.into_iter().chain(loaded[..at].iter().filter(is_addon).cloned()).collect()
}

#[cfg(unix)]
mod loaded {
    use std::ffi::{CStr, c_char, c_void};

    /// What holds this code.
    pub fn own_file() -> Option<String> {
        let mut found = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
        let here = own_file as *const c_void;
        // SAFETY: `found` has the size that the call fills, and zeroes are a valid value of it.
        let found = unsafe {
            let is_known = libc::dladdr(here, found.as_mut_ptr()) != 0;
            is_known.then(|| found.assume_init())?
        };
        text(found.dli_fname)
    }

    /// All that is loaded, in order.
    #[cfg(target_os = "linux")]
    pub fn files() -> Vec<String> {
        unsafe extern "C" fn note(info: *mut libc::dl_phdr_info, _: libc::size_t, list: *mut c_void) -> libc::c_int {
            // SAFETY: both are alive for this call: `list` is the one given below.
            let (info, list) = unsafe { (&*info, &mut *list.cast::<Vec<String>>()) };
            list.extend(text(info.dlpi_name));
            0
        }
        let mut list = Vec::new();
        // SAFETY: `note` uses its last argument as what it is, and only during this call.
        unsafe { libc::dl_iterate_phdr(Some(note), std::ptr::from_mut(&mut list).cast()) };
        list
    }

    /// All that is loaded, in order.
    #[cfg(target_vendor = "apple")]
    #[allow(deprecated, reason = "libc would have another crate for it")]
    pub fn files() -> Vec<String> {
        // SAFETY: an index beyond the end has no name, which is null.
        (0..unsafe { libc::_dyld_image_count() })
            .filter_map(|at| text(unsafe { libc::_dyld_get_image_name(at) }))
            .collect()
    }

    fn text(name: *const c_char) -> Option<String> {
        // SAFETY: the loader's names end with NUL and live as long as what is loaded; addons are never unloaded.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_str().ok().map(str::to_owned))?
    }
}

/// Windows locks belong to handles: another copy does no harm there.
#[cfg(not(unix))]
mod loaded {
    pub fn own_file() -> Option<String> {
        None
    }

    pub fn files() -> Vec<String> {
        Vec::new()
    }
}
