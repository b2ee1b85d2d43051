//! Bodies in chunks (aws-chunked; spec: sigv4, section 4).

use super::key::DayKey;
use super::{Moment, invalid};
use crate::Error;
use crate::http::HttpRequest;
use crate::signature::body::EMPTY;
use crate::signature::chain::{ChunkText, Link};
use crate::signature::hash::sha256;
use crate::signature::headers::trim;
use crate::signature::sink::hex;
use crate::signature::verified::Chunking;

/// How a body is cut into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkKind {
    /// Every chunk is signed: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`, or with ECDSA.
    Signed,
    /// Every chunk is signed, and so are the trailers: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`, or with
    /// ECDSA.
    SignedTrailer,
    /// No chunk is signed; a checksum follows as a trailer: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
    UnsignedTrailer,
}

impl ChunkKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Signed, Self::SignedTrailer, Self::UnsignedTrailer];

    /// `signed`, `signed-trailer` or `unsigned-trailer`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::SignedTrailer => "signed-trailer",
            Self::UnsignedTrailer => "unsigned-trailer",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The payload line.
    pub(super) fn payload(self, key: &DayKey) -> &'static [u8] {
        let chunking = match (self, key) {
            (Self::UnsignedTrailer, _) => Chunking::UnsignedTrailer,
            (Self::Signed, DayKey::Mac(_)) => Chunking::Signed,
            (Self::Signed, DayKey::Ecdsa(_)) => Chunking::SignedV4a,
            (Self::SignedTrailer, DayKey::Mac(_)) => Chunking::SignedTrailer,
            (Self::SignedTrailer, DayKey::Ecdsa(_)) => Chunking::SignedV4aTrailer,
        };
        chunking.name().as_bytes()
    }

    fn is_signed(self) -> bool {
        self != Self::UnsignedTrailer
    }

    fn has_trailers(self) -> bool {
        self != Self::Signed
    }
}

/// What the headers of a request say of its chunks.
#[derive(Debug)]
pub(super) struct Declared {
    /// The length of the data.
    bytes: u64,
    /// The names of the trailers, in lower case.
    trailers: Vec<String>,
}

impl Declared {
    /// Reads the headers.
    pub(super) fn read(request: &HttpRequest<'_>, kind: ChunkKind) -> Result<Self, Error> {
        let length = request.header("x-amz-decoded-content-length").map(trim);
        let bytes = length
            .filter(|text| text.iter().all(u8::is_ascii_digit))
            .and_then(|text| std::str::from_utf8(text).ok()?.parse().ok())
            .ok_or_else(|| invalid("a body in chunks needs the header 'x-amz-decoded-content-length', the length of its data in bytes"))?;
        let trailers: Vec<String> = request
            .header_values("x-amz-trailer")
            .flat_map(|value| value.split(|&b| b == b','))
            .map(|name| String::from_utf8_lossy(trim(name)).to_ascii_lowercase())
            .collect();
        match kind {
            ChunkKind::Signed if !trailers.is_empty() => Err(invalid(
                "chunks of this kind have no trailers; leave out the header 'x-amz-trailer' or choose another kind",
            )),
            ChunkKind::SignedTrailer if trailers.is_empty() => Err(invalid(
                "chunks with a signed trailer need the header 'x-amz-trailer', the name of the trailer",
            )),
            _ => Ok(Self { bytes, trailers }),
        }
    }
}

/// Writes a body in chunks. Made by [`Signer::sign_chunks`](super::Signer::sign_chunks), since every chunk is
/// signed together with what came before it.
pub struct ChunkSigner {
    kind: ChunkKind,
    declared: Declared,
    moment: Moment,
    /// The signature of what came last.
    previous: String,
    /// How much data there was.
    bytes: u64,
}

impl std::fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChunkSigner")
            .field("kind", &self.kind)
            .field("declared", &self.declared)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl ChunkSigner {
    /// What goes on from the signature of a request.
    pub(super) fn new(kind: ChunkKind, declared: Declared, moment: Moment, seed: String) -> Self {
        Self { kind, declared, moment, previous: seed, bytes: 0 }
    }

    /// Appends one chunk of these bytes. No bytes are no chunk, since that would be the end.
    ///
    /// S3 takes chunks of 8 KiB or more but for the last; 64 KiB are usual, and servers limit them (this
    /// library's verifier to 16 MiB).
    ///
    /// See [`Signer::sign_chunks`](super::Signer::sign_chunks) for an example.
    pub fn encode(&mut self, data: &[u8], out: &mut Vec<u8>) {
        if data.is_empty() {
            return;
        }
        self.bytes = self.bytes.saturating_add(data.len() as u64);
        self.start(data, out);
        out.extend_from_slice(data);
        out.extend_from_slice(b"\r\n");
    }

    /// Appends the end of the body, with the trailers in their order.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] where the server would refuse the body: the length of the data is not
    /// that of `x-amz-decoded-content-length`, or the trailers are not those of `x-amz-trailer`, or a value
    /// cannot be one. Nothing is appended then.
    pub fn finish(mut self, trailers: &[(&str, &str)], out: &mut Vec<u8>) -> Result<(), Error> {
        self.check(trailers)?;
        self.start(b"", out);
        let mut block = Vec::new();
        for (name, value) in trailers {
            let name = name.to_ascii_lowercase();
            for (text, end) in [(&mut *out, &b"\r\n"[..]), (&mut block, b"\n")] {
                text.extend_from_slice(name.as_bytes());
                text.push(b':');
                text.extend_from_slice(value.as_bytes());
                text.extend_from_slice(end);
            }
        }
        if self.kind == ChunkKind::SignedTrailer {
            self.sign(Link::Trailer, hex(&sha256(&[&block])));
            out.extend_from_slice(b"x-amz-trailer-signature:");
            self.put_signature(out);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn check(&self, trailers: &[(&str, &str)]) -> Result<(), Error> {
        if self.bytes != self.declared.bytes {
            return Err(invalid(format!(
                "the data is {} bytes long, and 'x-amz-decoded-content-length' says {}",
                self.bytes, self.declared.bytes
            )));
        }
        let mut given: Vec<String> = trailers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let mut declared = self.declared.trailers.clone();
        given.sort_unstable();
        declared.sort_unstable();
        if given != declared {
            return Err(invalid(format!(
                "the trailers are [{}], and 'x-amz-trailer' says [{}]",
                given.join(", "),
                declared.join(", ")
            )));
        }
        let is_value = |value: &str| value.bytes().all(|b| b.is_ascii_graphic());
        if !trailers.iter().all(|(_, value)| is_value(value)) {
            return Err(invalid("the value of a trailer must be visible ASCII characters without spaces"));
        }
        Ok(())
    }

    /// Begins a chunk: its size and, where it has one, its signature.
    fn start(&mut self, data: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{:x}", data.len()).as_bytes());
        if self.kind.is_signed() {
            let hash = if data.is_empty() { *EMPTY } else { hex(&sha256(&[data])) };
            self.sign(Link::Chunk, hash);
            out.extend_from_slice(b";chunk-signature=");
            self.put_signature(out);
        }
        out.extend_from_slice(b"\r\n");
    }

    /// Signs what comes next, after what came before it.
    fn sign(&mut self, link: Link, hash: [u8; 64]) {
        let mut text = Vec::with_capacity(512);
        ChunkText {
            algorithm: self.moment.key.algorithm(),
            link,
            date: &self.moment.date,
            scope: self.moment.scope(),
            previous: self.previous.as_bytes(),
            hash,
        }
        .write(&mut text);
        self.previous = self.moment.key.sign(&text);
    }

    /// Appends the last signature. All have one length in the body, so that it is known before.
    fn put_signature(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.previous.as_bytes());
        let missing = self.moment.key.signature_width().saturating_sub(self.previous.len());
        out.extend(std::iter::repeat_n(b'*', missing));
    }
}

/// How long a body becomes.
pub(super) fn encoded_length(
    kind: ChunkKind,
    signature_width: usize,
    (data_bytes, chunk_bytes): (u64, u64),
    trailers: &[(&str, usize)],
) -> Result<u64, Error> {
    if !kind.has_trailers() && !trailers.is_empty() {
        return Err(invalid("chunks of this kind have no trailers; choose another kind"));
    }
    let (Some(whole), Some(rest)) =
        (data_bytes.checked_div(chunk_bytes), data_bytes.checked_rem(chunk_bytes))
    else {
        return Err(invalid("a chunk has at least one byte"));
    };
    let signature = |name: &str| if kind.is_signed() { (name.len() + signature_width) as u64 } else { 0 };
    // The size, maybe a signature, and a line end.
    let head = |size: u64| {
        let digits = u64::from(size.checked_ilog(16).unwrap_or(0)) + 1;
        digits + signature(";chunk-signature=") + 2
    };
    let chunk = |size: u64| size.checked_add(head(size) + 2);
    let lines = trailers.iter().try_fold(0_u64, |sum, (name, value)| {
        sum.checked_add(name.len() as u64)?.checked_add(*value as u64)?.checked_add(3)
    });
    let total = || {
        let whole = whole.checked_mul(chunk(chunk_bytes)?)?;
        let rest = if rest == 0 { 0 } else { chunk(rest)? };
        let trailer_signature = match kind {
            ChunkKind::SignedTrailer => signature("x-amz-trailer-signature:") + 2,
            ChunkKind::Signed | ChunkKind::UnsignedTrailer => 0,
        };
        whole.checked_add(rest)?.checked_add(head(0))?.checked_add(lines?)?.checked_add(trailer_signature + 2)
    };
    total().ok_or_else(|| invalid("the length of the body is out of range"))
}
