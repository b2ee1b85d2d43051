//! The framing of chunked bodies, aws-chunked (spec: sigv4, sections 4.1 to 4.4): size lines, data, trailers.
//! What is released of a signed chunk is released once its signature is verified.

use super::chain::{Chain, Link, SignatureText};
use super::checksum::ChecksumAlgorithm;
use super::line::Line;
use super::sink::unhex_size;
use super::trailer::Trailers;
use crate::{Error, ErrorCode};
use sha2::{Digest, Sha256};

/// What comes between a size and its signature.
const EXTENSION: &[u8] = b";chunk-signature=";
/// The least size of a chunk that another one follows, where that is insisted on.
const MIN_CHUNK: u64 = 8192;

/// What a chunked body is to look like.
#[derive(Clone, Debug)]
pub(super) struct Framing {
    /// The signatures of the chunks, where they are signed.
    pub chain: Option<Chain>,
    /// The trailer that was declared.
    pub trailer: Option<ChecksumAlgorithm>,
    /// How long the decoded body is.
    pub length: u64,
    /// The largest chunk that is signed.
    pub max_chunk: u32,
    /// Whether small chunks are refused that are not the last.
    pub require_min_chunk: bool,
}

/// A chunked body under way.
pub(super) struct Chunks {
    framing: Framing,
    state: State,
    line: Line,
    trailers: Trailers,
    /// How much the chunks hold whose size lines were read.
    announced: u64,
    /// The size of the last of them.
    size: u64,
    signature: SignatureText,
    /// A signed chunk as far as it has arrived, where it does not lie in the input as a whole.
    gathered: Vec<u8>,
    hash: Sha256,
}

/// What comes next in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Size,
    /// So many bytes of the chunk are still to come.
    Data(u64),
    DataCr,
    DataLf,
    Trailers,
    End,
}

/// What a step made of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes were framing, or were gathered.
    Taken(usize),
    /// So many bytes are data that can be released as they lie there.
    Data(usize),
    /// So many bytes completed the gathered chunk, which can be released.
    Gathered(usize),
}

impl Chunks {
    /// A body of which nothing has arrived.
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            trailers: Trailers::new(framing.trailer),
            framing,
            state: State::Size,
            line: Line::new(),
            announced: 0,
            size: 0,
            signature: SignatureText::new(b""),
            gathered: Vec::new(),
            hash: Sha256::new(),
        }
    }

    /// How long the decoded body is said to be.
    pub(super) fn length(&self) -> u64 {
        self.framing.length
    }

    /// The chunk that [`Step::Gathered`] speaks of.
    pub(super) fn gathered(&self) -> &[u8] {
        &self.gathered
    }

    /// The trailers, once the body has ended as it should.
    pub(super) fn finish(&self) -> Result<&Trailers, Error> {
        match self.state {
            State::End => Ok(&self.trailers),
            State::Trailers if self.trailers.lack_signature() => Err(ErrorCode::MalformedTrailer.into()),
            _ => Err(ErrorCode::BodyTruncated.into()),
        }
    }

    /// Takes some of the input, which is not empty.
    pub(super) fn step(&mut self, input: &[u8]) -> Result<Step, Error> {
        match self.state {
            State::Size => {
                let (taken, line) = self.line.take(input).map_err(|_| malformed())?;
                let Some(line) = line else { return Ok(Step::Taken(taken)) };
                let (size, signature) = read_size_line(line, self.framing.chain.as_ref())?;
                let signature = SignatureText::new(signature);
                self.begin(size, signature)?;
                Ok(Step::Taken(taken))
            }
            State::Data(left) => self.data(input, left),
            State::DataCr => self.expect(input, b'\r', State::DataLf),
            State::DataLf => self.expect(input, b'\n', State::Size),
            State::Trailers => {
                // A body that may have no trailers ends in nothing but an empty line.
                let wrong = || {
                    if self.framing.trailer.is_some() {
                        ErrorCode::MalformedTrailer.into()
                    } else {
                        malformed()
                    }
                };
                let (taken, line) = self.line.take(input).map_err(|_| wrong())?;
                if let Some(line) = line
                    && self.trailers.take(line, self.framing.chain.as_mut())?
                {
                    self.state = State::End;
                }
                Ok(Step::Taken(taken))
            }
            State::End => Err(malformed()),
        }
    }

    fn expect(&mut self, input: &[u8], byte: u8, next: State) -> Result<Step, Error> {
        if input.first() != Some(&byte) {
            return Err(malformed());
        }
        self.state = next;
        Ok(Step::Taken(1))
    }

    /// Begins the chunk that a size line announces.
    fn begin(&mut self, size: u64, signature: SignatureText) -> Result<(), Error> {
        let Framing { length, max_chunk, require_min_chunk, .. } = self.framing;
        if size > 0 && require_min_chunk && self.announced > 0 && self.size < MIN_CHUNK {
            return Err(ErrorCode::ChunkTooSmall.into());
        }
        if size > u64::from(max_chunk) && self.framing.chain.is_some() {
            let message = format!("chunk too big: choose chunk size <= {max_chunk} bytes");
            return Err(Error::with_message(ErrorCode::ChunkTooLarge, message));
        }
        // Before any of it is released, so that nobody stores more than was announced.
        let announced = self.announced.saturating_add(size);
        if announced > length {
            return Err(ErrorCode::DecodedLengthMismatch.into());
        }
        (self.announced, self.size, self.signature) = (announced, size, signature);
        if size > 0 {
            self.state = State::Data(size);
            return Ok(());
        }
        self.verify(Sha256::new())?;
        if announced != length {
            return Err(ErrorCode::DecodedLengthMismatch.into());
        }
        self.state = State::Trailers;
        Ok(())
    }

    fn data(&mut self, input: &[u8], left: u64) -> Result<Step, Error> {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let data = input.get(..here).unwrap_or_default();
        let after = left - here as u64;
        self.state = if after > 0 { State::Data(after) } else { State::DataCr };
        if self.framing.chain.is_none() {
            return Ok(Step::Data(here));
        }
        if left == self.size {
            if after == 0 {
                self.verify(Sha256::new_with_prefix(data))?;
                return Ok(Step::Data(here));
            }
            self.gathered.clear();
            self.hash.reset();
        }
        self.hash.update(data);
        self.gather(data);
        if after > 0 {
            return Ok(Step::Taken(here));
        }
        let hash = self.hash.clone();
        self.verify(hash)?;
        Ok(Step::Gathered(here))
    }

    /// Keeps data of the chunk. The memory grows with what has arrived, whatever size was announced.
    fn gather(&mut self, data: &[u8]) {
        let needed = self.gathered.len() + data.len();
        if needed > self.gathered.capacity() {
            let size = usize::try_from(self.size).unwrap_or(usize::MAX);
            let wanted = needed.max(self.gathered.capacity().saturating_mul(2)).min(size);
            self.gathered.reserve_exact(wanted - self.gathered.len());
        }
        self.gathered.extend_from_slice(data);
    }

    /// Verifies the signature of the chunk whose data has this hash.
    fn verify(&mut self, hash: Sha256) -> Result<(), Error> {
        let Some(chain) = &mut self.framing.chain else { return Ok(()) };
        if chain.advance(Link::Chunk, &hash.finalize().into(), self.signature.bytes()) {
            return Ok(());
        }
        self.gathered = Vec::new();
        Err(ErrorCode::ChunkSignatureDoesNotMatch.into())
    }
}

fn malformed() -> Error {
    ErrorCode::MalformedChunk.into()
}

/// Reads a size line: one to sixteen hexadecimal digits, in a signed body the signature, and CR LF.
fn read_size_line<'l>(line: &'l [u8], chain: Option<&Chain>) -> Result<(u64, &'l [u8]), Error> {
    let line = line.strip_suffix(b"\r\n").ok_or_else(malformed)?;
    let digits = line.iter().position(|&b| b == b';').unwrap_or(line.len());
    let (size, extension) = line.split_at_checked(digits).unwrap_or_default();
    let size = unhex_size(size).ok_or_else(malformed)?;
    let Some(chain) = chain else {
        return if extension.is_empty() { Ok((size, b"")) } else { Err(malformed()) };
    };
    let signature = extension.strip_prefix(EXTENSION).filter(|text| text.len() == chain.wire_length());
    Ok((size, signature.ok_or_else(malformed)?))
}

#[cfg(test)]
mod tests {
    use super::super::SecretKey;
    use super::super::key::{Key, SigningKey};
    use super::super::scope::Scope;
    use super::*;

    #[test]
    fn memory_grows_with_what_has_arrived_and_not_with_what_is_announced() {
        let scope = Scope::read(b"AK/20260115/us-east-1/s3/aws4_request").unwrap();
        let key = Key::Mac(SigningKey::derive(&SecretKey::new("secret"), &scope));
        let mut chunks = Chunks::new(Framing {
            chain: Some(Chain::new(key, *b"20260115T120000Z", scope.text, &[b'0'; 64])),
            trailer: None,
            length: 5 << 30,
            max_chunk: 16 << 20,
            require_min_chunk: false,
        });
        let line = format!("1000000;chunk-signature={}\r\n", "0".repeat(64));
        assert_eq!(chunks.step(line.as_bytes()), Ok(Step::Taken(line.len())));
        assert_eq!(chunks.gathered.capacity(), 0);
        let (piece, mut arrived) = (vec![b'x'; 10_000], 0);
        while let Ok(Step::Taken(taken)) = chunks.step(&piece) {
            arrived += taken;
            assert!(chunks.gathered.capacity() <= 2 * arrived && chunks.gathered.capacity() <= 16 << 20);
        }
        assert_eq!(
            (arrived, chunks.gathered.capacity()),
            ((16 << 20) / 10_000 * 10_000, 0),
            "and is given back"
        );
    }
}
