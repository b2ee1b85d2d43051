//! Signing: the other side of verification, made of the same canonical request, scope and keys.

mod chunks;
mod key;
mod post;
mod request;

pub use chunks::{ChunkKind, ChunkSigner};
pub use post::{PolicyCondition, PolicyDraft, PolicyKey};

use super::body::UNSIGNED;
use super::hash::sha256;
use super::limits::{MAX_EXPIRES_SECONDS, MAX_HEADERS, MAX_QUERY_PARAMETERS, MAX_TOKEN_BYTES};
use super::scope::is_s3;
use super::sink::{hex, unhex};
use super::verified::Form;
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

    /// Signs a request in the header, and answers with the headers to add: `x-amz-date`,
    /// `x-amz-content-sha256` (S3 only), `x-amz-region-set` (SigV4A only), the session token's, and
    /// `authorization`, which is the last.
    ///
    /// A header that is there already with the very value that it has to have is signed and not added.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a request that is signed already, that carries one of these headers
    /// with another value, that has no host, a name that is no header name, a broken escape, or more than a
    /// server looks at; and for an unsigned payload of a service other than S3.
    ///
    /// See [`Signer`] for an example.
    pub fn sign(
        &self,
        request: &HttpRequest<'_>,
        payload: SignedPayload,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, Error> {
        let payload = match payload {
            SignedPayload::Body => Cow::Owned(hash_of_body(request)),
            SignedPayload::Sha256(hash) => Cow::Owned(digits(hex(&hash))),
            SignedPayload::Unsigned if self.is_s3() => Cow::Borrowed(text(UNSIGNED)),
            SignedPayload::Unsigned => {
                return Err(invalid("only S3 takes a body that is not signed; sign the body or its hash"));
            }
        };
        Ok(self.sign_header(request, &payload, &self.at(now)?)?.0)
    }

    /// Signs a request whose body is sent in chunks (aws-chunked), and answers with the headers to add, as
    /// [`Signer::sign`] does, and with what makes the body.
    ///
    /// The request must be a `PUT` to S3 and must have `x-amz-decoded-content-length`, the length of the data;
    /// `x-amz-trailer` names the trailers. It should have `content-encoding: aws-chunked`.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] as for [`Signer::sign`], and where what is said above is not so.
    ///
    /// ```
    /// use s3iam::http::HttpRequest;
    /// use s3iam::signature::{ChunkKind, SecretKey, Signer, SignerOptions, SigningCredentials};
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
    /// let kind = ChunkKind::UnsignedTrailer;
    /// let request = HttpRequest {
    ///     method: b"PUT",
    ///     target: b"/bucket/key",
    ///     headers: &[
    ///         (b"Host", b"s3.example.com"),
    ///         (b"Content-Encoding", b"aws-chunked"),
    ///         (b"x-amz-decoded-content-length", b"7"),
    ///         (b"x-amz-trailer", b"x-amz-checksum-crc32"),
    ///     ],
    ///     peer: None,
    ///     secure: true,
    ///     body: None,
    /// };
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let (add, mut chunks) = signer.sign_chunks(&request, kind, now)?;
    /// assert_eq!(add[1].1, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    ///
    /// let mut body = Vec::new();
    /// chunks.encode(b"payload", &mut body);
    /// chunks.finish(&[("x-amz-checksum-crc32", "QixqFQ==")], &mut body)?;
    /// assert_eq!(body, b"7\r\npayload\r\n0\r\nx-amz-checksum-crc32:QixqFQ==\r\n\r\n");
    /// assert_eq!(signer.encoded_length(kind, 7, 65536, &[("x-amz-checksum-crc32", 8)])?, body.len() as u64);
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn sign_chunks(
        &self,
        request: &HttpRequest<'_>,
        kind: ChunkKind,
        now: Timestamp,
    ) -> Result<(Vec<(String, String)>, ChunkSigner), Error> {
        if !self.is_s3() || request.method != b"PUT" {
            return Err(invalid("only S3 takes a body in chunks, and only with the method PUT"));
        }
        let declared = chunks::Declared::read(request, kind)?;
        let moment = self.at(now)?;
        let (headers, seed) = self.sign_header(request, text(kind.payload(&moment.key)), &moment)?;
        Ok((headers, ChunkSigner::new(kind, declared, moment, seed)))
    }

    /// How long a body in chunks becomes, which is its `content-length`: of so many bytes of data, cut into
    /// chunks of `chunk_bytes` but for the last, with trailers of which name and length of the value are given.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for chunks of no bytes, for trailers of a kind that has none, and for a
    /// length that is out of range.
    ///
    /// See [`Signer::sign_chunks`] for an example.
    pub fn encoded_length(
        &self,
        kind: ChunkKind,
        data_bytes: u64,
        chunk_bytes: u64,
        trailers: &[(&str, usize)],
    ) -> Result<u64, Error> {
        let width = match self.options.algorithm {
            SigningAlgorithm::V4 => 64,
            SigningAlgorithm::V4a { .. } => key::ECDSA_DIGITS,
        };
        chunks::encoded_length(kind, width, (data_bytes, chunk_bytes), trailers)
    }

    /// Signs a request in the query, valid for so many seconds from now on, and answers with its target:
    /// `request.target` with the parameters that sign it, the signature last. An absolute target stays one, so
    /// a whole URL may be given.
    ///
    /// All headers of the request are signed that [`Signer::sign`] signs, so whoever uses the target has to
    /// send just those; most often there is none but `host`. The body is not covered, unless
    /// `X-Amz-Content-Sha256` is there, as a parameter or a header. For services other than S3 it is always
    /// covered.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] as for [`Signer::sign`], and for a time that is not 1 to 604800 seconds.
    ///
    /// ```
    /// use s3iam::http::HttpRequest;
    /// use s3iam::signature::{SecretKey, Signer, SignerOptions, SigningCredentials};
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
    ///     target: b"https://s3.example.com/bucket/photos/cat.jpg",
    ///     headers: &[(b"Host", b"s3.example.com")],
    ///     peer: None,
    ///     secure: true,
    ///     body: None,
    /// };
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let url = signer.presign(&request, 3600, now)?;
    /// assert!(url.starts_with(
    ///     "https://s3.example.com/bucket/photos/cat.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    /// ));
    /// assert!(signer.presign(&request, 604_801, now).is_err());
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn presign(
        &self,
        request: &HttpRequest<'_>,
        expires_seconds: u32,
        now: Timestamp,
    ) -> Result<String, Error> {
        if !(1..=MAX_EXPIRES_SECONDS).contains(&expires_seconds) {
            return Err(invalid("a presigned request is valid for 1 to 604800 seconds"));
        }
        self.check_unsigned(request)?;
        let payload = self.presigned_payload(request)?;
        let moment = self.at(now)?;
        let mut target = match request.target {
            b"" => "/".to_owned(),
            target => std::str::from_utf8(target)
                .map_err(|_| invalid("the target must be UTF-8; write other bytes as escapes"))?
                .to_owned(),
        };
        let signed = request::signed_headers(request.headers)?;
        let expires = expires_seconds.to_string();
        let mut parameters = vec![
            ("X-Amz-Algorithm", text(moment.key.algorithm())),
            ("X-Amz-Credential", moment.credential.as_str()),
            ("X-Amz-Date", text(&moment.date)),
            ("X-Amz-Expires", &expires),
        ];
        if let SigningAlgorithm::V4a { region_set } = &self.options.algorithm {
            parameters.push(("X-Amz-Region-Set", region_set));
        }
        parameters.push(("X-Amz-SignedHeaders", &signed));
        if let Some(token) = &self.credentials.session_token {
            parameters.push((self.token_names(request).1, token));
        }
        for (name, _) in query_pairs(request.query()) {
            let name = decode(name, Plus::Space).unwrap_or_default();
            if name.as_slice() == b"X-Amz-Signature"
                || parameters.iter().any(|(n, _)| n.as_bytes() == name.as_slice())
            {
                return Err(invalid("the query has a parameter already that signing adds; leave it out"));
            }
        }
        request::append_query(&mut target, &parameters);
        let presigned = HttpRequest { target: target.as_bytes(), ..*request };
        let signing = request::Signing {
            signed: &signed,
            payload: &payload,
            is_s3: self.is_s3(),
            form: if self.is_v4a() { Form::PresignedV4a } else { Form::PresignedV4 },
            reading: &self.reading,
        };
        let signature = signing.signature(&presigned, request.headers, &moment)?;
        request::append_query(&mut target, &[("X-Amz-Signature", &signature)]);
        Ok(target)
    }

    /// Signs a policy for uploads by a browser form, and answers with the fields of the form in their order.
    /// The file comes after them, and so do fields that the draft allows without setting them.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for SigV4A, which forms do not have, and for a draft that no form can
    /// fulfil: one that has expired, an empty bucket or key, a condition on a field that signing sets, two
    /// conditions of which one field can only meet one, a size of which the least is more than the most.
    ///
    /// ```
    /// use s3iam::signature::{
    ///     PolicyCondition, PolicyDraft, PolicyKey, SecretKey, Signer, SignerOptions, SigningCredentials,
    /// };
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
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let draft = PolicyDraft {
    ///     bucket: "bucket",
    ///     key: PolicyKey::Prefix("user/alice/"),
    ///     conditions: &[PolicyCondition::ContentLength { least: 1, most: 1_048_576 }],
    ///     expiration: Timestamp::from_unix_seconds(now.unix_seconds() + 3600),
    /// };
    /// let fields = signer.post_policy(&draft, now)?;
    /// let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    /// assert_eq!(
    ///     names,
    ///     ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"]
    /// );
    /// assert_eq!(fields[0].1, "user/alice/${filename}");
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn post_policy(
        &self,
        draft: &PolicyDraft<'_>,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, Error> {
        if self.is_v4a() {
            return Err(invalid("forms are signed with SigV4; use a signer of that algorithm"));
        }
        let token_name = if self.is_express() { "X-Amz-S3session-Token" } else { "x-amz-security-token" };
        let token = self.credentials.session_token.as_deref().map(|token| (token_name, token));
        post::fields(draft, &self.at(now)?, token, now)
    }

    /// Signs in the header: the headers to add, and the signature.
    fn sign_header(
        &self,
        request: &HttpRequest<'_>,
        payload: &str,
        moment: &Moment,
    ) -> Result<(Vec<(String, String)>, String), Error> {
        self.check_unsigned(request)?;
        let mut add = vec![("x-amz-date", text(&moment.date))];
        // Other services know the hash without being told, but may be.
        if self.is_s3() || request.header("x-amz-content-sha256").is_some() {
            add.push(("x-amz-content-sha256", payload));
        }
        if let SigningAlgorithm::V4a { region_set } = &self.options.algorithm {
            add.push(("x-amz-region-set", region_set));
        }
        if let Some(token) = &self.credentials.session_token {
            add.push((self.token_names(request).0, token));
        }
        request::leave_out_present(&mut add, request)?;
        let added = add.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let lines: Vec<_> = request.headers.iter().copied().chain(added).collect();
        let signed = request::signed_headers(&lines)?;
        let signing = request::Signing {
            signed: &signed,
            payload: payload.as_bytes(),
            is_s3: self.is_s3(),
            form: if self.is_v4a() { Form::HeaderV4a } else { Form::HeaderV4 },
            reading: &self.reading,
        };
        let signature = signing.signature(request, &lines, moment)?;
        let authorization = [
            text(moment.key.algorithm()),
            " Credential=",
            &moment.credential,
            ", SignedHeaders=",
            &signed,
            ", Signature=",
            &signature,
        ]
        .concat();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut headers: Vec<(String, String)> = add.into_iter().map(owned).collect();
        headers.push(("authorization".to_owned(), authorization));
        Ok((headers, signature))
    }

    /// The payload line of a presigned request.
    fn presigned_payload<'r>(&self, request: &HttpRequest<'r>) -> Result<Cow<'r, [u8]>, Error> {
        let in_query = query_pairs(request.query())
            .find(|(name, _)| {
                decode(name, Plus::Space).is_some_and(|n| n.as_slice() == b"X-Amz-Content-Sha256")
            })
            .and_then(|(_, value)| decode(value, Plus::Space))
            .map(|value| Cow::Owned(value.to_vec()));
        let in_header = request.header("x-amz-content-sha256").map(|value| Cow::Borrowed(value.trim_ascii()));
        match in_query.or(in_header) {
            Some(given) if unhex(&given, false).is_some() => Ok(given),
            Some(given) if self.is_s3() && *given == *UNSIGNED => Ok(given),
            Some(_) => Err(invalid(
                "x-amz-content-sha256 must be the SHA-256 of the body or, for S3, UNSIGNED-PAYLOAD",
            )),
            None if self.is_s3() => Ok(Cow::Borrowed(UNSIGNED)),
            None => Ok(Cow::Owned(hash_of_body(request).into_bytes())),
        }
    }

    /// Checks that a request is not signed, and carries no token but the one that signing adds.
    fn check_unsigned(&self, request: &HttpRequest<'_>) -> Result<(), Error> {
        if request.header("authorization").is_some() {
            return Err(invalid("the request has the header 'authorization' already; leave it out"));
        }
        for (name, _) in query_pairs(request.query()) {
            let name = decode(name, Plus::Space).unwrap_or_default();
            match name.as_slice() {
                b"X-Amz-Algorithm"
                | b"X-Amz-Credential"
                | b"X-Amz-Signature"
                | b"X-Amz-SignedHeaders"
                | b"X-Amz-Expires" => {
                    return Err(invalid("the request is signed in the query already; sign it once"));
                }
                b"X-Amz-Security-Token" | b"X-Amz-S3session-Token" => {
                    return Err(invalid(
                        "the query has a session token; give it with the credentials instead",
                    ));
                }
                _ => {}
            }
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
