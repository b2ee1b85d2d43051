//! The arguments of the functions that take a raw request: the buffer that `lib/request.cjs` packs,
//! and the body beside it, which is not copied. A function that is called for every request is made
//! with the buffer and holds it, so that it can be called without arguments.

use crate::failure::failure;
use napi::bindgen_prelude::FunctionCallContext;
use s3iam::facade::{ErrorProfile, PackedRequest};

/// Reads the request of a call into `packed`: in place, because it is large, and moving it takes longer than reading
/// a header. The first argument is the packing buffer, which may be longer than what was packed; without arguments
/// it is the one that the function `holds`. The second argument, where there is one, is the body.
#[inline]
pub fn request<'a>(
    call: &FunctionCallContext<'a>,
    holds: &'a [u8],
    packed: &mut PackedRequest<'a>,
    profile: ErrorProfile,
) -> napi::Result<()> {
    let buffer: &'a [u8] = if call.length() > 0 { call.get(0)? } else { holds };
    let body: Option<&'a [u8]> = if call.length() > 1 { call.get(1)? } else { None };
    packed.fill_reused(buffer, body).map_err(|error| failure(&error, profile))
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
