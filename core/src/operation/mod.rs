//! From a raw request to the S3 operation it asks for, and the checks that the operation needs.

use crate::catalog::ActionId;
use crate::http::{HttpRequest, ShortBytes};
use crate::{Error, ErrorCode};

/// Where buckets are looked for in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosting {
    /// The domains under which `<bucket>.<domain>` names a bucket; empty for path style only.
    pub domains: Vec<String>,
}

/// An S3 operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /`
    ListBuckets,
}

impl Operation {
    /// The name as AWS's service model spells it, for example `GetObject`.
    pub fn name(self) -> &'static str {
        match self {
            Operation::ListBuckets => "ListBuckets",
        }
    }
}

/// A recognised request: the operation and what it touches, decoded.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The operation.
    pub operation: Operation,
    path: ShortBytes,
    bucket_length: usize,
}

impl Recognised {
    /// The bucket, or empty.
    pub fn bucket(&self) -> &[u8] {
        self.path.get(..self.bucket_length).unwrap_or_default()
    }

    /// The object key, decoded, or empty.
    pub fn key(&self) -> &[u8] {
        self.path.get(self.bucket_length..).unwrap_or_default()
    }
}

/// Whether a check must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It must be allowed.
    Allowed,
    /// One check of the group must be allowed.
    AnyOf,
    /// It must not be explicitly denied.
    NotDenied,
}

/// One check that an operation needs.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The action.
    pub action: ActionId,
    /// The bucket, or empty.
    pub bucket: &'a [u8],
    /// The object key, or empty.
    pub key: &'a [u8],
    /// Whether it must hold.
    pub requirement: Requirement,
}

/// Recognises the operation of a raw request.
pub fn recognise(request: &HttpRequest<'_>, hosting: &Hosting) -> Result<Recognised, Error> {
    let _ = (request, hosting);
    Err(ErrorCode::NotImplemented.into())
}
