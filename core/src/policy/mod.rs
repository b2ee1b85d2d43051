//! Policy documents: the text, what it says, and where.

mod built_in;
mod document;
pub(crate) mod member;
mod print;
mod read;
mod read_condition;
pub(crate) mod read_statement;

pub use built_in::{built_in, built_in_names};
pub use document::{
    ConditionEntry, Document, Element, Kind, Limits, Principal, Scalar, ScalarKind, Statement, Text,
};

/// Whose rules a policy follows; fixed when a policy is read and compiled, never asked per request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// MinIO's policy engine, with the departures listed in the manual.
    #[default]
    Minio,
    /// AWS.
    Aws,
}
