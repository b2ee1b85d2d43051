//! The canonical request and the string to sign (spec: sigv4, section 2), written to any sink.

use super::classify::ALGORITHM;
#[cfg(feature = "forms")]
use super::classify::ALGORITHM_V4A;
use super::covered::{Covered, Substitutes};
use super::encode::{Encoded, Rules, write_escaped};
use super::hash::{Buffer, Hashing};
use super::headers::Headers;
use super::query::Query;
use super::sink::{Sink, hex};
use crate::http::Plus;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};

/// The path of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Path<'r> {
    encoded: Encoded<'r>,
}

impl<'r> Path<'r> {
    /// Checks the path's escapes.
    pub(super) fn read(text: &'r [u8], plus: Plus) -> Result<Self, Error> {
        let rules = Rules { keep_slash: true, plus };
        let encoded = Encoded::read(text, rules).map_err(|_| Error::new(ErrorCode::InvalidUri))?;
        Ok(Self { encoded })
    }

    /// Writes the canonical path. S3 decodes once, encodes once and keeps every segment; all other
    /// services normalise the path and encode the encoded text again.
    fn write(self, is_s3: bool, sink: &mut impl Sink) {
        if is_s3 {
            return self.encoded.write(sink);
        }
        let mut segments: SmallVec<[&[u8]; 16]> = Default::default();
        let mut ends_with_slash = true;
        for segment in self.encoded.text.split(|&b| b == b'/') {
            match segment {
                b"" | b"." => ends_with_slash = true,
                b".." => {
                    segments.pop();
                    ends_with_slash = true;
                }
                _ => {
                    segments.push(segment);
                    ends_with_slash = false;
                }
            }
        }
        for segment in &segments {
            sink.put_byte(b'/');
            write_escaped(segment, sink);
        }
        if ends_with_slash || segments.is_empty() {
            sink.put_byte(b'/');
        }
    }
}

/// Everything that a canonical request is made of.
pub(super) struct CanonicalRequest<'a, 'r, 'c> {
    pub method: &'a [u8],
    pub path: Path<'r>,
    pub is_s3: bool,
    pub query: &'a Query<'r>,
    pub headers: &'a Headers<'r>,
    pub covered: &'a Covered<'c>,
    pub payload: &'a [u8],
}

impl CanonicalRequest<'_, '_, '_> {
    /// Writes it.
    pub(super) fn write(&self, with: Substitutes<'_>, sink: &mut impl Sink) {
        sink.put(self.method);
        sink.put_byte(b'\n');
        self.path.write(self.is_s3, sink);
        sink.put_byte(b'\n');
        self.query.write(sink);
        sink.put_byte(b'\n');
        sink.advance();
        self.covered.write(self.headers, with, sink);
        sink.put_byte(b'\n');
        self.covered.write_list(sink);
        sink.put_byte(b'\n');
        sink.put(self.payload);
    }

    /// Its hash in hexadecimal digits.
    pub(super) fn hash(&self, with: Substitutes<'_>, buffer: &mut Buffer) -> [u8; 64] {
        let mut hashing = Hashing::new(buffer);
        self.write(with, &mut hashing);
        hex(&hashing.finish())
    }
}

/// The string to sign.
#[derive(Clone, Copy)]
pub(super) struct StringToSign<'a> {
    /// `yyyymmddThhmmssZ`.
    pub date: &'a [u8; 16],
    /// The scope without the access key.
    pub scope: &'a [u8],
    /// The hash of the canonical request.
    pub request: &'a [u8; 64],
}

impl StringToSign<'_> {
    /// Writes it.
    #[inline]
    pub(super) fn write(&self, sink: &mut impl Sink) {
        self.write_for(ALGORITHM, sink);
    }

    /// Writes it for SigV4A.
    #[cfg(feature = "forms")]
    pub(super) fn write_v4a(&self, sink: &mut impl Sink) {
        self.write_for(ALGORITHM_V4A, sink);
    }

    /// Writes it for an algorithm.
    #[inline(always)]
    pub(super) fn write_for(&self, algorithm: &[u8], sink: &mut impl Sink) {
        sink.put(algorithm);
        sink.put_byte(b'\n');
        sink.put(self.date);
        sink.put_byte(b'\n');
        sink.put(self.scope);
        sink.put_byte(b'\n');
        sink.put(self.request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(wire: &str, is_s3: bool) -> String {
        let mut out = Vec::new();
        Path::read(wire.as_bytes(), Plus::Literal).unwrap().write(is_s3, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn s3_keeps_every_segment() {
        assert_eq!(path("/b//x/./y/..", true), "/b//x/./y/..");
        assert_eq!(path("/", true), "/");
    }

    #[test]
    fn other_services_normalise_and_encode_twice() {
        for (wire, expected) in [
            ("/a%20b/c%2Bd", "/a%2520b/c%252Bd"),
            ("/a/./b/../c//d", "/a/c/d"),
            ("//example//", "/example/"),
            ("/./", "/"),
            ("/", "/"),
            ("/../../a", "/a"),
            ("/a/..", "/"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/example space/", "/example%20space/"),
            ("/a", "/a"),
        ] {
            assert_eq!(path(wire, false), expected, "{wire}");
        }
    }

    #[test]
    fn broken_escapes_are_an_invalid_uri() {
        for wire in ["/b/%zz", "/%", "/%4"] {
            let error = Path::read(wire.as_bytes(), Plus::Literal).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidUri);
        }
    }
}
