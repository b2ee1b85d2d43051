//! Signing: the other side of verification.

use crate::error::s3iam_error;
use crate::options::c_bool;
use crate::pairs::s3iam_pairs;
use crate::panic::{call, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{
    ErrorCode, SecretKey, SignedPayload, Signer, SignerOptions, SigningAlgorithm, SigningCredentials,
};
use std::mem::MaybeUninit;

/// Signs requests with SigV4 or SigV4A: in the header, in the query, in chunks, and policies of browser forms.
/// Any number of threads may use it at once. Free with `s3iam_signer_free`, which wipes the secret.
pub struct s3iam_signer(Signer);

/// How requests are signed. SigV2 is verified where it must be, and never signed.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_algorithm {
    /// `AWS4-HMAC-SHA256`: for one region.
    S3IAM_ALGORITHM_SIGV4 = 0,
    /// `AWS4-ECDSA-P256-SHA256`: for several regions.
    S3IAM_ALGORITHM_SIGV4A = 1,
}

/// What a signature says of the body.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_signed_payload {
    /// The hash of the body that is given with the request; a request without one has an empty body.
    S3IAM_SIGNED_BODY = 0,
    /// A SHA-256 that is given.
    S3IAM_SIGNED_SHA256 = 1,
    /// Nothing (`UNSIGNED-PAYLOAD`). Only S3 takes that.
    S3IAM_SIGNED_NOTHING = 2,
}

/// Who signs, and for what. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_signer_options {
    /// `sizeof(s3iam_signer_options)`.
    pub size: usize,
    /// The access key.
    pub access_key: s3iam_text,
    /// Its secret. The library keeps a copy of its own and wipes it when it is done.
    pub secret_key: s3iam_text,
    /// For temporary credentials, the session token, if `has_session_token`. For the service `s3express` it is
    /// the token of the session, but for requests that create one (`GET /?session`), where it is an ordinary
    /// token.
    pub session_token: s3iam_text,
    /// The region; empty for `us-east-1`. SigV4A has its region set in its place.
    pub region: s3iam_text,
    /// The service, for example `s3express` or `sts`; empty for `s3`.
    pub service: s3iam_text,
    /// Of SigV4A, the regions: names, in which `*` stands for anything, with `,` between two; empty for `*`,
    /// all regions. SigV4 has none.
    pub region_set: s3iam_text,
    /// An `s3iam_algorithm`.
    pub algorithm: u32,
    /// Whether the credentials are temporary and `session_token` is given.
    pub has_session_token: c_bool,
}

/// Makes a signer. Credentials that nothing can be signed with, and a region, a region set or a service that
/// no scope can name, are `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_new(
    options: *const s3iam_signer_options,
    out: Option<&mut MaybeUninit<Box<s3iam_signer>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let out = given(out)?;
        let (credentials, options) = s3iam_signer_options::read(options)?;
        out.write(Box::new(s3iam_signer(Signer::new(credentials, options)?)));
        Ok(())
    })
}

/// Signs a request in the header at its time `now_ms`, and gives the headers to add: `x-amz-date`,
/// `x-amz-content-sha256` (S3 only), `x-amz-region-set` (SigV4A only), the session token's, and
/// `authorization`, which is the last. The list is the caller's to free.
///
/// `payload` is an `s3iam_signed_payload`; `sha256` are the 32 bytes of `S3IAM_SIGNED_SHA256`, else NULL. The
/// request must be given as it goes over the wire, and must not be changed afterwards but for the headers that
/// are not signed. Signed are `host`, every `x-amz-*` header and all others, except those that are rewritten
/// on the way, such as `user-agent`, `connection` and `expect`. A header that is there already with the very
/// value that it has to have is signed and not added.
///
/// A request that is signed already, that carries one of these headers with another value, that has no host,
/// a name that is no header name, a broken escape, or more than a server looks at, is
/// `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_sign(
    signer: Option<&s3iam_signer>,
    request: *const s3iam_http_request,
    payload: u32,
    sha256: *const u8,
    out: Option<&mut MaybeUninit<Box<s3iam_pairs>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (signer, out) = (&given(signer)?.0, given(out)?);
        let payload = s3iam_signed_payload::read(payload, sha256)?;
        let headers = s3iam_http_request::read(request, |http, _, now| signer.sign(http, payload, now))?;
        out.write(Box::new(headers?.into_iter().collect()));
        Ok(())
    })
}

/// Signs a request in the query, valid for so many seconds (1 to 604800) from its time `now_ms` on, and gives
/// its target: that of the request with the parameters that sign it, the signature last. An absolute target
/// stays one, so a whole URL may be given. The string is the caller's to free.
///
/// All headers of the request are signed that `s3iam_signer_sign` signs, so whoever uses the target has to
/// send just those; most often there is none but `host`. The body is not covered, unless
/// `X-Amz-Content-Sha256` is there, as a parameter or a header. For services other than S3 it is always
/// covered. Fails as `s3iam_signer_sign` does. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_presign(
    signer: Option<&s3iam_signer>,
    request: *const s3iam_http_request,
    expires_seconds: u32,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (signer, out) = (&given(signer)?.0, given(out)?);
        let target =
            s3iam_http_request::read(request, |http, _, now| signer.presign(http, expires_seconds, now))?;
        out.write(target?.into());
        Ok(())
    })
}

/// Frees a signer and wipes its secret. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_free(signer: Option<Box<s3iam_signer>>) {
    value((), || drop(signer));
}

impl s3iam_signer {
    /// The signer of the core.
    pub(crate) fn core(&self) -> &Signer {
        &self.0
    }
}

impl s3iam_signer_options {
    /// What the caller filled in.
    fn read(options: *const Self) -> Result<(SigningCredentials, SignerOptions), s3iam_error> {
        let options: Self = pointer::sized(options)?;
        let default = SignerOptions::default();
        let given = |text: &s3iam_text, what, otherwise: String| {
            text.utf8(what).map(|text| if text.is_empty() { otherwise } else { text.to_owned() })
        };
        let region_set = given(&options.region_set, "the region set", "*".to_owned())?;
        let algorithm = match options.algorithm {
            n if n == s3iam_algorithm::S3IAM_ALGORITHM_SIGV4 as u32 && options.region_set.len == 0 => {
                SigningAlgorithm::V4
            }
            n if n == s3iam_algorithm::S3IAM_ALGORITHM_SIGV4 as u32 => {
                return Err(s3iam_error::argument("SigV4 has no region set"));
            }
            n if n == s3iam_algorithm::S3IAM_ALGORITHM_SIGV4A as u32 => SigningAlgorithm::V4a { region_set },
            _ => return Err(s3iam_error::argument("the algorithm is not an s3iam_algorithm")),
        };
        let has_token = options.has_session_token.is_set();
        if !has_token && options.session_token.len > 0 {
            return Err(s3iam_error::argument("a session token is given without has_session_token"));
        }
        let token = options.session_token.utf8("the session token")?;
        let credentials = SigningCredentials {
            access_key: options.access_key.utf8("the access key")?.to_owned(),
            secret_key: SecretKey::new(options.secret_key.bytes()?),
            session_token: has_token.then(|| token.to_owned()),
        };
        let region = given(&options.region, "the region", default.region)?;
        let service = given(&options.service, "the service", default.service)?;
        Ok((credentials, SignerOptions { region, service, algorithm }))
    }
}

impl s3iam_signed_payload {
    /// What the caller wants to be signed.
    fn read(number: u32, sha256: *const u8) -> Result<SignedPayload, s3iam_error> {
        if number == Self::S3IAM_SIGNED_SHA256 as u32 {
            let hash = pointer::slice(&sha256, 32)?.try_into();
            return hash.map(SignedPayload::Sha256).map_err(|_| ErrorCode::Internal.into());
        }
        if !sha256.is_null() {
            return Err(s3iam_error::argument("a SHA-256 is given without S3IAM_SIGNED_SHA256"));
        }
        match number {
            n if n == Self::S3IAM_SIGNED_BODY as u32 => Ok(SignedPayload::Body),
            n if n == Self::S3IAM_SIGNED_NOTHING as u32 => Ok(SignedPayload::Unsigned),
            _ => Err(s3iam_error::argument("the payload is not an s3iam_signed_payload")),
        }
    }
}
