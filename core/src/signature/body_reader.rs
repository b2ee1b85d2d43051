//! Reading a request body while it arrives: decoding its chunks, and checking all that was announced of it.

use super::checksum::{Checksum, Summing};
use super::chunk::{Chunks, Framing, Step};
use super::sink::hex;
use super::verified::Payload;
use super::{Options, refusal};
use crate::error::ErrorProfile;
use crate::{Error, ErrorCode};
use sha2::{Digest, Sha256};
use std::fmt;

/// The body of a request, of which nothing has arrived. Only verification makes one
/// ([`Identity::body`](super::Identity::body)), and it outlives the keys that the identity lies in.
#[derive(Clone, Debug)]
pub struct Body {
    payload: Payload,
    plan: Option<Box<BodyPlan>>,
    profile: ErrorProfile,
}

impl Body {
    /// A body of which this is announced, if anything beside the payload line.
    pub(super) fn new(payload: Payload, plan: Option<Box<BodyPlan>>, profile: ErrorProfile) -> Self {
        Self { payload, plan, profile }
    }

    /// What the payload line says.
    pub fn payload(&self) -> Payload {
        self.payload
    }

    /// The body of a request that announces nothing of it beside its [`Payload`], for callers that keep nothing
    /// else of such a request. `None` for a chunked body, of which only verification knows how to check it.
    pub fn plain(payload: Payload, profile: ErrorProfile) -> Option<Self> {
        match payload {
            Payload::Unsigned | Payload::Sha256(_) => Some(Self { payload, plan: None, profile }),
            Payload::Chunked(_) => None,
        }
    }

    /// Whether the request announces nothing of it beside its payload, so that [`Body::plain`] makes the same.
    pub fn is_plain(&self) -> bool {
        self.plan.is_none()
    }

    /// A reader for it.
    pub fn reader(&self) -> BodyReader {
        BodyReader::new(self)
    }

    /// Reads a body that is there already.
    pub(super) fn check(&self, body: &[u8]) -> Result<(), Error> {
        let (mut reader, mut rest) = (self.reader(), body);
        while !rest.is_empty() {
            let taken = reader.push(rest)?.taken;
            rest = rest.get(taken..).unwrap_or_default();
        }
        reader.finish().map(|_| ())
    }
}

/// What was announced of a body beside the payload line, proven with the request or, of an anonymous one,
/// merely said.
#[derive(Clone, Debug, Default)]
pub(super) struct BodyPlan {
    /// How it is cut into chunks.
    pub framing: Option<Framing>,
    /// The value of a checksum header.
    pub checksum: Option<Checksum>,
    /// The value of `Content-MD5`.
    pub md5: Option<Checksum>,
}

/// Reads a request body piece by piece: takes it as it arrives, releases the object's bytes, and at the end
/// says whether the body is what was announced.
///
/// It comes from a verified request alone ([`Verified::body_reader`](super::Verified::body_reader)), or from
/// an anonymous one without signatures in its body ([`Verifier::anonymous_body`](super::Verifier::anonymous_body)).
///
/// | payload | released | checked |
/// |---|---|---|
/// | `UNSIGNED-PAYLOAD` | as it arrives | checksum headers |
/// | a SHA-256 | as it arrives | the hash and checksum headers, at the end |
/// | signed chunks | each chunk once its signature is verified | signatures, length, checksums |
/// | unsigned chunks | as it arrives, without the framing | length, checksums |
///
/// What was released is an object only once [`finish`](BodyReader::finish) has answered; a gateway stores it
/// under its name then and not before. After an error every further call answers with that error.
///
/// A signed chunk that does not lie in one input as a whole is gathered in memory of the reader, of at most
/// [`Options::max_chunk_bytes`](super::Options::max_chunk_bytes). Nothing else is kept and nothing is
/// allocated for single chunks. How the body is split does not matter.
///
/// ```
/// use s3iam::{http::HttpRequest, signature::Verifier};
///
/// let request = HttpRequest {
///     method: b"PUT",
///     target: b"/bucket/key",
///     headers: &[
///         (b"x-amz-content-sha256", b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
///         (b"x-amz-decoded-content-length", b"9"),
///         (b"x-amz-trailer", b"x-amz-checksum-crc32"),
///     ],
///     peer: None,
///     secure: true,
///     body: None,
/// };
/// let mut reader = Verifier::default().anonymous_body(&request)?;
/// let mut object = Vec::new();
/// for mut piece in [&b"5\r\n12345\r\n4\r\n67"[..], b"89\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"] {
///     while !piece.is_empty() {
///         let pushed = reader.push(piece)?;
///         object.extend_from_slice(pushed.released);
///         piece = &piece[pushed.taken..];
///     }
/// }
/// let summary = reader.finish()?;
/// assert_eq!(object, b"123456789");
/// assert_eq!(summary.checksum().unwrap().base64(), "y/Q5Jg==");
/// # Ok::<(), s3iam::Error>(())
/// ```
pub struct BodyReader {
    source: Source,
    sha256: Option<(Sha256, [u8; 32])>,
    /// What is computed: of a header and of `Content-MD5` with the value to come to.
    checksum: Option<(Summing, Option<Checksum>)>,
    md5: Option<(Summing, Checksum)>,
    released: u64,
    profile: ErrorProfile,
    state: State,
}

impl fmt::Debug for BodyReader {
    /// Shows nothing of the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader").field("released", &self.released).finish_non_exhaustive()
    }
}

enum State {
    Reading,
    Finished,
    Failed(Error),
}

enum Source {
    Whole,
    Chunked(Box<Chunks>),
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed<'a> {
    /// How much of the input was taken, at least one byte. The rest is to be pushed again.
    pub taken: usize,
    /// The next bytes of the object; often none.
    pub released: &'a [u8],
}

/// What is known of a body that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodySummary {
    length: u64,
    checksum: Option<Checksum>,
    md5: Option<Checksum>,
    trailer: bool,
}

impl BodySummary {
    /// The length of the object.
    pub fn decoded_length(&self) -> u64 {
        self.length
    }

    /// The checksum that came as a header, parameter or trailer, and is right. A gateway stores it with the object.
    pub fn checksum(&self) -> Option<&Checksum> {
        self.checksum.as_ref()
    }

    /// The value of `Content-MD5`, which is right.
    pub fn content_md5(&self) -> Option<&Checksum> {
        self.md5.as_ref()
    }

    /// The trailers, by name: what [`checksum`](BodySummary::checksum) says, if it came as one. There are no others.
    pub fn trailers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let checksum = self.checksum.filter(|_| self.trailer);
        checksum.into_iter().map(|checksum| (checksum.algorithm().header(), checksum.base64()))
    }
}

/// Where released bytes lie.
enum Released {
    Nothing,
    Input { from: usize, to: usize },
    Gathered,
}

impl BodyReader {
    /// A reader for what was announced.
    fn new(body: &Body) -> Self {
        let Body { payload, plan, profile } = body;
        let (framing, checksum, md5) =
            plan.as_ref().map_or((None, None, None), |plan| (plan.framing.as_ref(), plan.checksum, plan.md5));
        let trailer = framing.and_then(|framing| framing.trailer);
        let summing = checksum.map(|sum| sum.algorithm()).or(trailer).map(Summing::new);
        Self {
            source: match framing {
                Some(framing) => Source::Chunked(Box::new(Chunks::new(framing.clone()))),
                None => Source::Whole,
            },
            sha256: match payload {
                Payload::Sha256(hash) => Some((Sha256::new(), *hash)),
                _ => None,
            },
            checksum: summing.map(|summing| (summing, checksum)),
            md5: md5.map(|sum| (Summing::new(sum.algorithm()), sum)),
            released: 0,
            profile: *profile,
            state: State::Reading,
        }
    }

    /// Whose wording the errors carry.
    pub fn error_profile(&self) -> ErrorProfile {
        self.profile
    }

    /// The length of the object that a chunked body announces; `None` for others, whose length is `Content-Length`.
    pub fn decoded_length(&self) -> Option<u64> {
        match &self.source {
            Source::Whole => None,
            Source::Chunked(chunks) => Some(chunks.length()),
        }
    }

    /// Takes the next input, or some of it: call again with the rest until all is taken. An empty input is
    /// nothing, and is answered with nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ChunkSignatureDoesNotMatch`], [`ErrorCode::MalformedChunk`] and their neighbours of the
    /// numbers 360 to 379. The body is then refused, and what it released so far must not become an object.
    pub fn push<'a>(&'a mut self, input: &'a [u8]) -> Result<Pushed<'a>, Error> {
        self.is_reading()?;
        let (taken, released) = self.advance(input).map_err(|error| self.fail(error))?;
        let released = match released {
            Released::Nothing => &[],
            Released::Input { from, to } => input.get(from..to).unwrap_or_default(),
            Released::Gathered => match &self.source {
                Source::Chunked(chunks) => chunks.gathered(),
                Source::Whole => &[],
            },
        };
        self.released += released.len() as u64;
        let sums = self.checksum.iter_mut().map(|(summing, _)| summing);
        for summing in sums.chain(self.md5.iter_mut().map(|(summing, _)| summing)) {
            summing.update(released);
        }
        if let Some((hash, _)) = &mut self.sha256 {
            hash.update(released);
        }
        Ok(Pushed { taken, released })
    }

    fn advance(&mut self, input: &[u8]) -> Result<(usize, Released), Error> {
        let Source::Chunked(chunks) = &mut self.source else {
            return Ok((input.len(), Released::Input { from: 0, to: input.len() }));
        };
        let mut at = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            match chunks.step(rest)? {
                Step::Taken(taken) => at += taken,
                Step::Data(length) => {
                    let to = at + length;
                    return Ok((to, Released::Input { from: at, to }));
                }
                Step::Gathered(taken) => return Ok((at + taken, Released::Gathered)),
            }
        }
        Ok((at, Released::Nothing))
    }

    /// Says that the body has ended, and checks what can be checked then alone.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::BodyTruncated`] if a chunked body has not ended; [`ErrorCode::ContentSha256Mismatch`],
    /// [`ErrorCode::ChecksumMismatch`] and [`ErrorCode::ContentMd5Mismatch`] if it is another body than
    /// was announced; [`ErrorCode::InvalidChecksumValue`] for a trailer that is no checksum. A reader
    /// that has answered is used up, and answers [`ErrorCode::InvalidArgument`] from then on.
    pub fn finish(&mut self) -> Result<BodySummary, Error> {
        self.is_reading()?;
        let summary = self.conclude().map_err(|error| self.fail(error))?;
        self.state = State::Finished;
        Ok(summary)
    }

    fn conclude(&mut self) -> Result<BodySummary, Error> {
        let in_trailer = match &self.source {
            Source::Chunked(chunks) => chunks.finish()?.checksum().transpose()?,
            Source::Whole => None,
        };
        if let Some((hash, signed)) = &self.sha256 {
            let computed: [u8; 32] = hash.clone().finalize().into();
            if computed != *signed {
                // Nothing but the profile is looked at.
                let options = Options { error_profile: self.profile, ..Options::default() };
                return Err(refusal::body_mismatch(&hex(signed), &hex(&computed), &options));
            }
        }
        let mut checksum = None;
        if let Some((summing, in_header)) = &self.checksum {
            checksum = in_header.or(in_trailer);
            let computed = summing.finish();
            if checksum != Some(computed) {
                return Err(self.wrong_checksum(checksum.as_ref(), &computed));
            }
        }
        if let Some((summing, expected)) = &self.md5 {
            let computed = summing.finish();
            if computed != *expected {
                return Err(self.digests(ErrorCode::ContentMd5Mismatch.into(), Some(expected), &computed));
            }
        }
        let md5 = self.md5.as_ref().map(|(_, md5)| *md5);
        Ok(BodySummary { length: self.released, checksum, md5, trailer: in_trailer.is_some() })
    }

    fn wrong_checksum(&self, expected: Option<&Checksum>, computed: &Checksum) -> Error {
        let error = match self.profile {
            ErrorProfile::Minio => ErrorCode::ChecksumMismatch.into(),
            ErrorProfile::Aws => {
                let name = computed.algorithm().name();
                let message = format!("The {name} you specified did not match the calculated checksum.");
                Error::with_message(ErrorCode::ChecksumMismatch, message)
            }
        };
        self.digests(error, expected, computed)
    }

    /// Adds the detail elements of AWS's `BadDigest`. Neither value is a secret: one was sent, and the other is of
    /// what was sent.
    fn digests(&self, error: Error, expected: Option<&Checksum>, computed: &Checksum) -> Error {
        match (self.profile, expected) {
            (ErrorProfile::Aws, Some(expected)) => error
                .detail("ExpectedDigest", expected.base64())
                .detail("CalculatedDigest", computed.base64()),
            _ => error,
        }
    }

    fn is_reading(&self) -> Result<(), Error> {
        match &self.state {
            State::Reading => Ok(()),
            State::Failed(error) => Err(error.clone()),
            State::Finished => {
                let message = "The body was read to its end already.";
                Err(Error::with_message(ErrorCode::InvalidArgument, message))
            }
        }
    }

    fn fail(&mut self, error: Error) -> Error {
        self.state = State::Failed(error.clone());
        error
    }
}

/// A `Content-Encoding` as it is stored with the object: without `aws-chunked`, which speaks of the request
/// alone. `None` if nothing is left.
pub fn stored_content_encoding(value: &str) -> Option<String> {
    let codings = value.split(',').map(str::trim);
    let kept: Vec<&str> =
        codings.filter(|c| !c.is_empty() && !c.eq_ignore_ascii_case("aws-chunked")).collect();
    (!kept.is_empty()).then(|| kept.join(","))
}
