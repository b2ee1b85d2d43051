//! Bucket and key of a request.
//!
//! Routing happens on the encoded path, so that `%2F` belongs to the key and never separates bucket
//! and key; each piece is then decoded exactly once by the function that the signature uses.

use super::Hosting;
use super::parts::{Part, Parts};
use crate::bytes::find;
use crate::http::{HttpRequest, Plus, ShortBytes, decode};
use crate::{Error, ErrorCode};

/// The longest path, in bytes, still encoded.
const MAX_PATH: usize = 32 * 1024;
/// The longest object key, in bytes, decoded.
const MAX_KEY: usize = 1024;

/// What a request addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Service,
    Bucket,
    Object,
}

/// Finds bucket and key and puts them into `parts`.
pub(super) fn address(
    request: &HttpRequest<'_>,
    hosting: &Hosting,
    parts: &mut Parts,
) -> Result<Target, Error> {
    let path = request.path();
    if path.len() > MAX_PATH {
        return Err(ErrorCode::UriTooLong.into());
    }
    let Some(rest) = path.strip_prefix(b"/") else { return Err(ErrorCode::InvalidUri.into()) };
    let (mut bucket_buffer, mut key_buffer) = (None, None);
    let (bucket, key) = match host_bucket(request, hosting)? {
        Some(bucket) => (&**bucket_buffer.insert(bucket), rest),
        None if rest.is_empty() || rest == b"/" => return Ok(Target::Service),
        None => {
            let end = find(rest, b'/').unwrap_or(rest.len());
            let bucket = decode_once(rest.get(..end).unwrap_or_default(), &mut bucket_buffer)?;
            (bucket, rest.get(end + 1..).unwrap_or_default())
        }
    };
    check_text(bucket)?;
    check_bucket(bucket)?;
    parts.push(Part::Bucket, bucket);
    if key.is_empty() {
        return Ok(Target::Bucket);
    }
    let key = decode_once(key, &mut key_buffer)?;
    check_text(key)?;
    parts.push(Part::Key, check_key(key)?);
    Ok(Target::Object)
}

/// Decodes a piece of the path; one without escapes is what it is.
fn decode_once<'b>(text: &'b [u8], buffer: &'b mut Option<ShortBytes>) -> Result<&'b [u8], Error> {
    if find(text, b'%').is_none() {
        return Ok(text);
    }
    Ok(buffer.insert(decode(text, Plus::Literal).ok_or(ErrorCode::InvalidUri)?))
}

/// A key as it is used: leading slashes are not part of it.
///
/// A key of slashes only is refused: it addresses neither the bucket nor an object.
pub(super) fn check_key(key: &[u8]) -> Result<&[u8], Error> {
    let start = key.iter().position(|&b| b != b'/').ok_or(ErrorCode::InvalidUri)?;
    let key = key.get(start..).unwrap_or_default();
    if key.len() > MAX_KEY {
        return Err(ErrorCode::KeyTooLong.into());
    }
    Ok(key)
}

/// Refuses decoded text that is not UTF-8, holds a NUL, or has a `.` or `..` segment for any reader:
/// one that takes `\` as a separator, and one that trims segments.
pub(super) fn check_text(text: &[u8]) -> Result<(), Error> {
    let text = std::str::from_utf8(text).map_err(|_| Error::from(ErrorCode::InvalidUri))?;
    if may_be_unsafe(text.as_bytes())
        && (text.contains('\0') || text.split(['/', '\\']).any(|s| matches!(s.trim(), "." | "..")))
    {
        return Err(ErrorCode::UnsafePath.into());
    }
    Ok(())
}

/// Whether there is a NUL, or a dot with nothing beside it that keeps its segment from being `.` or
/// `..`. Hardly any key has either, and the others need no closer look.
fn may_be_unsafe(text: &[u8]) -> bool {
    let keeps = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b'\\' | b'.'));
    let mut start = 0;
    while let Some(at) = text.get(start..).and_then(|rest| find(rest, b'.')) {
        let dot = start + at;
        if !keeps(dot.checked_sub(1).and_then(|at| text.get(at))) && !keeps(text.get(dot + 1)) {
            return true;
        }
        start = dot + 1;
    }
    find(text, 0).is_some()
}

/// Refuses names that no bucket can have, and those that the storage keeps for itself.
///
/// A bucket name is 3 to 63 bytes of lower-case letters, digits, `-` and `.`; its labels between the
/// dots are not empty and do not begin or end with `-`; it is not an IPv4 address.
pub(super) fn check_bucket(name: &[u8]) -> Result<(), Error> {
    if name == b"minio" || name.starts_with(b".minio.sys") {
        return Err(ErrorCode::ReservedBucket.into());
    }
    let (mut dots, mut digits_only, mut previous) = (0, true, b'.');
    for &b in name {
        match (b, previous) {
            (b'a'..=b'z', _) | (b'-', b'a'..=b'z' | b'0'..=b'9' | b'-') => digits_only = false,
            (b'0'..=b'9', _) => {}
            (b'.', b'a'..=b'z' | b'0'..=b'9') => dots += 1,
            _ => return Err(ErrorCode::InvalidBucketName.into()),
        }
        previous = b;
    }
    let is_address = digits_only && dots == 3;
    if !(3..=63).contains(&name.len()) || matches!(previous, b'.' | b'-') || is_address {
        return Err(ErrorCode::InvalidBucketName.into());
    }
    Ok(())
}

/// The bucket that the host names, lower-case, if the host lies under a configured domain.
pub(crate) fn host_bucket(request: &HttpRequest<'_>, hosting: &Hosting) -> Result<Option<ShortBytes>, Error> {
    let mut hosts = request.header_values("host");
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(ErrorCode::RepeatedHeader.into());
    }
    let (Some(host), false) = (host, hosting.domains.is_empty()) else { return Ok(None) };
    let host = without_port(host.trim_ascii());
    let domain = hosting.domains.iter().filter(|domain| is_under(host, domain)).max_by_key(|d| d.len());
    let Some(domain) = domain else { return Ok(None) };
    // One less for the dot between bucket and domain; equal length means the domain itself.
    let Some(end) = host.len().checked_sub(domain.len() + 1) else { return Ok(None) };
    Ok(Some(host.iter().take(end).map(u8::to_ascii_lowercase).collect()))
}

/// The host without `:port` and without the dot that may end a full domain name. An IPv6 literal
/// stays as it is: it is under no domain.
fn without_port(host: &[u8]) -> &[u8] {
    let name = match host.iter().rposition(|&b| b == b':') {
        Some(at) if !host.starts_with(b"[") => host.get(..at).unwrap_or_default(),
        _ => host,
    };
    name.strip_suffix(b".").unwrap_or(name)
}

/// Whether the host is the domain or `<anything>.<domain>`.
fn is_under(host: &[u8], domain: &str) -> bool {
    let Some(at) = host.len().checked_sub(domain.len()) else { return false };
    let (label, rest) = host.split_at(at);
    rest.eq_ignore_ascii_case(domain.as_bytes()) && (label.is_empty() || label.ends_with(b"."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Header;
    use proptest::prelude::*;

    fn addressed(target: &str, host: &str, domains: &[&str]) -> Result<(Target, String, String), ErrorCode> {
        let headers: [Header<'_>; 1] = [(b"Host", host.as_bytes())];
        let request = HttpRequest {
            method: b"GET",
            target: target.as_bytes(),
            headers: &headers,
            peer: None,
            secure: false,
            body: None,
        };
        let hosting = Hosting { domains: domains.iter().map(|d| (*d).to_owned()).collect() };
        let mut parts = Parts::default();
        let target = address(&request, &hosting, &mut parts).map_err(|e| e.code())?;
        let text = |part| String::from_utf8(parts.get(part).unwrap_or_default().to_vec()).unwrap();
        Ok((target, text(Part::Bucket), text(Part::Key)))
    }

    fn path_style(target: &str) -> Result<(Target, String, String), ErrorCode> {
        addressed(target, "s3.example.com", &[])
    }

    fn object(bucket: &str, key: &str) -> Result<(Target, String, String), ErrorCode> {
        Ok((Target::Object, bucket.to_owned(), key.to_owned()))
    }

    fn bucket(bucket: &str) -> Result<(Target, String, String), ErrorCode> {
        Ok((Target::Bucket, bucket.to_owned(), String::new()))
    }

    #[test]
    fn path_style_splits_the_encoded_path() {
        assert_eq!(path_style("/").unwrap().0, Target::Service);
        assert_eq!(path_style("//").unwrap().0, Target::Service);
        assert_eq!(path_style("/photos"), bucket("photos"));
        assert_eq!(path_style("/photos/"), bucket("photos"));
        assert_eq!(path_style("/photos/2026/cat.jpg"), object("photos", "2026/cat.jpg"));
        assert_eq!(path_style("/ph%6Ftos/a%2Fb/"), object("photos", "a/b/"));
        assert_eq!(path_style("/photos%2Fcat"), Err(ErrorCode::InvalidBucketName));
    }

    #[test]
    fn a_key_is_decoded_once_and_loses_leading_slashes_only() {
        assert_eq!(path_style("/photos/100%2525"), object("photos", "100%25"));
        assert_eq!(path_style("/photos/a+b%20c"), object("photos", "a+b c"));
        assert_eq!(path_style("/photos///a//b//"), object("photos", "a//b//"));
        assert_eq!(path_style("/photos/%2F%2Fa"), object("photos", "a"));
        assert_eq!(path_style("/photos//"), Err(ErrorCode::InvalidUri));
        assert_eq!(path_style("/photos/%"), Err(ErrorCode::InvalidUri));
        assert_eq!(path_style("/photos/%ff"), Err(ErrorCode::InvalidUri));
        assert_eq!(path_style("photos/a"), Err(ErrorCode::InvalidUri));
        assert_eq!(path_style("*"), Err(ErrorCode::InvalidUri));
    }

    #[test]
    fn segments_that_climb_are_refused_however_they_are_written() {
        for key in ["..", "a/../b", "a/%2e%2e/b", "a/%2E/b", "a%2F..", "a\\..\\b", "a/ .. /b", "a/.%20/b"] {
            assert_eq!(path_style(&format!("/photos/{key}")), Err(ErrorCode::UnsafePath), "{key}");
        }
        assert_eq!(path_style("/../etc"), Err(ErrorCode::UnsafePath));
        assert_eq!(path_style("/photos/a%00b"), Err(ErrorCode::UnsafePath));
        for key in ["...", "..a", "a..b", "a.", ".hidden", "%252e%252e"] {
            assert!(path_style(&format!("/photos/{key}")).is_ok(), "{key}");
        }
    }

    #[test]
    fn limits_are_exact() {
        let key = |length| format!("/photos/{}", "k".repeat(length));
        assert!(path_style(&key(1024)).is_ok());
        assert_eq!(path_style(&key(1025)), Err(ErrorCode::KeyTooLong));
        assert_eq!(path_style(&key(32 * 1024)), Err(ErrorCode::UriTooLong));
    }

    #[test]
    fn bucket_names_follow_the_rules_of_s3() {
        let longest = "a".repeat(63);
        for name in ["abc", "a-b", "a.b.c", "1.2.3", "1.2.3.4.5", "192.168.0.a", longest.as_str()] {
            assert_eq!(check_bucket(name.as_bytes()), Ok(()), "{name}");
        }
        let too_long = "a".repeat(64);
        for name in [
            "", "ab", "Photos", "a_b", "a..b", ".ab", "ab.", "-ab", "ab-", "a.-b", "1.2.3.4", "a*b",
            &too_long,
        ] {
            let refused = Err(ErrorCode::InvalidBucketName.into());
            assert_eq!(check_bucket(name.as_bytes()), refused, "{name}");
        }
        for name in ["minio", ".minio.sys", ".minio.sys-tmp"] {
            assert_eq!(path_style(&format!("/{name}/x")), Err(ErrorCode::ReservedBucket), "{name}");
        }
    }

    #[test]
    fn a_host_under_a_domain_names_the_bucket() {
        let hosted = |host, target| addressed(target, host, &["s3.example.com", "other.net"]);
        assert_eq!(hosted("photos.s3.example.com", "/a/b"), object("photos", "a/b"));
        assert_eq!(hosted("Photos.S3.Example.COM:9000", "/"), bucket("photos"));
        assert_eq!(hosted("a.b.c.other.net.", "/k"), object("a.b.c", "k"));
        assert_eq!(hosted("s3.example.com:9000", "/photos/a"), object("photos", "a"));
        assert_eq!(hosted("[::1]:9000", "/photos/a"), object("photos", "a"));
        assert_eq!(hosted("10.0.0.1", "/photos/a"), object("photos", "a"));
        assert_eq!(hosted("evils3.example.com", "/photos/a"), object("photos", "a"));
        assert_eq!(hosted("minio.s3.example.com", "/a"), Err(ErrorCode::ReservedBucket));
        assert_eq!(hosted(".s3.example.com", "/a"), Err(ErrorCode::InvalidBucketName));
        assert_eq!(addressed("/k", "a.b.example.com", &["example.com", "b.example.com"]), {
            Err(ErrorCode::InvalidBucketName)
        });
    }

    #[test]
    fn two_hosts_are_refused() {
        let headers: [Header<'_>; 2] = [(b"Host", b"a"), (b"host", b"a")];
        let mut request = HttpRequest {
            method: b"GET",
            target: b"/photos/k",
            headers: &headers,
            peer: None,
            secure: false,
            body: None,
        };
        let code = |r: &HttpRequest<'_>| {
            address(r, &Hosting::default(), &mut Parts::default()).map_err(|e| e.code()).err()
        };
        assert_eq!(code(&request), Some(ErrorCode::RepeatedHeader));
        request.headers = &headers[..1];
        assert_eq!(code(&request), None);
    }

    proptest! {
        /// Whatever the key, encoding it byte by byte and addressing it gives it back.
        #[test]
        fn an_encoded_key_comes_back(key in "[^/\0.][^\0.]{0,60}") {
            let encoded: String = key.bytes().map(|b| format!("%{b:02x}")).collect();
            prop_assert_eq!(path_style(&format!("/photos/{encoded}")), object("photos", &key));
        }

        #[test]
        fn no_path_panics_and_none_yields_a_climbing_key(path in "(/|%2[eEfF]|\\.|\\\\|[a-c]| |%){0,24}") {
            if let Ok((_, _, key)) = path_style(&format!("/abc{path}")) {
                prop_assert!(!key.split(['/', '\\']).any(|s| matches!(s.trim(), "." | "..")));
            }
        }
    }
}
