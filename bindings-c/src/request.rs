//! The raw HTTP request, as it stood on the wire.

use crate::error::s3iam_error;
use crate::options::c_bool;
use crate::pointer;
use crate::text::{s3iam_pair, s3iam_text};
use s3iam::facade::{Facts, Header, HttpRequest, Timestamp};
use smallvec::SmallVec;
use std::net::IpAddr;

/// A raw HTTP request, exactly as it stood on the wire: nothing decoded, merged or renamed, for all of
/// that would change what the client signed. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_http_request {
    /// `sizeof(s3iam_http_request)`.
    pub size: usize,
    /// The method, for example `GET`.
    pub method: s3iam_text,
    /// The request target as on the request line: path and query, still encoded.
    pub target: s3iam_text,
    /// The header lines in arrival order; a repeated name is a repeated entry.
    pub headers: *const s3iam_pair,
    /// The number of header lines.
    pub headers_len: usize,
    /// When the request arrived, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The IP address of the client, behind the gateway's own trusted proxies; empty if unknown.
    pub peer: s3iam_text,
    /// The whole body, if `has_body`. Needed for operations whose body names what is touched
    /// (`DeleteObjects`), and compared with the signed hash when given.
    pub body: s3iam_text,
    /// The stored tags of the addressed object, if `has_object_tags`.
    pub object_tags: *const s3iam_pair,
    /// The number of stored tags.
    pub object_tags_len: usize,
    /// Whether the client's connection is TLS.
    pub secure: c_bool,
    /// Whether `body` is given; an empty one may be.
    pub has_body: c_bool,
    /// Whether the stored tags are given; there may be none. If they are not, a policy that needs
    /// them does not allow.
    pub has_object_tags: c_bool,
}

impl s3iam_http_request {
    /// Calls `work` with the request that the caller filled in.
    pub(crate) fn read<R>(
        request: *const Self,
        work: impl FnOnce(&HttpRequest<'_>, &Facts<'_>, Timestamp) -> R,
    ) -> Result<R, s3iam_error> {
        let request: Self = pointer::sized(request)?;
        let mut headers: SmallVec<[Header<'_>; 16]> = SmallVec::new();
        for header in pointer::slice(&request.headers, request.headers_len)? {
            headers.push((header.name.bytes()?, header.value.bytes()?));
        }
        let mut tags: SmallVec<[(&str, &str); 8]> = SmallVec::new();
        for tag in pointer::slice(&request.object_tags, request.object_tags_len)? {
            tags.push((tag.name.utf8("the key of a tag")?, tag.value.utf8("the value of a tag")?));
        }
        let (has_body, has_tags) = (request.has_body.is_set(), request.has_object_tags.is_set());
        if !has_body && request.body.len > 0 || !has_tags && !tags.is_empty() {
            return Err(s3iam_error::argument(
                "a body or tags are given without has_body or has_object_tags",
            ));
        }
        let http = HttpRequest {
            method: request.method.bytes()?,
            target: request.target.bytes()?,
            headers: &headers,
            peer: peer(request.peer.bytes()?)?,
            secure: request.secure.is_set(),
            body: if has_body { Some(request.body.bytes()?) } else { None },
        };
        let facts = Facts { object_tags: has_tags.then_some(&tags) };
        Ok(work(&http, &facts, Timestamp::from_unix_millis(request.now_ms)))
    }
}

fn peer(text: &[u8]) -> Result<Option<IpAddr>, s3iam_error> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    address.map(Some).ok_or_else(|| s3iam_error::argument("the peer is not an IP address"))
}
