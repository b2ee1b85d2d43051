//! The canonical request. Lines: the method, behind `sts ` for the service whose rules differ; the target; and
//! headers as `name:value`, all of which are signed.

use super::signed::{ACCESS_KEY, DATE, EMPTY, HOST, canonical_path, canonical_query, folded, pairs, verify};
use s3iam::ErrorCode;
use s3iam::http::Header;

/// Headers with a meaning of their own.
const SPECIAL: [&str; 10] = [
    "authorization",
    "host",
    ":authority",
    "x-amz-date",
    "x-amz-content-sha256",
    "x-amz-security-token",
    "x-amz-s3session-token",
    "expect",
    "transfer-encoding",
    "content-length",
];

/// Checks that what the verifier hashes is what a plain reading of the request gives.
pub fn check(data: &[u8]) {
    let mut lines = data.split(|&b| b == b'\n');
    let (Some(method), Some(target)) = (lines.next(), lines.next()) else { return };
    let (method, service) = match method.strip_prefix(b"sts ") {
        Some(method) => (method, "sts"),
        None => (method, "s3"),
    };
    let mut headers: Vec<Header<'_>> =
        vec![(b"Host", HOST), (b"X-Amz-Date", DATE.as_bytes()), (b"X-Amz-Content-Sha256", EMPTY)];
    for line in lines {
        let Some(at) = line.iter().position(|&b| b == b':') else { return };
        let (name, value) = (&line[..at], &line[at + 1..]);
        let is_token = |b: &u8| b.is_ascii_alphanumeric() || b"-_.!#$%&'*+^`|~".contains(b);
        let special = SPECIAL.iter().any(|special| name.eq_ignore_ascii_case(special.as_bytes()));
        if name.is_empty() || !name.iter().all(is_token) || special {
            return;
        }
        headers.push((name, value));
    }
    let mut names: Vec<String> =
        headers.iter().map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    let list = names.join(";");
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20260115/us-east-1/{service}/aws4_request, \
        SignedHeaders={list}, Signature={}",
        "0".repeat(64)
    );
    let unsigned = headers.clone();
    headers.push((b"Authorization", authorization.as_bytes()));
    let result = verify(method, target, &headers, service);
    let within = headers.len() <= 256
        && names.iter().all(|name| name.len() < 1024)
        && headers.iter().all(|(_, value)| value.len() < 1 << 16)
        && target.len() <= 1 << 16
        && list.len() + 256 <= 8192;
    let Some(error) = result.as_ref().err() else { panic!("{result:?}") };
    let Some(plain) = plain(method, target, &unsigned, &names, service).filter(|_| within) else { return };
    assert_eq!(error.code(), ErrorCode::SignatureDoesNotMatch, "{}", String::from_utf8_lossy(data));
    let shown = error.details().iter().find(|(name, _)| *name == "CanonicalRequestBytes");
    let plain: Vec<String> = plain.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(shown.unwrap().1, plain.join(" "), "{}", String::from_utf8_lossy(data));
}

/// The canonical request; nothing if there is none, or if the query makes it another request.
fn plain(
    method: &[u8],
    target: &[u8],
    headers: &[Header<'_>],
    names: &[String],
    service: &str,
) -> Option<Vec<u8>> {
    let at = target.iter().position(|&b| b == b'?').unwrap_or(target.len());
    let (path, query) = (&target[..at], target.get(at + 1..).unwrap_or_default());
    if !path.starts_with(b"/") {
        return None;
    }
    let path = canonical_path(path, service)?;
    let pairs = pairs(query)?;
    let authenticates = |name: &Vec<u8>| {
        name.starts_with(b"X-Amz-") || [&b"AWSAccessKeyId"[..], b"Signature"].contains(&&name[..])
    };
    if pairs.len() > 256 || pairs.iter().any(|(name, _)| authenticates(name)) {
        return None;
    }
    let mut out = [method, b"\n", &path, b"\n", canonical_query(&pairs).as_bytes(), b"\n"].concat();
    for name in names {
        let lines = headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()));
        let values: Vec<Vec<u8>> = lines.map(|(_, value)| folded(value)).collect();
        out.extend([name.as_bytes(), b":", &values.join(&b','), b"\n"].concat());
    }
    out.extend([b"\n", names.join(";").as_bytes(), b"\n", EMPTY].concat());
    Some(out)
}
