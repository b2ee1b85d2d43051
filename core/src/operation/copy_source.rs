//! The object that a copy reads: the header `x-amz-copy-source`.

use super::address::{check_bucket, check_key, check_text};
use super::parts::{Part, Parts};
use super::query::decode_value;
use crate::http::{HttpRequest, Plus, decode};
use crate::{Error, ErrorCode};

/// The longest header value, in bytes: the longest key, every byte of it encoded, and a version.
const MAX_SOURCE: usize = 8 * 1024;

/// Reads `[/]bucket/key[?versionId=version]`. The path is decoded once, as a whole, because clients
/// also encode the slash between bucket and key.
pub(super) fn read(request: &HttpRequest<'_>, parts: &mut Parts) -> Result<(), Error> {
    let mut values = request.header_values("x-amz-copy-source");
    let value = values.next().ok_or(ErrorCode::InvalidCopySource)?.trim_ascii();
    if values.next().is_some() {
        return Err(ErrorCode::RepeatedHeader.into());
    }
    if value.len() > MAX_SOURCE {
        return Err(ErrorCode::InvalidCopySource.into());
    }
    let (path, version) = match value.iter().position(|&b| b == b'?') {
        Some(at) => (value.get(..at).unwrap_or_default(), Some(version(value.get(at + 1..))?)),
        None => (value, None),
    };
    let path = decode(path, Plus::Literal).ok_or(ErrorCode::InvalidCopySource)?;
    check_text(&path)?;
    let path = path.strip_prefix(b"/").unwrap_or(&path);
    let slash = path.iter().position(|&b| b == b'/').ok_or(ErrorCode::InvalidCopySource)?;
    let bucket = path.get(..slash).unwrap_or_default();
    check_bucket(bucket)?;
    parts.push(Part::SourceBucket, bucket);
    let key = path.get(slash + 1..).unwrap_or_default();
    if key.iter().all(|&b| b == b'/') {
        return Err(ErrorCode::InvalidCopySource.into());
    }
    parts.push(Part::SourceKey, check_key(key)?);
    if let Some(version) = version {
        parts.push(Part::SourceVersion, &decode_value(version)?);
    }
    Ok(())
}

/// The encoded version in the query of a copy source, which holds nothing else.
fn version(query: Option<&[u8]>) -> Result<&[u8], Error> {
    let version = query.unwrap_or_default().strip_prefix(b"versionId=").unwrap_or_default();
    if version.is_empty() || version.contains(&b'&') {
        return Err(ErrorCode::InvalidCopySource.into());
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Header;

    fn source(value: &str) -> Result<(String, String, Option<String>), ErrorCode> {
        let headers: [Header<'_>; 1] = [(b"X-Amz-Copy-Source", value.as_bytes())];
        let request = HttpRequest {
            method: b"PUT",
            target: b"/photos/k",
            headers: &headers,
            peer: None,
            secure: false,
            body: None,
        };
        let mut parts = Parts::default();
        read(&request, &mut parts).map_err(|e| e.code())?;
        let text = |part| parts.get(part).map(|t| String::from_utf8_lossy(t).into_owned());
        Ok((text(Part::SourceBucket).unwrap(), text(Part::SourceKey).unwrap(), text(Part::SourceVersion)))
    }

    fn good(key: &str, version: Option<&str>) -> Result<(String, String, Option<String>), ErrorCode> {
        Ok(("src".to_owned(), key.to_owned(), version.map(str::to_owned)))
    }

    #[test]
    fn bucket_key_and_version() {
        assert_eq!(source("src/a/b"), good("a/b", None));
        assert_eq!(source("/src/a%20b+c"), good("a b+c", None));
        assert_eq!(source("src%2Fa%2525"), good("a%25", None));
        assert_eq!(source("src/a%3Fb?versionId=v%201"), good("a?b", Some("v 1")));
    }

    #[test]
    fn anything_else_is_refused() {
        for value in [
            "",
            "/",
            "src",
            "src/",
            "src//",
            "/src",
            "src/k?",
            "src/k?x=1",
            "src/k?versionId=a&b=c",
            "src/%zz",
        ] {
            assert_eq!(source(value), Err(ErrorCode::InvalidCopySource), "{value}");
        }
        assert_eq!(source("src/a/../b"), Err(ErrorCode::UnsafePath));
        assert_eq!(source("src/%2e%2e/b"), Err(ErrorCode::UnsafePath));
        assert_eq!(source("minio/x"), Err(ErrorCode::ReservedBucket));
        assert_eq!(source("arn:aws:s3:r:1:accesspoint/p/object/k"), Err(ErrorCode::InvalidBucketName));
        assert_eq!(source(&format!("src/{}", "k".repeat(1025))), Err(ErrorCode::KeyTooLong));
    }
}
