//! What a request says of its body beside the payload line: how long it is once decoded, which checksum it has
//! and which trailer will follow (spec: sigv4, sections 4.4 and 4.5). It is read after the signature was verified.

use super::Received;
use super::body::compare;
use super::body_reader::{Body, BodyPlan};
use super::chain::Chain;
use super::checksum::{Checksum, ChecksumAlgorithm};
use super::chunk::Framing;
use super::headers::{repeated, trim};
use super::options::Options;
use super::query::Query;
use super::verified::{Chunking, Payload};
use crate::http::HttpRequest;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};

/// The largest object of one request.
const MAX_LENGTH: u64 = 5 << 30;

/// The values of the headers, and of the parameters that presigning puts in their place.
#[derive(Default)]
struct Said<'a> {
    /// Each checksum with its header's name.
    checksum: Option<(ChecksumAlgorithm, SmallVec<[u8; 64]>)>,
    several: bool,
    sdk_algorithm: Option<SmallVec<[u8; 64]>>,
    trailer: Option<&'a [u8]>,
    length: Option<&'a [u8]>,
    md5: Option<&'a [u8]>,
}

/// Reads what is announced of the body. `None` if that is the payload line alone.
fn read(
    received: &Received<'_, '_>,
    payload: Payload,
    options: &Options,
    moved_md5: Option<&[u8]>,
    chain: impl FnOnce() -> Option<Chain>,
) -> Result<Option<Box<BodyPlan>>, Error> {
    let method = received.request.method;
    if method != b"PUT" && method != b"POST" {
        return Ok(None);
    }
    let said = Said::read(received, options)?;
    let said = Said { md5: said.md5.or(moved_md5), ..said };
    if said.several || said.checksum.is_some() && said.trailer.is_some() {
        return Err(ErrorCode::SeveralChecksums.into());
    }
    let trailer = said.trailer.map(|names| declared(names, payload)).transpose()?;
    let framing = match payload {
        Payload::Chunked(chunking) => Some(Framing {
            chain: match chunking {
                Chunking::UnsignedTrailer => None,
                _ => Some(chain().ok_or(ErrorCode::StreamingWithoutSignature)?),
            },
            trailer,
            length: length(said.length)?,
            max_chunk: options.max_chunk_bytes,
            require_min_chunk: options.require_min_chunk,
        }),
        _ => None,
    };
    // When an upload is completed, the checksum is that of the object and not that of the body.
    let of_body = method == b"PUT" || !received.query.any_name(|name| name == b"uploadId");
    if !of_body {
        return said.plan(framing, None);
    }
    if let Some(name) = &said.sdk_algorithm {
        let algorithm = ChecksumAlgorithm::of_name(name);
        let sent = said.checksum.as_ref().map(|(algorithm, _)| *algorithm).or(trailer);
        if algorithm.is_none() || algorithm != sent {
            return Err(ErrorCode::ChecksumAbsent.into());
        }
    }
    let read = |(algorithm, text): &(ChecksumAlgorithm, SmallVec<[u8; 64]>)| {
        Checksum::read(*algorithm, text).ok_or_else(|| {
            let message = format!("Value for {} header is invalid.", algorithm.header());
            Error::with_message(ErrorCode::InvalidChecksumValue, message)
        })
    };
    let checksum = said.checksum.as_ref().map(read).transpose()?;
    said.plan(framing, checksum)
}

/// The body of a request. One that is there already is compared with what was announced of it. `moved_md5` is a
/// `Content-MD5` that presigning has put into the query.
pub(super) fn settle(
    received: &Received<'_, '_>,
    payload: Payload,
    options: &Options,
    moved_md5: Option<&[u8]>,
    chain: impl FnOnce() -> Option<Chain>,
) -> Result<Body, Error> {
    let plan = read(received, payload, options, moved_md5, chain)?;
    let plain = plan.is_none();
    let body = Body::new(payload, plan, options.error_profile);
    match received.request.body {
        given if plain => compare(payload, given, options)?,
        Some(given) => body.check(given)?,
        None => {}
    }
    Ok(body)
}

/// Whether a request can have a body in chunks: an object or a part of one is uploaded.
pub(super) fn is_upload(request: &HttpRequest<'_>, query: &Query<'_>) -> bool {
    // Every other upload to a path is named by a parameter or is a copy.
    let foreign = |name: &[u8]| !is_extension(name) && name != b"partNumber" && name != b"uploadId";
    let copies = request.header("x-amz-copy-source").is_some();
    request.method == b"PUT" && !copies && !query.any_name(foreign)
}

/// Names of parameters that begin as those of authentication and of tools do.
fn is_extension(name: &[u8]) -> bool {
    name.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"x-"))
}

impl<'a> Said<'a> {
    fn read(received: &Received<'a, '_>, options: &Options) -> Result<Self, Error> {
        let mut said = Self::default();
        for (name, arrival) in received.headers.names().iter().zip(0..) {
            let is = |wanted: &[u8]| name.text.eq_ignore_ascii_case(wanted);
            let value = || trim(received.headers.line(arrival));
            // Of the many headers of metadata a letter is enough to look at.
            let letter = name.text.get(b"x-amz-".len()).map(u8::to_ascii_lowercase);
            let may_count = name.is_amz() && matches!(letter, Some(b'c' | b'd' | b's' | b't'));
            if !may_count && !is(b"content-md5") || options.ignores(name.text) {
                continue;
            }
            let slot = match () {
                () if is(b"content-md5") => &mut said.md5,
                () if is(b"x-amz-trailer") => &mut said.trailer,
                () if is(b"x-amz-decoded-content-length") => &mut said.length,
                () => {
                    said.note(name.text, value())?;
                    continue;
                }
            };
            if slot.replace(value()).is_some() {
                return Err(repeated(name.text));
            }
        }
        let mut noted = Ok(());
        received.query.each(|name, value| {
            if noted.is_ok() {
                noted = said.note(name, value);
            }
        });
        noted.map(|()| said)
    }

    /// Notes a header, or a parameter in the place of one.
    fn note(&mut self, name: &[u8], value: &[u8]) -> Result<(), Error> {
        if let Some(algorithm) = ChecksumAlgorithm::of_header(name) {
            self.several |= self.checksum.replace((algorithm, value.iter().copied().collect())).is_some();
        } else if name.eq_ignore_ascii_case(b"x-amz-sdk-checksum-algorithm")
            && self.sdk_algorithm.replace(value.iter().copied().collect()).is_some()
        {
            return Err(repeated(name));
        }
        Ok(())
    }

    fn plan(
        &self,
        framing: Option<Framing>,
        checksum: Option<Checksum>,
    ) -> Result<Option<Box<BodyPlan>>, Error> {
        let read = |text| Checksum::read(ChecksumAlgorithm::Md5, text).ok_or(ErrorCode::InvalidContentMd5);
        let md5 = self.md5.map(read).transpose()?;
        let more = framing.is_some() || checksum.is_some() || md5.is_some();
        Ok(more.then(|| Box::new(BodyPlan { framing, checksum, md5 })))
    }
}

/// The one trailer that `x-amz-trailer` names.
fn declared(names: &[u8], payload: Payload) -> Result<ChecksumAlgorithm, Error> {
    let mut found = None;
    for name in names.split(|&b| b == b',') {
        let algorithm =
            ChecksumAlgorithm::of_header(name.trim_ascii()).ok_or(ErrorCode::UnsupportedTrailer)?;
        if found.replace(algorithm).is_some() {
            return Err(ErrorCode::SeveralChecksums.into());
        }
    }
    let can_follow = matches!(payload, Payload::Chunked(chunking) if chunking.has_trailers());
    found.filter(|_| can_follow).ok_or_else(|| ErrorCode::UnsupportedTrailer.into())
}

/// Reads `x-amz-decoded-content-length`.
fn length(text: Option<&[u8]>) -> Result<u64, Error> {
    let digits = text.filter(|text| !text.is_empty() && text.iter().all(u8::is_ascii_digit));
    let digits = digits.ok_or(ErrorCode::MissingDecodedLength)?;
    let add = |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    match digits.iter().fold(0, add) {
        length if length <= MAX_LENGTH => Ok(length),
        _ => Err(ErrorCode::BodyTooLarge.into()),
    }
}

impl Chunking {
    /// Whether trailers may follow the chunks.
    fn has_trailers(self) -> bool {
        !matches!(self, Self::Signed | Self::SignedV4a)
    }
}
