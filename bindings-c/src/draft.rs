//! Policies of browser forms.

use crate::error::s3iam_error;
use crate::options::c_bool;
use crate::pairs::s3iam_pairs;
use crate::panic::{call, given};
use crate::pointer;
use crate::sign::s3iam_signer;
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::{PolicyCondition, PolicyDraft, PolicyKey, Timestamp};
use std::mem::MaybeUninit;

/// What must hold for a field of a form, or for its file.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_condition_kind {
    /// The field has this value. It becomes a field of the form.
    S3IAM_CONDITION_EQUALS = 0,
    /// The value of the field begins like this; an empty value takes any. The form has to set it.
    S3IAM_CONDITION_STARTS_WITH = 1,
    /// The file has a length from `least` to `greatest` bytes, both included.
    S3IAM_CONDITION_CONTENT_LENGTH = 2,
}

/// A condition of a policy. This struct does not change within one soname.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_policy_condition {
    /// An `s3iam_condition_kind`.
    pub kind: u32,
    /// The field, for example `acl` or `x-amz-meta-tag`.
    pub field: s3iam_text,
    /// Its value, or how it begins.
    pub value: s3iam_text,
    /// The least length.
    pub least: u64,
    /// The greatest length.
    pub greatest: u64,
}

/// What a form may upload, and until when.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_policy_draft {
    /// `sizeof(s3iam_policy_draft)`.
    pub size: usize,
    /// The bucket.
    pub bucket: s3iam_text,
    /// The object key, or how it begins.
    pub key: s3iam_text,
    /// What else must hold. Every field of the form needs a condition.
    pub conditions: *const s3iam_policy_condition,
    /// The number of conditions.
    pub conditions_len: usize,
    /// The instant from which on nothing may be uploaded any more, in milliseconds since 1970 UTC.
    pub expires_ms: i64,
    /// Whether any key that begins like `key` may be uploaded to, which may be empty. The form uploads to this
    /// prefix and the name of the file.
    pub key_is_prefix: c_bool,
}

/// Signs a policy for uploads by a browser form at the time `now_ms`, and gives the fields of the form in their
/// order. The file comes after them, and so do fields that the draft allows without setting them. The list is
/// the caller's to free.
///
/// A service other than S3 and SigV4A, which have no forms, and a draft that no form can fulfil are
/// `S3IAM_ERROR_INVALID_ARGUMENT`: one that has expired, an empty bucket or key, a condition on a field that
/// signing sets, two values of one field, a least length that is more than the greatest. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_post_policy(
    signer: Option<&s3iam_signer>,
    draft: *const s3iam_policy_draft,
    now_ms: i64,
    out: Option<&mut MaybeUninit<Box<s3iam_pairs>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (signer, out) = (given(signer)?.core(), given(out)?);
        let now = Timestamp::from_unix_millis(now_ms);
        let fields = s3iam_policy_draft::read(draft, |draft| signer.post_policy(draft, now))?;
        out.write(Box::new(fields?.into_iter().collect()));
        Ok(())
    })
}

impl s3iam_policy_draft {
    /// Calls `work` with the draft that the caller filled in.
    fn read<R>(draft: *const Self, work: impl FnOnce(&PolicyDraft<'_>) -> R) -> Result<R, s3iam_error> {
        let draft: Self = pointer::sized(draft)?;
        let conditions = pointer::slice(&draft.conditions, draft.conditions_len)?;
        let conditions: Vec<PolicyCondition<'_>> =
            conditions.iter().map(s3iam_policy_condition::read).collect::<Result<_, _>>()?;
        let key = draft.key.utf8("the key")?;
        Ok(work(&PolicyDraft {
            bucket: draft.bucket.utf8("the bucket")?,
            key: if draft.key_is_prefix.is_set() { PolicyKey::Prefix(key) } else { PolicyKey::Exact(key) },
            conditions: &conditions,
            expiration: Timestamp::from_unix_millis(draft.expires_ms),
        }))
    }
}

impl s3iam_policy_condition {
    fn read(&self) -> Result<PolicyCondition<'_>, s3iam_error> {
        use s3iam_condition_kind::*;
        let (field, value) = (self.field.utf8("a field")?, self.value.utf8("the value of a field")?);
        let is_length = self.kind == S3IAM_CONDITION_CONTENT_LENGTH as u32;
        if is_length && (!field.is_empty() || !value.is_empty())
            || !is_length && (self.least != 0 || self.greatest != 0)
        {
            return Err(s3iam_error::argument("a condition has members that its kind does not have"));
        }
        match self.kind {
            n if n == S3IAM_CONDITION_EQUALS as u32 => Ok(PolicyCondition::Equals { field, value }),
            n if n == S3IAM_CONDITION_STARTS_WITH as u32 => {
                Ok(PolicyCondition::StartsWith { field, prefix: value })
            }
            _ if is_length => Ok(PolicyCondition::ContentLength { least: self.least, most: self.greatest }),
            _ => Err(s3iam_error::argument("the kind of a condition is not an s3iam_condition_kind")),
        }
    }
}
