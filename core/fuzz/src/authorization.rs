//! The value of an `Authorization` header of SigV4 on an otherwise fixed request.

use super::signed::{
    ACCESS_KEY, Answer, DATE, DAY, EMPTY, HOST, Scope, answer, is_signature, names, scope, uncovered, verify,
};
use s3iam::ErrorCode;

const USUAL: [&[u8]; 3] = [b"host", b"x-amz-content-sha256", b"x-amz-date"];
/// The signature of the request with the usual list, made by botocore.
const SIGNATURE: &[u8] = b"9b5ff4bea9cab22b49f5102afd14b3b771d53a0a3dddb7184dd4c385fbe14f64";

/// Checks that the header is answered as a plain reading of it says.
pub fn check(data: &[u8]) {
    let value = data.trim_ascii();
    let headers = [
        (&b"Host"[..], HOST),
        (b"X-Amz-Date", DATE.as_bytes()),
        (b"X-Amz-Content-Sha256", EMPTY),
        (b"Authorization", data),
    ];
    let result = verify(b"GET", b"/bucket/photos/cat.jpg", &headers, "s3");
    let Some(expected) = plain(value) else {
        // Another form, which this request is certainly not signed with.
        return assert!(result.is_err());
    };
    assert_eq!(answer(&result), expected, "{}", String::from_utf8_lossy(data));
}

/// What the contract says, step by step; nothing for another form.
fn plain(value: &[u8]) -> Option<Answer> {
    let refused = |code| Some(Answer::Refused(code));
    if value.len() > 8192 {
        return refused(ErrorCode::AuthorizationTooLarge);
    }
    let at = value.iter().position(|&b| b == b' ').unwrap_or(value.len());
    let (scheme, rest) = (&value[..at], value.get(at + 1..).unwrap_or_default());
    if rest.is_empty() || rest[0] == b' ' {
        return refused(ErrorCode::AuthorizationForm);
    }
    match scheme {
        b"AWS4-HMAC-SHA256" => {}
        b"AWS" | b"AWS4-ECDSA-P256-SHA256" => return None,
        other if other.eq_ignore_ascii_case(b"bearer") => return None,
        _ => return refused(ErrorCode::UnknownAuthScheme),
    }
    let components: Vec<&[u8]> = rest.split(|&b| b == b',').map(<[u8]>::trim_ascii).collect();
    if components.len() != 3 {
        return refused(ErrorCode::AuthorizationComponents);
    }
    let mut values = Vec::new();
    for (component, (name, missing)) in components.into_iter().zip([
        (&b"Credential"[..], ErrorCode::MissingCredential),
        (b"SignedHeaders", ErrorCode::MissingSignedHeaders),
        (b"Signature", ErrorCode::MissingSignature),
    ]) {
        let Some(at) = component.iter().position(|&b| b == b'=') else {
            return refused(ErrorCode::AuthorizationComponentMalformed);
        };
        if &component[..at] != name {
            return refused(missing);
        }
        values.push(&component[at + 1..]);
    }
    if values[2].contains(&b'=') {
        return refused(ErrorCode::AuthorizationComponentMalformed);
    }
    let [key, day, region, service, terminal] = match scope(values[0]) {
        Scope::Parts => return refused(ErrorCode::CredentialMalformed),
        Scope::Day => return refused(ErrorCode::ScopeDateMalformed),
        Scope::Read(parts) => parts,
    };
    let Some(names) = names(values[1]) else { return refused(ErrorCode::SignedHeadersMalformed) };
    let usual_region = [&b"us-east-1"[..], b"US"].contains(&region);
    for (wrong, code) in [
        (terminal != b"aws4_request", ErrorCode::WrongTerminal),
        (service != b"s3", ErrorCode::WrongService),
        (!usual_region, ErrorCode::WrongRegion),
        (day != DAY, ErrorCode::ScopeDateMismatch),
        (key != ACCESS_KEY.as_bytes(), ErrorCode::UnknownAccessKey),
    ] {
        if wrong {
            return refused(code);
        }
    }
    let there: [&[u8]; 4] = [b"host", b"x-amz-date", b"x-amz-content-sha256", b"authorization"];
    if let Some(code) = uncovered(&names, &there) {
        return refused(code);
    }
    if names == USUAL && region == b"us-east-1" && values[2] == SIGNATURE {
        return Some(Answer::Signed);
    }
    let form = is_signature(values[2]);
    refused(if form { ErrorCode::SignatureDoesNotMatch } else { ErrorCode::SignatureForm })
}
