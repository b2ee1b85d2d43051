//! The trailers behind the last chunk of a body (spec: sigv4, section 4.5).

use super::chain::{Chain, Link};
use super::checksum::{Checksum, ChecksumAlgorithm};
use crate::{Error, ErrorCode};
use sha2::{Digest, Sha256};

/// The trailer that signs the others.
const SIGNATURE: &[u8] = b"x-amz-trailer-signature";

/// The trailers as far as they have arrived. Each line of them ends in CR LF. In a signed block LF alone
/// will do, and one empty line may stand before the signature: so does MinIO's client end its last trailer.
#[derive(Clone, Debug)]
pub(super) struct Trailers {
    declared: Option<ChecksumAlgorithm>,
    /// The one that was declared, once it is there.
    value: Option<Trailer>,
    /// What the signature is over.
    hash: Sha256,
    gap: bool,
    signed: bool,
}

/// A trailer that was sent.
#[derive(Clone, Debug)]
struct Trailer {
    algorithm: ChecksumAlgorithm,
    text: Box<[u8]>,
}

impl Trailers {
    /// The trailers that the request declared.
    pub(super) fn new(declared: Option<ChecksumAlgorithm>) -> Self {
        Self { declared, value: None, hash: Sha256::new(), gap: false, signed: false }
    }

    /// Takes a line with its line feed; whether it was the last one.
    pub(super) fn take(&mut self, line: &[u8], chain: Option<&mut Chain>) -> Result<bool, Error> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = match text.strip_suffix(b"\r") {
            Some(text) => text,
            None if chain.is_some() && self.declared.is_some() => text,
            None => return Err(malformed()),
        };
        let complete = self.value.is_some() == self.declared.is_some();
        let unsigned = chain.is_some() && self.declared.is_some() && !self.signed;
        if text.is_empty() {
            return match () {
                () if !complete || self.gap && unsigned => Err(malformed()),
                () if unsigned => {
                    self.gap = true;
                    Ok(false)
                }
                () => Ok(true),
            };
        }
        let colon = text.iter().position(|&b| b == b':').ok_or_else(malformed)?;
        let (name, value) = text.split_at_checked(colon).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default();
        match chain {
            Some(chain) if name.eq_ignore_ascii_case(SIGNATURE) && unsigned && complete => {
                self.sign(value, chain).map(|()| false)
            }
            _ => self.note(name, value, text).map(|()| false),
        }
    }

    /// Keeps a trailer that was declared.
    fn note(&mut self, name: &[u8], value: &[u8], text: &[u8]) -> Result<(), Error> {
        let algorithm = ChecksumAlgorithm::of_header(name).ok_or_else(malformed)?;
        if self.value.is_some() || self.declared != Some(algorithm) {
            return Err(malformed());
        }
        self.hash.update(text);
        self.hash.update(b"\n");
        self.value = Some(Trailer { algorithm, text: value.into() });
        Ok(())
    }

    /// Verifies the signature of the trailers.
    fn sign(&mut self, signature: &[u8], chain: &mut Chain) -> Result<(), Error> {
        if signature.len() != chain.wire_length() {
            return Err(malformed());
        }
        self.signed = true;
        let hash = std::mem::take(&mut self.hash).finalize().into();
        if chain.advance(Link::Trailer, &hash, signature) {
            Ok(())
        } else {
            Err(ErrorCode::TrailerSignatureDoesNotMatch.into())
        }
    }

    /// Whether an empty line came where the signature was to come.
    pub(super) fn lack_signature(&self) -> bool {
        self.gap && !self.signed
    }

    /// The checksum that was sent.
    pub(super) fn checksum(&self) -> Option<Result<Checksum, Error>> {
        let Trailer { algorithm, text } = self.value.as_ref()?;
        Some(Checksum::read(*algorithm, text).ok_or_else(|| {
            let name = algorithm.header();
            let message = format!("Value for {name} trailing header is invalid.");
            Error::with_message(ErrorCode::InvalidChecksumValue, message)
        }))
    }
}

fn malformed() -> Error {
    ErrorCode::MalformedTrailer.into()
}
