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
    /// SigV4 in the query, or something that looks like it.
    Presigned,
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
        return scheme(authorization).map(Mechanism::Header);
    }
    if presigned {
        return Ok(Mechanism::Presigned);
    }
    if presigned_v2 {
        return Err(ErrorCode::AuthFormUnsupported.into());
    }
    if is_form(request) {
        return Err(unsupported("Browser form uploads (POST policies) are not implemented."));
    }
    Ok(Mechanism::Anonymous)
}

/// An answer for something that is recognised and not implemented.
pub(super) fn unsupported(message: &'static str) -> Error {
    Error::with_message(ErrorCode::Unsupported, message)
}

/// What follows `AWS4-HMAC-SHA256` and its one space.
fn scheme(authorization: &[u8]) -> Result<&[u8], Error> {
    if authorization.len() > MAX_AUTHORIZATION_BYTES {
        return Err(ErrorCode::AuthorizationTooLarge.into());
    }
    if let Some(rest) =
        authorization.strip_prefix(b"AWS4-HMAC-SHA256 ").filter(|rest| rest.first() > Some(&b' '))
    {
        return Ok(rest);
    }
    let at = find(authorization, b' ').unwrap_or(authorization.len());
    let (scheme, rest) = authorization.split_at_checked(at).unwrap_or_default();
    let rest = rest.get(1..).unwrap_or_default();
    if rest.is_empty() || rest.starts_with(b" ") {
        return Err(ErrorCode::AuthorizationForm.into());
    }
    match () {
        () if scheme == ALGORITHM => Ok(rest),
        () if scheme == ALGORITHM_V4A => Err(unsupported("Requests signed with SigV4A are not implemented.")),
        () if scheme == b"AWS" || scheme.eq_ignore_ascii_case(b"bearer") => {
            Err(ErrorCode::AuthFormUnsupported.into())
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
    use crate::signature::options::RepeatedQueryOrder;

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
        let mut headers = Headers::default();
        headers.read(&lines).map_err(|e| e.code())?;
        let mut query = Query::default();
        query.read(request.query(), RepeatedQueryOrder::Value).map_err(|e| e.code())?;
        classify(&request, &headers, &query)
            .map(|mechanism| match mechanism {
                Mechanism::Anonymous => "anonymous".to_owned(),
                Mechanism::Header(rest) => String::from_utf8_lossy(rest).into_owned(),
                Mechanism::Presigned => "presigned".to_owned(),
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
            ("AWS key:signature", ErrorCode::AuthFormUnsupported),
            ("Bearer token", ErrorCode::AuthFormUnsupported),
            ("AWS4-ECDSA-P256-SHA256 x", ErrorCode::Unsupported),
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
    fn forms_that_are_not_supported_are_never_anonymous() {
        let v2 = classified("GET", "/b/k?AWSAccessKeyId=a&Signature=s&Expires=1", &[]);
        assert_eq!(v2, Err(ErrorCode::AuthFormUnsupported));
        let form = [("Content-Type", "Multipart/Form-Data; boundary=x")];
        assert_eq!(classified("POST", "/bucket", &form), Err(ErrorCode::Unsupported));
        assert_eq!(classified("PUT", "/bucket/k", &form).as_deref(), Ok("anonymous"));
    }
}
