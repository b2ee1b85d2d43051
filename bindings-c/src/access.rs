//! What may be reached with an action.

use crate::error::s3iam_error;
use crate::panic::{call, give, given, value};
use crate::query::s3iam_query;
use crate::status::s3iam_status;
use crate::text::s3iam_string;
use s3iam::facade::{Access, Truth, access_json};
use std::mem::MaybeUninit;

/// What may be done with one action, as sets of resources. It keeps nothing of the handle that was asked
/// and may outlive it. Immutable: any number of threads may ask it at once. Free with `s3iam_access_free`.
pub struct s3iam_access(Access);

/// Whether something is so: only `S3IAM_TRUTH_TRUE` is yes. Zero is no.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_truth {
    /// No.
    S3IAM_TRUTH_FALSE = 0,
    /// Yes.
    S3IAM_TRUTH_TRUE = 1,
    /// It depends on condition values that were not given.
    S3IAM_TRUTH_UNKNOWN = 2,
}

/// Gives whether the action is allowed on the resource, or bucket and object, of a query; the query's
/// other members are not looked at. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_access_allows(
    access: Option<&s3iam_access>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<s3iam_truth>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let access = &given(access)?.0;
        give(out, access.allows(s3iam_query::take(query)?.target()?).into())
    })
}

/// Gives the sets of resources as JSON text:
/// `{"layers": [{"layer", "isBroken", "allow", "deny"}]}`. In each layer that is allowed which a region of
/// `allow` holds and no region of `deny`, and all layers must allow; policies that stand alone are one layer
/// without a name, and where there is no layer everything is allowed. A layer that `isBroken` allows nothing:
/// one of its policies cannot be evaluated. A region is `{"policyIndex", "index",
/// "resources", "except", "conditions"}`: the statement it is of, the patterns that it holds and those it
/// leaves out, and the conditions that are still open, each `{"operator", "key", "values", "start", "end"}`.
/// The string is the caller's to free.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_access_json(
    access: Option<&s3iam_access>,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
) -> s3iam_status {
    call(None, || give(out, access_json(&given(access)?.0).into()))
}

/// Frees an access. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_access_free(access: Option<Box<s3iam_access>>) {
    value((), || drop(access));
}

impl s3iam_access {
    pub(crate) fn new(access: Access) -> Self {
        Self(access)
    }
}

impl From<Truth> for s3iam_truth {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::False => Self::S3IAM_TRUTH_FALSE,
            Truth::True => Self::S3IAM_TRUTH_TRUE,
            Truth::Unknown => Self::S3IAM_TRUTH_UNKNOWN,
        }
    }
}
