//! `PostUpload`: what a form upload asks for, and the form as the core takes it.

use crate::error::{self, guard, raise};
use crate::options::number;
use crate::request::form_pairs;
use crate::text::{Document, from_bytes};
use crate::verifier::Identity;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use s3iam::facade::{ErrorProfile, LengthRange, PostForm};

/// A form upload that was verified: who uploads, under which key, how much, and with what beside it. Only
/// verification makes one: `Verifier.verify_post`, or `Iam.authorize_post`, whose verdict has it.
///
/// `check_length` is to be asked with every piece of the file before it is stored, and at the end.
///
/// >>> PostUpload()
/// Traceback (most recent call last):
/// TypeError: cannot create 's3iam.PostUpload' instances
#[pyclass(frozen, module = "s3iam")]
pub struct PostUpload {
    pub identity: Option<Py<Identity>>,
    pub key: Vec<u8>,
    pub lengths: LengthRange,
    pub asked: Asked,
    pub profile: ErrorProfile,
}

/// What the fields of a form ask for beside the upload.
pub struct Asked {
    status: u16,
    redirect: Option<Vec<u8>>,
    headers: Vec<(String, Vec<u8>)>,
}

impl Asked {
    /// What a form asks for.
    pub fn of(form: &PostForm<'_>) -> Self {
        Self {
            status: form.success_status(),
            redirect: form.success_redirect().map(<[u8]>::to_vec),
            headers: form.headers().map(|(name, value)| (name, value.to_vec())).collect(),
        }
    }
}

#[pymethods]
impl PostUpload {
    /// The `Identity` that signed, or `None` of a form without any authentication. Of a verdict's upload it is
    /// `None` as well: `Verdict.user` and `Verdict.access_key` say who uploads.
    #[getter]
    fn identity(&self, py: Python<'_>) -> Option<Py<Identity>> {
        self.identity.as_ref().map(|identity| identity.clone_ref(py))
    }

    /// The object key: `${filename}` is replaced and leading slashes are gone. Take it from here, never from
    /// the fields.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        from_bytes(py, &self.key)
    }

    /// The least number of bytes that the file may have.
    #[getter]
    fn min_length(&self) -> u64 {
        self.lengths.min()
    }

    /// The greatest, or `None` if the policy says nothing of it.
    #[getter]
    fn max_length(&self) -> Option<u64> {
        Some(self.lengths.max()).filter(|max| *max != u64::MAX)
    }

    /// The status of a successful answer without a redirect: 200, 201 or 204.
    #[getter]
    fn success_status(&self) -> u16 {
        self.asked.status
    }

    /// Where a successful answer redirects to (with status 303), or `None`.
    #[getter]
    fn success_redirect<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        self.asked.redirect.as_ref().map(|url| from_bytes(py, url)).transpose()
    }

    /// The fields that act as headers of the upload, in the order of the form: a tuple of pairs of name in
    /// lower case and value. Act on them, and on no `x-amz-` header of the request itself.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let headers = self.asked.headers.iter();
        let pairs =
            headers.map(|(name, value)| Ok((name, from_bytes(py, value)?))).collect::<PyResult<Vec<_>>>()?;
        PyTuple::new(py, pairs)
    }

    /// Checks how much of the file has arrived: the most at any time, the least once it is `done`. Raises
    /// `SignatureError` with the code `form-file-too-large` or `form-file-too-small`.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> fields = signer.post_policy("photos", "cat.jpg", expiration=2_000_000_000, content_length=(1, 100))
    /// >>> verifier = Verifier()
    /// >>> verifier.add_key("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = [("Host", "s3.example.com"), ("Content-Type", "multipart/form-data; boundary=b")]
    /// >>> upload = verifier.verify_post("POST", "/photos", headers, fields, bucket="photos")
    /// >>> upload.check_length(100)
    /// >>> upload.check_length(101)
    /// Traceback (most recent call last):
    /// s3iam.SignatureError: form-file-too-large: Your proposed upload exceeds the maximum allowed size
    #[pyo3(signature = (received, *, done = false), text_signature = "($self, received, *, done=False)")]
    fn check_length(&self, received: &Bound<'_, PyAny>, done: bool) -> PyResult<()> {
        let (py, bytes) = (received.py(), number("received", received)?);
        guard(py, || self.lengths.check_length(bytes, done))?.map_err(|error| raise(py, &error, self.profile))
    }

    fn __repr__(&self) -> String {
        format!("<s3iam.PostUpload {:?}>", String::from_utf8_lossy(&self.key))
    }
}

/// The Python objects of a form, held while the core borrows their bytes.
pub struct RawForm<'py> {
    fields: Vec<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)>,
    file_name: Option<Bound<'py, PyBytes>>,
    file_length: Option<u64>,
}

impl<'py> RawForm<'py> {
    /// Takes the arguments that every call with a form has.
    pub fn take(
        fields: &Bound<'py, PyAny>,
        file_name: Option<&Bound<'py, PyAny>>,
        file_length: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            fields: form_pairs(fields)?,
            file_name: file_name.map(|name| utf8_bytes(name, "file_name")).transpose()?,
            file_length: file_length.map(|length| number("file_length", length)).transpose()?,
        })
    }

    /// Calls `f` with the form as the core takes it.
    pub fn with<R>(&self, f: impl FnOnce(&PostForm<'_>) -> R) -> R {
        let fields: Vec<_> =
            self.fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        f(&PostForm {
            fields: &fields,
            file_name: self.file_name.as_ref().map(|name| name.as_bytes()),
            file_length: self.file_length,
        })
    }
}

/// A piece of a form: `bytes` are taken as they are, and a `str` as UTF-8, which is what browsers send.
pub fn utf8_bytes<'py>(
    value: &Bound<'py, PyAny>,
    name: impl std::fmt::Display,
) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    if !value.is_instance_of::<PyString>() {
        return Err(error::wrong_type(name, "str or bytes", value));
    }
    match value.extract::<Document<'_>>() {
        Ok(text) => Ok(PyBytes::new(value.py(), text.0)),
        Err(_) => Err(error::not_utf8(value.py(), name)),
    }
}
