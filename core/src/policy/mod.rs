//! Policy documents: the text, what it says, and where.

mod built_in;
mod document;
pub(crate) mod member;
mod piece;
mod print;
#[cfg(feature = "aws")]
mod print_aws;
mod read;
#[cfg(feature = "aws")]
mod read_aws;
mod read_condition;
pub(crate) mod read_statement;

pub use built_in::{built_in, built_in_names};
pub use document::{
    ConditionEntry, Document, Element, Kind, Limits, Principal, PrincipalType, Scalar, ScalarKind, Statement,
    Text,
};
pub use piece::Piece;
pub(crate) use piece::Source;

/// Whose rules a policy follows; fixed when a policy is read and compiled, never asked per request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// MinIO's policy engine, with the departures listed in the manual.
    #[default]
    Minio,
    /// AWS.
    Aws,
}

impl Dialect {
    /// Its name: `minio` or `aws`.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Minio => "minio",
            Dialect::Aws => "aws",
        }
    }

    /// The dialect of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Dialect::Minio, Dialect::Aws].into_iter().find(|dialect| dialect.name() == name)
    }

    /// Whether it is the AWS dialect. Without the feature `aws` no document is, and what only such documents
    /// need is left out of the program.
    #[inline(always)]
    pub(crate) fn is_aws(self) -> bool {
        cfg!(feature = "aws") && self == Dialect::Aws
    }
}

/// The rules that a document is evaluated by: its dialect, and what its version makes of `${`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The dialect.
    pub dialect: Dialect,
    /// Whether there are policy variables. AWS has them in version 2012-10-17 only, MinIO always.
    pub variables: bool,
}
