//! The checks that an operation needs, with MinIO's meaning.

use super::select::Traits;
use super::{CopySource, Operation};
use crate::catalog::{ActionId, action_id};
use crate::evaluate::Action;
use crate::short::SmallVec;

/// Whether a check must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It must be allowed.
    Allowed,
    /// One of the operation's checks of this kind must be allowed.
    AnyOf,
    /// It must not be explicitly denied.
    NotDenied,
}

/// One check that an operation needs.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The action.
    pub action: Action<'static>,
    /// The bucket, or empty.
    pub bucket: &'a [u8],
    /// The object key, or empty.
    pub key: &'a [u8],
    /// Whether it must hold.
    pub requirement: Requirement,
    /// What its condition values are those of.
    pub about: About,
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What the request addresses.
    Addressed,
    /// The object that a copy reads.
    Source,
    /// One of the buckets that a list of buckets may show: MinIO asks for it as for a listing with the
    /// prefix `""` and the delimiter `/`.
    ListedBucket,
}

/// An API call by what it touches and asks for: all that its checks follow from.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The operation. `DeleteObjects` is asked about key by key.
    pub operation: Operation,
    /// The bucket, or empty.
    pub bucket: &'a [u8],
    /// The object key, or empty.
    pub key: &'a [u8],
    /// The version, if one is named.
    pub version_id: Option<&'a [u8]>,
    /// The object that a copy reads.
    pub source: Option<CopySource<'a>>,
    /// The buckets that `ListBuckets` may show one by one.
    pub buckets: &'a [&'a [u8]],
    /// What it asks for beside the plain operation.
    pub traits: Traits,
}

impl<'a> Call<'a> {
    /// A plain call.
    pub fn new(operation: Operation, bucket: &'a [u8], key: &'a [u8]) -> Self {
        let traits = Traits::default();
        Self { operation, bucket, key, version_id: None, source: None, buckets: &[], traits }
    }

    /// The checks that it needs, in MinIO's order (`policy-language` 6.6).
    pub fn checks(&self) -> Checks<'a> {
        let mut list = List { call: self, checks: Checks::new() };
        list.fill();
        list.checks
    }
}

/// The checks of an operation; but for `ListBuckets`, and a form that asks for all there is, none has more than six.
pub type Checks<'a> = SmallVec<[Check<'a>; 6]>;

const LIST_ALL_MY_BUCKETS: ActionId = action_id("s3:ListAllMyBuckets");
const HEAD_BUCKET: ActionId = action_id("s3:HeadBucket");
const LIST_BUCKET: ActionId = action_id("s3:ListBucket");
const CREATE_BUCKET: ActionId = action_id("s3:CreateBucket");
const PUT_LOCK_CONFIGURATION: ActionId = action_id("s3:PutBucketObjectLockConfiguration");
const PUT_VERSIONING: ActionId = action_id("s3:PutBucketVersioning");
const DELETE_BUCKET: ActionId = action_id("s3:DeleteBucket");
#[cfg(feature = "accounts")]
const LIST_BUCKET_VERSIONS: ActionId = action_id("s3:ListBucketVersions");
const FORCE_DELETE_BUCKET: ActionId = action_id("s3:ForceDeleteBucket");
const GET_BUCKET_LOCATION: ActionId = action_id("s3:GetBucketLocation");
const LIST_MULTIPART_UPLOADS: ActionId = action_id("s3:ListBucketMultipartUploads");
const GET_OBJECT: ActionId = action_id("s3:GetObject");
#[cfg(feature = "accounts")]
const GET_OBJECT_VERSION: ActionId = action_id("s3:GetObjectVersion");
#[cfg(feature = "accounts")]
const GET_ATTRIBUTES: ActionId = action_id("s3:GetObjectAttributes");
#[cfg(feature = "accounts")]
const GET_VERSION_ATTRIBUTES: ActionId = action_id("s3:GetObjectVersionAttributes");
const PUT_OBJECT: ActionId = action_id("s3:PutObject");
const PUT_RETENTION: ActionId = action_id("s3:PutObjectRetention");
const PUT_LEGAL_HOLD: ActionId = action_id("s3:PutObjectLegalHold");
const REPLICATE_OBJECT: ActionId = action_id("s3:ReplicateObject");
const DELETE_OBJECT: ActionId = action_id("s3:DeleteObject");
const DELETE_OBJECT_VERSION: ActionId = action_id("s3:DeleteObjectVersion");
const BYPASS_GOVERNANCE: ActionId = action_id("s3:BypassGovernanceRetention");
const REPLICATE_DELETE: ActionId = action_id("s3:ReplicateDelete");
const ABORT_MULTIPART_UPLOAD: ActionId = action_id("s3:AbortMultipartUpload");
const LIST_PARTS: ActionId = action_id("s3:ListMultipartUploadParts");
const GET_OBJECT_TAGGING: ActionId = action_id("s3:GetObjectTagging");
const PUT_OBJECT_TAGGING: ActionId = action_id("s3:PutObjectTagging");

struct List<'c, 'a> {
    call: &'c Call<'a>,
    checks: Checks<'a>,
}

impl List<'_, '_> {
    fn fill(&mut self) {
        let traits = self.call.traits;
        match self.call.operation {
            Operation::ListBuckets => self.lists_buckets(),
            Operation::HeadBucket => self.needs_one_of(&[HEAD_BUCKET, LIST_BUCKET]),
            Operation::CreateBucket => {
                self.needs(CREATE_BUCKET);
                if traits.object_lock {
                    self.needs(PUT_LOCK_CONFIGURATION);
                    self.needs(PUT_VERSIONING);
                }
            }
            Operation::DeleteBucket => {
                self.needs(DELETE_BUCKET);
                if traits.force_delete {
                    self.needs(FORCE_DELETE_BUCKET);
                }
            }
            Operation::ListObjects | Operation::ListObjectsV2 => self.needs(LIST_BUCKET),
            Operation::GetBucketLocation => self.needs(GET_BUCKET_LOCATION),
            Operation::ListMultipartUploads => self.needs(LIST_MULTIPART_UPLOADS),
            Operation::GetObject | Operation::HeadObject => self.needs(GET_OBJECT),
            Operation::PutObject | Operation::CreateMultipartUpload => self.writes_with_lock(),
            Operation::CopyObject => {
                self.writes_with_lock();
                self.reads_source();
            }
            Operation::UploadPart | Operation::CompleteMultipartUpload => self.writes(),
            Operation::UploadPartCopy => {
                self.writes();
                self.reads_source();
            }
            Operation::DeleteObject | Operation::DeleteObjects => self.deletes(),
            Operation::AbortMultipartUpload => self.needs(ABORT_MULTIPART_UPLOAD),
            Operation::ListParts => self.needs(LIST_PARTS),
            Operation::GetObjectTagging => self.needs(GET_OBJECT_TAGGING),
            Operation::PutObjectTagging => self.needs(PUT_OBJECT_TAGGING),
            #[cfg(feature = "forms")]
            Operation::PostObject => {
                self.writes_with_lock();
                if traits.tagging {
                    self.needs(PUT_OBJECT_TAGGING);
                }
                if traits.acl {
                    // MinIO has no such action; patterns of its policies match it all the same.
                    self.push(Action::named("s3:PutObjectAcl"), Requirement::Allowed);
                }
            }
            #[cfg(feature = "accounts")]
            Operation::ListObjectVersions => self.needs_one_of(&[LIST_BUCKET_VERSIONS, LIST_BUCKET]),
            #[cfg(feature = "accounts")]
            Operation::GetObjectAttributes => {
                let of_version = self.call.version_id.is_some();
                self.needs(if of_version { GET_VERSION_ATTRIBUTES } else { GET_ATTRIBUTES });
                self.needs(if of_version { GET_OBJECT_VERSION } else { GET_OBJECT });
            }
            #[cfg(feature = "accounts")]
            Operation::PutObjectRetention if traits.bypass_governance => {
                self.needs_one_of(&[BYPASS_GOVERNANCE, PUT_RETENTION]);
            }
            #[cfg(feature = "accounts")]
            Operation::PutObjectRetention => self.needs(PUT_RETENTION),
        }
    }

    fn add(&mut self, action: ActionId, requirement: Requirement) {
        self.push(Action::known(action), requirement);
    }

    fn push(&mut self, action: Action<'static>, requirement: Requirement) {
        let (bucket, key) = (self.call.bucket, self.call.key);
        self.checks.push(Check { action, bucket, key, requirement, about: About::Addressed });
    }

    fn needs(&mut self, action: ActionId) {
        self.add(action, Requirement::Allowed);
    }

    fn needs_one_of(&mut self, actions: &[ActionId]) {
        actions.iter().for_each(|&action| self.add(action, Requirement::AnyOf));
    }

    /// All buckets, or at least one of those that are offered.
    fn lists_buckets(&mut self) {
        if cfg!(not(feature = "accounts")) || self.call.buckets.is_empty() {
            return self.needs(LIST_ALL_MY_BUCKETS);
        }
        self.add(LIST_ALL_MY_BUCKETS, Requirement::AnyOf);
        for &bucket in self.call.buckets {
            let (requirement, about) = (Requirement::AnyOf, About::ListedBucket);
            for action in [LIST_BUCKET, GET_BUCKET_LOCATION].map(Action::known) {
                self.checks.push(Check { action, bucket, key: &[], requirement, about });
            }
        }
    }

    /// Deleting a version needs no permission of its own, but a Deny on it holds.
    fn deletes(&mut self) {
        let version = self.call.version_id.is_some();
        self.needs(DELETE_OBJECT);
        if version {
            self.add(DELETE_OBJECT_VERSION, Requirement::NotDenied);
        }
        if version && self.call.traits.bypass_governance {
            self.needs(BYPASS_GOVERNANCE);
        }
        if self.call.traits.replica {
            self.needs(REPLICATE_DELETE);
        }
    }

    fn writes(&mut self) {
        self.needs(PUT_OBJECT);
        if self.call.traits.replica {
            self.needs(REPLICATE_OBJECT);
        }
    }

    /// A write that may also lock what it writes.
    fn writes_with_lock(&mut self) {
        self.writes();
        if self.call.traits.retention {
            self.needs(PUT_RETENTION);
        }
        if self.call.traits.legal_hold {
            self.needs(PUT_LEGAL_HOLD);
        }
        if self.call.traits.bypass_governance {
            self.needs(BYPASS_GOVERNANCE);
        }
    }

    /// A copy whose source is not said reads nothing that could be allowed.
    fn reads_source(&mut self) {
        let CopySource { bucket, key, .. } = self.call.source.unwrap_or_default();
        let (requirement, about) = (Requirement::Allowed, About::Source);
        self.checks.push(Check { action: Action::known(GET_OBJECT), bucket, key, requirement, about });
    }
}
