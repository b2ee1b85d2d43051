//! `BodyReader`: the body of a request, read while it arrives.

use crate::classes;
use crate::error::{guard_long, raise};
use crate::text::take_bytes;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTuple};
use s3iam::facade::{self, BodySummary, Error, ErrorCode, ErrorProfile};
use std::sync::{Mutex, MutexGuard, TryLockError};

/// Reads a request body piece by piece: takes it as it arrives, releases the object's bytes, and at the end
/// says whether the body is what was announced.
///
/// It comes from `Identity.body_reader`, from `Verdict.body_reader`, or for a request without signature from
/// `Verifier.anonymous_body`. Chunked bodies (aws-chunked) are decoded, and the bytes of a signed chunk are
/// released once its signature is verified; of other bodies the hash and the checksums are compared at the end.
/// **What was released is an object only once `finish` has answered**: store it under its name then and not
/// before. After an error every further call raises that error. It may be handed from thread to thread, but
/// serves one at a time.
///
/// >>> headers = [
/// ...     ("Host", "s3.example.com"),
/// ...     ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
/// ...     ("x-amz-decoded-content-length", "9"),
/// ...     ("x-amz-trailer", "x-amz-checksum-crc32"),
/// ... ]
/// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", headers)
/// >>> reader.push(b"5\r\n12345\r\n4\r\n67"), reader.push(b"89\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n")
/// (b'1234567', b'89')
/// >>> summary = reader.finish()
/// >>> summary.decoded_length, summary.checksum
/// (9, Checksum(algorithm='CRC32', value='y/Q5Jg=='))
#[pyclass(frozen, module = "s3iam")]
pub struct BodyReader {
    // Locked only while Rust runs.
    core: Mutex<facade::BodyReader>,
    profile: ErrorProfile,
    summary: PyOnceLock<Py<PyAny>>,
}

/// What a push released.
enum Released {
    /// The input as it is.
    Input,
    /// These bytes.
    Bytes(Vec<u8>),
}

impl BodyReader {
    /// The reader of the core; its errors have the answers of the profile.
    pub fn new(core: facade::BodyReader, profile: ErrorProfile) -> Self {
        Self { core: Mutex::new(core), profile, summary: PyOnceLock::new() }
    }

    /// The reader for one call. Who comes while another thread is at work is refused: the order of the pieces
    /// would be open.
    fn reader(&self) -> Result<MutexGuard<'_, facade::BodyReader>, Error> {
        self.core.try_lock().map_err(|failure| match failure {
            TryLockError::WouldBlock => {
                let message = "another thread is at work with this reader";
                Error::with_message(ErrorCode::InvalidArgument, message)
            }
            TryLockError::Poisoned(_) => ErrorCode::Internal.into(),
        })
    }

    /// Pushes the whole input.
    fn read(&self, input: &[u8]) -> Result<Released, Error> {
        let mut reader = self.reader()?;
        let (mut at, mut released) = (0, Vec::new());
        loop {
            let pushed = reader.push(input.get(at..).unwrap_or_default())?;
            if std::ptr::eq(pushed.released, input) {
                return Ok(Released::Input);
            }
            released.extend_from_slice(pushed.released);
            at += pushed.taken;
            if at >= input.len() {
                return Ok(Released::Bytes(released));
            }
        }
    }
}

#[pymethods]
impl BodyReader {
    /// Takes the next bytes of the body, as many as there are, and returns the next bytes of the object, often
    /// none.
    ///
    /// Raises `SignatureError` if the body is refused, for example with the code `malformed-chunk`: what it
    /// released so far must not become an object. The GIL is released for long input.
    ///
    /// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", [("Host", "s3.example.com")])
    /// >>> reader.push(b"as it "), reader.push(bytearray(b"arrives"))
    /// (b'as it ', b'arrives')
    #[pyo3(signature = (data, /))]
    fn push<'py>(&self, py: Python<'py>, data: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let data = take_bytes("data", data)?;
        let input = data.as_bytes();
        match guard_long(py, input.len(), || self.read(input))? {
            Ok(Released::Input) => Ok(data),
            Ok(Released::Bytes(bytes)) => Ok(PyBytes::new(py, &bytes)),
            Err(error) => Err(raise(py, &error, self.profile)),
        }
    }

    /// Says that the body has ended, checks what can be checked then alone, and returns the `BodySummary`.
    ///
    /// Raises `SignatureError` if the body has not ended, or is another one than was announced. A reader that
    /// has answered is used up.
    ///
    /// >>> headers = [("Host", "s3.example.com"), ("Content-MD5", "kAFQmDzST7DWlj99KOF/cg==")]
    /// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", headers)
    /// >>> reader.push(b"abd")
    /// b'abd'
    /// >>> reader.finish()
    /// Traceback (most recent call last):
    /// s3iam.SignatureError: content-md5-mismatch: The Content-MD5 you specified did not match what we received.
    fn finish(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let finished = guard_long(py, 0, || self.reader().and_then(|mut reader| reader.finish()))?;
        let summary = object(py, &finished.map_err(|error| raise(py, &error, self.profile))?)?.unbind();
        Ok(self.summary.get_or_init(py, || summary).clone_ref(py))
    }

    /// Pushes each of an iterable of `bytes`, and iterates over what they release, without the empty ones. At
    /// the end it calls `finish`; `summary` has its answer then.
    ///
    /// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", [("Host", "s3.example.com")])
    /// >>> list(reader.iter([b"one", b"", b"two"])), reader.summary.decoded_length
    /// ([b'one', b'two'], 6)
    #[pyo3(signature = (chunks, /))]
    fn iter<'py>(slf: &Bound<'py, Self>, chunks: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("s3iam._body")?.call_method1("released", (slf, chunks.try_iter()?))
    }

    /// The same for an asynchronous iterable.
    ///
    /// >>> import asyncio
    /// >>> async def receive():
    /// ...     for chunk in (b"one", b"", b"two"):
    /// ...         yield chunk
    /// >>> async def store(reader):
    /// ...     return [released async for released in reader.aiter(receive())]
    /// >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", [("Host", "s3.example.com")])
    /// >>> asyncio.run(store(reader)), reader.summary.decoded_length
    /// ([b'one', b'two'], 6)
    #[pyo3(signature = (chunks, /))]
    fn aiter<'py>(slf: &Bound<'py, Self>, chunks: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if !chunks.hasattr("__aiter__")? {
            return Err(crate::error::wrong_type("chunks", "an asynchronous iterable of bytes", chunks));
        }
        slf.py().import("s3iam._body")?.call_method1("released_async", (slf, chunks))
    }

    /// The length of the object that a chunked body announces; `None` for others, whose length is
    /// `Content-Length`.
    #[getter]
    fn decoded_length(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        let length = guard_long(py, 0, || self.reader().map(|reader| reader.decoded_length()))?;
        length.map_err(|error| raise(py, &error, self.profile))
    }

    /// What `finish` answered, or `None` before that.
    #[getter]
    fn summary(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.summary.get(py).map(|summary| summary.clone_ref(py))
    }

    fn __repr__(&self, py: Python<'_>) -> &'static str {
        match self.summary.get(py) {
            Some(_) => "<s3iam.BodyReader at the end>",
            None => "<s3iam.BodyReader>",
        }
    }
}

/// What is known of a whole body, as the Python class.
fn object<'py>(py: Python<'py>, summary: &BodySummary) -> PyResult<Bound<'py, PyAny>> {
    let checksum = summary
        .checksum()
        .map(|checksum| classes::CHECKSUM.get(py)?.call1((checksum.algorithm().name(), checksum.base64())));
    let md5 = summary.content_md5().map(|md5| md5.base64());
    let trailers = PyTuple::new(py, summary.trailers().collect::<Vec<_>>())?;
    classes::BODY_SUMMARY.get(py)?.call1((summary.decoded_length(), checksum.transpose()?, md5, trailers))
}

/// A `Content-Encoding` as it is stored with the object: without `aws-chunked`, which speaks of the request
/// alone. `None` if nothing is left.
///
/// >>> stored_content_encoding("aws-chunked, gzip"), stored_content_encoding("aws-chunked")
/// ('gzip', None)
#[pyfunction]
#[pyo3(signature = (value, /))]
pub fn stored_content_encoding(value: crate::text::Text<'_>) -> Option<String> {
    facade::stored_content_encoding(value.0)
}
