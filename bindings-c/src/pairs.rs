//! Lists of names and values that the library made.

use crate::panic::value;
use crate::text::{s3iam_pair, s3iam_text};

/// A list of names and values that the library made: headers, or fields of a form. Immutable. Where it is the
/// caller's it is freed with `s3iam_pairs_free`.
#[derive(Clone)]
pub struct s3iam_pairs(Vec<(String, Vec<u8>)>);

/// The number of pairs. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_pairs_len(pairs: Option<&s3iam_pairs>) -> usize {
    value(0, || pairs.map_or(0, |pairs| pairs.0.len()))
}

/// The pair at `index`, counted from 0; both texts are empty if there are not that many, and for NULL. They
/// belong to the list.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_pairs_at(pairs: Option<&s3iam_pairs>, index: usize) -> s3iam_pair {
    let none = s3iam_pair { name: s3iam_text::EMPTY, value: s3iam_text::EMPTY };
    value(none, || {
        let pair = pairs.and_then(|pairs| pairs.0.get(index));
        pair.map_or(none, |(name, value)| s3iam_pair {
            name: s3iam_text::of(name),
            value: s3iam_text::of(value),
        })
    })
}

/// Frees a list of pairs that is the caller's. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_pairs_free(pairs: Option<Box<s3iam_pairs>>) {
    value((), || drop(pairs));
}

impl<V: Into<Vec<u8>>> FromIterator<(String, V)> for s3iam_pairs {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}
