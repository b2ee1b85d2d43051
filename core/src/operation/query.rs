//! The one pass over the query: which sub-resource it names, and the parameters that matter.

use super::address::check_text;
use crate::http::{Plus, ShortBytes, decode, query_pairs};
use crate::{Error, ErrorCode};

/// A query key that selects an operation, with the methods that it has on each kind of target.
#[derive(Debug)]
pub(super) struct SubResource {
    pub(super) name: &'static str,
    pub(super) service: u8,
    pub(super) bucket: u8,
    pub(super) object: u8,
}

/// `GET`, as a bit of [`SubResource`].
pub(super) const GET: u8 = 1;
/// `PUT`.
pub(super) const PUT: u8 = 2;
/// `POST`.
pub(super) const POST: u8 = 4;
/// `DELETE`.
pub(super) const DELETE: u8 = 8;

/// Every sub-resource of S3 and of MinIO's extensions, sorted by name.
const SUB_RESOURCES: &[SubResource] = &[
    row("abac", 0, GET | PUT, 0),
    row("accelerate", 0, GET | PUT, 0),
    row("acl", 0, GET | PUT, GET | PUT),
    row("analytics", 0, GET | PUT | DELETE, 0),
    row("annotation", 0, 0, GET | PUT | DELETE),
    row("attributes", 0, 0, GET),
    row("cors", 0, GET | PUT | DELETE, 0),
    row("delete", 0, POST, 0),
    row("encryption", 0, GET | PUT | DELETE, PUT),
    row("events", GET, GET, 0),
    row("intelligent-tiering", 0, GET | PUT | DELETE, 0),
    row("inventory", 0, GET | PUT | DELETE, 0),
    row("lambdaArn", 0, 0, GET),
    row("legal-hold", 0, 0, GET | PUT),
    row("lifecycle", 0, GET | PUT | DELETE, 0),
    row("list-type", 0, GET, 0),
    row("location", 0, GET, 0),
    row("logging", 0, GET | PUT, 0),
    row("metadataAnnotationTable", 0, PUT, 0),
    row("metadataConfiguration", 0, GET | POST | DELETE, 0),
    row("metadataInventoryTable", 0, PUT, 0),
    row("metadataJournalTable", 0, PUT, 0),
    row("metadataTable", 0, GET | POST | DELETE, 0),
    row("metrics", 0, GET | PUT | DELETE, 0),
    row("notification", 0, GET | PUT, 0),
    row("object-lock", 0, GET | PUT, 0),
    row("ownershipControls", 0, GET | PUT | DELETE, 0),
    row("policy", 0, GET | PUT | DELETE, 0),
    row("policyStatus", 0, GET, 0),
    row("publicAccessBlock", 0, GET | PUT | DELETE, 0),
    row("renameObject", 0, 0, PUT),
    row("replication", 0, GET | PUT | DELETE, 0),
    row("replication-check", 0, GET, 0),
    row("replication-metrics", 0, GET, 0),
    row("replication-reset", 0, PUT, 0),
    row("replication-reset-status", 0, GET, 0),
    row("requestPayment", 0, GET | PUT, 0),
    row("restore", 0, 0, POST),
    row("retention", 0, 0, GET | PUT),
    row("select", 0, 0, POST),
    row("session", 0, GET, 0),
    row("tagging", 0, GET | PUT | DELETE, GET | PUT | DELETE),
    row("torrent", 0, 0, GET),
    row("uploadId", 0, 0, GET | PUT | POST | DELETE),
    row("uploads", 0, GET, POST),
    row("versioning", 0, GET | PUT, 0),
    row("versions", 0, GET, 0),
    row("website", 0, GET | PUT | DELETE, 0),
];

const fn row(name: &'static str, service: u8, bucket: u8, object: u8) -> SubResource {
    SubResource { name, service, bucket, object }
}

/// What a query says. Values are still encoded.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    /// The one sub-resource.
    pub(super) sub_resource: Option<&'static SubResource>,
    /// The value of the sub-resource.
    pub(super) sub_resource_value: &'a [u8],
    pub(super) version_id: Option<&'a [u8]>,
    pub(super) part_number: Option<&'a [u8]>,
    /// `metadata=true`, MinIO's listing with metadata.
    pub(super) metadata: bool,
    /// `Action`, which makes a request to the service one to the token service.
    pub(super) action: bool,
    /// `X-Amz-Copy-Source` as a parameter: a copy that this crate would not see as one.
    pub(super) copy_source: bool,
    /// `X-Amz-Object-Lock-Mode` or `-Retain-Until-Date` as a parameter.
    pub(super) lock_retention: bool,
    /// `X-Amz-Object-Lock-Legal-Hold` as a parameter.
    pub(super) lock_legal_hold: bool,
    /// `X-Amz-Bypass-Governance-Retention` as a parameter.
    pub(super) bypass_governance: bool,
}

/// Reads the query.
///
/// Refused are broken escapes, values that are not UTF-8 or have a climbing segment (`delimiter`, as
/// in MinIO, and `X-Amz-*`, which name no path, excepted), two different sub-resources, and a parameter sent twice where the check
/// and the gateway might each take another of the two.
pub(super) fn read(query: &[u8]) -> Result<Query<'_>, Error> {
    let mut out = Query::default();
    let mut seen = 0u8;
    for (name, value) in query_pairs(query) {
        let decoded;
        let name = if is_plain(name) {
            name
        } else {
            decoded = decode(name, Plus::Space).ok_or(ErrorCode::InvalidUri)?;
            decoded.as_slice()
        };
        // `X-Amz-*`: the signature's own parameters, and headers moved into the query.
        if matches!(name, [b'x' | b'X', b'-', ..]) {
            note_header(&mut out, name);
            continue;
        }
        check_value(name, value)?;
        if let Some(bit) = once(name) {
            if seen & bit != 0 {
                return Err(ErrorCode::RepeatedParameter.into());
            }
            seen |= bit;
        }
        if let Some(found) = sub_resource(name) {
            if out.sub_resource.is_some_and(|other| other.name != found.name) {
                return Err(ErrorCode::AmbiguousOperation.into());
            }
            out.sub_resource = Some(found);
            out.sub_resource_value = value;
        } else {
            note_parameter(&mut out, name, value);
        }
    }
    Ok(out)
}

/// Decodes a value that [`read`] has passed.
pub(super) fn decode_value(value: &[u8]) -> Result<ShortBytes, Error> {
    decode(value, Plus::Space).ok_or_else(|| ErrorCode::InvalidUri.into())
}

/// Whether encoded text means itself.
pub(super) fn is_plain(text: &[u8]) -> bool {
    !text.iter().any(|&b| b == b'%' || b == b'+')
}

fn note_parameter<'a>(out: &mut Query<'a>, name: &[u8], value: &'a [u8]) {
    if name == b"versionId" {
        out.version_id = Some(value);
    } else if name == b"partNumber" {
        out.part_number = Some(value);
    } else if name == b"metadata" {
        out.metadata |= value == b"true";
    } else if name == b"Action" {
        out.action = true;
    }
}

/// Notes a header that was sent as a parameter.
fn note_header(out: &mut Query<'_>, name: &[u8]) {
    let is = |header: &str| name.eq_ignore_ascii_case(header.as_bytes());
    out.copy_source |= is("x-amz-copy-source");
    out.lock_retention |= is("x-amz-object-lock-mode") || is("x-amz-object-lock-retain-until-date");
    out.lock_legal_hold |= is("x-amz-object-lock-legal-hold");
    out.bypass_governance |= is("x-amz-bypass-governance-retention");
}

/// The parameters that may be sent only once.
const ONCE: [&str; 7] =
    ["versionId", "uploadId", "partNumber", "list-type", "prefix", "delimiter", "max-keys"];

/// The bit of a parameter that may be sent only once.
fn once(name: &[u8]) -> Option<u8> {
    ONCE.iter().position(|once| once.as_bytes() == name).map(|at| 1 << at)
}

fn check_value(name: &[u8], value: &[u8]) -> Result<(), Error> {
    // The alphabet of ids, numbers and most prefixes decodes to itself and cannot climb.
    if value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'=' | b'~')) {
        return Ok(());
    }
    let value = decode_value(value)?;
    if name == b"delimiter" {
        return std::str::from_utf8(&value).map(|_| ()).map_err(|_| ErrorCode::InvalidUri.into());
    }
    check_text(&value)
}

/// Whether a parameter selects an operation.
#[cfg(feature = "forms")]
pub(crate) fn is_sub_resource(name: &[u8]) -> bool {
    sub_resource(name).is_some()
}

fn sub_resource(name: &[u8]) -> Option<&'static SubResource> {
    let at = SUB_RESOURCES.binary_search_by(|row| row.name.as_bytes().cmp(name)).ok()?;
    SUB_RESOURCES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(query: &str) -> Result<Option<&'static str>, ErrorCode> {
        read(query.as_bytes()).map(|q| q.sub_resource.map(|s| s.name)).map_err(|e| e.code())
    }

    #[test]
    fn the_table_is_sorted_and_every_row_has_a_method() {
        for pair in SUB_RESOURCES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} before {}", pair[0].name, pair[1].name);
        }
        assert!(SUB_RESOURCES.iter().all(|row| row.service | row.bucket | row.object != 0));
    }

    #[test]
    fn a_sub_resource_is_a_name_with_any_value_in_exact_case() {
        for query in ["acl", "acl=", "acl=x", "x-id=GetObjectAcl&acl", "%61cl", "acl&acl=2"] {
            assert_eq!(name(query), Ok(Some("acl")), "{query}");
        }
        for query in ["", "ACL", "x-id=GetObject", "acl%3D", "prefix=acl", "aclx"] {
            assert_eq!(name(query), Ok(None), "{query}");
        }
    }

    #[test]
    fn two_sub_resources_are_ambiguous_whatever_their_order() {
        for query in
            ["acl&tagging", "tagging&acl", "uploads&uploadId=1", "list-type=2&versions", "acl&%70olicy"]
        {
            assert_eq!(name(query), Err(ErrorCode::AmbiguousOperation), "{query}");
        }
    }

    #[test]
    fn a_parameter_that_decides_is_sent_once() {
        for query in
            ["versionId=1&versionId=2", "prefix=a&prefix=b", "uploadId=1&%75ploadId=2", "max-keys&max-keys"]
        {
            assert_eq!(name(query), Err(ErrorCode::RepeatedParameter), "{query}");
        }
        assert_eq!(name("marker=a&marker=b"), Ok(None));
    }

    #[test]
    fn climbing_segments_are_refused_in_every_value_but_the_delimiter() {
        assert_eq!(name("prefix=a/../b"), Err(ErrorCode::UnsafePath));
        assert_eq!(name("prefix=%2e%2E%2f"), Err(ErrorCode::UnsafePath));
        assert_eq!(name("x=."), Err(ErrorCode::UnsafePath));
        assert_eq!(name("delimiter=."), Ok(None));
        assert_eq!(name("prefix=a.b"), Ok(None));
        assert_eq!(name("prefix=%ff"), Err(ErrorCode::InvalidUri));
        assert_eq!(name("prefix=%4"), Err(ErrorCode::InvalidUri));
    }
}
