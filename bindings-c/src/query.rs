//! Questions, and who asks them.

use crate::acl::s3iam_acl;
use crate::error::s3iam_error;
use crate::options::c_bool;
use crate::pointer;
use crate::text::{s3iam_pair, s3iam_text};
use s3iam::facade::{Caller, ContextMap, Dialect, Query, Target};

/// What kind of principal asks. Zero is none: nobody is named.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_principal_kind {
    /// Not given.
    S3IAM_PRINCIPAL_NONE = 0,
    /// Nobody who is known. It has no name.
    S3IAM_PRINCIPAL_ANONYMOUS = 1,
    /// The root user of an account, for example `arn:aws:iam::111122223333:root`.
    S3IAM_PRINCIPAL_ROOT = 2,
    /// An IAM user, for example `arn:aws:iam::111122223333:user/alice`.
    S3IAM_PRINCIPAL_USER = 3,
    /// A session of a role, for example `arn:aws:sts::111122223333:assumed-role/reader/alice`; behind it is
    /// the role.
    S3IAM_PRINCIPAL_ROLE_SESSION = 4,
    /// A session that a user made for somebody else, for example
    /// `arn:aws:sts::111122223333:federated-user/bob`; behind it is the user, if known.
    S3IAM_PRINCIPAL_FEDERATED_USER = 5,
    /// A service of AWS, for example `cloudtrail.amazonaws.com`.
    S3IAM_PRINCIPAL_SERVICE = 6,
    /// Somebody whom an identity provider vouches for, as trust policies see them: a domain such as
    /// `accounts.google.com`, or the ARN of an OIDC or SAML provider.
    S3IAM_PRINCIPAL_FEDERATED = 7,
}

/// Who asks, in the AWS dialect. This struct does not change within one soname.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_principal {
    /// An `s3iam_principal_kind`; 0 if the principal is not given.
    pub kind: u32,
    /// Its name: an ARN, or what the kind says.
    pub name: s3iam_text,
    /// Who is behind it: the ARN of the role of a role session or, if known, of the user of a federated
    /// user; empty for the other kinds.
    pub behind: s3iam_text,
}

/// A question to a policy. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_query<'a> {
    /// `sizeof(s3iam_query)`.
    pub size: usize,
    /// The action, for example `s3:GetObject`.
    pub action: s3iam_text,
    /// What it is to be done on: an ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone.
    /// Either this, or `bucket` and `object`.
    pub resource: s3iam_text,
    /// The bucket; for KMS actions the key name.
    pub bucket: s3iam_text,
    /// The object key, decoded.
    pub object: s3iam_text,
    /// The account, as bucket policies match it; empty for anonymous.
    pub account: s3iam_text,
    /// Condition values, for example `aws:SourceIp`. A name given several times has several values. To the
    /// AWS dialect a name is a whole condition key, in any letter case.
    pub context: *const s3iam_pair,
    /// The number of condition values.
    pub context_len: usize,
    /// The caller owns the storage: allowed unless a Deny applies.
    pub is_owner: c_bool,
    /// Only an explicit Deny matters.
    pub deny_only: c_bool,
    /// Who asks, for layers and for policies of the AWS dialect that name principals.
    pub principal: s3iam_principal,
    /// The account that owns the resource, for layers; empty for the caller's own.
    pub resource_account: s3iam_text,
    /// The access control lists of the bucket and the object, for layers; NULL if there are none.
    pub acl: Option<&'a s3iam_acl>,
}

impl s3iam_query<'_> {
    /// What the caller filled in.
    pub(crate) fn take(query: *const Self) -> Result<Self, s3iam_error> {
        pointer::sized(query)
    }

    /// Calls `ask` with the question and its context, for policies of `dialect`.
    pub(crate) fn read<R>(
        &self,
        dialect: Dialect,
        ask: impl FnOnce(&Query<'_>, &ContextMap<'_>) -> R,
    ) -> Result<R, s3iam_error> {
        let mut context = ContextMap::of(dialect);
        for entry in pointer::slice(&self.context, self.context_len)? {
            context.add(entry.name.utf8("the name of a condition value")?, entry.value.bytes()?);
        }
        let resource_account = self.resource_account.utf8("the account of the resource")?;
        let query = Query {
            context: &context,
            account: self.account.utf8("the account")?,
            is_owner: self.is_owner.is_set(),
            deny_only: self.deny_only.is_set(),
            caller: self.principal.read()?,
            acl: self.acl.map(s3iam_acl::core),
            resource_account: Some(resource_account).filter(|account| !account.is_empty()),
            ..Query::new(self.action.utf8("the action")?, self.target()?)
        };
        Ok(ask(&query, &context))
    }

    /// What the question is about.
    pub(crate) fn target(&self) -> Result<Target<'_>, s3iam_error> {
        let resource = self.resource.utf8("the resource")?;
        let (bucket, object) = (self.bucket.utf8("the bucket")?, self.object.utf8("the object")?);
        match (resource, bucket, object) {
            (resource, "", "") => Ok(Target::Resource(resource)),
            ("", bucket, object) => Ok(Target::Object { bucket, object }),
            _ => Err(s3iam_error::argument("both a resource and a bucket or object are given")),
        }
    }
}

impl s3iam_principal_kind {
    /// The name of a kind in the core.
    fn name(number: u32) -> Result<&'static str, s3iam_error> {
        let all = [
            (Self::S3IAM_PRINCIPAL_ANONYMOUS, "anonymous"),
            (Self::S3IAM_PRINCIPAL_ROOT, "root"),
            (Self::S3IAM_PRINCIPAL_USER, "user"),
            (Self::S3IAM_PRINCIPAL_ROLE_SESSION, "role-session"),
            (Self::S3IAM_PRINCIPAL_FEDERATED_USER, "federated-user"),
            (Self::S3IAM_PRINCIPAL_SERVICE, "service"),
            (Self::S3IAM_PRINCIPAL_FEDERATED, "federated"),
        ];
        let found = all.into_iter().find(|(kind, _)| *kind as u32 == number);
        found
            .map(|(_, name)| name)
            .ok_or_else(|| s3iam_error::argument("the kind of the principal is not an s3iam_principal_kind"))
    }
}

impl s3iam_principal {
    /// The caller, if one is given.
    fn read(&self) -> Result<Option<Caller<'_>>, s3iam_error> {
        let (name, behind) =
            (self.name.utf8("the principal")?, self.behind.utf8("who is behind the principal")?);
        if self.kind == s3iam_principal_kind::S3IAM_PRINCIPAL_NONE as u32 {
            return match (name, behind) {
                ("", "") => Ok(None),
                _ => Err(s3iam_error::argument("a principal is named without its kind")),
            };
        }
        let kind = s3iam_principal_kind::name(self.kind)?;
        match Caller::named(kind, name, Some(behind).filter(|behind| !behind.is_empty())) {
            Some(caller) => Ok(Some(caller)),
            None => Err(s3iam_error::argument(
                "the principal's kind, name and who is behind it do not go together",
            )),
        }
    }
}
