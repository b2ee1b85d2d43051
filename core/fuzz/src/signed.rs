//! What the signature targets share: one signed request, and plain readings of what a request says.

use s3iam::Timestamp;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{CredentialState, KeyRing, NewKey, Options, SecretKey, Verified, Verifier};
use s3iam::{Error, ErrorCode};

pub const ACCESS_KEY: &str = "AKIDEXAMPLEUSER00001";
pub const DATE: &str = "20260115T120000Z";
pub const DAY: &[u8] = b"20260115";
pub const HOST: &[u8] = b"s3.example.com";
pub const EMPTY: &[u8] = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub fn now() -> Timestamp {
    Timestamp::parse_basic(DATE.as_bytes()).unwrap()
}

/// Who may sign.
pub fn ring() -> KeyRing {
    let mut ring = KeyRing::new();
    ring.add(NewKey {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        session_token: None,
        expires: None,
        state: CredentialState::Enabled,
    })
    .unwrap();
    ring
}

/// What came of a request, as the code of a refusal.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Signed,
    Anonymous,
    Refused(ErrorCode),
}

/// Verifies a request, once with an empty cache of keys and once more.
pub fn verify(method: &[u8], target: &[u8], headers: &[Header<'_>], service: &str) -> Result<Answer, Error> {
    let options =
        Options { region: "us-east-1".to_owned(), services: vec![service.to_owned()], ..Options::default() };
    let (verifier, ring) = (Verifier::new(options), ring());
    let request = HttpRequest { method, target, headers, peer: None, secure: true, body: Some(b"") };
    let answers = [(); 2].map(|()| match verifier.verify(&request, &ring, now()) {
        Ok(Verified::Signed(identity)) => {
            assert_eq!(identity.access_key(), ACCESS_KEY);
            Ok(Answer::Signed)
        }
        Ok(Verified::Anonymous) => Ok(Answer::Anonymous),
        Err(error) => Err(error),
    });
    let [first, second] = answers;
    assert_eq!(format!("{first:?}"), format!("{second:?}"), "the cache changes nothing");
    first
}

/// The answer without what is told beside the code.
pub fn answer(result: &Result<Answer, Error>) -> Answer {
    match result {
        Ok(Answer::Signed) => Answer::Signed,
        Ok(_) => Answer::Anonymous,
        Err(error) => Answer::Refused(error.code()),
    }
}

/// A credential: access key, day, region, service and terminal, or what is wrong.
#[derive(Debug, PartialEq)]
pub enum Scope<'a> {
    Parts,
    Day,
    Read([&'a [u8]; 5]),
}

pub fn scope(credential: &[u8]) -> Scope<'_> {
    let parts: Vec<&[u8]> = credential.rsplitn(5, |&b| b == b'/').collect();
    let [terminal, service, region, day, key] = parts[..] else { return Scope::Parts };
    if key.is_empty() || key.len() > 256 || std::str::from_utf8(key).is_err() {
        return Scope::Parts;
    }
    let midnight = [day, b"T000000Z"].concat();
    if day.len() != 8 || Timestamp::parse_basic(&midnight).is_none() {
        return Scope::Day;
    }
    Scope::Read([key, day, region, service, terminal])
}

/// The names of a list, sorted; nothing if it is malformed.
pub fn names(list: &[u8]) -> Option<Vec<&[u8]>> {
    let refused = |b: &u8| *b <= b' ' || *b == b'=' || *b == 0x7f || b.is_ascii_uppercase();
    if list.len() > 8192 || list.iter().any(refused) {
        return None;
    }
    let mut names: Vec<&[u8]> = list.split(|&b| b == b';').collect();
    names.sort();
    let count = names.len();
    names.dedup();
    (count == names.len() && count <= 256 && !names[0].is_empty()).then_some(names)
}

/// What is wrong with a list of names for the headers of a request.
pub fn uncovered(names: &[&[u8]], headers: &[&[u8]]) -> Option<ErrorCode> {
    let listed = |name: &[u8]| names.contains(&name);
    let unsigned =
        |name: &&&[u8]| name.starts_with(b"x-amz-") && **name != b"x-amz-content-sha256" && !listed(name);
    if !listed(b"host") || headers.iter().any(|name| unsigned(&name)) {
        return Some(ErrorCode::HeadersNotSigned);
    }
    let consumed: [&[u8]; 4] = [b"expect", b"transfer-encoding", b"content-length", b"authorization"];
    let there = |name: &&[u8]| headers.contains(name) || consumed.contains(name);
    (!names.iter().all(there)).then_some(ErrorCode::SignedHeaderAbsent)
}

pub fn is_signature(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
}

/// Decodes escapes; nothing if one is broken.
pub fn decode(text: &[u8], plus_is_space: bool) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'%' => {
                let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
                let valid = digits.bytes().all(|b| b.is_ascii_hexdigit());
                out.push(u8::from_str_radix(digits, 16).ok().filter(|_| valid)?);
                rest = &rest[2..];
            }
            b'+' if plus_is_space => out.push(b' '),
            other => out.push(*other),
        }
    }
    Some(out)
}

/// Encodes every byte that is not unreserved.
pub fn encode(text: &[u8], keep_slash: bool) -> String {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b) || keep_slash && b == b'/';
    text.iter().map(|&b| if unreserved(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The pairs of a query, decoded; nothing if an escape is broken.
pub fn pairs(query: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let pieces = query.split(|&b| b == b'&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let at = piece.iter().position(|&b| b == b'=').unwrap_or(piece.len());
            let value = piece.get(at + 1..).unwrap_or_default();
            Some((decode(&piece[..at], true)?, decode(value, true)?))
        })
        .collect()
}

/// The canonical query.
pub fn canonical_query(pairs: &[(Vec<u8>, Vec<u8>)]) -> String {
    let signed = pairs.iter().filter(|(name, _)| name != b"X-Amz-Signature");
    let mut pairs: Vec<_> = signed.map(|(name, value)| (encode(name, false), encode(value, false))).collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The canonical path.
pub fn canonical_path(path: &[u8], service: &str) -> Option<Vec<u8>> {
    let decoded = decode(path, false)?;
    if service == "s3" {
        return Some(encode(&decoded, true).into_bytes());
    }
    let mut segments: Vec<&[u8]> = Vec::new();
    let mut ends_with_slash = false;
    for segment in path.split(|&b| b == b'/') {
        ends_with_slash = matches!(segment, b"" | b"." | b"..");
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    let mut out = [b"/", &segments.join(&b'/')[..]].concat();
    if ends_with_slash && out.len() > 1 {
        out.push(b'/');
    }
    Some(encode(&out, true).into_bytes())
}

/// A header value as it is signed.
pub fn folded(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}
