//! The checksums that S3 knows for uploads: their names, their values in base64, and how they are computed
//! while a body passes (spec: sigv4, section 4.5).

use super::base64;
use super::crc::{self, CrcAlgorithm};
use crate::condition::value::to_base64;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt;
use xxhash_rust::{xxh3::Xxh3Default, xxh64::Xxh64};

/// A checksum algorithm of S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChecksumAlgorithm {
    /// CRC-32, the default of current clients.
    Crc32,
    /// CRC-32 with Castagnoli's polynomial.
    Crc32c,
    /// CRC-64/NVME.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// MD5, which `Content-MD5` has as well.
    Md5,
    /// XXH64 with the seed 0.
    XxHash64,
    /// XXH3 of 64 bits.
    XxHash3,
    /// XXH3 of 128 bits.
    XxHash128,
}

/// What a checksum header begins with.
const PREFIX: &[u8] = b"x-amz-checksum-";
/// The longest checksum, SHA-512.
const MAX_BYTES: usize = 64;

impl ChecksumAlgorithm {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Md5,
        Self::XxHash64,
        Self::XxHash3,
        Self::XxHash128,
    ];

    /// The name in `x-amz-sdk-checksum-algorithm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            Self::Md5 => "MD5",
            Self::XxHash64 => "XXHASH64",
            Self::XxHash3 => "XXHASH3",
            Self::XxHash128 => "XXHASH128",
        }
    }

    /// The header or trailer that carries the value.
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
            Self::Md5 => "x-amz-checksum-md5",
            Self::XxHash64 => "x-amz-checksum-xxhash64",
            Self::XxHash3 => "x-amz-checksum-xxhash3",
            Self::XxHash128 => "x-amz-checksum-xxhash128",
        }
    }

    /// The algorithm of a header, whose name compares without regard to case.
    pub(super) fn of_header(name: &[u8]) -> Option<Self> {
        let kind = name.get(PREFIX.len()..)?;
        let is_prefix =
            |name: &[u8]| name.get(..PREFIX.len()).is_some_and(|n| n.eq_ignore_ascii_case(PREFIX));
        if is_prefix(name) { Self::of_name(kind) } else { None }
    }

    /// The algorithm of a name, in any case.
    pub(super) fn of_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// How many bytes a value has.
    pub fn size(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme | Self::XxHash64 | Self::XxHash3 => 8,
            Self::Md5 | Self::XxHash128 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// The checksum of a body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Checksum {
    algorithm: ChecksumAlgorithm,
    /// Zeros behind the value.
    room: [u8; MAX_BYTES],
}

impl Checksum {
    fn new(algorithm: ChecksumAlgorithm, bytes: &[u8]) -> Self {
        let mut room = [0; MAX_BYTES];
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Self { algorithm, room }
    }

    /// Reads a value in padded base64, spelt in the one right way; `None` if it is none of this algorithm.
    pub(super) fn read(algorithm: ChecksumAlgorithm, text: &[u8]) -> Option<Self> {
        let bytes = base64::decode(text)?;
        let fits = bytes.len() == algorithm.size();
        fits.then(|| Self::new(algorithm, &bytes))
    }

    /// The algorithm.
    pub fn algorithm(&self) -> ChecksumAlgorithm {
        self.algorithm
    }

    /// The value, numbers in big endian.
    pub fn bytes(&self) -> &[u8] {
        self.room.get(..self.algorithm.size()).unwrap_or_default()
    }

    /// The value as headers carry it.
    pub fn base64(&self) -> String {
        to_base64(self.bytes())
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm.name(), self.base64())
    }
}

/// A checksum under way.
#[derive(Clone)]
pub(super) struct Summing {
    algorithm: ChecksumAlgorithm,
    state: State,
}

#[derive(Clone)]
enum State {
    Crc(crc::Digest),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
    Md5(Md5),
    Xxh64(Xxh64),
    /// Three times as large as all others.
    Xxh3(Box<Xxh3Default>),
}

impl Summing {
    /// The checksum of nothing yet.
    pub(super) fn new(algorithm: ChecksumAlgorithm) -> Self {
        let crc = |algorithm| State::Crc(crc::Digest::new(algorithm));
        let state = match algorithm {
            ChecksumAlgorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc),
            ChecksumAlgorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi),
            ChecksumAlgorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme),
            ChecksumAlgorithm::Sha1 => State::Sha1(Sha1::new()),
            ChecksumAlgorithm::Sha256 => State::Sha256(Sha256::new()),
            ChecksumAlgorithm::Sha512 => State::Sha512(Sha512::new()),
            ChecksumAlgorithm::Md5 => State::Md5(Md5::new()),
            ChecksumAlgorithm::XxHash64 => State::Xxh64(Xxh64::new(0)),
            ChecksumAlgorithm::XxHash3 | ChecksumAlgorithm::XxHash128 => State::Xxh3(Box::default()),
        };
        Self { algorithm, state }
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
            State::Md5(state) => state.update(bytes),
            State::Xxh64(state) => state.update(bytes),
            State::Xxh3(state) => state.update(bytes),
        }
    }

    /// The checksum of all bytes.
    pub(super) fn finish(&self) -> Checksum {
        let sum = |bytes: &[u8]| Checksum::new(self.algorithm, bytes);
        match &self.state {
            State::Crc(state) => {
                let bytes = state.finalize().to_be_bytes();
                sum(bytes.get(bytes.len() - self.algorithm.size().min(bytes.len())..).unwrap_or_default())
            }
            State::Sha1(state) => sum(&state.clone().finalize()),
            State::Sha256(state) => sum(&state.clone().finalize()),
            State::Sha512(state) => sum(&state.clone().finalize()),
            State::Md5(state) => sum(&state.clone().finalize()),
            State::Xxh64(state) => sum(&state.digest().to_be_bytes()),
            State::Xxh3(state) if self.algorithm == ChecksumAlgorithm::XxHash3 => {
                sum(&state.digest().to_be_bytes())
            }
            State::Xxh3(state) => sum(&state.digest128().to_be_bytes()),
        }
    }
}

impl fmt::Debug for Summing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Summing({})", self.algorithm.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of `123456789` that the algorithms' authors and the CRC catalogue publish, and that other
    /// implementations give for it.
    const OF_DIGITS: [(ChecksumAlgorithm, &str); 10] = [
        (ChecksumAlgorithm::Crc32, "cbf43926"),
        (ChecksumAlgorithm::Crc32c, "e3069283"),
        (ChecksumAlgorithm::Crc64Nvme, "ae8b14860a799888"),
        (ChecksumAlgorithm::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        (ChecksumAlgorithm::Sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        (
            ChecksumAlgorithm::Sha512,
            "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
        ),
        (ChecksumAlgorithm::Md5, "25f9e794323b453885f5181f1b624d0b"),
        (ChecksumAlgorithm::XxHash64, "8cb841db40e6ae83"),
        (ChecksumAlgorithm::XxHash3, "72dcb18b67a17dff"),
        (ChecksumAlgorithm::XxHash128, "33119477ede5dcd5e9716427681d5860"),
    ];

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn values_are_the_published_ones_however_the_bytes_arrive() {
        for (algorithm, expected) in OF_DIGITS {
            for split in 0..=9 {
                let (first, second) = b"123456789".split_at(split);
                let mut summing = Summing::new(algorithm);
                summing.update(first);
                summing.update(second);
                assert_eq!(hex(summing.finish().bytes()), expected, "{algorithm:?}");
            }
        }
    }

    #[test]
    fn names_and_headers_read_back() {
        for algorithm in ChecksumAlgorithm::ALL {
            assert_eq!(ChecksumAlgorithm::of_header(algorithm.header().as_bytes()), Some(algorithm));
            let upper = algorithm.header().to_ascii_uppercase();
            assert_eq!(ChecksumAlgorithm::of_header(upper.as_bytes()), Some(algorithm));
            assert_eq!(ChecksumAlgorithm::of_name(algorithm.name().as_bytes()), Some(algorithm));
        }
        for other in
            ["x-amz-checksum-", "x-amz-checksum-type", "x-amz-checksum-crc3", "x-amz-checksum_crc32", ""]
        {
            assert_eq!(ChecksumAlgorithm::of_header(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn values_are_padded_base64_of_the_right_length() {
        let read = |text: &str| Checksum::read(ChecksumAlgorithm::Crc32, text.as_bytes());
        assert_eq!(read("y/Q5Jg==").map(|sum| sum.base64()).as_deref(), Some("y/Q5Jg=="));
        for wrong in
            ["", "y/Q5Jg", "y/Q5Jg=", "y/Q5", "y/Q5JgA=", "cbf43926", "y_Q5Jg==", " y/Q5Jg==", "y/Q5Jh=="]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
