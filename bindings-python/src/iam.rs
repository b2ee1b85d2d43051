//! `Iam`: a directory of identities, and the whole way from a raw request to a verdict.

use crate::classes;
use crate::diagnosis::diagnose;
use crate::error::{guard, guard_long, internal, raise};
use crate::post::{Asked, PostUpload, RawForm};
use crate::request::{RawRequest, take_peer};
use crate::text::{Document, entries, pairs};
use crate::verdict::Verdict;
use crate::{options, time};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use s3iam::facade::{self, ErrorProfile, Facts};

/// A directory of identities, and everything needed to authorize requests against it. Shareable
/// between threads; the directory can be replaced while requests are under way.
///
/// Made by `Iam.load` or `Iam.open_file`. `DIRECTORY` in other examples is a document like this one.
///
/// >>> DIRECTORY = '''{"version": 1, "users": {
/// ...     "alice": {"secret_key": "alice-secret-key", "policies": ["readonly"]}
/// ... }}'''
/// >>> iam = Iam.load(DIRECTORY)
/// >>> verdict = iam.authorize("GET", "/photos/cat.jpg", [("Host", "s3.example.com")])
/// >>> verdict.allowed, verdict.http_status, verdict.error.code
/// (False, 403, 'access-denied')
#[pyclass(frozen, module = "s3iam")]
pub struct Iam {
    core: facade::Iam,
    profile: ErrorProfile,
}

#[pymethods]
impl Iam {
    /// Reads a directory document (JSON).
    ///
    /// One that cannot be read raises `DirectoryError`. Single records that are wrong do not stop the
    /// others: they are listed in `.problems`, and whoever depends on one is denied.
    ///
    /// `domains` are those under which `<bucket>.<domain>` names a bucket; the other options are those
    /// of `Verifier`.
    ///
    /// >>> Iam.load(DIRECTORY, region="eu-central-1", domains=["s3.example.com"]).problems
    /// ()
    /// >>> Iam.load("not a directory")
    /// Traceback (most recent call last):
    /// s3iam.DirectoryError: ...
    #[staticmethod]
    #[pyo3(signature = (text, **options),
           text_signature = "(text, *, region='', services=['s3'], domains=[], max_skew_seconds=900, require_content_sha256=True, require_signed_amz_headers=True, require_scope_date_match=True, accept_expires_zero=False, allow_sigv2=False, allow_sigv4a=True, require_min_chunk=False, max_chunk_bytes=16777216, cached_keys=4096, error_profile='aws')")]
    fn load(py: Python<'_>, text: Document<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = options::iam(options)?;
        let profile = options.signature.error_profile;
        let core =
            guard(py, || facade::Iam::load(text.0, options))?.map_err(|error| raise(py, &error, profile))?;
        Ok(Self { core, profile })
    }

    /// Reads a directory document from a file; the options are those of `Iam.load`.
    ///
    /// >>> Iam.open_file("no/such/file.json")
    /// Traceback (most recent call last):
    /// FileNotFoundError: [Errno 2] No such file or directory: 'no/such/file.json'
    #[staticmethod]
    #[pyo3(signature = (path, **options),
           text_signature = "(path, *, region='', services=['s3'], domains=[], max_skew_seconds=900, require_content_sha256=True, require_signed_amz_headers=True, require_scope_date_match=True, accept_expires_zero=False, allow_sigv2=False, allow_sigv4a=True, require_min_chunk=False, max_chunk_bytes=16777216, cached_keys=4096, error_profile='aws')")]
    fn open_file(path: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = path.py();
        let file = py.import("io")?.getattr("open")?.call1((path, "rb"))?;
        let text = file.call_method0("read");
        file.call_method0("close")?;
        Self::load(py, Document(text?.cast::<PyBytes>()?.as_bytes()), options)
    }

    /// Replaces the directory. Requests under way finish with the one they started with; if the new
    /// one cannot be read, `DirectoryError` is raised and the old one stays.
    ///
    /// >>> iam = Iam.load(DIRECTORY)
    /// >>> iam.replace(DIRECTORY)
    fn replace(&self, py: Python<'_>, text: Document<'_>) -> PyResult<()> {
        guard(py, || self.core.replace(text.0))?.map_err(|error| raise(py, &error, self.profile))
    }

    /// What is wrong with single records of the directory: a tuple of `Problem`.
    #[getter]
    fn problems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let problems = self.core.problems();
        let class = classes::PROBLEM.get(py)?;
        let objects: Vec<_> =
            problems.iter().map(|p| class.call1((&p.pointer, &p.message))).collect::<PyResult<_>>()?;
        PyTuple::new(py, objects)
    }

    /// Authorizes a raw request: who is calling, what do they want to do, and may they?
    ///
    /// - `method` and `target`: as on the request line, path and query still encoded.
    /// - `headers`: pairs of name and value in the order of arrival, or a mapping. Here as in `method`
    ///   and `target`, `bytes` are taken as they are, and a `str` has one byte for each character.
    /// - `peer`: the address of the client, after your own trusted proxies; `secure`: its connection is TLS.
    /// - `body`: the whole body where you have it, as it arrived. `DeleteObjects` needs it; for the others it
    ///   is checked. Else read the body with `Verdict.body_reader`: **a request whose body was not given is not
    ///   checked as a whole**, and a chunked body (`Verdict.payload` begins with `STREAMING-`) is not the object.
    /// - `now`: a `datetime` with a time zone or seconds since 1970; by default the clock's time.
    /// - `object_tags`: the stored tags of the addressed object, a mapping. Without them, policies that
    ///   ask for the tags deny.
    ///
    /// Never raises for what a client sends: the answer is a `Verdict`.
    ///
    /// >>> iam = Iam.load(DIRECTORY)
    /// >>> headers = {"Host": "s3.example.com", "Authorization": "AWS4-HMAC-SHA256 nonsense"}
    /// >>> verdict = iam.authorize("PUT", "/photos/cat.jpg", headers, peer="10.0.0.1", secure=True)
    /// >>> verdict.allowed, verdict.user
    /// (False, None)
    #[pyo3(signature = (method, target, headers, *, peer = None, secure = false, body = None, now = None,
                        object_tags = None))]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn authorize<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        peer: Option<&Bound<'py, PyAny>>,
        secure: bool,
        body: Option<Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        object_tags: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Verdict> {
        let mut request = RawRequest::take(method, target, headers, body)?;
        request.peer = take_peer(peer)?;
        request.secure = secure;
        let now = time::now(now)?;
        let tags = object_tags.map(|tags| entries("object_tags", tags)).transpose()?;
        let tags = tags.as_deref().map(pairs).transpose()?;
        let facts = Facts { object_tags: tags.as_deref() };
        // Written in place: a verdict is large, and each wrapper around the call would move it.
        let (mut verdict, bytes) = (None, request.body_bytes());
        request.with(|request| {
            guard_long(py, bytes, || verdict = Some(self.core.authorize(request, &facts, now)))
        })??;
        verdict.map(Verdict::new).ok_or_else(|| internal(py))
    }

    /// Authorizes a form upload: a browser's `POST` to a bucket, whose form was read up to the file.
    ///
    /// `fields` are the fields before the file in the order of the form, pairs of name and value or a mapping;
    /// `bytes` are taken as they are, and a `str` as UTF-8. `file_name` is the `filename` of the file,
    /// `file_length` its length where that is known already. The other arguments are those of `authorize`.
    ///
    /// The bucket is that of the URL and the key that of the form: take both from the verdict. Before a piece of
    /// the file is stored, and at the end, ask `verdict.upload.check_length`.
    ///
    /// >>> iam = Iam.load(DIRECTORY)
    /// >>> headers = [("Host", "s3.example.com"), ("Content-Type", "multipart/form-data; boundary=b")]
    /// >>> verdict = iam.authorize_post("POST", "/photos", headers, [("key", "cat.jpg")])
    /// >>> verdict.allowed, verdict.operation, verdict.bucket, verdict.upload
    /// (False, 'PostObject', 'photos', None)
    #[pyo3(signature = (method, target, headers, fields, *, file_name = None, file_length = None, peer = None,
                        secure = false, now = None, object_tags = None))]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn authorize_post<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        fields: &Bound<'py, PyAny>,
        file_name: Option<&Bound<'py, PyAny>>,
        file_length: Option<&Bound<'py, PyAny>>,
        peer: Option<&Bound<'py, PyAny>>,
        secure: bool,
        now: Option<&Bound<'py, PyAny>>,
        object_tags: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Verdict> {
        let mut request = RawRequest::take(method, target, headers, None)?;
        request.peer = take_peer(peer)?;
        request.secure = secure;
        let form = RawForm::take(fields, file_name, file_length)?;
        let now = time::now(now)?;
        let tags = object_tags.map(|tags| entries("object_tags", tags)).transpose()?;
        let tags = tags.as_deref().map(pairs).transpose()?;
        let facts = Facts { object_tags: tags.as_deref() };
        let (verdict, asked) = request.with(|request| {
            form.with(|form| {
                guard(py, || (self.core.authorize_post(request, form, &facts, now), Asked::of(form)))
            })
        })??;
        let upload = match (verdict.allowed(), verdict.length_range(), verdict.recognised()) {
            (true, Some(lengths), Some(recognised)) => {
                let (key, profile) = (recognised.key().to_vec(), self.profile);
                Some(Py::new(py, PostUpload { identity: None, key, lengths, asked, profile })?)
            }
            _ => None,
        };
        Ok(Verdict::of_form(verdict, upload))
    }

    /// Says why the signature of a request is refused, and what the client did otherwise: a `Diagnosis`, made
    /// with the keys of the directory. The arguments are those of `Verifier.diagnose`.
    ///
    /// It is a tool for operators, as that one, and about the signature alone: a request that is refused for its
    /// operation or by the caller's policies has one that verifies.
    ///
    /// >>> iam = Iam.load(DIRECTORY)
    /// >>> headers = [("Host", "s3.example.com")]
    /// >>> headers += Signer("alice", "alice-secret-key").sign("GET", "/photos/cat.jpg", headers)
    /// >>> diagnosis = iam.diagnose("HEAD", "/photos/cat.jpg", headers)
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
        diagnose(py, request, now, client, self.profile, |request, now, client| {
            Ok(self.core.diagnose(request, now, client))
        })
    }

    fn __repr__(&self) -> String {
        match self.core.problems().len() {
            0 => "<s3iam.Iam>".to_owned(),
            problems => format!("<s3iam.Iam with {problems} problems>"),
        }
    }
}
