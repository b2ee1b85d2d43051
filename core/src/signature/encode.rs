//! Percent-encoding as signatures have it: whatever way the client spelt a text, it is decoded once
//! and encoded once (spec: sigv4, section 2.1).
//!
//! Nearly every text arrives in its canonical spelling already. [`Spelling`] remembers that, so
//! that it is compared and copied as it stands.

use super::bytes::{all, find};
use super::sink::Sink;
use crate::http::{Plus, hex_digit};
use crate::short::SmallVec;
use std::cmp::Ordering;

/// Which rules a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// `/` stays as it is.
    pub keep_slash: bool,
    /// What `+` means.
    pub plus: Plus,
}

/// Names and values of a query.
pub(super) const QUERY: Rules = Rules { keep_slash: false, plus: Plus::Space };

impl Rules {
    /// Whether a decoded byte stands for itself in the canonical text.
    #[inline]
    fn keeps(self, b: u8) -> bool {
        // Without short cuts, so that it can be asked of many bytes at once.
        ((b | 0x20).wrapping_sub(b'a') < 26)
            | (b.wrapping_sub(b'0') < 10)
            | (b == b'-')
            | (b == b'.')
            | (b == b'_')
            | (b == b'~')
            | ((b == b'/') & self.keep_slash)
    }
}

/// A text with broken percent-escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenEscape;

/// How a text is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Decoding and encoding would give the same text.
    Canonical,
    /// It must be decoded and encoded.
    Other,
}

/// An encoded text whose escapes were checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoded<'r> {
    /// As received.
    pub text: &'r [u8],
    /// How it is spelt.
    pub spelling: Spelling,
    rules: Rules,
}

impl<'r> Encoded<'r> {
    /// Takes a text that is known to be unreserved bytes only.
    pub(super) fn plain(text: &'r [u8], rules: Rules) -> Self {
        Self { text, spelling: Spelling::Canonical, rules }
    }

    /// Checks a text's escapes and its spelling.
    pub(super) fn read(text: &'r [u8], rules: Rules) -> Result<Self, BrokenEscape> {
        Ok(Self { text, spelling: spelling(text, rules)?, rules })
    }

    /// The bytes that the text stands for.
    pub(super) fn decoded(self) -> impl Iterator<Item = u8> + use<'r> {
        Decoded { rest: self.text.iter(), plus: self.rules.plus }
    }

    /// How many bytes the text stands for.
    pub(super) fn decoded_length(self) -> usize {
        self.text.len() - 2 * self.text.iter().filter(|&&b| b == b'%').count()
    }

    /// Gives the bytes that the text stands for, in pieces.
    pub(super) fn decode_into(self, mut out: impl FnMut(&[u8])) {
        if self.spelling == Spelling::Other {
            return self.decoded().for_each(|byte| out(&[byte]));
        }
        // Nothing but escapes is to be decoded, and they are rare.
        let mut rest = self.text;
        while let Some((plain, high, low, after)) = next_escape(rest) {
            out(plain);
            out(&[hex_digit(high).unwrap_or_default() << 4 | hex_digit(low).unwrap_or_default()]);
            rest = after;
        }
        out(rest);
    }

    /// The canonical text.
    fn canonical(self) -> impl Iterator<Item = u8> + use<'r> {
        self.decoded().flat_map(move |b| {
            let (bytes, length) = if self.rules.keeps(b) { ([b, 0, 0], 1) } else { (escape(b), 3) };
            bytes.into_iter().take(length)
        })
    }

    /// Compares canonical texts as bytes.
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self.spelling, other.spelling) {
            (Spelling::Canonical, Spelling::Canonical) => self.text.cmp(other.text),
            _ => self.canonical().cmp(other.canonical()),
        }
    }

    /// Asks of the decoded text, if it is a short one that is spelt unusually.
    pub(super) fn with_decoded<R>(self, ask: impl FnOnce(&[u8]) -> Option<R>) -> Option<R> {
        let unusual = self.text.contains(&b'%') && self.text.len() <= 3 * 32;
        unusual.then(|| self.decoded().collect::<SmallVec<[u8; 32]>>()).and_then(|text| ask(&text))
    }

    /// Writes the canonical text.
    pub(super) fn write(self, sink: &mut impl Sink) {
        match self.spelling {
            Spelling::Canonical => sink.put(self.text),
            Spelling::Other => self.canonical().for_each(|b| sink.put_byte(b)),
        }
    }
}

/// Writes text that is not decoded first: every byte that is not unreserved or `/` is escaped. The
/// second encoding of services other than S3.
pub(super) fn write_escaped(text: &[u8], sink: &mut impl Sink) {
    let rules = Rules { keep_slash: true, plus: Plus::Literal };
    if plain(text, rules) {
        return sink.put(text);
    }
    for &b in text {
        if rules.keeps(b) {
            sink.put_byte(b);
        } else {
            sink.put(&escape(b));
        }
    }
}

fn escape(b: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value & 15)).copied().unwrap_or_default();
    [b'%', digit(b >> 4), digit(b)]
}

/// Whether there is nothing to decode or to escape.
fn plain(text: &[u8], rules: Rules) -> bool {
    all(text, |b| rules.keeps(b))
}

/// What stands before the first escape, its two digits, and what stands after it. A `%` that two
/// bytes do not follow is not found.
fn next_escape(text: &[u8]) -> Option<(&[u8], u8, u8, &[u8])> {
    let (plain, rest) = text.split_at_checked(find(text, b'%')?)?;
    match rest {
        [_, high, low, after @ ..] => Some((plain, *high, *low, after)),
        _ => None,
    }
}

fn spelling(text: &[u8], rules: Rules) -> Result<Spelling, BrokenEscape> {
    let mut canonical = true;
    let mut rest = text;
    while let Some((before, high, low, after)) = next_escape(rest) {
        let (Some(h), Some(l)) = (hex_digit(high), hex_digit(low)) else { return Err(BrokenEscape) };
        let as_written = !high.is_ascii_lowercase() && !low.is_ascii_lowercase();
        canonical = canonical && as_written && !rules.keeps(h << 4 | l) && plain(before, rules);
        rest = after;
    }
    if find(rest, b'%').is_some() {
        return Err(BrokenEscape);
    }
    Ok(if canonical && plain(rest, rules) { Spelling::Canonical } else { Spelling::Other })
}

/// Decodes text whose escapes were checked.
#[derive(Clone)]
struct Decoded<'r> {
    rest: std::slice::Iter<'r, u8>,
    plus: Plus,
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        Some(match *self.rest.next()? {
            b'%' => hex_digit(*self.rest.next()?)? << 4 | hex_digit(*self.rest.next()?)?,
            b'+' if self.plus == Plus::Space => b' ',
            b => b,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATH: Rules = Rules { keep_slash: true, plus: Plus::Literal };

    fn canonical(text: &str, rules: Rules) -> Result<String, BrokenEscape> {
        let mut out = Vec::new();
        Encoded::read(text.as_bytes(), rules)?.write(&mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn paths_are_decoded_once_and_encoded_once() {
        for (wire, expected) in [
            ("/b/a%20b", "/b/a%20b"),
            ("/b/a=b", "/b/a%3Db"),
            ("/b/%e4", "/b/%E4"),
            ("/b/%41", "/b/A"),
            ("/b/100%25", "/b/100%25"),
            ("/b/100%2525", "/b/100%2525"),
            ("/b//x/./y/..", "/b//x/./y/.."),
            ("/b/x%2Fy", "/b/x/y"),
            ("/b/a+b", "/b/a%2Bb"),
            ("/b/a b", "/b/a%20b"),
            ("/b/~._-", "/b/~._-"),
            ("/b/%7e", "/b/~"),
            ("/b/ä", "/b/%C3%A4"),
        ] {
            assert_eq!(canonical(wire, PATH).as_deref(), Ok(expected), "{wire}");
        }
        assert_eq!(canonical("/a+b", Rules { plus: Plus::Space, ..PATH }).as_deref(), Ok("/a%20b"));
    }

    #[test]
    fn queries_escape_the_slash_and_read_plus_as_a_space() {
        for (wire, expected) in
            [("a/b", "a%2Fb"), ("a+b", "a%20b"), ("a%2Bb", "a%2Bb"), ("a;b", "a%3Bb"), ("%2f", "%2F")]
        {
            assert_eq!(canonical(wire, QUERY).as_deref(), Ok(expected), "{wire}");
        }
    }

    #[test]
    fn broken_escapes_are_refused() {
        for wire in ["%", "a%2", "%zz", "%2", "%%20", "a%g0"] {
            assert_eq!(canonical(wire, PATH), Err(BrokenEscape), "{wire}");
        }
    }

    #[test]
    fn the_second_encoding_escapes_the_escapes() {
        let mut out = Vec::new();
        write_escaped(b"/a%20b/c~d", &mut out);
        assert_eq!(out, b"/a%2520b/c~d");
    }

    proptest! {
        #[test]
        fn a_canonical_text_is_a_fixed_point(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            for rules in [PATH, QUERY] {
                let mut once = Vec::new();
                write_all(&bytes, rules, &mut once);
                let encoded = Encoded::read(&once, rules).unwrap();
                prop_assert_eq!(encoded.spelling, Spelling::Canonical);
                prop_assert!(encoded.decoded().eq(bytes.iter().copied()));
                let mut decoded = Vec::new();
                encoded.decode_into(|bytes| decoded.extend_from_slice(bytes));
                prop_assert_eq!(decoded.as_slice(), bytes.as_slice());
                prop_assert_eq!(encoded.decoded_length(), bytes.len());
            }
        }

        #[test]
        fn spelling_tells_whether_writing_changes_anything(wire in "[a-zA-Z/+=%0-9 ]{0,20}") {
            if let Ok(encoded) = Encoded::read(wire.as_bytes(), QUERY) {
                let slow: Vec<u8> = encoded.canonical().collect();
                prop_assert_eq!(encoded.spelling == Spelling::Canonical, slow == wire.as_bytes());
            }
        }

        #[test]
        fn order_is_the_order_of_the_canonical_texts(a in "[ab+/%25]{0,6}", b in "[ab+/%25]{0,6}") {
            if let (Ok(x), Ok(y)) = (Encoded::read(a.as_bytes(), QUERY), Encoded::read(b.as_bytes(), QUERY)) {
                let expected = canonical(&a, QUERY).unwrap().cmp(&canonical(&b, QUERY).unwrap());
                prop_assert_eq!(x.compare(y), expected);
            }
        }
    }

    fn write_all(bytes: &[u8], rules: Rules, out: &mut Vec<u8>) {
        for &b in bytes {
            if rules.keeps(b) { out.push(b) } else { out.extend(escape(b)) }
        }
    }
}
