//! Lists of names that the library made.

use crate::panic::value;
use crate::text::s3iam_text;

/// A list of names that the library allocated and the caller frees with `s3iam_names_free`. Immutable.
pub struct s3iam_names(Vec<String>);

/// The number of names. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_names_len(names: Option<&s3iam_names>) -> usize {
    value(0, || names.map_or(0, |names| names.0.len()))
}

/// The name at `index`, counted from 0; empty if there are not that many, and for NULL. It belongs to
/// the list.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_names_at(names: Option<&s3iam_names>, index: usize) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        names.and_then(|names| names.0.get(index)).map_or(s3iam_text::EMPTY, s3iam_text::of)
    })
}

/// Frees a list of names. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_names_free(names: Option<Box<s3iam_names>>) {
    value((), || drop(names));
}

impl s3iam_names {
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self(names)
    }
}
