//! `Verdict`: the answer to a raw request. Its attributes are made when they are asked for.

use crate::body::BodyReader;
use crate::classes;
use crate::decision::{Decision, Source};
use crate::error::{argument, exception, guard, no_truth};
use crate::post::PostUpload;
use crate::text::{Text, from_bytes};
use crate::verifier::{payload_name, payload_sha256};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use s3iam::facade;

/// The answer to a raw request.
///
/// Use `.allowed` or `.raise_for_refusal()`; a verdict has no truth value, because a refusal would
/// count as true. It keeps what it names, so it stays true after `Iam.replace`.
///
/// >>> verdict = Iam.load(DIRECTORY).authorize("GET", "/photos/cat.jpg", [("Host", "s3.example.com")])
/// >>> if not verdict.allowed:
/// ...     answer = verdict.http_status, verdict.error_xml("request-1")
/// >>> answer[0], answer[1].endswith("<RequestId>request-1</RequestId></Error>")
/// (403, True)
#[pyclass(frozen, freelist = 16, module = "s3iam")]
pub struct Verdict {
    core: facade::Verdict,
    upload: Option<Py<PostUpload>>,
}

impl Verdict {
    /// A verdict of the core.
    pub fn new(core: facade::Verdict) -> Self {
        Self { core, upload: None }
    }

    /// The same of a form upload.
    pub fn of_form(core: facade::Verdict, upload: Option<Py<PostUpload>>) -> Self {
        Self { core, upload }
    }

    /// The verdict of the core.
    pub fn core(&self) -> &facade::Verdict {
        &self.core
    }
}

#[pymethods]
impl Verdict {
    /// Whether the request may proceed; for `DeleteObjects`, with those of `keys` that are allowed.
    #[getter]
    fn allowed(&self) -> bool {
        self.core.allowed()
    }

    /// The user who signed, or `None` for an anonymous or unverified request.
    #[getter]
    fn user(&self) -> Option<&str> {
        self.core.user()
    }

    /// The access key that signed, or `None`.
    #[getter]
    fn access_key(&self) -> Option<&str> {
        self.core.access_key()
    }

    /// The S3 operation, for example `"GetObject"`, or `None` if it came to none.
    #[getter]
    fn operation(&self) -> Option<&'static str> {
        self.core.recognised().map(|recognised| recognised.operation.name())
    }

    /// The bucket, decoded; empty for operations on the service; `None` if it came to no operation.
    #[getter]
    fn bucket<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        self.core.recognised().map(|recognised| from_bytes(py, recognised.bucket())).transpose()
    }

    /// The object key, decoded: take it from here and never decode the path again. Empty for
    /// operations on a bucket; `None` if it came to no operation. Bytes that are not UTF-8 become lone
    /// surrogates, as with `os.fsdecode`.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        self.core.recognised().map(|recognised| from_bytes(py, recognised.key())).transpose()
    }

    /// The `Decision` of the caller's policies, or `None` if it came to none.
    #[getter]
    fn decision(slf: &Bound<'_, Self>) -> Option<Decision> {
        let decision = slf.get().core.decision()?;
        Some(Decision::new((*decision).into(), Source::Verdict(slf.clone().unbind())))
    }

    /// Why the request was refused: an `S3IamError`, or `None` if it is allowed.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.core.error().map(|error| exception(py, error, self.core.error_profile())).transpose()
    }

    /// The HTTP status to answer with: 200 if allowed, else the error's.
    #[getter]
    fn http_status(&self) -> u16 {
        self.core.http_status()
    }

    /// What is signed of the body: `"unsigned"` nothing, `"sha256"` its hash, or of a chunked body the
    /// `STREAMING-` value of `x-amz-content-sha256`; `None` if nobody signed. A chunked body is not the object
    /// as it arrives: read it with `body_reader`.
    #[getter]
    fn payload(&self) -> Option<&'static str> {
        self.core.payload().map(payload_name)
    }

    /// The SHA-256 that the body must have, as hex digits, or `None` if there is none. Compare it when the
    /// body has arrived, unless `authorize` was given the body; `body_reader` does that, and more.
    #[getter]
    fn payload_sha256(&self) -> Option<String> {
        self.core.payload().and_then(payload_sha256)
    }

    /// A `BodyReader` that decodes and checks the body of an allowed request while it arrives. Of a refused
    /// request it raises `.error`, and of a form upload `ArgumentError`: its file is no body of its own.
    ///
    /// >>> verdict = Iam.load(DIRECTORY).authorize("PUT", "/photos/cat.jpg", [("Host", "s3.example.com")])
    /// >>> verdict.body_reader()
    /// Traceback (most recent call last):
    /// s3iam.AccessDenied: access-denied: Access Denied
    fn body_reader(&self, py: Python<'_>) -> PyResult<BodyReader> {
        self.raise_for_refusal(py)?;
        match guard(py, || self.core.body_reader())? {
            Some(reader) => Ok(BodyReader::new(reader, self.core.error_profile())),
            None => {
                Err(argument(py, "the body of a form upload is the form; see upload.check_length".to_owned()))
            }
        }
    }

    /// The `PostUpload` of an allowed form upload, or `None`.
    #[getter]
    fn upload(&self, py: Python<'_>) -> Option<Py<PostUpload>> {
        self.upload.as_ref().map(|upload| upload.clone_ref(py))
    }

    /// The keys of a `DeleteObjects` request, each with its own answer: a tuple of `KeyVerdict`.
    #[getter]
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = classes::KEY_VERDICT.get(py)?;
        let keys: Vec<_> = self
            .core
            .keys()
            .iter()
            .map(|key| {
                let decision = &key.decision;
                let version = key.version_id.as_deref();
                let answer = (decision.allowed(), decision.outcome.name(), decision.reason.name());
                class.call1((&key.key, version, answer.0, answer.1, answer.2))
            })
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, keys)
    }

    /// The S3 error body to answer a refused request with; empty if it is allowed.
    ///
    /// >>> verdict = Iam.load(DIRECTORY).authorize("GET", "/", [("Host", "s3.example.com")])
    /// >>> verdict.error_xml("request-1").startswith('<?xml version="1.0" encoding="UTF-8"?>')
    /// True
    #[pyo3(signature = (request_id = Text("")), text_signature = "($self, request_id='')")]
    fn error_xml(&self, request_id: Text<'_>) -> String {
        self.core.error_xml(request_id.0)
    }

    /// Raises `.error` if the request was refused.
    ///
    /// >>> verdict = Iam.load(DIRECTORY).authorize("GET", "/", [("Host", "s3.example.com")])
    /// >>> verdict.raise_for_refusal()
    /// Traceback (most recent call last):
    /// s3iam.AccessDenied: access-denied: Access Denied
    fn raise_for_refusal(&self, py: Python<'_>) -> PyResult<()> {
        match self.error(py)? {
            Some(error) => Err(PyErr::from_value(error)),
            None => Ok(()),
        }
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("Verdict", ".allowed"))
    }

    fn __repr__(&self) -> String {
        let answer = match self.core.error() {
            None => "allowed",
            Some(error) => error.code().name(),
        };
        let mut text = format!("<s3iam.Verdict {answer}");
        if let Some(recognised) = self.core.recognised() {
            let path = [recognised.bucket(), recognised.key()].map(String::from_utf8_lossy);
            text.push_str(&format!(" {} {:?}", recognised.operation.name(), path.join("/")));
        }
        if let Some(user) = self.core.user() {
            text.push_str(&format!(" by {user:?}"));
        }
        text + ">"
    }
}
