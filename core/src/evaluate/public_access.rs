//! Block Public Access: settings of S3 that overrule policies and lists that grant to everyone
//! (`aws-evaluation` 10).

use super::acl::AclGrant;
use crate::analyze::public;
use crate::policy::Document;
use std::fmt;

/// The four settings. Those of the account, the bucket and the access point are taken
/// [together](Self::with).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PublicAccessBlock {
    /// Lists that grant to everyone are refused when they are put ([`Self::refuses_acl`]).
    pub block_public_acls: bool,
    /// What lists grant to everyone counts for nothing. The documentation says that public lists are ignored; it
    /// is their public grants, for the others open nothing to the public.
    pub ignore_public_acls: bool,
    /// Policies that are public are refused when they are put ([`Self::refuses_policy`]).
    pub block_public_policy: bool,
    /// Where the bucket's policy is public, services and callers of the owner's account only are let in.
    pub restrict_public_buckets: bool,
}

/// Why a policy or a list is not to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicRefusal {
    /// The policy is public.
    Policy {
        /// The places of the statements that make it so; none of a policy that cannot be read, which nobody
        /// can say is not public.
        statements: Vec<u32>,
    },
    /// The list is public.
    Acl {
        /// The places of the grants that make it so.
        grants: Vec<u32>,
    },
}

impl PublicAccessBlock {
    /// All four settings on, as new buckets have them.
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    /// The strictest of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }

    /// Why this policy is not to be put on the bucket (`PutBucketPolicy`); none if it may be.
    pub fn refuses_policy(&self, policy: &Document) -> Option<PublicRefusal> {
        let is_refused = self.block_public_policy && public::is_public(policy);
        is_refused.then(|| PublicRefusal::Policy { statements: public::public_statements(policy) })
    }

    /// Why this list is not to be put on the bucket or an object (`PutBucketAcl`, `PutObjectAcl`, `PutObject`
    /// with a list, and `CreateBucket` with one where the setting is the account's); none if it may be.
    pub fn refuses_acl(&self, grants: &[AclGrant]) -> Option<PublicRefusal> {
        let public = grants.iter().zip(0..).filter(|(grant, _)| grant.grantee.is_public());
        let grants: Vec<u32> = public.map(|(_, at)| at).collect();
        (self.block_public_acls && !grants.is_empty()).then_some(PublicRefusal::Acl { grants })
    }
}

impl fmt::Display for PublicRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, setting, part, places) = match self {
            Self::Policy { statements } => ("policies", "BlockPublicPolicy", "statement", statements),
            Self::Acl { grants } => ("lists", "BlockPublicAcls", "grant", grants),
        };
        write!(f, "public {what} are refused by the setting {setting}")?;
        for (at, place) in places.iter().enumerate() {
            write!(f, "{} {part} {place}", if at == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}
