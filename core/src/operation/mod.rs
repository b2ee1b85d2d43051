//! From a raw request to the S3 operation it asks for, and the checks that the operation needs.
//!
//! Recognition is a pure function of the request and the configured domains: it knows nothing of
//! identities, buckets or objects, so its answers give nothing away and may come before the
//! signature is verified. It never guesses. What S3 knows and this crate does not answer for is
//! [`NotImplemented`](crate::ErrorCode::NotImplemented), and two operations in one request are an
//! error, because a request taken for another operation is checked for the wrong action.
//!
//! | file | idea |
//! |---|---|
//! | `address` | bucket and key, from the path or the host |
//! | `query` | the one pass over the query: sub-resource and parameters |
//! | `select` | method, target and sub-resource to an [`Operation`] |
//! | `copy_source` | the object that a copy reads |
//! | `check` | the checks of an operation |
//! | `context` | the condition values of a request |
//! | `tagging`, `body`, `xml` | tags and the bodies that name what is touched |

mod address;
mod body;
mod check;
mod context;
mod copy_source;
mod parts;
mod query;
mod select;
mod tagging;
mod xml;

#[cfg(feature = "forms")]
pub(crate) use address::host_bucket;
pub use body::{DeleteKey, MAX_DELETE_BODY, MAX_DELETE_KEYS, read_delete_keys};
pub use check::{About, Call, Check, Checks, Requirement};
pub use context::{Derived, RequestContext, Subject};
#[cfg(feature = "forms")]
pub(crate) use query::is_sub_resource;
pub use select::Traits;

use crate::Error;
use crate::http::HttpRequest;
use parts::{Part, Parts};

/// Where buckets are looked for in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosting {
    /// The domains under which `<bucket>.<domain>` names a bucket; empty for path style only. A
    /// host that is none of these, nor under one, is path style. Of several that fit the longest
    /// counts.
    pub domains: Vec<String>,
}

/// An S3 operation. Those marked so are not recognised in a raw request yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /`: all buckets.
    ListBuckets,
    /// `HEAD /bucket`
    HeadBucket,
    /// `PUT /bucket`
    CreateBucket,
    /// `DELETE /bucket`
    DeleteBucket,
    /// `GET /bucket`
    ListObjects,
    /// `GET /bucket?list-type=2`
    ListObjectsV2,
    #[cfg(feature = "accounts")]
    /// `GET /bucket?versions`; not recognised yet
    ListObjectVersions,
    /// `GET /bucket?location`
    GetBucketLocation,
    /// `GET /bucket/key`
    GetObject,
    /// `HEAD /bucket/key`
    HeadObject,
    #[cfg(feature = "accounts")]
    /// `GET /bucket/key?attributes`; not recognised yet
    GetObjectAttributes,
    /// `PUT /bucket/key`
    PutObject,
    /// `DELETE /bucket/key`
    DeleteObject,
    /// `PUT /bucket/key` with `x-amz-copy-source`
    CopyObject,
    /// `POST /bucket?delete`
    DeleteObjects,
    /// `POST /bucket/key?uploads`
    CreateMultipartUpload,
    /// `PUT /bucket/key?partNumber&uploadId`
    UploadPart,
    /// `PUT /bucket/key?partNumber&uploadId` with `x-amz-copy-source`
    UploadPartCopy,
    /// `POST /bucket/key?uploadId`
    CompleteMultipartUpload,
    /// `DELETE /bucket/key?uploadId`
    AbortMultipartUpload,
    /// `GET /bucket/key?uploadId`
    ListParts,
    /// `GET /bucket?uploads`
    ListMultipartUploads,
    /// `GET /bucket/key?tagging`
    GetObjectTagging,
    /// `PUT /bucket/key?tagging`
    PutObjectTagging,
    /// `POST /bucket` with a form, whose fields name the key
    #[cfg(feature = "forms")]
    PostObject,
    #[cfg(feature = "accounts")]
    /// `PUT /bucket/key?retention`; not recognised yet
    PutObjectRetention,
}

impl Operation {
    /// All of them.
    #[cfg(feature = "accounts")]
    pub const ALL: [Operation; 25 + cfg!(feature = "forms") as usize] = [
        Operation::ListBuckets,
        Operation::HeadBucket,
        Operation::CreateBucket,
        Operation::DeleteBucket,
        Operation::ListObjects,
        Operation::ListObjectsV2,
        Operation::ListObjectVersions,
        Operation::GetBucketLocation,
        Operation::GetObject,
        Operation::HeadObject,
        Operation::GetObjectAttributes,
        Operation::PutObject,
        Operation::DeleteObject,
        Operation::CopyObject,
        Operation::DeleteObjects,
        Operation::CreateMultipartUpload,
        Operation::UploadPart,
        Operation::UploadPartCopy,
        Operation::CompleteMultipartUpload,
        Operation::AbortMultipartUpload,
        Operation::ListParts,
        Operation::ListMultipartUploads,
        Operation::GetObjectTagging,
        Operation::PutObjectTagging,
        #[cfg(feature = "forms")]
        Operation::PostObject,
        Operation::PutObjectRetention,
    ];

    /// The operation of that name.
    #[cfg(feature = "accounts")]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// The name as AWS's service model spells it, for example `GetObject`.
    pub fn name(self) -> &'static str {
        match self {
            Operation::ListBuckets => "ListBuckets",
            Operation::HeadBucket => "HeadBucket",
            Operation::CreateBucket => "CreateBucket",
            Operation::DeleteBucket => "DeleteBucket",
            Operation::ListObjects => "ListObjects",
            Operation::ListObjectsV2 => "ListObjectsV2",
            #[cfg(feature = "accounts")]
            Operation::ListObjectVersions => "ListObjectVersions",
            Operation::GetBucketLocation => "GetBucketLocation",
            Operation::GetObject => "GetObject",
            Operation::HeadObject => "HeadObject",
            #[cfg(feature = "accounts")]
            Operation::GetObjectAttributes => "GetObjectAttributes",
            Operation::PutObject => "PutObject",
            Operation::DeleteObject => "DeleteObject",
            Operation::CopyObject => "CopyObject",
            Operation::DeleteObjects => "DeleteObjects",
            Operation::CreateMultipartUpload => "CreateMultipartUpload",
            Operation::UploadPart => "UploadPart",
            Operation::UploadPartCopy => "UploadPartCopy",
            Operation::CompleteMultipartUpload => "CompleteMultipartUpload",
            Operation::AbortMultipartUpload => "AbortMultipartUpload",
            Operation::ListParts => "ListParts",
            Operation::ListMultipartUploads => "ListMultipartUploads",
            Operation::GetObjectTagging => "GetObjectTagging",
            Operation::PutObjectTagging => "PutObjectTagging",
            #[cfg(feature = "forms")]
            Operation::PostObject => "PostObject",
            #[cfg(feature = "accounts")]
            Operation::PutObjectRetention => "PutObjectRetention",
        }
    }

    /// Whether it reads the object that `x-amz-copy-source` names.
    fn copies(self) -> bool {
        matches!(self, Operation::CopyObject | Operation::UploadPartCopy)
    }

    /// Whether it lists, so that `prefix`, `delimiter` and `max-keys` mean something.
    fn lists(self) -> bool {
        matches!(self, Operation::ListObjects | Operation::ListObjectsV2 | Operation::ListMultipartUploads)
    }
}

/// A recognised request: the operation and what it touches, decoded. A gateway acts on this and
/// never decodes the request's path again.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The operation.
    pub operation: Operation,
    parts: Parts,
    traits: Traits,
}

/// The object that a copy reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopySource<'r> {
    /// The bucket.
    pub bucket: &'r [u8],
    /// The object key, decoded.
    pub key: &'r [u8],
    /// The version, if one was named.
    pub version_id: Option<&'r [u8]>,
}

impl Recognised {
    /// The bucket, or empty.
    pub fn bucket(&self) -> &[u8] {
        self.parts.get(Part::Bucket).unwrap_or_default()
    }

    /// The object key, decoded once and without leading slashes, or empty.
    pub fn key(&self) -> &[u8] {
        self.parts.get(Part::Key).unwrap_or_default()
    }

    /// The value of `versionId`, decoded, if the request has one.
    pub fn version_id(&self) -> Option<&[u8]> {
        self.parts.get(Part::Version)
    }

    /// The object that a copy reads; `None` for every other operation.
    pub fn copy_source(&self) -> Option<CopySource<'_>> {
        Some(CopySource {
            bucket: self.parts.get(Part::SourceBucket)?,
            key: self.parts.get(Part::SourceKey)?,
            version_id: self.parts.get(Part::SourceVersion),
        })
    }

    /// The checks that the operation needs, in MinIO's order. All must hold.
    ///
    /// Empty for `DeleteObjects`, where each key has its own: [`Recognised::key_checks`].
    pub fn checks(&self) -> Checks<'_> {
        match self.operation {
            Operation::DeleteObjects => Checks::new(),
            _ => self.call().checks(),
        }
    }

    /// The checks for one key of a `DeleteObjects` request.
    pub fn key_checks<'c>(&'c self, key: &'c DeleteKey) -> Checks<'c> {
        let version_id = key.version_id.as_deref().map(str::as_bytes);
        Call { key: key.key.as_bytes(), version_id, ..self.call() }.checks()
    }

    /// A form upload with what its fields say: the object key, and as the headers of a request what they
    /// ask for.
    #[cfg(feature = "forms")]
    pub(crate) fn with_form(&mut self, key: &[u8], fields: &HttpRequest<'_>) -> Result<(), Error> {
        self.parts.push(Part::Key, key);
        self.traits = select::of_form(fields)?;
        Ok(())
    }

    /// The call that the request makes. MinIO also lists the buckets that the caller may list one by
    /// one; that filtered form is not offered for raw requests yet, so no buckets are.
    fn call(&self) -> Call<'_> {
        Call {
            operation: self.operation,
            bucket: self.bucket(),
            key: self.key(),
            version_id: self.version_id(),
            source: self.copy_source(),
            buckets: &[],
            traits: self.traits,
        }
    }
}

/// Recognises the operation of a raw request.
///
/// # Errors
///
/// Paths that mean different things to different readers are refused (`invalid-uri`,
/// `uri-too-long`, `unsafe-path`, `key-too-long`), as are bad and reserved bucket names, a method
/// that the resource does not have (`method-not-allowed`), two operations in one request
/// (`ambiguous-operation`), a parameter sent twice (`repeated-parameter`), and everything that S3
/// knows and this crate does not (`operation-not-implemented`).
pub fn recognise(request: &HttpRequest<'_>, hosting: &Hosting) -> Result<Recognised, Error> {
    let query = query::read(request.query())?;
    let mut parts = Parts::default();
    let target = address::address(request, hosting, &mut parts)?;
    let (operation, traits) = select::select(request, target, &query, &parts)?;
    #[cfg(feature = "forms")]
    let version_id = query.version_id.filter(|_| operation != Operation::PostObject);
    #[cfg(not(feature = "forms"))]
    let version_id = query.version_id;
    if let Some(version_id) = version_id {
        parts.push(Part::Version, &query::decode_value(version_id)?);
    }
    if operation.copies() {
        copy_source::read(request, &mut parts)?;
    }
    Ok(Recognised { operation, parts, traits })
}

/// The object key that a form names: text that every reader takes alike, without leading slashes.
#[cfg(feature = "forms")]
pub(crate) fn check_form_key(key: &[u8]) -> Result<&[u8], Error> {
    address::check_text(key)?;
    address::check_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;
    use crate::http::Header;
    use proptest::prelude::*;

    /// Recognises `METHOD target`, with header lines `Name: value`.
    fn recognised(request: &str, header_lines: &[&str]) -> Result<Recognised, ErrorCode> {
        let (method, target) = request.split_once(' ').unwrap();
        let headers: Vec<Header<'_>> = header_lines
            .iter()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
            .collect();
        let request = HttpRequest {
            method: method.as_bytes(),
            target: target.as_bytes(),
            headers: &headers,
            peer: None,
            secure: true,
            body: None,
        };
        recognise(&request, &Hosting::default()).map_err(|error| error.code())
    }

    /// The operation's name, or the error's.
    fn answer(request: &str, headers: &[&str]) -> &'static str {
        recognised(request, headers).map_or_else(ErrorCode::name, |r| r.operation.name())
    }

    /// The checks as text: `?` one of several, `!` not denied.
    fn checks(request: &str, headers: &[&str]) -> Vec<String> {
        let recognised = recognised(request, headers).unwrap();
        let text = |check: &Check<'_>| {
            let mark = match check.requirement {
                Requirement::Allowed => "",
                Requirement::AnyOf => "?",
                Requirement::NotDenied => "!",
            };
            let resource = [check.bucket, check.key].map(String::from_utf8_lossy).join("/");
            format!("{mark}{} {resource}", check.action.name().trim_start_matches("s3:"))
        };
        recognised.checks().iter().map(text).collect()
    }

    #[test]
    fn every_operation_is_recognised() {
        let copy = "x-amz-copy-source: src/k";
        for (request, header, operation) in [
            ("GET /", "", "ListBuckets"),
            ("GET /?x-id=ListBuckets", "", "ListBuckets"),
            ("HEAD /b-1", "", "HeadBucket"),
            ("HEAD /b-1?acl", "", "HeadBucket"),
            ("PUT /b-1", "", "CreateBucket"),
            ("PUT /b-1", copy, "CreateBucket"),
            ("DELETE /b-1/", "", "DeleteBucket"),
            ("GET /b-1?prefix=a&delimiter=/", "", "ListObjects"),
            ("GET /b-1?list-type=1", "", "ListObjects"),
            ("GET /b-1/?list-type=2&prefix=a", "", "ListObjectsV2"),
            ("GET /b-1?location", "", "GetBucketLocation"),
            ("GET /b-1?uploads", "", "ListMultipartUploads"),
            ("GET /b-1/k", "", "GetObject"),
            ("GET /b-1/k?versionId=v&partNumber=1&response-content-type=x", "", "GetObject"),
            ("GET /b-1/k", copy, "GetObject"),
            ("HEAD /b-1/k?tagging", "", "HeadObject"),
            ("PUT /b-1/k?x-id=PutObject", "", "PutObject"),
            ("DELETE /b-1/k?versionId=v", "", "DeleteObject"),
            ("PUT /b-1/k", copy, "CopyObject"),
            ("POST /b-1?delete", "", "DeleteObjects"),
            ("POST /b-1/k?uploads", "", "CreateMultipartUpload"),
            ("PUT /b-1/k?partNumber=1&uploadId=u", "", "UploadPart"),
            ("PUT /b-1/k?uploadId=u&partNumber=1", copy, "UploadPartCopy"),
            ("POST /b-1/k?uploadId=u", "", "CompleteMultipartUpload"),
            ("DELETE /b-1/k?uploadId=u", "", "AbortMultipartUpload"),
            ("GET /b-1/k?uploadId=u&max-parts=9", "", "ListParts"),
            ("GET /b-1/k?tagging&versionId=v", "", "GetObjectTagging"),
            ("PUT /b-1/k?tagging", "", "PutObjectTagging"),
            ("PUT /b-1/k?tagging", copy, "PutObjectTagging"),
        ] {
            let headers: &[&str] = if header.is_empty() { &[] } else { &[header] };
            assert_eq!(answer(request, headers), operation, "{request} {header}");
        }
    }

    #[test]
    fn what_s3_knows_and_we_do_not_is_never_taken_for_something_else() {
        for request in [
            "DELETE /b-1?metrics&id=x",
            "DELETE /b-1?ownershipControls",
            "DELETE /b-1?publicAccessBlock",
            "DELETE /b-1?cors",
            "PUT /b-1?website",
            "PUT /b-1?policy",
            "PUT /b-1?acl",
            "GET /b-1?policy",
            "GET /b-1?versions",
            "GET /b-1?list-type=2&metadata=true",
            "GET /b-1?events",
            "GET /?events",
            "GET /?Action=AssumeRole",
            "POST /?Action=AssumeRole&Version=2011-06-15",
            "GET /b-1/k?acl",
            "GET /b-1/k?attributes",
            "GET /b-1/k?torrent",
            "PUT /b-1/k?retention",
            "PUT /b-1/k?legal-hold",
            "PUT /b-1/k?encryption",
            "PUT /b-1/k?renameObject",
            "PUT /b-1/k?X-Amz-Copy-Source=src/k",
            "POST /b-1/k?select&select-type=2",
            "POST /b-1/k?restore",
            "DELETE /b-1/k?tagging",
            "OPTIONS /b-1/k",
        ] {
            assert_eq!(answer(request, &[]), "operation-not-implemented", "{request}");
        }
        for (request, header) in [
            ("POST /", "content-type: application/x-www-form-urlencoded"),
            ("PUT /b-1/k", "X-Amz-Meta-Snowball-Auto-Extract: true"),
            ("PUT /b-1/k", "x-amz-write-offset-bytes: 0"),
            ("DELETE /b-1/k", "x-minio-force-delete: true"),
            ("GET /b-1/a.zip/k", "x-minio-extract: true"),
            ("HEAD /b-1/a.ZIP/k", "x-minio-extract: true"),
        ] {
            assert_eq!(answer(request, &[header]), "operation-not-implemented", "{request} {header}");
        }
    }

    #[test]
    fn a_form_is_an_upload_whatever_the_query_says() {
        let known = if cfg!(feature = "forms") { "PostObject" } else { "operation-not-implemented" };
        for request in ["POST /b-1", "POST /b-1/", "POST /b-1?delete", "POST /b-1?acl"] {
            let header = "Content-Type: Multipart/form-data; boundary=x";
            assert_eq!(answer(request, &[header]), known, "{request}");
        }
    }

    #[test]
    fn a_method_that_the_resource_does_not_have_is_not_allowed() {
        for request in [
            "POST /b-1",
            "POST /b-1/k",
            "PUT /",
            "DELETE /",
            "HEAD /",
            "POST /",
            "PATCH /b-1/k",
            "get /b-1/k",
            "GET /b-1?delete",
            "PUT /b-1?location",
            "DELETE /b-1?versioning",
            "DELETE /b-1?location",
            "GET /b-1/k?uploads",
            "PUT /b-1/k?uploads",
            "GET /b-1?uploadId=u",
            "GET /b-1/k?location",
            "GET /?acl",
        ] {
            assert_eq!(answer(request, &[]), "method-not-allowed", "{request}");
        }
    }

    #[test]
    fn an_incomplete_or_contradictory_request_is_refused() {
        for (request, code) in [
            ("PUT /b-1/k?uploadId=u", "invalid-argument"),
            ("PUT /b-1/k?uploadId=u&partNumber=", "invalid-argument"),
            ("PUT /b-1/k?partNumber=1", "invalid-argument"),
            ("GET /b-1/k?tagging&acl", "ambiguous-operation"),
            ("PUT /b-1/k?uploadId=u&partNumber=1&tagging", "ambiguous-operation"),
            ("POST /b-1/k?uploads&uploadId=u", "ambiguous-operation"),
            ("GET /b-1/k?versionId=1&versionId=2", "repeated-parameter"),
        ] {
            assert_eq!(answer(request, &[]), code, "{request}");
        }
        assert_eq!(answer("PUT /b-1/k", &["x-amz-copy-source: "]), "invalid-copy-source");
        assert_eq!(
            answer("PUT /b-1/k", &["x-amz-copy-source: a-1/k", "X-Amz-Copy-Source: b-1/k"]),
            "repeated-header"
        );
    }

    #[test]
    fn plain_operations_need_one_check() {
        for (request, check) in [
            ("GET /", "ListAllMyBuckets /"),
            ("PUT /b-1", "CreateBucket b-1/"),
            ("DELETE /b-1", "DeleteBucket b-1/"),
            ("GET /b-1", "ListBucket b-1/"),
            ("GET /b-1?list-type=2", "ListBucket b-1/"),
            ("GET /b-1?location", "GetBucketLocation b-1/"),
            ("GET /b-1?uploads", "ListBucketMultipartUploads b-1/"),
            ("GET /b-1/k?versionId=v", "GetObject b-1/k"),
            ("HEAD /b-1/k", "GetObject b-1/k"),
            ("PUT /b-1/k", "PutObject b-1/k"),
            ("POST /b-1/k?uploads", "PutObject b-1/k"),
            ("PUT /b-1/k?partNumber=1&uploadId=u", "PutObject b-1/k"),
            ("POST /b-1/k?uploadId=u", "PutObject b-1/k"),
            ("DELETE /b-1/k", "DeleteObject b-1/k"),
            ("DELETE /b-1/k?uploadId=u", "AbortMultipartUpload b-1/k"),
            ("GET /b-1/k?uploadId=u", "ListMultipartUploadParts b-1/k"),
            ("GET /b-1/k?tagging&versionId=v", "GetObjectTagging b-1/k"),
            ("PUT /b-1/k?tagging&versionId=v", "PutObjectTagging b-1/k"),
        ] {
            assert_eq!(checks(request, &[]), [check], "{request}");
        }
    }

    #[test]
    fn what_a_request_asks_for_besides_costs_further_checks() {
        assert_eq!(checks("HEAD /b-1", &[]), ["?HeadBucket b-1/", "?ListBucket b-1/"]);
        assert_eq!(
            checks("DELETE /b-1/k?versionId=v", &[]),
            ["DeleteObject b-1/k", "!DeleteObjectVersion b-1/k"]
        );
        assert_eq!(
            checks(
                "DELETE /b-1/k?versionId=v",
                &["x-amz-bypass-governance-retention: true", "x-amz-replication-status: REPLICA"]
            ),
            [
                "DeleteObject b-1/k",
                "!DeleteObjectVersion b-1/k",
                "BypassGovernanceRetention b-1/k",
                "ReplicateDelete b-1/k"
            ]
        );
        assert_eq!(
            checks("PUT /b-1", &["x-amz-bucket-object-lock-enabled: true"]),
            ["CreateBucket b-1/", "PutBucketObjectLockConfiguration b-1/", "PutBucketVersioning b-1/"]
        );
        assert_eq!(checks("PUT /b-1", &["x-amz-bucket-object-lock-enabled: False"]), ["CreateBucket b-1/"]);
        assert_eq!(
            checks("DELETE /b-1", &["x-minio-force-delete: false"]),
            ["DeleteBucket b-1/", "ForceDeleteBucket b-1/"]
        );
        let lock = ["x-amz-object-lock-mode: GOVERNANCE", "x-amz-object-lock-legal-hold: ON"];
        let locked = ["PutObject b-1/k", "PutObjectRetention b-1/k", "PutObjectLegalHold b-1/k"];
        assert_eq!(checks("PUT /b-1/k", &lock), locked);
        assert_eq!(checks("POST /b-1/k?uploads", &lock), locked);
        assert_eq!(
            checks(
                "PUT /b-1/k?X-Amz-Object-Lock-Retain-Until-Date=2030&x-amz-object-lock-legal-hold=ON",
                &[]
            ),
            locked
        );
    }

    #[test]
    fn a_copy_is_a_write_and_a_read_of_its_source() {
        let source = ["x-amz-copy-source: /src/a%2Fb?versionId=v1"];
        assert_eq!(checks("PUT /b-1/k", &source), ["PutObject b-1/k", "GetObject src/a/b"]);
        assert_eq!(
            checks("PUT /b-1/k?partNumber=1&uploadId=u", &source),
            ["PutObject b-1/k", "GetObject src/a/b"]
        );
        let recognised = recognised("PUT /b-1/k", &source).unwrap();
        let expected = CopySource { bucket: &b"src"[..], key: &b"a/b"[..], version_id: Some(&b"v1"[..]) };
        assert_eq!(recognised.copy_source(), Some(expected));
        assert_eq!(recognised.version_id(), None);
    }

    #[test]
    fn each_listed_key_has_its_own_checks() {
        let recognised =
            recognised("POST /b-1?delete", &["x-amz-bypass-governance-retention: true"]).unwrap();
        let actions = |version_id: Option<&str>| {
            let key = DeleteKey { key: "k".to_owned(), version_id: version_id.map(str::to_owned) };
            let checks = recognised.key_checks(&key);
            checks.iter().map(|check| check.action.name()).collect::<Vec<_>>()
        };
        assert!(recognised.checks().is_empty());
        assert_eq!(actions(None), ["s3:DeleteObject"]);
        assert_eq!(
            actions(Some("v")),
            ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]
        );
    }

    proptest! {
        /// Every request gets an operation with checks, or an error; nothing panics.
        #[test]
        fn whatever_is_recognised_is_checked(
            method in "GET|HEAD|PUT|POST|DELETE|OPTIONS|X",
            path in "(/|b-1|k|%2F|%|\\.|\\\\){0,6}",
            query in "(acl|tagging|uploads|uploadId|partNumber|delete|location|versionId|list-type|=|&|2|%|\\+){0,8}",
            copy in "(/|src|k|%2F|\\?versionId=|v|%){0,6}",
        ) {
            let copy = format!("x-amz-copy-source: {copy}");
            if let Ok(recognised) = recognised(&format!("{method} /{path}?{query}"), &[&copy]) {
                let operation = recognised.operation;
                prop_assert_eq!(recognised.checks().is_empty(), operation == Operation::DeleteObjects);
                prop_assert_eq!(recognised.copy_source().is_some(), operation.copies());
            }
        }
    }
}
