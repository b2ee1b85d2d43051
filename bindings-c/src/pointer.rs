//! Every `unsafe` block of the library: what C hands over becomes a Rust value here.
//!
//! What is relied on is what the header asks of the caller under "Pointers": a pointer that is not
//! NULL points to what its type says, properly aligned and for as long as the call takes; a pointer
//! with a length points to that many elements; a struct that starts with `size` has that many
//! bytes. Everything that can be checked is checked: NULL, alignment, lengths, sizes.
//!
//! Handles need nothing from here: `Option<&T>` is C's `const T *`, `Option<Box<T>>` is a `T *` whose
//! ownership moves, and an out-parameter is `Option<&mut MaybeUninit<T>>`, so that what it held
//! before is never read.

use crate::account::{s3iam_account_options, s3iam_operation_query};
use crate::error::s3iam_error;
use crate::options::{s3iam_options, s3iam_policy_options};
use crate::policy::{s3iam_policy, s3iam_query};
use crate::request::s3iam_http_request;
use crate::signature::s3iam_key;
use crate::text::{s3iam_pair, s3iam_text};
use s3iam::facade::ErrorCode;
use std::mem::MaybeUninit;

/// A type of which C may fill a value.
///
/// # Safety
/// Every pattern of bytes that a caller who keeps to the header can produce is a valid value, and so
/// are bytes that are all zero.
pub(crate) unsafe trait FromC: Copy {}

// SAFETY: any byte is a number.
unsafe impl FromC for u8 {}
// SAFETY: any byte is a number. C's `char` is the one or the other.
unsafe impl FromC for i8 {}
// SAFETY: raw pointers and numbers, any of which is valid until it is used.
unsafe impl FromC for s3iam_text {}
// SAFETY: two texts.
unsafe impl FromC for s3iam_pair {}
// SAFETY: as the structs' members: texts, raw pointers, numbers and flags.
unsafe impl FromC for s3iam_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_policy_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_query {}
// SAFETY: see above.
unsafe impl FromC for s3iam_account_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_operation_query {}
// SAFETY: see above.
unsafe impl FromC for s3iam_http_request {}
// SAFETY: see above.
unsafe impl FromC for s3iam_key {}
// SAFETY: a handle pointer is NULL or valid for the call.
unsafe impl FromC for Option<&s3iam_policy> {}

/// The elements at `*data`. NULL is an empty list if `len` is 0.
///
/// Takes the pointer by reference so that what it returns cannot outlive the caller's struct.
pub(crate) fn slice<T: FromC>(data: &*const T, len: usize) -> Result<&[T], s3iam_error> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(ErrorCode::NullPointer.into());
    }
    if !data.is_aligned() || len.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX as usize) {
        return Err(s3iam_error::argument("a pointer is not aligned, or a length is impossible"));
    }
    // SAFETY: not NULL, aligned, of a possible length, and the caller vouches for the elements.
    Ok(unsafe { std::slice::from_raw_parts(*data, len) })
}

/// The bytes of a text.
pub(crate) fn bytes(text: &s3iam_text) -> Result<&[u8], s3iam_error> {
    let characters = slice(&text.data, text.len)?;
    // SAFETY: C's characters are bytes; the slice is the same one.
    Ok(unsafe { std::slice::from_raw_parts(characters.as_ptr().cast::<u8>(), characters.len()) })
}

/// A struct that starts with its own `size`. One that is smaller than ours was written against an
/// older header: the members it lacks are zero, which always means "as if not given". One that is
/// larger may ask for what this version cannot do, so it is refused.
pub(crate) fn sized<T: FromC>(pointer: *const T) -> Result<T, s3iam_error> {
    if pointer.is_null() {
        return Err(ErrorCode::NullPointer.into());
    }
    if !pointer.is_aligned() {
        return Err(s3iam_error::argument("a struct is not aligned"));
    }
    // SAFETY: not NULL, aligned, and every such struct starts with its size.
    let size = unsafe { pointer.cast::<usize>().read() };
    if size > size_of::<T>() {
        return Err(s3iam_error::argument(
            "a struct's size is larger than this version of the library knows",
        ));
    }
    if size < size_of::<usize>() || size % align_of::<T>() != 0 {
        return Err(s3iam_error::argument("a struct's size member is not set"));
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: `size` bytes can be read, for the caller says so, and written, for it is at most T's
    // size; the rest is zero, and both make a valid T.
    unsafe {
        std::ptr::copy_nonoverlapping(pointer.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), size);
        Ok(value.assume_init())
    }
}

/// As [`sized`]; NULL is a struct in which nothing is given.
pub(crate) fn sized_or_default<T: FromC>(pointer: *const T) -> Result<T, s3iam_error> {
    if pointer.is_null() {
        // SAFETY: bytes that are all zero are a valid T.
        return Ok(unsafe { MaybeUninit::<T>::zeroed().assume_init() });
    }
    sized(pointer)
}
