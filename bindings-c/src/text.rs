//! Text that crosses the boundary: a pointer and a length, and strings that the library allocates.

use crate::error::s3iam_error;
use crate::panic::value;
use crate::pointer;
use s3iam::facade::{Error, ErrorCode};
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// Text or bytes: a pointer and a length, without a NUL at the end. Given to a function it is read
/// during the call only. From an accessor it belongs to the handle that was asked and is valid until
/// that handle is freed. `data` may be NULL if `len` is 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_text {
    /// The first byte.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

/// A name and a value: a header line, a condition value, the tag of an object.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_pair {
    /// The name; of a header as it was sent.
    pub name: s3iam_text,
    /// The value.
    pub value: s3iam_text,
}

/// A string that the library allocated and the caller frees with `s3iam_string_free`.
pub struct s3iam_string {
    /// The text and a NUL after it.
    bytes: Vec<u8>,
}

/// The text of a string. A NUL byte follows it that is not counted in its length. NULL gives the
/// empty text.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_string_text(string: Option<&s3iam_string>) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let bytes = string.and_then(|string| string.bytes.split_last());
        bytes.map_or(s3iam_text::EMPTY, |(_, text)| s3iam_text::of(text))
    })
}

/// Frees a string. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_string_free(string: Option<Box<s3iam_string>>) {
    value((), || drop(string));
}

impl s3iam_text {
    /// No text; its pointer is not NULL, so that C may pass it on to anything.
    pub(crate) const EMPTY: Self = Self { data: c"".as_ptr(), len: 0 };

    /// A text that lies in a handle.
    pub(crate) fn of(text: impl AsRef<[u8]>) -> Self {
        match text.as_ref() {
            [] => Self::EMPTY,
            bytes => Self { data: bytes.as_ptr().cast(), len: bytes.len() },
        }
    }

    /// The bytes that the caller handed over.
    pub(crate) fn bytes(&self) -> Result<&[u8], s3iam_error> {
        pointer::bytes(self)
    }

    /// The same, as text that must be UTF-8; `what` names it for the error. Most members of a question are
    /// not given, so that is seen first.
    #[inline]
    pub(crate) fn utf8(&self, what: &'static str) -> Result<&str, s3iam_error> {
        if self.len == 0 { Ok("") } else { self.given_utf8(what) }
    }

    fn given_utf8(&self, what: &'static str) -> Result<&str, s3iam_error> {
        std::str::from_utf8(self.bytes()?).map_err(|error| {
            let message = format!("{what} is not valid UTF-8 at byte {}", error.valid_up_to());
            Error::with_message(ErrorCode::InvalidUtf8, message).into()
        })
    }
}

/// Gives bytes that lie in a handle or in the caller's input.
pub(crate) fn give_bytes(bytes: &[u8], out: &mut MaybeUninit<*const u8>, len: &mut MaybeUninit<usize>) {
    let text = s3iam_text::of(bytes);
    out.write(text.data.cast());
    len.write(text.len);
}

impl From<String> for Box<s3iam_string> {
    fn from(text: String) -> Self {
        let mut bytes = text.into_bytes();
        bytes.push(0);
        Box::new(s3iam_string { bytes })
    }
}
