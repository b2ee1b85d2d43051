//! Access control lists of S3.

use crate::error::s3iam_error;
use crate::panic::{call, given, value};
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::Acl;
use std::mem::MaybeUninit;

/// The access control lists of a bucket and an object, and whose the object is. Immutable: any number of
/// threads may ask with it at once. Free with `s3iam_acl_free`.
pub struct s3iam_acl(Acl);

/// Reads access control lists from JSON text:
///
/// `{"ownership", "bucket": [{"grantee", "permission"}], "object": [...], "objectOwner",
/// "callerCanonicalId"}`.
///
/// `ownership` is `BucketOwnerEnforced` (the default, under which lists grant nothing),
/// `BucketOwnerPreferred` or `ObjectWriter`. A grantee is one of `{"account": number}`, `{"id": canonical
/// id}` and `{"uri": address of a group}`; a permission is `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or
/// `FULL_CONTROL`. `objectOwner` is the account that owns the object, if there is one; `callerCanonicalId`
/// the canonical id of the caller's account, if it is known. What is null is not given.
///
/// Anything else is `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_acl_parse(
    acl: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_acl>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let out = given(out)?;
        out.write(Box::new(s3iam_acl(Acl::parse(acl.bytes()?)?)));
        Ok(())
    })
}

/// Whether one of the lists grants something to everyone, or to everyone who has an account. Such a list is
/// to be refused where `block_public_acls` is set. NULL gives true.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_acl_is_public(acl: Option<&s3iam_acl>) -> bool {
    value(true, || acl.is_none_or(|acl| acl.0.is_public()))
}

/// Frees access control lists. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_acl_free(acl: Option<Box<s3iam_acl>>) {
    value((), || drop(acl));
}

impl s3iam_acl {
    /// The lists of the core.
    pub(crate) fn core(&self) -> &Acl {
        &self.0
    }
}
