//! What a request says of its authentication, for those who only want to tell requests apart.

use super::classify::{ALGORITHM_V4A, Mechanism};
use super::query::Parameter;
use super::received::Received;
use super::verified::Form;
use crate::Error;
use crate::http::HttpRequest;

/// The authentication that a request claims to have. Nothing of it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// None at all.
    Anonymous,
    /// A signature of this form. Of browser forms the fields decide which one it is, so they are
    /// [`Form::PostV4`] here.
    Signed(Form),
    /// A bearer token, which is no S3 mechanism; a gateway may know what to do with it.
    Bearer,
}

impl Authentication {
    /// Classifies a request, as verification does before anything else (spec: sigv4, section 1.2).
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SeveralMechanisms`](crate::ErrorCode::SeveralMechanisms) if there is more than one,
    /// [`ErrorCode::UnknownAuthScheme`](crate::ErrorCode::UnknownAuthScheme) if there is one that S3 does not
    /// know, and those of headers and queries that cannot be read.
    pub fn of(request: &HttpRequest<'_>) -> Result<Self, Error> {
        let mut received = Received::new(request);
        let mechanism = received.classify()?;
        let is_v4a = || {
            received
                .query
                .value(Parameter::Algorithm)
                .is_some_and(|value| value.decoded().eq(ALGORITHM_V4A.iter().copied()))
        };
        Ok(match mechanism {
            Mechanism::Anonymous => Self::Anonymous,
            Mechanism::Header(_) => Self::Signed(Form::HeaderV4),
            Mechanism::Presigned if is_v4a() => Self::Signed(Form::PresignedV4a),
            Mechanism::Presigned => Self::Signed(Form::PresignedV4),
            Mechanism::HeaderV4a(_) => Self::Signed(Form::HeaderV4a),
            Mechanism::HeaderV2(_) => Self::Signed(Form::HeaderV2),
            Mechanism::PresignedV2 => Self::Signed(Form::PresignedV2),
            Mechanism::Post => Self::Signed(Form::PostV4),
            Mechanism::Bearer => Self::Bearer,
        })
    }

    /// `anonymous`, `bearer`, or the name of the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Signed(form) => form.name(),
            Self::Bearer => "bearer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn named(method: &str, target: &str, header: Option<(&str, &str)>) -> Result<&'static str, ErrorCode> {
        let line = header.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let request = HttpRequest {
            method: method.as_bytes(),
            target: target.as_bytes(),
            headers: line.as_slice(),
            peer: None,
            secure: false,
            body: None,
        };
        Authentication::of(&request).map(Authentication::name).map_err(|error| error.code())
    }

    #[test]
    fn a_target_that_is_too_long_is_not_read() {
        let longest = format!("/{}", "a".repeat(64 * 1024 - 1));
        assert_eq!(named("GET", &longest, None), Ok("anonymous"));
        let too_long = longest + "a";
        assert_eq!(named("GET", &too_long, None), Err(ErrorCode::TargetTooLong));
        let verifier = crate::signature::Verifier::default();
        let request = |method: &'static [u8]| HttpRequest {
            method,
            target: too_long.as_bytes(),
            headers: &[],
            peer: None,
            secure: false,
            body: None,
        };
        let code = |error: Error| error.code();
        assert_eq!(
            verifier.anonymous_body(&request(b"PUT")).map(|_| ()).map_err(code),
            Err(ErrorCode::TargetTooLong)
        );
        assert_eq!(verifier.check_form(&request(b"POST")).map_err(code), Err(ErrorCode::TargetTooLong));
    }

    #[test]
    fn every_form_has_its_name() {
        let authorization = |value| named("GET", "/b/k", Some(("Authorization", value)));
        assert_eq!(named("GET", "/b/k", None), Ok("anonymous"));
        assert_eq!(authorization("AWS4-HMAC-SHA256 Credential=x"), Ok("sigv4-header"));
        assert_eq!(authorization("AWS4-ECDSA-P256-SHA256 Credential=x"), Ok("sigv4a-header"));
        assert_eq!(authorization("AWS key:signature"), Ok("sigv2-header"));
        assert_eq!(authorization("Bearer token"), Ok("bearer"));
        assert_eq!(authorization("Basic dTpw"), Err(ErrorCode::UnknownAuthScheme));
        assert_eq!(named("GET", "/b/k?X-Amz-Signature=s", None), Ok("sigv4-presigned"));
        assert_eq!(
            named("GET", "/b/k?X-Amz-Algorithm=AWS4%2DECDSA-P256-SHA256", None),
            Ok("sigv4a-presigned")
        );
        assert_eq!(named("GET", "/b/k?AWSAccessKeyId=a&Signature=s", None), Ok("sigv2-presigned"));
        let form = Some(("Content-Type", "multipart/form-data; boundary=b"));
        assert_eq!(named("POST", "/b", form), Ok("post-policy"));
        assert_eq!(
            named("GET", "/?Signature=s&AWSAccessKeyId=a&X-Amz-Date=d&X-Amz-Expires=1", None),
            Err(ErrorCode::SeveralMechanisms)
        );
    }
}
