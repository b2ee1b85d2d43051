//! The checks that an operation needs, with MinIO's meaning.

use super::{Operation, Recognised};
use crate::catalog::{ActionId, action_id};
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
    pub action: ActionId,
    /// The bucket, or empty.
    pub bucket: &'a [u8],
    /// The object key, or empty.
    pub key: &'a [u8],
    /// Whether it must hold.
    pub requirement: Requirement,
    /// It is about the object that a copy reads, not the one that the request addresses.
    pub of_source: bool,
}

/// The checks of an operation; none has more than six.
pub type Checks<'a> = SmallVec<[Check<'a>; 6]>;

const LIST_ALL_MY_BUCKETS: ActionId = action_id("s3:ListAllMyBuckets");
const HEAD_BUCKET: ActionId = action_id("s3:HeadBucket");
const LIST_BUCKET: ActionId = action_id("s3:ListBucket");
const CREATE_BUCKET: ActionId = action_id("s3:CreateBucket");
const PUT_LOCK_CONFIGURATION: ActionId = action_id("s3:PutBucketObjectLockConfiguration");
const PUT_VERSIONING: ActionId = action_id("s3:PutBucketVersioning");
const DELETE_BUCKET: ActionId = action_id("s3:DeleteBucket");
const FORCE_DELETE_BUCKET: ActionId = action_id("s3:ForceDeleteBucket");
const GET_BUCKET_LOCATION: ActionId = action_id("s3:GetBucketLocation");
const LIST_MULTIPART_UPLOADS: ActionId = action_id("s3:ListBucketMultipartUploads");
const GET_OBJECT: ActionId = action_id("s3:GetObject");
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

pub(super) fn checks(recognised: &Recognised) -> Checks<'_> {
    let mut list = List { recognised, checks: Checks::new() };
    match recognised.operation {
        // MinIO also shows the buckets that the caller may list one by one. That filtered form is
        // not offered yet, so without this action there is no list at all.
        Operation::ListBuckets => list.needs(LIST_ALL_MY_BUCKETS),
        Operation::HeadBucket => {
            list.add(HEAD_BUCKET, Requirement::AnyOf);
            list.add(LIST_BUCKET, Requirement::AnyOf);
        }
        Operation::CreateBucket => {
            list.needs(CREATE_BUCKET);
            if recognised.traits.object_lock {
                list.needs(PUT_LOCK_CONFIGURATION);
                list.needs(PUT_VERSIONING);
            }
        }
        Operation::DeleteBucket => {
            list.needs(DELETE_BUCKET);
            if recognised.traits.force_delete {
                list.needs(FORCE_DELETE_BUCKET);
            }
        }
        Operation::ListObjects | Operation::ListObjectsV2 => list.needs(LIST_BUCKET),
        Operation::GetBucketLocation => list.needs(GET_BUCKET_LOCATION),
        Operation::ListMultipartUploads => list.needs(LIST_MULTIPART_UPLOADS),
        Operation::GetObject | Operation::HeadObject => list.needs(GET_OBJECT),
        Operation::PutObject | Operation::CreateMultipartUpload => list.writes_with_lock(),
        Operation::CopyObject => {
            list.writes_with_lock();
            list.reads_source();
        }
        Operation::UploadPart | Operation::CompleteMultipartUpload => list.writes(),
        Operation::UploadPartCopy => {
            list.writes();
            list.reads_source();
        }
        Operation::DeleteObject => {
            return delete_checks(recognised, recognised.key(), recognised.version_id().is_some());
        }
        Operation::DeleteObjects => {}
        Operation::AbortMultipartUpload => list.needs(ABORT_MULTIPART_UPLOAD),
        Operation::ListParts => list.needs(LIST_PARTS),
        Operation::GetObjectTagging => list.needs(GET_OBJECT_TAGGING),
        Operation::PutObjectTagging => list.needs(PUT_OBJECT_TAGGING),
    }
    list.checks
}

/// The checks for deleting one key. Deleting a version needs no permission of its own, but a Deny on
/// it holds.
pub(super) fn delete_checks<'c>(recognised: &'c Recognised, key: &'c [u8], version: bool) -> Checks<'c> {
    let mut checks = Checks::new();
    let mut add = |action, requirement| {
        checks.push(Check { action, bucket: recognised.bucket(), key, requirement, of_source: false });
    };
    add(DELETE_OBJECT, Requirement::Allowed);
    if version {
        add(DELETE_OBJECT_VERSION, Requirement::NotDenied);
    }
    if version && recognised.traits.bypass_governance {
        add(BYPASS_GOVERNANCE, Requirement::Allowed);
    }
    if recognised.traits.replica {
        add(REPLICATE_DELETE, Requirement::Allowed);
    }
    checks
}

struct List<'r> {
    recognised: &'r Recognised,
    checks: Checks<'r>,
}

impl List<'_> {
    fn add(&mut self, action: ActionId, requirement: Requirement) {
        let (bucket, key) = (self.recognised.bucket(), self.recognised.key());
        self.checks.push(Check { action, bucket, key, requirement, of_source: false });
    }

    fn needs(&mut self, action: ActionId) {
        self.add(action, Requirement::Allowed);
    }

    fn writes(&mut self) {
        self.needs(PUT_OBJECT);
        if self.recognised.traits.replica {
            self.needs(REPLICATE_OBJECT);
        }
    }

    /// A write that may also lock what it writes.
    fn writes_with_lock(&mut self) {
        self.writes();
        if self.recognised.traits.retention {
            self.needs(PUT_RETENTION);
        }
        if self.recognised.traits.legal_hold {
            self.needs(PUT_LEGAL_HOLD);
        }
        if self.recognised.traits.bypass_governance {
            self.needs(BYPASS_GOVERNANCE);
        }
    }

    fn reads_source(&mut self) {
        if let Some(source) = self.recognised.copy_source() {
            self.checks.push(Check {
                action: GET_OBJECT,
                bucket: source.bucket,
                key: source.key,
                requirement: Requirement::Allowed,
                of_source: true,
            });
        }
    }
}
