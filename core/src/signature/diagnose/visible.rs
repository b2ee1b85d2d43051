//! What a request shows by itself. No secret is looked at here, so all of it may be said to anybody.

use super::Cause;
use super::candidates::{ORIGINAL_HOSTS, ORIGINAL_TARGETS};
use super::parts::is_token;
use crate::ErrorCode;
use crate::bytes::find;
use crate::http::{Header, HttpRequest, query_pairs};

/// Headers that a CDN, load balancer or API gateway adds.
const INFRASTRUCTURE: [&[u8]; 6] = [
    b"x-amz-cf-",
    b"x-amz-apigw-",
    b"x-amz-request-id",
    b"x-amz-id-2",
    b"x-amz-replication-",
    b"x-amz-lambda-",
];

/// The cause that a refusal says by itself. `temporary` is whether the access key has a
/// session token, `unsigned` the headers that had to be signed.
pub(super) fn of_refusal(
    code: ErrorCode,
    request: &HttpRequest<'_>,
    temporary: bool,
    unsigned: &[Header<'_>],
) -> Option<Cause> {
    Some(match code {
        ErrorCode::RequestTimeTooSkewed => Cause::ClockSkew,
        ErrorCode::PresignExpired => Cause::PresignExpired,
        ErrorCode::PresignNotYetValid => Cause::PresignNotYetValid,
        ErrorCode::WrongRegion | ErrorCode::QueryWrongRegion => Cause::WrongRegion,
        ErrorCode::WrongService | ErrorCode::QueryWrongService => Cause::WrongService,
        ErrorCode::ScopeDateMismatch | ErrorCode::QueryScopeDateMismatch => Cause::ScopeDateMismatch,
        ErrorCode::CredentialMalformed
        | ErrorCode::QueryCredentialMalformed
        | ErrorCode::ScopeDateMalformed
        | ErrorCode::QueryScopeDateMalformed
        | ErrorCode::WrongTerminal
        | ErrorCode::QueryWrongTerminal => Cause::CredentialMalformed,
        ErrorCode::UnknownAccessKey => Cause::UnknownAccessKey,
        ErrorCode::DisabledAccessKey => Cause::AccessKeyDisabled,
        ErrorCode::TokenMissing => Cause::TokenMissing,
        ErrorCode::TokenInvalid if temporary && !repeats_token(request) => Cause::TokenStale,
        ErrorCode::TokenInvalid => Cause::TokenUnexpected,
        ErrorCode::TokenExpired => Cause::TokenExpired,
        ErrorCode::SeveralMechanisms => Cause::SeveralMechanisms,
        ErrorCode::RepeatedHeader if is_repeated(request, "x-amz-date") => Cause::DateRepeated,
        ErrorCode::RepeatedHeader | ErrorCode::RepeatedAuthParameter => Cause::HeaderRepeated,
        ErrorCode::HeadersNotSigned if unsigned.is_empty() => Cause::HostNotSigned,
        ErrorCode::HeadersNotSigned if unsigned.iter().all(|(name, _)| is_infrastructure(name)) => {
            Cause::InfrastructureHeaderAdded
        }
        ErrorCode::HeadersNotSigned => Cause::HeaderAdded,
        ErrorCode::SignedHeaderAbsent => Cause::HeaderRemoved,
        ErrorCode::MissingHost => Cause::HeaderRemoved,
        ErrorCode::MissingContentSha256 => Cause::PayloadHashMissing,
        ErrorCode::InvalidContentSha256
        | ErrorCode::StreamingNotAllowed
        | ErrorCode::StreamingWithoutSignature => Cause::PayloadHashMalformed,
        ErrorCode::ContentSha256Mismatch => Cause::BodyChanged,
        ErrorCode::MissingDate | ErrorCode::MalformedDate => Cause::DateMissing,
        ErrorCode::QueryParametersMissing
        | ErrorCode::QueryAlgorithm
        | ErrorCode::QueryDateMalformed
        | ErrorCode::QuerySignedHeadersMalformed
        | ErrorCode::QuerySignatureForm
        | ErrorCode::ExpiresNotNumber
        | ErrorCode::ExpiresNegative
        | ErrorCode::ExpiresZero
        | ErrorCode::ExpiresTooLong => Cause::PresignMalformed,
        ErrorCode::UnknownAuthScheme | ErrorCode::AuthFormUnsupported => Cause::UnknownScheme,
        ErrorCode::AuthorizationForm
        | ErrorCode::AuthorizationComponents
        | ErrorCode::AuthorizationComponentMalformed
        | ErrorCode::MissingCredential
        | ErrorCode::MissingSignedHeaders
        | ErrorCode::MissingSignature
        | ErrorCode::SignatureForm
        | ErrorCode::SignedHeadersMalformed
        | ErrorCode::AuthorizationTooLarge => Cause::AuthorizationMalformed,
        ErrorCode::InvalidUri => Cause::PathDecoded,
        _ => return None,
    })
}

/// Whether an unsigned header is one that infrastructure adds.
fn is_infrastructure(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    INFRASTRUCTURE.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a request that nobody signed looks as if somebody had.
pub(super) fn looks_signed(request: &HttpRequest<'_>) -> bool {
    ["x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]
        .iter()
        .any(|name| request.header(name).is_some())
}

/// Whether a request is signed with version 2.
pub(super) fn is_sigv2(request: &HttpRequest<'_>) -> bool {
    let has = |name: &[u8]| query_pairs(request.query()).any(|(other, _)| other == name);
    request.header("authorization").is_some_and(|value| value.trim_ascii_start().starts_with(b"AWS "))
        || has(b"AWSAccessKeyId") && has(b"Signature")
}

/// Whether a session token comes in more than one place.
fn repeats_token(request: &HttpRequest<'_>) -> bool {
    let lines = request.headers.iter().filter(|(name, _)| is_token(name)).count();
    let parameters = query_pairs(request.query()).filter(|(name, _)| is_token(name)).count();
    lines + parameters > 1
}

fn is_repeated(request: &HttpRequest<'_>, name: &str) -> bool {
    request.header_values(name).count() > 1
}

/// Likely causes of a mismatch, the likeliest first.
pub(super) fn likely(request: &HttpRequest<'_>, is_signed: impl Fn(&str) -> bool) -> Vec<Cause> {
    let has = |name: &&str| request.header(name).is_some();
    let (path, query) = request.path_and_query();
    let contains = |text: &[u8], part: &[u8]| text.windows(part.len()).any(|window| window == part);
    let host = request.header("host").unwrap_or_default();
    let is_other_host = |name: &&str| request.header(name).is_some_and(|value| value.trim_ascii() != host);
    let behind_proxy = ["via", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "cf-ray"];
    let escapes_escape = |text: &[u8]| contains(text, b"%25");
    let signs_any = |names: &[&str]| names.iter().any(|name| is_signed(name));
    let repeated_lines = request.headers.iter().enumerate().any(|(at, (name, _))| {
        let mut before = request.headers.iter().take(at);
        before.any(|(other, _)| other.eq_ignore_ascii_case(name))
            && std::str::from_utf8(name).is_ok_and(|name| is_signed(&name.to_ascii_lowercase()))
    });
    let rows = [
        (ORIGINAL_HOSTS.iter().any(is_other_host) || has(&"forwarded"), Cause::HostRewritten),
        (ORIGINAL_TARGETS.iter().any(has), Cause::PathChanged),
        (is_signed("accept-encoding"), Cause::AcceptEncodingRewritten),
        (escapes_escape(path), Cause::PathEncodedAgain),
        (escapes_escape(query), Cause::QueryEncodedAgain),
        (contains(path, b"//") || contains(path, b"/../") || contains(path, b"/./"), Cause::PathNormalised),
        (find(path, b'+').is_some() || contains(path, b"%2B"), Cause::PlusInPath),
        (find(query, b'+').is_some(), Cause::PlusInQuery),
        (behind_proxy.iter().any(has), Cause::HostRewritten),
        (
            signs_any(&["connection", "expect", "te", "transfer-encoding", "user-agent"]),
            Cause::HopHeaderConsumed,
        ),
        (is_signed("content-length"), Cause::ContentLengthChanged),
        (repeated_lines, Cause::HeaderJoined),
        (request.headers.iter().any(|(_, value)| !value.is_ascii()), Cause::HeaderCharset),
        (
            path.iter().any(|b| matches!(b, b'=' | b':' | b'@' | b'!' | b'\'' | b'(' | b')' | b'*')),
            Cause::PathEncoding,
        ),
        (find(path, b'%').is_some(), Cause::PathEncodedTwice),
        (true, Cause::WrongSecret),
        (find(host, b':').is_none(), Cause::HostPortChanged),
        (matches!(request.method, b"GET" | b"HEAD"), Cause::MethodChanged),
    ];
    let mut causes = Vec::new();
    for (_, cause) in rows.into_iter().filter(|(shown, _)| *shown) {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    causes
}
