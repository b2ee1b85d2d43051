//! `Verifier` and `Identity`: signatures without a directory of identities.

use crate::body::BodyReader;
use crate::diagnosis::diagnose;
use crate::error::{guard, guard_long, raise};
use crate::post::{Asked, PostUpload, RawForm, utf8_bytes};
use crate::request::RawRequest;
use crate::text::{Document, ShortText, Text, hex};
use crate::{options, time};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict};
use s3iam::facade::{
    self, Authentication, Body, CredentialState, Error, ErrorCode, ErrorProfile, HttpRequest, KeyRing,
    LengthRange, NewKey, Payload, PostForm, SecretKey, Verified,
};
use std::sync::RwLock;

/// Verifies request signatures against access keys that you add. For gateways that keep users
/// elsewhere; `Iam` does the whole way from request to verdict. Shareable between threads.
///
/// `region` is the region that signatures must name (empty accepts any), `services` those they may
/// name. The defaults are strict; each laxer behaviour is an option. `allow_sigv2` accepts SigV2, which signs
/// with SHA-1 and covers neither all headers nor the body; it needs `domains`, under which `<bucket>.<domain>`
/// names a bucket, and which must be those that requests are routed by. A signed chunk of a body has at most
/// `max_chunk_bytes`, and with `require_min_chunk` at least 8 KiB unless it is the last. `error_profile` chooses
/// between the S3 errors of `"aws"` and `"minio"`.
///
/// >>> verifier = Verifier(region="us-east-1")
/// >>> verifier.add_key("AKIDEXAMPLE", "secret-key-of-the-example")
/// >>> try:
/// ...     verifier.verify("GET", "/photos/cat.jpg", [("Host", "s3.example.com")])
/// ... except S3IamError as error:
/// ...     error.code, error.http_status
/// ('access-denied', 403)
#[pyclass(frozen, module = "s3iam")]
pub struct Verifier {
    core: facade::Verifier,
    // Held only while Rust runs, never while Python may: a thread that waits for it has the GIL.
    keys: RwLock<KeyRing>,
}

/// Who signed a request. Only verification makes one.
///
/// >>> Identity()
/// Traceback (most recent call last):
/// TypeError: cannot create 's3iam.Identity' instances
#[pyclass(frozen, freelist = 16, module = "s3iam")]
pub struct Identity {
    access_key: ShortText,
    form: facade::Form,
    body: Body,
    signed_at: facade::Timestamp,
    temporary: bool,
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (**options),
           text_signature = "(*, region='', services=['s3'], domains=[], max_skew_seconds=900, require_content_sha256=True, require_signed_amz_headers=True, require_scope_date_match=True, accept_expires_zero=False, allow_sigv2=False, allow_sigv4a=True, require_min_chunk=False, max_chunk_bytes=16777216, cached_keys=4096, error_profile='aws')")]
    fn new(options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let core = facade::Verifier::new(options::signature(options)?);
        Ok(Self { core, keys: RwLock::new(KeyRing::new()) })
    }

    /// Adds an access key, or replaces the one of that name; what is kept of the replaced secret is wiped.
    ///
    /// `session_token` makes it temporary credentials, whose requests must carry that token; `expires`
    /// is a `datetime` with a time zone or seconds since 1970, from which on the key is refused. A key
    /// that is not `enabled` is refused as well.
    ///
    /// >>> verifier = Verifier()
    /// >>> verifier.add_key("ASIAEXAMPLE", "secret-key-of-the-example", session_token="token", expires=1_800_000_000)
    #[pyo3(signature = (access_key, secret_key, *, session_token = None, expires = None, enabled = true))]
    fn add_key(
        &self,
        py: Python<'_>,
        access_key: Text<'_>,
        secret_key: Text<'_>,
        session_token: Option<Text<'_>>,
        expires: Option<&Bound<'_, PyAny>>,
        enabled: bool,
    ) -> PyResult<()> {
        let key = NewKey {
            access_key: access_key.0.to_owned(),
            secret_key: SecretKey::new(secret_key.0.as_bytes()),
            session_token: session_token.map(|token| token.0.to_owned()),
            expires: expires.map(|value| time::instant(value, "expires")).transpose()?,
            state: if enabled { CredentialState::Enabled } else { CredentialState::Disabled },
        };
        self.change(py, |keys| keys.add(key))?;
        Ok(())
    }

    /// Removes an access key, so that requests signed with it are refused, and wipes what is kept of its secret,
    /// also the signing keys made from it. Returns whether there was one.
    ///
    /// >>> verifier = Verifier()
    /// >>> verifier.add_key("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> verifier.remove_key("AKIDEXAMPLE"), verifier.remove_key("AKIDEXAMPLE")
    /// (True, False)
    #[pyo3(signature = (access_key))]
    fn remove_key(&self, py: Python<'_>, access_key: Text<'_>) -> PyResult<bool> {
        self.change(py, |keys| Ok(keys.remove(access_key.0)))
    }

    /// Verifies the signature of a raw request, and returns the `Identity` that signed it.
    ///
    /// The arguments are those of `Iam.authorize`. A signature that does not hold raises
    /// `SignatureError`. A request without any authentication raises `AccessDenied`, or with
    /// `allow_anonymous` returns `None`. Unless `body` was given, the body is not checked yet: read it with
    /// `Identity.body_reader`, or with `anonymous_body`.
    ///
    /// >>> verifier = Verifier()
    /// >>> verifier.verify("GET", "/", [(b"host", b"s3.example.com")], allow_anonymous=True) is None
    /// True
    #[pyo3(signature = (method, target, headers, *, body = None, now = None, allow_anonymous = false))]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: Option<Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        allow_anonymous: bool,
    ) -> PyResult<Option<Identity>> {
        let mut request = RawRequest::take(method, target, headers, body)?;
        let (now, bytes) = (time::now(now)?, request.body_bytes());
        // Written in place: each wrapper around the call would move it.
        let mut identity = None;
        request
            .with(|request| guard_long(py, bytes, || self.identify(request, now, &mut identity)))??
            .map_err(|error| self.raise(py, &error))?;
        match identity {
            None if !allow_anonymous => Err(self.raise(py, &ErrorCode::AccessDenied.into())),
            identity => Ok(identity),
        }
    }

    /// A `BodyReader` for a request without any authentication: it checks the hash, the checksum or the chunks
    /// that the request announces.
    ///
    /// A request with authentication raises `ArgumentError`: its reader comes from its `Identity`.
    ///
    /// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", [("Host", "s3.example.com")])
    /// >>> reader.push(b"cat")
    /// b'cat'
    /// >>> reader.finish().decoded_length
    /// 3
    #[pyo3(signature = (method, target, headers))]
    fn anonymous_body<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<BodyReader> {
        let mut request = RawRequest::take(method, target, headers, None)?;
        let reader = request.with(|request| guard(py, || self.core.anonymous_body(request)))??;
        Ok(BodyReader::new(reader.map_err(|error| self.raise(py, &error))?, self.profile()))
    }

    /// Verifies a form upload to `bucket`: a browser's `POST` with a policy that somebody signed for it. Returns
    /// the `PostUpload`, which is anonymous if no field of the form is of a signature.
    ///
    /// `bucket` is the one that the URL addresses, decoded; `fields`, `file_name` and `file_length` are as those
    /// of `Iam.authorize_post`. A form that does not hold raises `SignatureError`, and a key that no object can
    /// have `RequestError`. A signature proves who signed, not what they may do.
    ///
    /// >>> headers = [("Host", "s3.example.com"), ("Content-Type", "multipart/form-data; boundary=b")]
    /// >>> fields = [("key", "user/alice/${filename}"), ("acl", "private")]
    /// >>> upload = Verifier().verify_post("POST", "/photos", headers, fields, bucket="photos", file_name="cat.jpg")
    /// >>> upload.identity is None, upload.key, upload.headers
    /// (True, 'user/alice/cat.jpg', (('x-amz-acl', 'private'),))
    #[pyo3(signature = (method, target, headers, fields, *, bucket, file_name = None, file_length = None,
                        now = None))]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn verify_post<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        fields: &Bound<'py, PyAny>,
        bucket: &Bound<'py, PyAny>,
        file_name: Option<&Bound<'py, PyAny>>,
        file_length: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<PostUpload> {
        let mut request = RawRequest::take(method, target, headers, None)?;
        let form = RawForm::take(fields, file_name, file_length)?;
        let (bucket, now) = (utf8_bytes(bucket, "bucket")?, time::now(now)?);
        let verified = request.with(|request| {
            form.with(|form| guard(py, || self.verify_form(request, bucket.as_bytes(), form, now)))
        })??;
        let (identity, key, lengths, asked) = verified.map_err(|error| self.raise(py, &error))?;
        let identity = identity.map(|identity| Py::new(py, identity)).transpose()?;
        Ok(PostUpload { identity, key, lengths, asked, profile: self.profile() })
    }

    /// Says why the signature of a request is refused, and what the client did otherwise: a `Diagnosis`. The
    /// arguments are those of `verify`; `canonical_request` and `string_to_sign` are what the client signed, from
    /// its debug log, where you have it.
    ///
    /// This is a tool for operators. It computes up to 4096 signatures, accepts nothing, and must not be run for
    /// every refused request. What the client may be told is `Diagnosis.for_client` alone.
    ///
    /// >>> verifier = Verifier()
    /// >>> verifier.add_key("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = [("Host", "s3.example.com")]
    /// >>> headers += Signer("AKIDEXAMPLE", "secret-key-of-the-example").sign("GET", "/bucket/key", headers)
    /// >>> diagnosis = verifier.diagnose("HEAD", "/bucket/key", headers)
    /// >>> diagnosis.code, diagnosis.certain, diagnosis.cause.code
    /// ('signature-does-not-match', True, 'method-changed')
    #[pyo3(signature = (method, target, headers, *, body = None, now = None, canonical_request = None,
                        string_to_sign = None))]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn diagnose<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: Option<Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        canonical_request: Option<Document<'_>>,
        string_to_sign: Option<Document<'_>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = RawRequest::take(method, target, headers, body)?;
        let client = (canonical_request, string_to_sign);
        diagnose(py, request, now, client, self.profile(), |request, now, client| {
            let keys = self.keys.read().map_err(|_| Error::new(ErrorCode::Internal))?;
            Ok(self.core.diagnose(request, &*keys, now, client))
        })
    }

    fn __repr__(&self) -> String {
        let options = self.core.options();
        format!("<s3iam.Verifier region={:?} services={:?}>", options.region, options.services)
    }
}

impl Verifier {
    /// Changes the keys, and wipes what was derived from a secret that is gone thereby. Whether there was one.
    fn change(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut KeyRing) -> Result<Option<SecretKey>, Error>,
    ) -> PyResult<bool> {
        let changed = guard(py, || {
            let mut keys = self.keys.write().map_err(|_| Error::new(ErrorCode::Internal))?;
            let gone = change(&mut keys)?;
            gone.iter().for_each(|secret| self.core.forget(secret));
            Ok(gone.is_some())
        })?;
        changed.map_err(|error| self.raise(py, &error))
    }

    /// Who signed, as a value of its own, so that no lock is held when it returns.
    #[inline]
    fn identify(
        &self,
        request: &HttpRequest<'_>,
        now: facade::Timestamp,
        found: &mut Option<Identity>,
    ) -> Result<(), Error> {
        let keys = self.keys.read().map_err(|_| Error::new(ErrorCode::Internal))?;
        if let Verified::Signed(identity) = self.core.verify(request, &*keys, now)? {
            *found = Some(Identity::of(&identity));
        }
        Ok(())
    }

    /// Who signed a form, its key, how long its file may be, and what else it asks for.
    fn verify_form(
        &self,
        request: &HttpRequest<'_>,
        bucket: &[u8],
        form: &PostForm<'_>,
        now: facade::Timestamp,
    ) -> Result<(Option<Identity>, Vec<u8>, LengthRange, Asked), Error> {
        let keys = self.keys.read().map_err(|_| Error::new(ErrorCode::Internal))?;
        let upload = self.core.verify_post(request, bucket, form, &*keys, now)?;
        let identity = upload.identity().map(Identity::of);
        Ok((identity, upload.key().to_vec(), upload.length_range(), Asked::of(form)))
    }

    fn profile(&self) -> ErrorProfile {
        self.core.options().error_profile
    }

    fn raise(&self, py: Python<'_>, error: &Error) -> PyErr {
        raise(py, error, self.profile())
    }
}

impl Identity {
    /// The identity of the core, without the keys that it lies in.
    #[inline]
    fn of(identity: &facade::Identity<'_>) -> Self {
        Self {
            access_key: ShortText::of(identity.access_key()),
            form: identity.form(),
            body: identity.body().clone(),
            signed_at: identity.signed_at(),
            temporary: identity.is_temporary(),
        }
    }
}

#[pymethods]
impl Identity {
    /// The access key that signed.
    #[getter]
    fn access_key(&self) -> &str {
        self.access_key.as_str()
    }

    /// How it was signed: `"sigv4-header"`, `"sigv4-presigned"`, `"sigv4a-header"`, `"sigv4a-presigned"`,
    /// `"sigv2-header"`, `"sigv2-presigned"`, `"post-policy"` or `"post-policy-v2"`.
    #[getter]
    fn form(&self) -> &'static str {
        self.form.name()
    }

    /// What is signed of the body: `"unsigned"` nothing, `"sha256"` its hash, or of a chunked body the
    /// `STREAMING-` value of `x-amz-content-sha256`. A chunked body is not the object as it arrives: read it with
    /// `body_reader`.
    #[getter]
    fn payload(&self) -> &'static str {
        payload_name(self.body.payload())
    }

    /// The SHA-256 that the body must have, as hex digits, or `None` if there is none. If `verify` was not given
    /// the body, compare it yourself; `body_reader` does that, and more.
    #[getter]
    fn payload_sha256(&self) -> Option<String> {
        payload_sha256(self.body.payload())
    }

    /// A `BodyReader` that decodes and checks the body while it arrives. Each call returns one that begins anew.
    ///
    /// >>> signer, verifier = Signer("AKIDEXAMPLE", "secret-key-of-the-example"), Verifier()
    /// >>> verifier.add_key("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = [("Host", "s3.example.com"), ("x-amz-decoded-content-length", "3")]
    /// >>> added, chunks = signer.chunks("PUT", "/bucket/key", headers, "signed")
    /// >>> identity = verifier.verify("PUT", "/bucket/key", headers + added)
    /// >>> identity.payload
    /// 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
    /// >>> reader = identity.body_reader()
    /// >>> list(reader.iter([chunks.encode(b"cat"), chunks.finish()])), reader.summary.decoded_length
    /// ([b'cat'], 3)
    fn body_reader(&self, py: Python<'_>) -> PyResult<BodyReader> {
        let reader = guard(py, || self.body.reader())?;
        let profile = reader.error_profile();
        Ok(BodyReader::new(reader, profile))
    }

    /// When the client signed, as a `datetime` in UTC; of a presigned SigV2 request, which does not say it, 1970.
    #[getter]
    fn signed_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::to_datetime(py, self.signed_at)
    }

    /// Whether the access key is a temporary one, with a session token.
    #[getter]
    fn temporary(&self) -> bool {
        self.temporary
    }

    fn __repr__(&self) -> String {
        format!("<s3iam.Identity {:?} by {}>", self.access_key.as_str(), self.form.name())
    }
}

/// What is signed of a body, by name.
pub fn payload_name(payload: Payload) -> &'static str {
    match payload {
        Payload::Sha256(_) => "sha256",
        Payload::Chunked(chunking) => chunking.name(),
        _ => "unsigned",
    }
}

/// The SHA-256 that the body must have, as hex digits.
pub fn payload_sha256(payload: Payload) -> Option<String> {
    match payload {
        Payload::Sha256(hash) => Some(hex(&hash)),
        _ => None,
    }
}

/// The form of authentication that a request claims to have: `"anonymous"`, `"bearer"`, or a form such as
/// `"sigv4-header"`, as `Identity.form` names them. Nothing of it is verified.
///
/// A request with several mechanisms, or with one that S3 does not know, raises `SignatureError`. The arguments
/// are those of `Iam.authorize`. Of browser forms the fields decide how they are signed: all are `"post-policy"`.
///
/// >>> classify("GET", "/bucket/key", [("Authorization", "AWS4-HMAC-SHA256 Credential=x")])
/// 'sigv4-header'
/// >>> classify("GET", "/bucket/key", {"Authorization": "Bearer token"}), classify("GET", "/bucket/key", {})
/// ('bearer', 'anonymous')
#[pyfunction]
#[pyo3(signature = (method, target, headers))]
pub fn classify<'py>(
    py: Python<'py>,
    method: Bound<'py, PyAny>,
    target: Bound<'py, PyAny>,
    headers: &Bound<'py, PyAny>,
) -> PyResult<&'static str> {
    let mut request = RawRequest::take(method, target, headers, None)?;
    let found = request.with(|request| guard(py, || Authentication::of(request)))??;
    found.map(Authentication::name).map_err(|error| raise(py, &error, ErrorProfile::Aws))
}
