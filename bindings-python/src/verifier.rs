//! `Verifier` and `Identity`: signatures without a directory of identities.

use crate::error::{guard, raise};
use crate::request::RawRequest;
use crate::text::{Text, hex};
use crate::{options, time};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict};
use s3iam::facade::{
    self, CredentialState, Error, ErrorCode, HttpRequest, KeyRing, NewKey, Payload, SecretKey, Verified,
};
use std::sync::RwLock;

/// Verifies request signatures against access keys that you add. For gateways that keep users
/// elsewhere; `Iam` does the whole way from request to verdict. Shareable between threads.
///
/// `region` is the region that signatures must name (empty accepts any), `services` those they may
/// name. The defaults are strict; each laxer behaviour is an option. `error_profile` chooses between
/// the S3 errors of `"aws"` and `"minio"`.
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
#[pyclass(frozen, module = "s3iam")]
pub struct Identity {
    access_key: String,
    form: facade::Form,
    payload: Payload,
    signed_at: facade::Timestamp,
    temporary: bool,
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (**options),
           text_signature = "(*, region='', services=['s3'], max_skew_seconds=900, require_content_sha256=True, require_signed_amz_headers=True, require_scope_date_match=True, accept_expires_zero=False, cached_keys=4096, error_profile='aws')")]
    fn new(options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let core = facade::Verifier::new(options::signature(options)?);
        Ok(Self { core, keys: RwLock::new(KeyRing::new()) })
    }

    /// Adds an access key, or replaces the one of that name.
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
        let added = guard(py, || match self.keys.write() {
            Ok(mut keys) => keys.add(key),
            Err(_) => Err(ErrorCode::Internal.into()),
        })?;
        added.map_err(|error| self.raise(py, &error))
    }

    /// Verifies the signature of a raw request, and returns the `Identity` that signed it.
    ///
    /// The arguments are those of `Iam.authorize`. A signature that does not hold raises
    /// `SignatureError`. A request without any authentication raises `AccessDenied`, or with
    /// `allow_anonymous` returns `None`.
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
        let now = time::now(now)?;
        match request.with(|request| guard(py, || self.identify(request, now)))?? {
            Ok(Some(identity)) => Ok(Some(identity)),
            Ok(None) if allow_anonymous => Ok(None),
            Ok(None) => Err(self.raise(py, &ErrorCode::AccessDenied.into())),
            Err(error) => Err(self.raise(py, &error)),
        }
    }

    fn __repr__(&self) -> String {
        let options = self.core.options();
        format!("<s3iam.Verifier region={:?} services={:?}>", options.region, options.services)
    }
}

impl Verifier {
    /// Who signed, as a value of its own, so that no lock is held when it returns.
    fn identify(&self, request: &HttpRequest<'_>, now: facade::Timestamp) -> Result<Option<Identity>, Error> {
        let keys = self.keys.read().map_err(|_| Error::new(ErrorCode::Internal))?;
        match self.core.verify(request, &*keys, now)? {
            Verified::Anonymous => Ok(None),
            Verified::Signed(identity) => Ok(Some(Identity {
                access_key: identity.access_key().to_owned(),
                form: identity.form(),
                payload: identity.payload(),
                signed_at: identity.signed_at(),
                temporary: identity.is_temporary(),
            })),
        }
    }

    fn raise(&self, py: Python<'_>, error: &Error) -> PyErr {
        raise(py, error, self.core.options().error_profile)
    }
}

#[pymethods]
impl Identity {
    /// The access key that signed.
    #[getter]
    fn access_key(&self) -> &str {
        &self.access_key
    }

    /// How it was signed: `"sigv4-header"` or `"sigv4-presigned"`.
    #[getter]
    fn form(&self) -> &'static str {
        self.form.name()
    }

    /// The SHA-256 that the body must have, as hex digits, or `None` if the body is not signed. If
    /// `verify` was not given the body, compare it yourself.
    #[getter]
    fn payload_sha256(&self) -> Option<String> {
        payload_sha256(self.payload)
    }

    /// When the client signed, as a `datetime` in UTC.
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
        format!("<s3iam.Identity {:?} by {}>", self.access_key, self.form.name())
    }
}

/// The SHA-256 that the body must have, as hex digits.
pub fn payload_sha256(payload: Payload) -> Option<String> {
    match payload {
        Payload::Sha256(hash) => Some(hex(&hash)),
        _ => None,
    }
}
