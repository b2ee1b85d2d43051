//! Signing: the other side of verification, made of the same canonical request, scope and keys.

mod chunks;
mod header;
mod key;
mod post;
mod presign;
mod request;

pub use chunks::{ChunkKind, ChunkSigner};
pub use post::{PolicyCondition, PolicyDraft, PolicyKey};

use super::hash::sha256;
use super::limits::{MAX_HEADERS, MAX_QUERY_PARAMETERS, MAX_TOKEN_BYTES};
use super::scope::is_s3;
use super::sink::{hex, unhex};
use super::{Options, SecretKey, key_ring};
use crate::error::ErrorProfile;
use crate::http::{HttpRequest, Plus, decode, query_pairs};
use crate::{Error, ErrorCode, Timestamp};
use key::{DayKey, Keys, digits};
use std::borrow::Cow;
use std::fmt;

/// Who signs.
#[derive(Clone)]
pub struct SigningCredentials {
    /// The access key: 1 to 256 bytes, without `=`, `,` and control characters.
    pub access_key: String,
    /// Its secret; not empty.
    pub secret_key: SecretKey,
    /// For temporary credentials, the session token. For the service `s3express` it is the token of the
    /// session, but for requests that create one (`GET /?session`), where it is an ordinary token.
    pub session_token: Option<String>,
}

impl fmt::Debug for SigningCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningCredentials")
            .field("access_key", &self.access_key)
            .field("temporary", &self.session_token.is_some())
            .finish_non_exhaustive()
    }
}

/// How requests are signed. SigV2 is verified where it must be, and never signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// `AWS4-HMAC-SHA256`: for one region.
    #[default]
    V4,
    /// `AWS4-ECDSA-P256-SHA256`: for several regions.
    V4a {
        /// The regions: names, in which `*` stands for anything, with `,` between two. `*` alone is all.
        region_set: String,
    },
}

/// What requests are signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerOptions {
    /// The region; SigV4A has its region set in its place.
    pub region: String,
    /// The service: `s3`, `s3express`, `sts` and so on. All but those of S3 normalise the path and sign the
    /// hash of the body without sending it.
    pub service: String,
    /// The algorithm.
    pub algorithm: SigningAlgorithm,
}

impl Default for SignerOptions {
    /// SigV4 for `s3` in `us-east-1`.
    fn default() -> Self {
        Self { region: "us-east-1".to_owned(), service: "s3".to_owned(), algorithm: SigningAlgorithm::V4 }
    }
}

/// What a signature says of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPayload {
    /// The hash of [`HttpRequest::body`]; a request without one has an empty body.
    Body,
    /// This is the body's SHA-256.
    Sha256([u8; 32]),
    /// Nothing (`UNSIGNED-PAYLOAD`). Only S3 takes that.
    Unsigned,
}

impl SignedPayload {
    /// The SHA-256 that stands in 64 hex digits.
    pub fn from_hex(digits: &str) -> Option<Self> {
        unhex(digits.as_bytes(), false).map(Self::Sha256)
    }
}

/// Signs requests with SigV4 or SigV4A: in the header, in the query, in chunks, and policies of browser forms.
///
/// It keeps the signing key of the day, and may be shared between threads. SigV2 is not signed: it covers
/// neither all headers nor the body, and nothing current asks for it.
///
/// What it signs is accepted by [`Verifier`](super::Verifier), since both read the request in the same way:
/// the request must be given as it goes over the wire, and must not be changed afterwards but for the
/// headers that are not signed. Signed are `host`, every `x-amz-*` header and all others, except those that
/// are rewritten on the way: `authorization`, `user-agent`, `connection`, `expect`, `keep-alive`, `te`,
/// `trailer`, `transfer-encoding`, `upgrade`, `proxy-*`, `baggage`, `traceparent`, `tracestate` and
/// `x-amzn-trace-id`.
///
/// ```
/// use s3iam::http::HttpRequest;
/// use s3iam::signature::{SecretKey, SignedPayload, Signer, SignerOptions, SigningCredentials};
/// use s3iam::Timestamp;
///
/// let signer = Signer::new(
///     SigningCredentials {
///         access_key: "AKIDEXAMPLEUSER00001".to_owned(),
///         secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
///         session_token: None,
///     },
///     SignerOptions::default(),
/// )?;
/// let request = HttpRequest {
///     method: b"GET",
///     target: b"/bucket/photos/cat.jpg",
///     headers: &[(b"Host", b"s3.example.com")],
///     peer: None,
///     secure: true,
///     body: None,
/// };
/// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
/// let add = signer.sign(&request, SignedPayload::Body, now)?;
/// assert_eq!(add[0], ("x-amz-date".to_owned(), "20260115T120000Z".to_owned()));
/// assert_eq!(add[1].0, "x-amz-content-sha256");
/// assert_eq!(
///     add[2].1,
///     "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request, \
///      SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
///      Signature=9b5ff4bea9cab22b49f5102afd14b3b771d53a0a3dddb7184dd4c385fbe14f64",
/// );
/// # Ok::<(), s3iam::Error>(())
/// ```
pub struct Signer {
    credentials: SigningCredentials,
    options: SignerOptions,
    keys: Keys,
    /// How what was signed is read again.
    reading: Options,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("credentials", &self.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// A signer.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for credentials that nothing can be signed with, and for a region, a
    /// region set or a service that no scope can name.
    ///
    /// ```
    /// use s3iam::signature::{SecretKey, Signer, SignerOptions, SigningAlgorithm, SigningCredentials};
    ///
    /// let credentials = SigningCredentials {
    ///     access_key: "AKIDEXAMPLEUSER00001".to_owned(),
    ///     secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ///     session_token: None,
    /// };
    /// let algorithm = SigningAlgorithm::V4a { region_set: "eu-*,us-east-1".to_owned() };
    /// let options = SignerOptions { algorithm, ..SignerOptions::default() };
    /// assert!(Signer::new(credentials.clone(), options).is_ok());
    ///
    /// let nowhere = SignerOptions { region: String::new(), ..SignerOptions::default() };
    /// let error = Signer::new(credentials, nowhere).unwrap_err();
    /// assert_eq!(error.code(), s3iam::ErrorCode::InvalidArgument);
    /// ```
    pub fn new(credentials: SigningCredentials, options: SignerOptions) -> Result<Self, Error> {
        let token = credentials.session_token.as_deref();
        key_ring::check(&credentials.access_key, &credentials.secret_key, token)?;
        if token.is_some_and(|token| {
            token.len() > MAX_TOKEN_BYTES || !token.bytes().all(|b| b.is_ascii_graphic())
        }) {
            return Err(invalid("the session token must be at most 8192 visible ASCII characters"));
        }
        // No separator of a scope, an `Authorization` header or a list.
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b',' | b'=' | b';' | b'*'))
        };
        if !is_name(&options.service) {
            return Err(invalid("the service must be a name such as `s3`"));
        }
        match &options.algorithm {
            SigningAlgorithm::V4 if !is_name(&options.region) => {
                return Err(invalid("the region must be a name such as `us-east-1`"));
            }
            SigningAlgorithm::V4a { region_set }
                if !region_set.split(',').all(|region| is_name(&region.replace('*', "x"))) =>
            {
                return Err(invalid(
                    "the region set must be names such as `us-east-1`, `eu-*` or `*`, with `,` between two",
                ));
            }
            _ => {}
        }
        let keys = Keys::of(&credentials, &options.algorithm)?;
        Ok(Self { credentials, options, keys, reading: Options::default() })
    }

    /// The options it was made with.
    pub fn options(&self) -> &SignerOptions {
        &self.options
    }

    /// Checks that a request carries no token but the one that signing adds.
    fn check_token(&self, request: &HttpRequest<'_>) -> Result<(), Error> {
        let in_query = query_pairs(request.query()).any(|(name, _)| {
            let name = decode(name, Plus::Space).unwrap_or_default();
            matches!(name.as_slice(), b"X-Amz-Security-Token" | b"X-Amz-S3session-Token")
        });
        if in_query {
            return Err(invalid("the query has a session token; give it with the credentials instead"));
        }
        let (own, _) = self.token_names(request);
        let has_own = self.credentials.session_token.is_some();
        for name in ["x-amz-security-token", "x-amz-s3session-token"] {
            if request.header(name).is_some() && !(has_own && name == own) {
                return Err(invalid(format!(
                    "the request has the header '{name}'; give the token with the credentials instead"
                )));
            }
        }
        Ok(())
    }

    /// The names of the session token: as a header, and in the query.
    fn token_names(&self, request: &HttpRequest<'_>) -> (&'static str, &'static str) {
        let creates_session = || query_pairs(request.query()).any(|(name, _)| name == b"session");
        if self.is_express() && !creates_session() {
            ("x-amz-s3session-token", "X-Amz-S3session-Token")
        } else {
            ("x-amz-security-token", "X-Amz-Security-Token")
        }
    }

    fn is_s3(&self) -> bool {
        is_s3(self.options.service.as_bytes())
    }

    fn is_express(&self) -> bool {
        self.options.service == "s3express"
    }

    fn is_v4a(&self) -> bool {
        self.options.algorithm != SigningAlgorithm::V4
    }

    /// What signing at a time needs.
    fn at(&self, now: Timestamp) -> Result<Moment, Error> {
        let date = now.basic();
        let SignerOptions { region, service, algorithm } = &self.options;
        let day = text(date.get(..8).unwrap_or_default());
        let access_key = &self.credentials.access_key;
        let parts: &[&str] = match algorithm {
            SigningAlgorithm::V4 => &[access_key, day, region, service, "aws4_request"],
            SigningAlgorithm::V4a { .. } => &[access_key, day, service, "aws4_request"],
        };
        let credential = parts.join("/");
        let key = self.keys.of_day(&credential)?;
        Ok(Moment { date, credential, access_key_bytes: access_key.len(), key })
    }
}

/// What is the same for everything that is signed at one time.
struct Moment {
    /// `yyyymmddThhmmssZ`.
    date: [u8; 16],
    /// The access key and the scope.
    credential: String,
    access_key_bytes: usize,
    key: DayKey,
}

impl Moment {
    /// The scope as it stands in the string to sign.
    fn scope(&self) -> &[u8] {
        self.credential.as_bytes().get(self.access_key_bytes + 1..).unwrap_or_default()
    }
}

fn hash_of_body(request: &HttpRequest<'_>) -> String {
    digits(hex(&sha256(&[request.body.unwrap_or_default()])))
}

/// Text that is known to be ASCII.
fn text(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or_default()
}

/// An argument that nothing can be signed with: what is wrong, and what to do.
#[cold]
fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
    Error::with_message(ErrorCode::InvalidArgument, message)
}

/// What a server would refuse, as an argument that nothing can be signed with.
fn unreadable(error: Error) -> Error {
    match error.code() {
        ErrorCode::InvalidUri => {
            invalid("the target has a '%' that two hexadecimal digits do not follow; write it as '%25'")
        }
        ErrorCode::TooManyHeaders => invalid(format!("the request has more than {MAX_HEADERS} headers")),
        ErrorCode::TooManyQueryParameters => {
            invalid(format!("the query has more than {MAX_QUERY_PARAMETERS} parameters"))
        }
        _ => invalid(error.message(ErrorProfile::Aws).to_owned()),
    }
}
