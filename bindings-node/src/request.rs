//! The arguments of the functions that take a raw request: the buffer that `lib/request.cjs` packs,
//! and the body beside it, which is not copied.

use crate::failure::failure;
use napi::bindgen_prelude::FunctionCallContext;
use s3iam::facade::{ErrorProfile, PackedRequest};

/// Reads the request out of a call. The first argument is the packing buffer, which may be longer
/// than what was packed; the second, where there is one, is the body.
#[inline]
pub fn request<'a>(call: &FunctionCallContext<'a>, profile: ErrorProfile) -> napi::Result<PackedRequest<'a>> {
    let packed: &'a [u8] = call.get(0)?;
    let body: Option<&'a [u8]> = if call.length() > 1 { call.get(1)? } else { None };
    self::packed(packed, body, profile)
}

/// Reads the request out of the packing buffer and the body.
#[inline]
pub fn packed<'a>(
    buffer: &'a [u8],
    body: Option<&'a [u8]>,
    profile: ErrorProfile,
) -> napi::Result<PackedRequest<'a>> {
    PackedRequest::read_reused(buffer, body).map_err(|error| failure(&error, profile))
}
