//! Condition keys, ready to be looked up.

use crate::catalog::{self, ValueName};
use crate::evaluate::ContextKey;

/// A condition key of a compiled policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    value: Option<ValueName>,
    /// The value name with its suffix.
    name: Box<str>,
    /// Where the suffix begins in `name`, after the slash.
    suffix: Option<usize>,
}

impl Key {
    /// The key that a policy writes as `text`, for example `s3:ExistingObjectTag/env`; `None` if
    /// the catalogue does not know it.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, suffix) = match text.split_once('/') {
            Some((base, suffix)) => (base, Some(suffix)),
            None => (text, None),
        };
        let (_, row) = catalog::condition_key(base)?;
        let value = row.value;
        let name = match suffix {
            Some(suffix) => format!("{}/{suffix}", value.name()),
            None => value.name().to_owned(),
        };
        Some(Self { value: Some(value), name: name.into(), suffix: suffix.map(|_| value.name().len() + 1) })
    }

    /// The form in which contexts are asked.
    pub fn lookup(&self) -> ContextKey<'_> {
        let suffix = self.suffix.and_then(|at| self.name.get(at..));
        ContextKey { value: self.value, suffix, name: &self.name }
    }
}
