//! What a refused client is told: the code, the wording with the concrete values, and the detail
//! elements of the error body (spec: sigv4, section 6). Everything here is built on refusal only, and
//! discloses what the client sent and how the server is configured, never a secret.

use super::Options;
use super::scope::{MalformedScope, Scope};
use super::verified::Form;
use crate::error::ErrorProfile;
use crate::{Error, ErrorCode, Timestamp};

/// An error with AWS's wording where that is asked for, else with the table's.
pub(super) fn worded(code: ErrorCode, options: &Options, aws: impl FnOnce() -> String) -> Error {
    match options.error_profile {
        ErrorProfile::Aws => Error::with_message(code, aws()),
        ErrorProfile::Minio => Error::new(code),
    }
}

/// Adds detail elements, which MinIO does not send.
pub(super) fn detailed<const N: usize>(
    error: Error,
    options: &Options,
    details: impl FnOnce() -> [(&'static str, String); N],
) -> Error {
    match options.error_profile {
        ErrorProfile::Aws => {
            details().into_iter().fold(error, |error, (name, value)| error.detail(name, value))
        }
        ErrorProfile::Minio => error,
    }
}

/// Client text as text; what is not UTF-8 is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How AWS begins its complaints about a credential.
fn prefix(form: Form) -> &'static str {
    match form.is_presigned() {
        false => "The authorization header is malformed",
        true => "Error parsing the X-Amz-Credential parameter",
    }
}

/// The code of a situation in each form.
fn by_form(form: Form, header: ErrorCode, query: ErrorCode) -> ErrorCode {
    if form.is_presigned() { query } else { header }
}

/// A component of the `Authorization` header without `=`, or with too many.
pub(super) fn component(piece: &[u8], options: &Options) -> Error {
    worded(ErrorCode::AuthorizationComponentMalformed, options, || {
        format!("{}; the authorization component \"{}\" is malformed.", prefix(Form::HeaderV4), text(piece))
    })
}

/// A credential that cannot be read.
pub(super) fn credential(malformed: MalformedScope<'_>, form: Form, options: &Options) -> Error {
    match malformed {
        MalformedScope::Parts => {
            by_form(form, ErrorCode::CredentialMalformed, ErrorCode::QueryCredentialMalformed).into()
        }
        MalformedScope::Date(date) => {
            let code = by_form(form, ErrorCode::ScopeDateMalformed, ErrorCode::QueryScopeDateMalformed);
            worded(code, options, || {
                let (prefix, date) = (prefix(form), text(date));
                format!(
                    "{prefix}; incorrect date format \"{date}\". This date in the credential must be in the format \"yyyyMMdd\"."
                )
            })
        }
    }
}

/// A scope that ends in something else than `aws4_request`.
pub(super) fn terminal(scope: &Scope<'_>, form: Form, options: &Options) -> Error {
    worded(by_form(form, ErrorCode::WrongTerminal, ErrorCode::QueryWrongTerminal), options, || {
        let (prefix, terminal) = (prefix(form), text(scope.terminal));
        format!("{prefix}; incorrect terminal \"{terminal}\". This endpoint uses \"aws4_request\".")
    })
}

/// A scope for a service that this endpoint is not.
pub(super) fn service(scope: &Scope<'_>, form: Form, options: &Options) -> Error {
    let (prefix, wrong) = (prefix(form), text(scope.service));
    let here = options.services.join("\" or \"");
    let message = match options.error_profile {
        ErrorProfile::Aws => {
            format!("{prefix}; incorrect service \"{wrong}\". This endpoint belongs to \"{here}\".")
        }
        ErrorProfile::Minio => format!(
            "Error parsing the Credential/X-Amz-Credential parameter; incorrect service. This endpoint belongs to \"{here}\"."
        ),
    };
    Error::with_message(by_form(form, ErrorCode::WrongService, ErrorCode::QueryWrongService), message)
}

/// A scope for another region. Clients correct themselves by the element `Region`.
pub(super) fn region(scope: &Scope<'_>, form: Form, options: &Options) -> Error {
    let (prefix, wrong, here) = (prefix(form), text(scope.region), &options.region);
    let message = match (options.error_profile, form.is_presigned()) {
        (ErrorProfile::Minio, _) => {
            format!("The authorization header is malformed; the region is wrong; expecting '{here}'.")
        }
        (ErrorProfile::Aws, false) => {
            format!("{prefix}; the region '{wrong}' is wrong; expecting '{here}'")
        }
        (ErrorProfile::Aws, true) => {
            format!("{prefix}; the region \"{wrong}\" is wrong; expecting \"{here}\"")
        }
    };
    Error::with_message(by_form(form, ErrorCode::WrongRegion, ErrorCode::QueryWrongRegion), message)
        .detail("Region", here.as_str())
}

/// A scope for another day than the request's.
pub(super) fn scope_date(scope: &Scope<'_>, date: &[u8; 16], form: Form, options: &Options) -> Error {
    match form.is_presigned() {
        false => ErrorCode::ScopeDateMismatch.into(),
        true => worded(ErrorCode::QueryScopeDateMismatch, options, || {
            let (scoped, day) = (text(scope.date), text(date.get(..8).unwrap_or_default()));
            format!(
                "Invalid credential date \"{scoped}\". This date is not the same as X-Amz-Date: \"{day}\"."
            )
        }),
    }
}

/// A request from too far in the past or the future.
pub(super) fn skewed(sent: &[u8], now: Timestamp, options: &Options) -> Error {
    detailed(ErrorCode::RequestTimeTooSkewed.into(), options, || {
        [
            ("RequestTime", text(sent)),
            ("ServerTime", text(&now.rfc3339())),
            ("MaxAllowedSkewMilliseconds", (u64::from(options.max_skew_seconds) * 1000).to_string()),
        ]
    })
}

/// A presigned request after its time.
pub(super) fn expired(seconds: u32, end: Timestamp, now: Timestamp, options: &Options) -> Error {
    detailed(ErrorCode::PresignExpired.into(), options, || {
        [
            ("X-Amz-Expires", seconds.to_string()),
            ("Expires", text(&end.rfc3339())),
            ("ServerTime", text(&now.rfc3339())),
        ]
    })
}

/// An access key that may not be used: unknown, disabled, or temporary without its token.
pub(super) fn access_key(code: ErrorCode, access_key: &str, options: &Options) -> Error {
    detailed(code.into(), options, || [("AWSAccessKeyId", access_key.to_owned())])
}

/// Headers that had to be signed.
pub(super) fn not_signed(names: String, options: &Options) -> Error {
    detailed(ErrorCode::HeadersNotSigned.into(), options, || [("HeadersNotSigned", names)])
}

/// A body that is not the one that was signed.
pub(super) fn body_mismatch(signed: &[u8; 64], computed: &[u8; 64], options: &Options) -> Error {
    detailed(ErrorCode::ContentSha256Mismatch.into(), options, || {
        [("ClientComputedContentSHA256", text(signed)), ("S3ComputedContentSHA256", text(computed))]
    })
}

/// What a client needs to find its mistake.
pub(super) struct Mismatch<'r> {
    /// [`ErrorCode::SignatureDoesNotMatch`] or the code of one of its special cases.
    pub code: ErrorCode,
    /// The access key.
    pub access_key: &'r str,
    /// The signature as sent.
    pub provided: &'r [u8],
    /// What the server signs.
    pub string_to_sign: Vec<u8>,
    /// What the server hashes.
    pub canonical_request: Vec<u8>,
    /// The session token, to be left out of what is shown.
    pub token: &'r [u8],
}

/// A wrong signature.
pub(super) fn mismatch(mismatch: Mismatch<'_>, options: &Options) -> Error {
    detailed(mismatch.code.into(), options, || {
        let canonical_request = without(&mismatch.canonical_request, mismatch.token);
        [
            ("AWSAccessKeyId", mismatch.access_key.to_owned()),
            ("StringToSign", text(&mismatch.string_to_sign)),
            ("SignatureProvided", text(mismatch.provided)),
            ("StringToSignBytes", bytes(&mismatch.string_to_sign)),
            ("CanonicalRequest", text(&canonical_request)),
            ("CanonicalRequestBytes", bytes(&canonical_request)),
        ]
    })
}

/// A presigned SigV2 request after its time.
#[cfg(feature = "forms")]
pub(super) fn expired_v2(end: Timestamp, now: Timestamp, options: &Options) -> Error {
    detailed(ErrorCode::PresignExpired.into(), options, || {
        [("Expires", text(&end.rfc3339())), ("ServerTime", text(&now.rfc3339()))]
    })
}

/// A wrong signature of SigV2, for which nothing is hashed first.
#[cfg(feature = "forms")]
pub(super) fn mismatch_v2(
    code: ErrorCode,
    (access_key, provided): (&str, &[u8]),
    (string_to_sign, token): (&[u8], &[u8]),
    options: &Options,
) -> Error {
    detailed(code.into(), options, || {
        let string_to_sign = without(string_to_sign, token);
        [
            ("AWSAccessKeyId", access_key.to_owned()),
            ("StringToSign", text(&string_to_sign)),
            ("SignatureProvided", text(provided)),
            ("StringToSignBytes", bytes(&string_to_sign)),
        ]
    })
}

/// The text with every occurrence of a session token, spelt plainly or as in a query, replaced. Error
/// bodies end up in logs, and the token is half of a credential.
fn without(request: &[u8], token: &[u8]) -> Vec<u8> {
    if token.is_empty() {
        return request.to_vec();
    }
    let mut escaped = Vec::new();
    super::encode::write_escaped(token, &mut escaped);
    let escaped = text(&escaped).replace('/', "%2F").into_bytes();
    let mut out = Vec::with_capacity(request.len());
    let mut rest = request;
    while let Some(&b) = rest.first() {
        let found = [token, &escaped].into_iter().find(|secret| rest.starts_with(secret));
        match found {
            Some(secret) => {
                out.extend_from_slice(b"(session token)");
                rest = rest.get(secret.len()..).unwrap_or_default();
            }
            None => {
                out.push(b);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    out
}

/// Bytes as pairs of hexadecimal digits with spaces between them.
pub(super) fn bytes(text: &[u8]) -> String {
    use std::fmt::Write;
    text.iter().enumerate().fold(String::with_capacity(text.len() * 3), |mut out, (index, b)| {
        let _ = write!(out, "{}{b:02x}", if index > 0 { " " } else { "" });
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_not_shown_in_either_spelling() {
        let shown = without(b"a=to%2Fken%3D&\nx-amz-security-token:to/ken=\n", b"to/ken=");
        assert_eq!(text(&shown), "a=(session token)&\nx-amz-security-token:(session token)\n");
        assert_eq!(without(b"abc", b""), b"abc");
    }

    #[test]
    fn bytes_are_shown_in_pairs() {
        assert_eq!(bytes(b"AB\n"), "41 42 0a");
        assert_eq!(bytes(b""), "");
    }

    #[test]
    fn minio_sends_no_details_but_the_region() {
        let minio =
            Options { error_profile: ErrorProfile::Minio, region: "r".to_owned(), ..Options::default() };
        let scope = Scope::read(b"AK/20260115/x/ec2/aws4_request").unwrap();
        assert_eq!(region(&scope, Form::HeaderV4, &minio).details(), [("Region", "r".to_owned())]);
        let now = Timestamp::from_unix_seconds(0);
        assert!(skewed(b"x", now, &minio).details().is_empty());
        assert!(!skewed(b"x", now, &Options::default()).details().is_empty());
        assert!(service(&scope, Form::HeaderV4, &minio).message(ErrorProfile::Minio).contains("\"s3\""));
    }
}
