//! Method, target and sub-resource to an operation.

use super::Operation;
use super::address::Target;
use super::parts::{Part, Parts};
use super::query::{DELETE, GET, POST, PUT, Query, SubResource};
#[cfg(feature = "forms")]
use crate::http::Header;
use crate::http::HttpRequest;
use crate::{Error, ErrorCode};

/// What the headers and parameters of a request ask for beside the plain operation; each costs a
/// further check. Whether the bucket has object lock, or a version is locked, the request does not
/// say, so the check is always needed where the request asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// `x-amz-object-lock-mode` or `-retain-until-date`.
    pub retention: bool,
    /// `x-amz-object-lock-legal-hold`.
    pub legal_hold: bool,
    /// `x-amz-bypass-governance-retention`, not `false`; of `PutObjectRetention` only where the mode is
    /// `GOVERNANCE`.
    pub bypass_governance: bool,
    /// `x-amz-replication-status: REPLICA`.
    pub replica: bool,
    /// `x-amz-bucket-object-lock-enabled`, not `false`.
    pub object_lock: bool,
    /// `x-minio-force-delete`, whatever its value.
    pub force_delete: bool,
    /// A lock is asked for by a parameter, whose value is not a condition value.
    pub(super) lock_in_query: bool,
    /// A form gives the object tags.
    #[cfg(feature = "forms")]
    pub(super) tagging: bool,
    /// A form gives the object an access control list, or grants.
    #[cfg(feature = "forms")]
    pub(super) acl: bool,
}

/// Headers that change which operation it is.
#[derive(Clone, Copy, Debug, Default)]
struct Selectors {
    copy_source: bool,
    /// `x-amz-meta-snowball-auto-extract`: the body is an archive to unpack.
    extract: bool,
    /// `x-amz-write-offset-bytes`: append.
    append: bool,
    /// `x-minio-force-delete`, not `false`.
    force_delete: bool,
    /// `x-minio-extract`: the key may lie inside an archive.
    archive: bool,
    /// `content-type: multipart/form-data`.
    form: bool,
    /// `content-type: application/x-www-form-urlencoded`.
    token_form: bool,
}

/// Finds the operation, or why there is none.
pub(super) fn select(
    request: &HttpRequest<'_>,
    target: Target,
    query: &Query<'_>,
    parts: &Parts,
) -> Result<(Operation, Traits), Error> {
    let (selectors, traits) = read_headers(request, query);
    let is = |method: &str| request.method == method.as_bytes();
    let operation = match () {
        () if is("GET") => get(target, query, is_in_archive(selectors, parts)),
        () if is("HEAD") => head(target, is_in_archive(selectors, parts)),
        () if is("PUT") => put(target, query, selectors),
        () if is("POST") => post(target, query, selectors),
        () if is("DELETE") => delete(target, query, selectors),
        () if is("OPTIONS") => Err(ErrorCode::NotImplemented),
        () => Err(ErrorCode::MethodNotAllowed),
    }?;
    Ok((operation, traits))
}

fn get(target: Target, query: &Query<'_>, in_archive: bool) -> Result<Operation, ErrorCode> {
    match (target, query.sub_resource.map(|s| s.name)) {
        (Target::Service, None) if query.action => Err(ErrorCode::NotImplemented),
        (Target::Service, None) => Ok(Operation::ListBuckets),
        (Target::Bucket, None) => Ok(Operation::ListObjects),
        (Target::Bucket, Some("list-type")) if query.sub_resource_value != b"2" => Ok(Operation::ListObjects),
        (Target::Bucket, Some("list-type")) if query.metadata => Err(ErrorCode::NotImplemented),
        (Target::Bucket, Some("list-type")) => Ok(Operation::ListObjectsV2),
        (Target::Bucket, Some("location")) => Ok(Operation::GetBucketLocation),
        (Target::Bucket, Some("uploads")) => Ok(Operation::ListMultipartUploads),
        (Target::Object, None) if in_archive => Err(ErrorCode::NotImplemented),
        (Target::Object, None) => Ok(Operation::GetObject),
        (Target::Object, Some("uploadId")) => Ok(Operation::ListParts),
        (Target::Object, Some("tagging")) => Ok(Operation::GetObjectTagging),
        _ => Err(unanswered(target, query.sub_resource, GET)),
    }
}

/// `HEAD` has no sub-resources; they are ignored.
fn head(target: Target, in_archive: bool) -> Result<Operation, ErrorCode> {
    match target {
        Target::Service => Err(ErrorCode::MethodNotAllowed),
        Target::Bucket => Ok(Operation::HeadBucket),
        Target::Object if in_archive => Err(ErrorCode::NotImplemented),
        Target::Object => Ok(Operation::HeadObject),
    }
}

fn put(target: Target, query: &Query<'_>, selectors: Selectors) -> Result<Operation, ErrorCode> {
    match (target, query.sub_resource.map(|s| s.name)) {
        (Target::Bucket, None) => Ok(Operation::CreateBucket),
        // A copy named by a parameter instead of the header would pass for a plain upload.
        (Target::Object, None | Some("uploadId")) if query.copy_source => Err(ErrorCode::NotImplemented),
        (Target::Object, Some("uploadId")) if query.part_number.is_none_or(<[u8]>::is_empty) => {
            Err(ErrorCode::InvalidArgument)
        }
        (Target::Object, Some("uploadId")) if selectors.copy_source => Ok(Operation::UploadPartCopy),
        (Target::Object, Some("uploadId")) => Ok(Operation::UploadPart),
        (Target::Object, Some("tagging")) => Ok(Operation::PutObjectTagging),
        (Target::Object, None) if query.part_number.is_some() => Err(ErrorCode::InvalidArgument),
        (Target::Object, None) if selectors.copy_source => Ok(Operation::CopyObject),
        (Target::Object, None) if selectors.extract || selectors.append => Err(ErrorCode::NotImplemented),
        (Target::Object, None) => Ok(Operation::PutObject),
        _ => Err(unanswered(target, query.sub_resource, PUT)),
    }
}

fn post(target: Target, query: &Query<'_>, selectors: Selectors) -> Result<Operation, ErrorCode> {
    match (target, query.sub_resource.map(|s| s.name)) {
        (Target::Service, _) if query.action || selectors.token_form => Err(ErrorCode::NotImplemented),
        // A form upload, before any sub-resource is looked at.
        #[cfg(feature = "forms")]
        (Target::Bucket, _) if selectors.form => Ok(Operation::PostObject),
        #[cfg(not(feature = "forms"))]
        (Target::Bucket, _) if selectors.form => Err(ErrorCode::NotImplemented),
        (Target::Bucket, Some("delete")) => Ok(Operation::DeleteObjects),
        (Target::Object, Some("uploads")) => Ok(Operation::CreateMultipartUpload),
        (Target::Object, Some("uploadId")) => Ok(Operation::CompleteMultipartUpload),
        _ => Err(unanswered(target, query.sub_resource, POST)),
    }
}

fn delete(target: Target, query: &Query<'_>, selectors: Selectors) -> Result<Operation, ErrorCode> {
    match (target, query.sub_resource.map(|s| s.name)) {
        (Target::Bucket, None) => Ok(Operation::DeleteBucket),
        // Deletes everything below the key, of which one check would see only the first name.
        (Target::Object, None) if selectors.force_delete => Err(ErrorCode::NotImplemented),
        (Target::Object, None) => Ok(Operation::DeleteObject),
        (Target::Object, Some("uploadId")) => Ok(Operation::AbortMultipartUpload),
        _ => Err(unanswered(target, query.sub_resource, DELETE)),
    }
}

/// Why there is no operation here: S3 has one that this crate has not, or there is none at all.
fn unanswered(target: Target, sub_resource: Option<&SubResource>, method: u8) -> ErrorCode {
    let methods = sub_resource.map_or(0, |row| match target {
        Target::Service => row.service,
        Target::Bucket => row.bucket,
        Target::Object => row.object,
    });
    if methods & method != 0 { ErrorCode::NotImplemented } else { ErrorCode::MethodNotAllowed }
}

/// What a form asks for beside the upload, by the headers that its fields stand for. What would make a
/// write another operation is refused.
#[cfg(feature = "forms")]
pub(super) fn of_form(fields: &HttpRequest<'_>) -> Result<Traits, Error> {
    let (selectors, traits) = read_headers(fields, &Query::default());
    if selectors.copy_source || selectors.extract || selectors.append {
        return Err(ErrorCode::NotImplemented.into());
    }
    let tagging = fields.header("tagging").is_some() || fields.header("x-amz-tagging").is_some();
    let sets_acl = |(name, _): &Header<'_>| *name == b"x-amz-acl" || name.starts_with(b"x-amz-grant-");
    Ok(Traits { tagging, acl: fields.headers.iter().any(sets_acl), ..traits })
}

fn read_headers(request: &HttpRequest<'_>, query: &Query<'_>) -> (Selectors, Traits) {
    let mut selectors = Selectors::default();
    let mut traits = Traits {
        retention: query.lock_retention,
        legal_hold: query.lock_legal_hold,
        bypass_governance: query.bypass_governance,
        lock_in_query: query.lock_retention || query.lock_legal_hold,
        ..Traits::default()
    };
    for &(name, value) in request.headers {
        let is = |header: &str| name.eq_ignore_ascii_case(header.as_bytes());
        match name.first().map(u8::to_ascii_lowercase) {
            Some(b'c') if is("content-type") => {
                selectors.form |= starts_with(value, b"multipart/form-data");
                selectors.token_form |= starts_with(value, b"application/x-www-form-urlencoded");
            }
            Some(b'x') => {
                selectors.copy_source |= is("x-amz-copy-source");
                selectors.extract |= is("x-amz-meta-snowball-auto-extract") && is_set(value);
                selectors.append |= is("x-amz-write-offset-bytes");
                selectors.archive |= is("x-minio-extract") && is_set(value);
                traits.retention |= is("x-amz-object-lock-mode") || is("x-amz-object-lock-retain-until-date");
                traits.legal_hold |= is("x-amz-object-lock-legal-hold");
                traits.bypass_governance |= is("x-amz-bypass-governance-retention") && is_set(value);
                traits.object_lock |= is("x-amz-bucket-object-lock-enabled") && is_set(value);
                traits.replica |=
                    is("x-amz-replication-status") && value.trim_ascii().eq_ignore_ascii_case(b"REPLICA");
                if is("x-minio-force-delete") {
                    traits.force_delete = true;
                    selectors.force_delete |= is_set(value);
                }
            }
            _ => {}
        }
    }
    (selectors, traits)
}

/// Whether a header that is a switch is on. Only a plain `false` is off, so that no reader finds a
/// switch on that the check took for off.
fn is_set(value: &[u8]) -> bool {
    !value.trim_ascii().eq_ignore_ascii_case(b"false")
}

fn starts_with(value: &[u8], prefix: &[u8]) -> bool {
    value.trim_ascii_start().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether MinIO would take the key for a name inside a zip archive.
fn is_in_archive(selectors: Selectors, parts: &Parts) -> bool {
    let key = parts.get(Part::Key).unwrap_or_default();
    selectors.archive && key.windows(5).any(|w| w.eq_ignore_ascii_case(b".zip/"))
}
