//! How much of a request is looked at before its signature is known to be right.
//!
//! Each limit has an error code of its own and is checked before anything is sorted, decoded or hashed. They
//! are above what HTTP servers take; within them the work grows no faster than the request does. Builds
//! without `forms` leave the length of lines and of the target to the HTTP server.

/// Longest `Authorization` header.
pub(super) const MAX_AUTHORIZATION_BYTES: usize = 8 * 1024;
/// Most names in a list of signed headers.
pub(super) const MAX_SIGNED_HEADERS: usize = 256;
/// Longest list of signed headers.
pub(super) const MAX_SIGNED_HEADERS_BYTES: usize = 8 * 1024;
/// Longest access key.
pub(super) const MAX_ACCESS_KEY_BYTES: usize = 256;
/// Longest session token.
pub(super) const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Longest region set of SigV4A.
#[cfg(feature = "forms")]
pub(super) const MAX_REGION_SET_BYTES: usize = 2 * 1024;
/// Longest request target. A key of 1024 bytes and the longest session token need half of it, were every byte
/// an escape.
#[cfg(feature = "forms")]
const MAX_TARGET_BYTES: usize = 64 * 1024;

/// Checks the length of a target, before anything of it is read.
#[cfg(feature = "forms")]
pub(super) fn check_target(target: &[u8]) -> Result<(), crate::Error> {
    if target.len() > MAX_TARGET_BYTES { Err(crate::ErrorCode::TargetTooLong.into()) } else { Ok(()) }
}

/// Longest name of a header; with the next one it is one below a power of two.
#[cfg(feature = "forms")]
pub(super) const MAX_HEADER_NAME_BYTES: usize = (1 << 10) - 1;
/// Longest value of a header.
#[cfg(feature = "forms")]
pub(super) const MAX_HEADER_VALUE_BYTES: usize = (1 << 16) - 1;
/// Most header lines.
pub(super) const MAX_HEADERS: usize = 256;
/// Most query parameters.
pub(super) const MAX_QUERY_PARAMETERS: usize = 256;
/// Longest time that a presigned request may be valid, one week.
pub(super) const MAX_EXPIRES_SECONDS: u32 = 604_800;
/// Most parts of a form, the file among them.
#[cfg(feature = "forms")]
pub(super) const MAX_FORM_PARTS: usize = 1000;
/// Most bytes of all fields of a form together, names and values.
#[cfg(feature = "forms")]
pub(super) const MAX_FORM_BYTES: usize = 256 * 1024;
/// Longest policy of a form, as it is sent.
#[cfg(feature = "forms")]
pub(super) const MAX_FORM_POLICY_BYTES: usize = 64 * 1024;
