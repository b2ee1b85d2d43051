//! Access control lists of S3 as data, and what they grant (`aws-evaluation` 10).
//!
//! A list grants and never denies. It knows accounts and groups, no users: what it grants to a caller of an
//! account it grants to the account, whose own policies must allow it too. The documentation leaves open
//! whether that holds for `AllUsers`; it does here, which is the stricter reading.

use super::layers::LayeredRequest;
use super::{Action, Caller};

/// The service that writes access logs as the group `LogDelivery`.
const LOG_DELIVERY: &str = "logging.s3.amazonaws.com";

/// Whose the objects of a bucket are, and whether its lists count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ObjectOwnership {
    /// The bucket's owner owns every object, and lists grant nothing; new buckets are so.
    #[default]
    BucketOwnerEnforced,
    /// Whoever writes an object owns it, unless it gives the bucket's owner full control.
    BucketOwnerPreferred,
    /// Whoever writes an object owns it.
    ObjectWriter,
}

/// To whom a list grants something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// An account, by its number.
    Account(Box<str>),
    /// An account, by its canonical id; compared with [`Acl::caller_canonical_id`].
    CanonicalUser(Box<str>),
    /// Anyone, also without a signature.
    AllUsers,
    /// Every account.
    AuthenticatedUsers,
    /// The service that writes access logs, `logging.s3.amazonaws.com`.
    LogDelivery,
}

/// What a list grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AclPermission {
    /// To list a bucket, or to read an object.
    Read,
    /// To put new objects into a bucket; nothing on an object.
    Write,
    /// To read the list.
    ReadAcp,
    /// To replace the list.
    WriteAcp,
    /// All of them.
    FullControl,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AclGrant {
    /// To whom.
    pub grantee: Grantee,
    /// What.
    pub permission: AclPermission,
}

/// The lists that bear on a request. The bucket's owner is [`LayeredRequest::resource_account`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Acl<'a> {
    /// That of the bucket.
    pub ownership: ObjectOwnership,
    /// The bucket's list.
    pub bucket: &'a [AclGrant],
    /// The object's list; empty if the request is about no object, or there is none yet.
    pub object: &'a [AclGrant],
    /// The account that owns the object, by its number. None if the request is about no object, or there is
    /// none yet.
    pub object_owner: Option<&'a str>,
    /// The canonical id of the caller's account. Without it, grants to canonical ids grant nothing.
    pub caller_canonical_id: Option<&'a str>,
}

/// One of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Bucket,
    Object,
}

/// What each permission is on each list, as the documentation maps them to actions.
const ACTIONS: [(&str, List, AclPermission); 14] = [
    ("ListBucket", List::Bucket, AclPermission::Read),
    ("ListBucketVersions", List::Bucket, AclPermission::Read),
    ("ListBucketMultipartUploads", List::Bucket, AclPermission::Read),
    ("PutObject", List::Bucket, AclPermission::Write),
    ("DeleteObject", List::Bucket, AclPermission::Write),
    ("DeleteObjectVersion", List::Bucket, AclPermission::Write),
    ("GetBucketAcl", List::Bucket, AclPermission::ReadAcp),
    ("PutBucketAcl", List::Bucket, AclPermission::WriteAcp),
    ("GetObject", List::Object, AclPermission::Read),
    ("GetObjectVersion", List::Object, AclPermission::Read),
    ("GetObjectAcl", List::Object, AclPermission::ReadAcp),
    ("GetObjectVersionAcl", List::Object, AclPermission::ReadAcp),
    ("PutObjectAcl", List::Object, AclPermission::WriteAcp),
    ("PutObjectVersionAcl", List::Object, AclPermission::WriteAcp),
];

/// Actions on objects that are the bucket owner's to allow, whoever owns the object: what writes into the
/// bucket, takes out of it, or restores from the archive. The documentation is silent about tags and locks;
/// they are the object owner's here, which is the stricter reading.
const OF_BUCKET_OWNER: [&str; 9] = [
    "PutObject",
    "DeleteObject",
    "DeleteObjectVersion",
    "AbortMultipartUpload",
    "ListMultipartUploadParts",
    "RestoreObject",
    "ReplicateObject",
    "ReplicateDelete",
    "ReplicateTags",
];

impl ObjectOwnership {
    /// Reads the name that S3 has for it, such as `ObjectWriter`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "BucketOwnerEnforced" => Some(Self::BucketOwnerEnforced),
            "BucketOwnerPreferred" => Some(Self::BucketOwnerPreferred),
            "ObjectWriter" => Some(Self::ObjectWriter),
            _ => None,
        }
    }
}

impl Grantee {
    /// Reads the address of a group, such as `http://acs.amazonaws.com/groups/global/AllUsers`.
    pub fn of_group(uri: &str) -> Option<Self> {
        match uri.strip_prefix("http://acs.amazonaws.com/groups/")? {
            "global/AllUsers" => Some(Self::AllUsers),
            "global/AuthenticatedUsers" => Some(Self::AuthenticatedUsers),
            "s3/LogDelivery" => Some(Self::LogDelivery),
            _ => None,
        }
    }

    /// Whether it is everyone, or everyone who has an account: what is granted to it is public.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::AllUsers | Self::AuthenticatedUsers)
    }

    fn is(&self, caller: &Caller<'_>, canonical_id: Option<&str>) -> bool {
        let account = caller.account().filter(|account| !account.is_empty());
        match self {
            Self::Account(number) => account == Some(number),
            Self::CanonicalUser(id) => account.is_some() && canonical_id == Some(id),
            Self::AllUsers => true,
            Self::AuthenticatedUsers => account.is_some(),
            Self::LogDelivery => *caller == Caller::Service { name: LOG_DELIVERY },
        }
    }
}

impl AclPermission {
    /// Reads the name that S3 has for it, such as `READ_ACP`.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::ReadAcp, Self::WriteAcp, Self::FullControl]
            .into_iter()
            .find(|permission| permission.name() == name)
    }

    /// The name that S3 has for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadAcp => "READ_ACP",
            Self::WriteAcp => "WRITE_ACP",
            Self::FullControl => "FULL_CONTROL",
        }
    }
}

impl<'a> Acl<'a> {
    fn counts(&self) -> bool {
        self.ownership != ObjectOwnership::BucketOwnerEnforced
    }

    /// The account that owns the object, where that is not the bucket's owner and the action is its to allow.
    pub(super) fn other_owner(&self, asked: &LayeredRequest<'_>) -> Option<&'a str> {
        let action = s3_action(asked.action)?;
        let is_bucket_owners = OF_BUCKET_OWNER.iter().any(|name| name.eq_ignore_ascii_case(action));
        let is_of_object = asked.resource.contains('/') && !is_bucket_owners;
        let owner = self.object_owner.filter(|_| self.counts() && is_of_object)?;
        (asked.owner() != Some(owner)).then_some(owner)
    }

    /// The grants that cover a request, with the list that they are in and their place in it.
    pub(super) fn covering(
        &self,
        asked: &LayeredRequest<'_>,
    ) -> impl Iterator<Item = (List, usize, &'a AclGrant)> {
        let needed = s3_action(asked.action).and_then(|action| {
            ACTIONS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(action) && self.may(name, asked))
        });
        let (caller, id) = (asked.caller, self.caller_canonical_id);
        let grants = needed.filter(|_| self.counts()).map(|&(_, list, permission)| {
            let grants = match list {
                List::Bucket => self.bucket,
                List::Object => self.object,
            };
            grants.iter().enumerate().filter_map(move |(at, grant)| {
                let covers = [permission, AclPermission::FullControl].contains(&grant.permission);
                (covers && grant.grantee.is(&caller, id)).then_some((list, at, grant))
            })
        });
        grants.into_iter().flatten()
    }

    /// Whether the permission to write is enough: objects that are there are overwritten and deleted by their
    /// owner and the bucket's only, versions are deleted by the bucket's owner.
    fn may(&self, action: &str, asked: &LayeredRequest<'_>) -> bool {
        let caller = asked.caller.account().filter(|account| !account.is_empty());
        let is_bucket_owner = caller.is_some() && caller == asked.owner();
        let is_owner = is_bucket_owner || caller.is_some() && caller == self.object_owner;
        match action {
            "PutObject" => self.object_owner.is_none() || is_owner,
            "DeleteObject" => is_owner,
            "DeleteObjectVersion" => is_bucket_owner,
            _ => true,
        }
    }
}

/// The name of an action of S3, without the service.
fn s3_action<'a>(action: Action<'a>) -> Option<&'a str> {
    let (service, name) = action.name().split_once(':')?;
    service.eq_ignore_ascii_case("s3").then_some(name)
}
