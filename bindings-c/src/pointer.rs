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
use crate::draft::{s3iam_policy_condition, s3iam_policy_draft};
use crate::error::s3iam_error;
use crate::layers::{s3iam_layer_policies, s3iam_level};
use crate::options::{s3iam_options, s3iam_policy_options};
use crate::policy::s3iam_policy;
use crate::post::s3iam_post_form;
use crate::query::s3iam_query;
use crate::request::s3iam_http_request;
use crate::sign::s3iam_signer_options;
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
// SAFETY: as the structs' members: texts, raw pointers, handle pointers, numbers and flags.
unsafe impl FromC for s3iam_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_policy_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_query<'_> {}
// SAFETY: see above.
unsafe impl FromC for s3iam_account_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_operation_query {}
// SAFETY: see above.
unsafe impl FromC for s3iam_http_request {}
// SAFETY: see above.
unsafe impl FromC for s3iam_key {}
// SAFETY: see above.
unsafe impl FromC for s3iam_post_form {}
// SAFETY: see above.
unsafe impl FromC for s3iam_signer_options {}
// SAFETY: see above.
unsafe impl FromC for s3iam_policy_draft {}
// SAFETY: texts and numbers.
unsafe impl FromC for s3iam_policy_condition {}
// SAFETY: a handle pointer is NULL or valid for the call.
unsafe impl FromC for Option<&s3iam_policy> {}
// SAFETY: a raw pointer and a number.
unsafe impl FromC for s3iam_level<'_> {}
// SAFETY: raw pointers, handle pointers, numbers and flags.
unsafe impl FromC for s3iam_layer_policies<'_> {}

/// The elements at `*data`. NULL is an empty list if `len` is 0.
///
/// Takes the pointer by reference so that what it returns cannot outlive the caller's struct.
pub(crate) fn slice<T: FromC>(data: &*const T, len: usize) -> Result<&[T], s3iam_error> {
    if len == 0 {
        return Ok(&[]);
    }
    check_array(*data, len, size_of::<T>())?;
    // SAFETY: not NULL, aligned, of a possible length, and the caller vouches for the elements.
    Ok(unsafe { std::slice::from_raw_parts(*data, len) })
}

/// The places of an array of `len` values that the caller wants filled. NULL is an empty one if `len` is 0.
pub(crate) fn places<T>(
    out: &mut *mut MaybeUninit<T>,
    len: usize,
) -> Result<&mut [MaybeUninit<T>], s3iam_error> {
    if len == 0 {
        return Ok(&mut []);
    }
    check_array(*out, len, size_of::<T>())?;
    // SAFETY: not NULL, aligned, of a possible length; the caller vouches that it is there to be written,
    // and what it held is never read.
    Ok(unsafe { std::slice::from_raw_parts_mut(*out, len) })
}

/// Whether a pointer can be that of `len` elements, each `size` bytes after the one before.
fn check_array<T>(data: *const T, len: usize, size: usize) -> Result<(), s3iam_error> {
    if data.is_null() {
        return Err(ErrorCode::NullPointer.into());
    }
    if !data.is_aligned() || len.checked_mul(size).is_none_or(|bytes| bytes > isize::MAX as usize) {
        return Err(s3iam_error::argument("a pointer is not aligned, or a length is impossible"));
    }
    Ok(())
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
#[inline]
pub(crate) fn sized<T: FromC>(pointer: *const T) -> Result<T, s3iam_error> {
    let size = size(pointer)?;
    if size == size_of::<T>() {
        // SAFETY: not NULL, aligned, and as large as ours, as the caller says.
        return Ok(unsafe { pointer.read() });
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: `size` bytes can be read, for the caller says so, and written, for it is at most T's
    // size; the rest is zero, and both make a valid T.
    unsafe {
        std::ptr::copy_nonoverlapping(pointer.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), size);
        Ok(value.assume_init())
    }
}

/// The structs of an array, each as [`sized`] gives it. All have the same `size`, and one follows the other
/// at that distance: those of a program that was built with an older header are smaller than ours.
pub(crate) fn sized_array<T: FromC>(
    first: *const T,
    len: usize,
) -> Result<impl Iterator<Item = Result<T, s3iam_error>>, s3iam_error> {
    let distance = if len == 0 { 0 } else { size(first)? };
    if len > 0 {
        check_array(first, len, distance)?;
    }
    Ok((0..len).map(move |index| {
        let pointer = first.wrapping_byte_add(index * distance);
        if size(pointer)? != distance {
            return Err(s3iam_error::argument("a struct's size is not that of the first of its array"));
        }
        sized(pointer)
    }))
}

/// The checked `size` of a struct that starts with it.
fn size<T: FromC>(pointer: *const T) -> Result<usize, s3iam_error> {
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
    Ok(size)
}

/// As [`sized`]; NULL is a struct in which nothing is given.
pub(crate) fn sized_or_default<T: FromC>(pointer: *const T) -> Result<T, s3iam_error> {
    if pointer.is_null() {
        // SAFETY: bytes that are all zero are a valid T.
        return Ok(unsafe { MaybeUninit::<T>::zeroed().assume_init() });
    }
    sized(pointer)
}
