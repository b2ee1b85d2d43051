//! Which authentication form a request uses. One function decides, before anything else looks at the
//! request: what it does not recognise is refused, never taken for anonymous (spec: sigv4, section 1).

use super::headers::{Field, Headers, trim};
use super::limits::MAX_AUTHORIZATION_BYTES;
use super::query::{Parameter, Query};
use crate::bytes::find;
use crate::http::HttpRequest;
use crate::{Error, ErrorCode};

/// The authentication form of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism<'r> {
    /// None at all.
    Anonymous,
    /// SigV4 in the header; this is what follows the algorithm.
    Header(&'r [u8]),
    /// SigV4 or SigV4A in the query, or something that looks like it.
    Presigned,
    /// SigV4A in the header; this is what follows the algorithm.
    #[cfg(feature = "forms")]
    HeaderV4a(&'r [u8]),
    /// SigV2 in the header; this is what follows `AWS`.
    #[cfg(feature = "forms")]
    HeaderV2(&'r [u8]),
    /// SigV2 in the query.
    #[cfg(feature = "forms")]
    PresignedV2,
    /// A bearer token, which is for the gateway to look at.
    #[cfg(feature = "forms")]
    Bearer,
    /// A browser form, whose fields decide.
    #[cfg(feature = "forms")]
    Post,
}

/// The algorithm of SigV4.
pub(super) const ALGORITHM: &[u8] = b"AWS4-HMAC-SHA256";
/// The algorithm of SigV4A.
pub(super) const ALGORITHM_V4A: &[u8] = b"AWS4-ECDSA-P256-SHA256";

/// Recognises the authentication form. More than one form in a request is an error, and so is one
/// that is recognised and not supported.
pub(super) fn classify<'r>(
    request: &HttpRequest<'_>,
    headers: &Headers<'r>,
    query: &Query<'_>,
) -> Result<Mechanism<'r>, Error> {
    const PRESIGNED: [Parameter; 5] = [
        Parameter::Algorithm,
        Parameter::Credential,
        Parameter::Signature,
        Parameter::SignedHeaders,
        Parameter::Expires,
    ];
    let header = headers.get(Field::Authorization);
    let presigned = PRESIGNED.into_iter().any(|parameter| query.has(parameter));
    let presigned_v2 = query.has(Parameter::AccessKeyV2) && query.has(Parameter::SignatureV2);
    if usize::from(header.is_some()) + usize::from(presigned) + usize::from(presigned_v2) > 1 {
        return Err(ErrorCode::SeveralMechanisms.into());
    }
    if query.repeats_authentication() {
        return Err(ErrorCode::RepeatedAuthParameter.into());
    }
    if let Some(authorization) = header {
        return scheme(authorization);
    }
    if presigned {
        return Ok(Mechanism::Presigned);
    }
    #[cfg(feature = "forms")]
    match () {
        () if presigned_v2 => return Ok(Mechanism::PresignedV2),
        () if is_form(request) => return Ok(Mechanism::Post),
        () => {}
    }
    #[cfg(not(feature = "forms"))]
    if presigned_v2 || is_form(request) {
        return Err(unsupported());
    }
    Ok(Mechanism::Anonymous)
}

/// An answer for something that is recognised, and that this build does not verify.
#[cfg(not(feature = "forms"))]
pub(super) fn unsupported() -> Error {
    Error::with_message(ErrorCode::Unsupported, "This build does not verify this form of authentication.")
}

/// What follows `AWS4-HMAC-SHA256` and its one space, or another algorithm.
fn scheme(authorization: &[u8]) -> Result<Mechanism<'_>, Error> {
    if authorization.len() > MAX_AUTHORIZATION_BYTES {
        return Err(ErrorCode::AuthorizationTooLarge.into());
    }
    if let Some(rest) =
        authorization.strip_prefix(b"AWS4-HMAC-SHA256 ").filter(|rest| rest.first() > Some(&b' '))
    {
        return Ok(Mechanism::Header(rest));
    }
    let at = find(authorization, b' ').unwrap_or(authorization.len());
    let (scheme, rest) = authorization.split_at_checked(at).unwrap_or_default();
    let rest = rest.get(1..).unwrap_or_default();
    if rest.is_empty() || rest.starts_with(b" ") {
        return Err(ErrorCode::AuthorizationForm.into());
    }
    match () {
        () if scheme == ALGORITHM => Ok(Mechanism::Header(rest)),
        #[cfg(feature = "forms")]
        () if scheme == ALGORITHM_V4A => Ok(Mechanism::HeaderV4a(rest)),
        #[cfg(feature = "forms")]
        () if scheme == b"AWS" => Ok(Mechanism::HeaderV2(rest)),
        #[cfg(feature = "forms")]
        () if scheme.eq_ignore_ascii_case(b"bearer") => Ok(Mechanism::Bearer),
        #[cfg(not(feature = "forms"))]
        () if scheme == ALGORITHM_V4A || scheme == b"AWS" || scheme.eq_ignore_ascii_case(b"bearer") => {
            Err(unsupported())
        }
        () => Err(ErrorCode::UnknownAuthScheme.into()),
    }
}

fn is_form(request: &HttpRequest<'_>) -> bool {
    const FORM: &[u8] = b"multipart/form-data";
    let is_form = |value: &[u8]| {
        let kind = trim(value).get(..FORM.len());
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
    };
    request.method == b"POST" && request.header_values("content-type").any(is_form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Header;
    use crate::signature::Options;
    use crate::signature::received::Received;

    fn classified(method: &str, target: &str, lines: &[(&str, &str)]) -> Result<String, ErrorCode> {
        let lines: Vec<Header<'_>> = lines.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let request = HttpRequest {
            method: method.as_bytes(),
            target: target.as_bytes(),
            headers: &lines,
            peer: None,
            secure: true,
            body: None,
        };
        Received::new(&request)
            .read(&Options::default())
            .map(|mechanism| match mechanism {
                Mechanism::Anonymous => "anonymous".to_owned(),
                Mechanism::Header(rest) => String::from_utf8_lossy(rest).into_owned(),
                Mechanism::Presigned => "presigned".to_owned(),
                #[cfg(feature = "forms")]
                other => format!("{other:?}"),
            })
            .map_err(|e| e.code())
    }

    fn header(value: &str) -> Result<String, ErrorCode> {
        classified("GET", "/", &[("authorization", value)])
    }

    #[test]
    fn the_scheme_decides() {
        assert_eq!(header("AWS4-HMAC-SHA256 Credential=x").as_deref(), Ok("Credential=x"));
        for (value, code) in [
            ("", ErrorCode::AuthorizationForm),
            ("AWS4-HMAC-SHA256", ErrorCode::AuthorizationForm),
            ("AWS4-HMAC-SHA256 ", ErrorCode::AuthorizationForm),
            ("AWS4-HMAC-SHA256  Credential=x", ErrorCode::AuthorizationForm),
            ("AWS4-HMAC-SHA256-PAYLOAD x", ErrorCode::UnknownAuthScheme),
            ("aws4-hmac-sha256 x", ErrorCode::UnknownAuthScheme),
            ("AWS5-HMAC-SHA256 x", ErrorCode::UnknownAuthScheme),
            ("Basic dTpw", ErrorCode::UnknownAuthScheme),
        ] {
            assert_eq!(header(value), Err(code), "{value}");
        }
        let long = format!("AWS4-HMAC-SHA256 {}", "x".repeat(MAX_AUTHORIZATION_BYTES));
        assert_eq!(header(&long), Err(ErrorCode::AuthorizationTooLarge));
    }

    #[test]
    fn any_presigning_parameter_makes_a_request_presigned() {
        for name in ["Algorithm", "Credential", "Signature", "SignedHeaders", "Expires"] {
            let target = format!("/?X-Amz-{name}");
            assert_eq!(classified("GET", &target, &[]).as_deref(), Ok("presigned"), "{name}");
        }
        for target in ["/", "/?X-Amz-Date=1&X-Amz-Security-Token=t", "/?x-amz-signature=1", "/?Signature=s"] {
            assert_eq!(classified("GET", target, &[]).as_deref(), Ok("anonymous"), "{target}");
        }
    }

    #[test]
    fn two_forms_in_one_request_are_refused() {
        let v4 = ("authorization", "AWS4-HMAC-SHA256 x");
        for (target, lines) in [
            ("/?X-Amz-Credential=c", &[v4][..]),
            ("/?AWSAccessKeyId=a&Signature=s&Expires=1", &[v4]),
            ("/?AWSAccessKeyId=a&Signature=s&X-Amz-Signature=t", &[]),
            ("/?X-Amz-%53ignature=t", &[("authorization", "")]),
        ] {
            assert_eq!(classified("GET", target, lines), Err(ErrorCode::SeveralMechanisms), "{target}");
        }
        let twice = classified("GET", "/?X-Amz-Signature=a&X-Amz-Signature=a", &[]);
        assert_eq!(twice, Err(ErrorCode::RepeatedAuthParameter));
        assert_eq!(classified("GET", "/", &[v4, v4]), Err(ErrorCode::RepeatedAuthParameter));
    }

    #[test]
    fn other_forms_are_never_anonymous() {
        let form = [("Content-Type", "Multipart/Form-Data; boundary=x")];
        let others = [
            (header("AWS key:signature"), "HeaderV2"),
            (header("AWS4-ECDSA-P256-SHA256 x"), "HeaderV4a"),
            (header("bearer token"), "Bearer"),
            (classified("GET", "/b/k?AWSAccessKeyId=a&Signature=s&Expires=1", &[]), "PresignedV2"),
            (classified("POST", "/bucket", &form), "Post"),
        ];
        for (answer, name) in others {
            match answer {
                Ok(found) => assert!(cfg!(feature = "forms") && found.starts_with(name), "{found}"),
                Err(code) => assert_eq!((cfg!(feature = "forms"), code), (false, ErrorCode::Unsupported)),
            }
        }
        assert_eq!(classified("PUT", "/bucket/k", &form).as_deref(), Ok("anonymous"));
    }
}
