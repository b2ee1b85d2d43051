//! Which library this is.

use std::ffi::c_char;

/// The version of the library that is loaded, for example `0.1.0`, with a NUL at its end. Compare it
/// with `S3IAM_VERSION`, the version of the header. It is valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_version() -> *const c_char {
    const VERSION: &std::ffi::CStr =
        match std::ffi::CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}
