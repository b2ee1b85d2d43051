//! `Signer` and `ChunkSigner`: requests, bodies in chunks and browser forms, signed as clients do.

use crate::error::{self, guard, guard_long, raise};
use crate::options::number;
use crate::request::RawRequest;
use crate::text::{self, Text, take_bytes};
use crate::time;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use s3iam::facade::{
    self, ChunkKind, Error, ErrorCode, ErrorProfile, HttpRequest, PolicyCondition, PolicyDraft, PolicyKey,
    SecretKey, SignedPayload, SignerOptions, SigningAlgorithm, SigningCredentials,
};
use std::sync::{Mutex, MutexGuard};

/// The headers that signing adds, or the fields of a form.
type Texts = Vec<(String, String)>;

/// Signs requests with SigV4 or SigV4A: in the header, in the query, in chunks, and policies of browser forms.
/// Shareable between threads.
///
/// `session_token` is that of temporary credentials. `service` is for example `"s3"`, `"sts"`, or `"s3express"`
/// with the credentials and the token of a session. `algorithm` is `"sigv4"`, for one `region`, or `"sigv4a"`,
/// for a `region_set` such as `"eu-*,us-east-1"` or `"*"`. SigV2 is verified where it must be, and never signed.
///
/// >>> signer = Signer("AKIDEXAMPLEUSER00001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
/// >>> headers = [("Host", "s3.example.com")]
/// >>> headers += signer.sign("GET", "/bucket/photos/cat.jpg", headers)
/// >>> [name for name, value in headers]
/// ['Host', 'x-amz-date', 'x-amz-content-sha256', 'authorization']
/// >>> verifier = Verifier()
/// >>> verifier.add_key("AKIDEXAMPLEUSER00001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
/// >>> verifier.verify("GET", "/bucket/photos/cat.jpg", headers).form
/// 'sigv4-header'
#[pyclass(frozen, module = "s3iam")]
pub struct Signer {
    core: facade::Signer,
    access_key: String,
}

/// Writes a body in chunks (aws-chunked). Made by `Signer.chunks`, since every chunk is signed together with
/// what came before it.
///
/// >>> ChunkSigner()
/// Traceback (most recent call last):
/// TypeError: cannot create 's3iam.ChunkSigner' instances
#[pyclass(frozen, module = "s3iam")]
pub struct ChunkSigner {
    // Locked only while Rust runs; empty once it has finished.
    core: Mutex<Option<facade::ChunkSigner>>,
}

#[pymethods]
impl Signer {
    #[new]
    #[pyo3(signature = (access_key, secret_key, *, session_token = None, region = Text("us-east-1"),
                        service = Text("s3"), algorithm = Text("sigv4"), region_set = None),
           text_signature = "(access_key, secret_key, *, session_token=None, region='us-east-1', service='s3', algorithm='sigv4', region_set=None)")]
    fn new(
        py: Python<'_>,
        access_key: Text<'_>,
        secret_key: Text<'_>,
        session_token: Option<Text<'_>>,
        region: Text<'_>,
        service: Text<'_>,
        algorithm: Text<'_>,
        region_set: Option<Text<'_>>,
    ) -> PyResult<Self> {
        let algorithm = match (algorithm.0, region_set) {
            ("sigv4", None) => SigningAlgorithm::V4,
            ("sigv4a", Some(set)) => SigningAlgorithm::V4a { region_set: set.0.to_owned() },
            ("sigv4" | "sigv4a", _) => {
                let message = "region_set goes with algorithm=\"sigv4a\", which needs it";
                return Err(error::argument(py, message.to_owned()));
            }
            _ => return Err(error::argument(py, "algorithm must be \"sigv4\" or \"sigv4a\"".to_owned())),
        };
        let credentials = SigningCredentials {
            access_key: access_key.0.to_owned(),
            secret_key: SecretKey::new(secret_key.0.as_bytes()),
            session_token: session_token.map(|token| token.0.to_owned()),
        };
        let options = SignerOptions { region: region.0.to_owned(), service: service.0.to_owned(), algorithm };
        let core = answered(py, guard(py, || facade::Signer::new(credentials, options))?)?;
        Ok(Self { core, access_key: access_key.0.to_owned() })
    }

    /// Signs a request in the header, and returns the headers to add, as pairs; `authorization` is the last.
    ///
    /// The request is given as it goes over the wire; `method`, `target` and `headers` are as those of
    /// `Iam.authorize`, and `host` must be among the headers. What is signed of the body is the hash of `body`,
    /// or `payload_sha256`: the hash as hex digits, or `"UNSIGNED-PAYLOAD"`. A request that nothing can be signed
    /// for raises `ArgumentError`.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example", session_token="token")
    /// >>> added = signer.sign("PUT", "/bucket/key", {"Host": "s3.example.com"}, body=b"cat")
    /// >>> [name for name, value in added]
    /// ['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'authorization']
    #[pyo3(signature = (method, target, headers, *, body = None, payload_sha256 = None, now = None))]
    fn sign<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: Option<Bound<'py, PyAny>>,
        payload_sha256: Option<Text<'_>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Texts> {
        let payload = match (payload_sha256, &body) {
            (None, _) => SignedPayload::Body,
            (Some(_), Some(_)) => {
                return Err(error::argument(py, "give either body or payload_sha256".to_owned()));
            }
            (Some(Text("UNSIGNED-PAYLOAD")), None) => SignedPayload::Unsigned,
            (Some(Text(hash)), None) => SignedPayload::Sha256(text::sha256(hash).ok_or_else(|| {
                let message =
                    "payload_sha256 must be 64 hexadecimal digits in lower case, or \"UNSIGNED-PAYLOAD\"";
                error::argument(py, message.to_owned())
            })?),
        };
        let mut request = RawRequest::take(method, target, headers, body)?;
        let (now, bytes) = (time::now(now)?, request.body_bytes());
        let sign =
            |request: &HttpRequest<'_>| guard_long(py, bytes, || self.core.sign(request, payload, now));
        answered(py, request.with(sign)??)
    }

    /// Signs a request in the query, valid for so many seconds from `now` on, and returns its target: `target`
    /// with the parameters that sign it. A whole URL may be given as well.
    ///
    /// All `headers` are signed, so whoever uses the target has to send just those; most often there is none but
    /// `host`. The body is not covered, unless `X-Amz-Content-Sha256` is there, as a parameter or a header; for
    /// services other than S3 the hash of `body` always is.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> url = signer.presign("GET", "https://s3.example.com/bucket/key", {"Host": "s3.example.com"}, expires_seconds=60)
    /// >>> url.startswith("https://s3.example.com/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=")
    /// True
    #[pyo3(signature = (method, target, headers, *, expires_seconds = None, body = None, now = None),
           text_signature = "($self, method, target, headers, *, expires_seconds=3600, body=None, now=None)")]
    fn presign<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        expires_seconds: Option<&Bound<'py, PyAny>>,
        body: Option<Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<String> {
        let expires = expires_seconds.map_or(Ok(3600), |seconds| number("expires_seconds", seconds))?;
        let mut request = RawRequest::take(method, target, headers, body)?;
        let (now, bytes) = (time::now(now)?, request.body_bytes());
        let sign =
            |request: &HttpRequest<'_>| guard_long(py, bytes, || self.core.presign(request, expires, now));
        answered(py, request.with(sign)??)
    }

    /// Signs a request whose body is sent in chunks (aws-chunked), and returns the headers to add, as `sign`
    /// does, and a `ChunkSigner` that makes the body.
    ///
    /// `kind` is `"signed"`, `"signed-trailer"`, or `"unsigned-trailer"`, in which no chunk is signed. The request
    /// must be a `PUT` to S3 with `x-amz-decoded-content-length`, the length of the data; `x-amz-trailer` names
    /// the trailers. It should have `content-encoding: aws-chunked`.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = [("Host", "s3.example.com"), ("x-amz-decoded-content-length", "7"),
    /// ...     ("x-amz-trailer", "x-amz-checksum-crc32")]
    /// >>> added, chunks = signer.chunks("PUT", "/bucket/key", headers, "unsigned-trailer")
    /// >>> chunks.encode(b"payload") + chunks.finish({"x-amz-checksum-crc32": "QixqFQ=="})
    /// b'7\r\npayload\r\n0\r\nx-amz-checksum-crc32:QixqFQ==\r\n\r\n'
    #[pyo3(signature = (method, target, headers, kind, *, now = None))]
    fn chunks<'py>(
        &self,
        py: Python<'py>,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        kind: Text<'_>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Texts, ChunkSigner)> {
        let (kind, now) = (chunk_kind(py, kind)?, time::now(now)?);
        let mut request = RawRequest::take(method, target, headers, None)?;
        let sign = |request: &HttpRequest<'_>| guard(py, || self.core.sign_chunks(request, kind, now));
        let (headers, chunks) = answered(py, request.with(sign)??)?;
        Ok((headers, ChunkSigner { core: Mutex::new(Some(chunks)) }))
    }

    /// How long a body in chunks becomes, which is its `content-length`: of so many bytes of data, cut into
    /// chunks of `chunk_bytes` but for the last. `trailers` are names with the length of each value.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> signer.encoded_length("unsigned-trailer", 7, trailers={"x-amz-checksum-crc32": 8})
    /// 48
    #[pyo3(signature = (kind, data_bytes, *, chunk_bytes = None, trailers = None),
           text_signature = "($self, kind, data_bytes, *, chunk_bytes=65536, trailers=None)")]
    fn encoded_length(
        &self,
        py: Python<'_>,
        kind: Text<'_>,
        data_bytes: &Bound<'_, PyAny>,
        chunk_bytes: Option<&Bound<'_, PyAny>>,
        trailers: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let kind = chunk_kind(py, kind)?;
        let data_bytes = number("data_bytes", data_bytes)?;
        let chunk_bytes = chunk_bytes.map_or(Ok(65536), |bytes| number("chunk_bytes", bytes))?;
        let trailers = trailers.map(|trailers| text::entries("trailers", trailers)).transpose()?;
        let trailers: Vec<(&str, usize)> = trailers
            .iter()
            .flatten()
            .map(|(name, bytes)| {
                Ok((name.extract::<Text<'_>>()?.0, number("the length of a trailer", bytes)?))
            })
            .collect::<PyResult<_>>()?;
        answered(py, guard(py, || self.core.encoded_length(kind, data_bytes, chunk_bytes, &trailers))?)
    }

    /// Signs a policy for uploads by a browser form, and returns the fields of the form in their order, as pairs.
    /// The file comes after them.
    ///
    /// The form uploads to the object `key`, or with `key_prefix` to that and the name of the file, until
    /// `expiration`, a `datetime` with a time zone or seconds since 1970. `fields` are further fields with their
    /// values, `starts_with` those that the form sets itself, with how each must begin, and `content_length`
    /// the least and the greatest length of the file.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> fields = signer.post_policy("photos", key_prefix="user/alice/", expiration=2_000_000_000,
    /// ...     fields={"acl": "private"}, content_length=(1, 1_048_576))
    /// >>> [name for name, value in fields]
    /// ['key', 'acl', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature']
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    #[pyo3(signature = (bucket, key = None, *, expiration, key_prefix = None, fields = None, starts_with = None,
                        content_length = None, now = None))]
    fn post_policy(
        &self,
        py: Python<'_>,
        bucket: Text<'_>,
        key: Option<Text<'_>>,
        expiration: &Bound<'_, PyAny>,
        key_prefix: Option<Text<'_>>,
        fields: Option<&Bound<'_, PyAny>>,
        starts_with: Option<&Bound<'_, PyAny>>,
        content_length: Option<&Bound<'_, PyAny>>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Texts> {
        let key = match (key, key_prefix) {
            (Some(key), None) => PolicyKey::Exact(key.0),
            (None, Some(prefix)) => PolicyKey::Prefix(prefix.0),
            _ => return Err(error::argument(py, "give either key or key_prefix".to_owned())),
        };
        let fields = fields.map(|fields| text::entries("fields", fields)).transpose()?.unwrap_or_default();
        let prefixes = starts_with.map(|fields| text::entries("starts_with", fields)).transpose()?;
        let prefixes = prefixes.unwrap_or_default();
        let equal =
            text::pairs(&fields)?.into_iter().map(|(field, value)| PolicyCondition::Equals { field, value });
        let begin = text::pairs(&prefixes)?
            .into_iter()
            .map(|(field, prefix)| PolicyCondition::StartsWith { field, prefix });
        let length = content_length.map(length_range).transpose()?;
        let conditions: Vec<_> = equal.chain(begin).chain(length).collect();
        let (expiration, now) = (time::instant(expiration, "expiration")?, time::now(now)?);
        let draft = PolicyDraft { bucket: bucket.0, key, conditions: &conditions, expiration };
        answered(py, guard(py, || self.core.post_policy(&draft, now))?)
    }

    fn __repr__(&self) -> String {
        let SignerOptions { region, service, algorithm } = self.core.options();
        let regions = match algorithm {
            SigningAlgorithm::V4 => region,
            SigningAlgorithm::V4a { region_set } => region_set,
        };
        format!("<s3iam.Signer {:?} for {service} in {regions}>", self.access_key)
    }
}

#[pymethods]
impl ChunkSigner {
    /// Returns one chunk of these bytes. No bytes are no chunk, since that would be the end.
    ///
    /// S3 takes chunks of 8 KiB or more but for the last; 64 KiB are usual. The GIL is released for long ones.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = {"Host": "s3.example.com", "x-amz-decoded-content-length": "3"}
    /// >>> added, chunks = signer.chunks("PUT", "/bucket/key", headers, "signed")
    /// >>> chunks.encode(b"cat").startswith(b"3;chunk-signature=")
    /// True
    #[pyo3(signature = (data, /))]
    fn encode<'py>(&self, py: Python<'py>, data: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let data = take_bytes("data", data)?;
        let data = data.as_bytes();
        let mut out = Vec::new();
        let encode = || {
            self.signer()?.as_mut().ok_or_else(finished)?.encode(data, &mut out);
            Ok(())
        };
        answered(py, guard_long(py, data.len(), encode)?)?;
        Ok(PyBytes::new(py, &out))
    }

    /// Returns the end of the body, with the `trailers` in their order.
    ///
    /// Raises `ArgumentError` where a server would refuse the body: the length of the data is not that of
    /// `x-amz-decoded-content-length`, or the trailers are not those of `x-amz-trailer`. It is used up then, too.
    ///
    /// >>> signer = Signer("AKIDEXAMPLE", "secret-key-of-the-example")
    /// >>> headers = {"Host": "s3.example.com", "x-amz-decoded-content-length": "3"}
    /// >>> added, chunks = signer.chunks("PUT", "/bucket/key", headers, "signed")
    /// >>> chunks.finish()
    /// Traceback (most recent call last):
    /// s3iam.ArgumentError: invalid-argument: the data is 0 bytes long, and 'x-amz-decoded-content-length' says 3
    #[pyo3(signature = (trailers = None))]
    fn finish<'py>(
        &self,
        py: Python<'py>,
        trailers: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let trailers =
            trailers.map(|trailers| text::entries("trailers", trailers)).transpose()?.unwrap_or_default();
        let trailers = text::pairs(&trailers)?;
        let mut out = Vec::new();
        let finish = || self.signer()?.take().ok_or_else(finished)?.finish(&trailers, &mut out);
        answered(py, guard(py, finish)?)?;
        Ok(PyBytes::new(py, &out))
    }
}

impl ChunkSigner {
    /// The signer for one call. Who comes while another thread is at work is refused: the order of the chunks
    /// would be open.
    fn signer(&self) -> Result<MutexGuard<'_, Option<facade::ChunkSigner>>, Error> {
        self.core.try_lock().map_err(|_| invalid("another thread is at work with these chunks"))
    }
}

fn finished() -> Error {
    invalid("the body has ended already")
}

fn invalid(message: &'static str) -> Error {
    Error::with_message(ErrorCode::InvalidArgument, message)
}

/// Signing is what a client does: its errors have no answer to send, so any profile will do.
fn answered<T>(py: Python<'_>, result: Result<T, Error>) -> PyResult<T> {
    result.map_err(|error| raise(py, &error, ErrorProfile::Aws))
}

fn chunk_kind(py: Python<'_>, name: Text<'_>) -> PyResult<ChunkKind> {
    match name.0 {
        "signed" => Ok(ChunkKind::Signed),
        "signed-trailer" => Ok(ChunkKind::SignedTrailer),
        "unsigned-trailer" => Ok(ChunkKind::UnsignedTrailer),
        _ => {
            let message = "kind must be \"signed\", \"signed-trailer\" or \"unsigned-trailer\"";
            Err(error::argument(py, message.to_owned()))
        }
    }
}

/// The least and the greatest length of a file.
fn length_range<'a>(range: &Bound<'_, PyAny>) -> PyResult<PolicyCondition<'a>> {
    let pair: Option<(Bound<'_, PyAny>, Bound<'_, PyAny>)> = range.extract().ok();
    let Some((least, most)) = pair else {
        return Err(error::wrong_type("content_length", "a pair of least and greatest length", range));
    };
    let (least, most) = (number("content_length[0]", &least)?, number("content_length[1]", &most)?);
    Ok(PolicyCondition::ContentLength { least, most })
}
