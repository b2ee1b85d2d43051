//! The query of a request that has nothing else to authenticate with.

use super::signed::{
    ACCESS_KEY, Answer, HOST, Scope, answer, canonical_query, is_signature, names, now, pairs, scope,
    uncovered, verify,
};
use s3iam::{ErrorCode, Timestamp};

/// A presigned query and its signature, made by botocore.
const SIGNED: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLEUSER00001%2F20260115%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260115T120000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host";
const SIGNATURE: &[u8] = b"f393147b646c05f8c30ee1b287938b6a7e391ad452546d31c525d4a4addb7ccc";

type Pairs = [(Vec<u8>, Vec<u8>)];

/// Checks that the query is answered as a plain reading of it says.
pub fn check(data: &[u8]) {
    let target = [b"/bucket/photos/cat.jpg?", data].concat();
    let result = verify(b"GET", &target, &[(b"host", HOST)], "s3");
    match plain(data, target.len()) {
        Some(expected) => assert_eq!(answer(&result), expected, "{}", String::from_utf8_lossy(data)),
        None => assert_ne!(answer(&result), Answer::Signed),
    }
}

fn get<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a [u8]> {
    pairs.iter().rev().find(|(other, _)| other == name.as_bytes()).map(|(_, value)| &value[..])
}

/// What the contract says, step by step; nothing for another form.
fn plain(query: &[u8], length: usize) -> Option<Answer> {
    let refused = |code| Some(Answer::Refused(code));
    if length > 64 * 1024 {
        return refused(ErrorCode::TargetTooLong);
    }
    let pieces: Vec<&[u8]> = query.split(|&b| b == b'&').filter(|piece| !piece.is_empty()).collect();
    let first = pieces.iter().take(256).copied().collect::<Vec<_>>().join(&b'&');
    if pairs(&first).is_none() {
        return refused(ErrorCode::InvalidUri);
    }
    if pieces.len() > 256 {
        return refused(ErrorCode::TooManyQueryParameters);
    }
    let pairs = &pairs(query)?[..];
    let has = |name: &str| get(pairs, name).is_some();
    let count = |name: &str| pairs.iter().filter(|(other, _)| other == name.as_bytes()).count();
    let presigned = ["Algorithm", "Credential", "Signature", "SignedHeaders", "Expires"];
    let presigned = presigned.iter().any(|name| has(&format!("X-Amz-{name}")));
    let version_2 = has("AWSAccessKeyId") && has("Signature");
    if presigned && version_2 {
        return refused(ErrorCode::SeveralMechanisms);
    }
    let once = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "X-Amz-S3session-Token",
        "X-Amz-Content-Sha256",
    ];
    if once.iter().any(|name| count(name) > 1) {
        return refused(ErrorCode::RepeatedAuthParameter);
    }
    if version_2 {
        return None;
    }
    if !presigned {
        return Some(Answer::Anonymous);
    }
    let value = |name: &str| get(pairs, &format!("X-Amz-{name}")).filter(|value| !value.is_empty());
    let all = ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"].map(value);
    let [Some(algorithm), Some(credential), Some(date), Some(expires), Some(list), Some(signature)] = all
    else {
        // SigV4A asks for one parameter more.
        let other = value("Algorithm") == Some(b"AWS4-ECDSA-P256-SHA256");
        return if other { None } else { refused(ErrorCode::QueryParametersMissing) };
    };
    match algorithm {
        b"AWS4-HMAC-SHA256" => {}
        b"AWS4-ECDSA-P256-SHA256" => return None,
        _ => return refused(ErrorCode::QueryAlgorithm),
    }
    let [key, day, region, service, terminal] = match scope(credential) {
        Scope::Parts => return refused(ErrorCode::QueryCredentialMalformed),
        Scope::Day => return refused(ErrorCode::QueryScopeDateMalformed),
        Scope::Read(parts) => parts,
    };
    let Some(names) = names(list) else { return refused(ErrorCode::QuerySignedHeadersMalformed) };
    let Some(instant) = Timestamp::parse_basic(date) else { return refused(ErrorCode::QueryDateMalformed) };
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let seconds = expires
        .iter()
        .filter(|_| digits(expires))
        .fold(0_u64, |sum, b| (sum * 10 + u64::from(b - b'0')).min(1 << 40));
    let age = now().unix_millis() - instant.unix_millis();
    let token = value("Security-Token");
    for (wrong, code) in [
        (terminal != b"aws4_request", ErrorCode::QueryWrongTerminal),
        (service != b"s3", ErrorCode::QueryWrongService),
        (![&b"us-east-1"[..], b"US"].contains(&region), ErrorCode::QueryWrongRegion),
        (day != &date[..8], ErrorCode::QueryScopeDateMismatch),
        (expires[0] == b'-' && digits(&expires[1..]), ErrorCode::ExpiresNegative),
        (!digits(expires), ErrorCode::ExpiresNotNumber),
        (seconds == 0, ErrorCode::ExpiresZero),
        (seconds > 604_800, ErrorCode::ExpiresTooLong),
        (key != ACCESS_KEY.as_bytes(), ErrorCode::UnknownAccessKey),
        (age < -900_000, ErrorCode::PresignNotYetValid),
        (age > seconds as i64 * 1000, ErrorCode::PresignExpired),
        (token.is_some_and(|token| token.len() > 8192), ErrorCode::TokenTooLarge),
        (token.is_some(), ErrorCode::TokenInvalid),
    ] {
        if wrong {
            return refused(code);
        }
    }
    match get(pairs, "X-Amz-Content-Sha256") {
        None | Some(b"UNSIGNED-PAYLOAD") => {}
        Some(text) if text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit) => {}
        // Chunks are for uploads.
        Some(text) if text.starts_with(b"STREAMING-") => return None,
        Some(_) => return refused(ErrorCode::InvalidContentSha256),
    }
    if let Some(code) = uncovered(&names, &[b"host"]) {
        return refused(code);
    }
    if canonical_query(pairs) == SIGNED && signature == SIGNATURE {
        return Some(Answer::Signed);
    }
    let form = is_signature(signature);
    refused(if form { ErrorCode::SignatureDoesNotMatch } else { ErrorCode::QuerySignatureForm })
}
