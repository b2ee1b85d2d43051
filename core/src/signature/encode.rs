//! Percent-encoding as signatures have it: whatever way the client spelt a text, it is decoded once
//! and encoded once (spec: sigv4, section 2.1).
//!
//! Nearly every text arrives in its canonical spelling already. [`Spelling`] remembers that, so
//! that it is compared and copied as it stands.

use super::sink::Sink;
use crate::bytes::{classes, find, span};
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

/// Not unreserved.
const RESERVED: u8 = 1;
/// `/`.
const SLASH: u8 = 2;
/// `%`, which may begin an escape.
const PERCENT: u8 = 4;
/// `=`, which ends a name of a query.
const EQUALS: u8 = 8;
/// `&`, which ends a value of a query.
const AMPERSAND: u8 = 16;

/// What each byte is to the rules.
const CLASSES: [u8; 256] = {
    let mut classes = [RESERVED; 256];
    let mut b = 0;
    while let Some((class, _)) = classes.split_at_mut(b).1.split_first_mut() {
        *class = match b as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => 0,
            b'/' => SLASH,
            b'%' => PERCENT,
            b'=' => EQUALS,
            b'&' => AMPERSAND,
            _ => RESERVED,
        };
        b += 1;
    }
    classes
};

impl Rules {
    /// The classes of bytes that do not stand for themselves in the canonical text.
    fn escapes(self) -> u8 {
        if self.keep_slash { !SLASH } else { u8::MAX }
    }

    /// Whether a decoded byte stands for itself in the canonical text.
    fn keeps(self, b: u8) -> bool {
        classes(&[b], &CLASSES) & self.escapes() == 0
    }
}

/// A text with broken percent-escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenEscape;

/// How a text is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// It stands for itself: there is nothing to decode or to encode.
    Plain,
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

/// Nothing.
impl Default for Encoded<'_> {
    fn default() -> Self {
        Self { text: b"", spelling: Spelling::Plain, rules: QUERY }
    }
}

impl<'r> Encoded<'r> {
    /// Checks a text's escapes and its spelling.
    pub(super) fn read(text: &'r [u8], rules: Rules) -> Result<Self, BrokenEscape> {
        Self::of(text, classes(text, &CLASSES), rules)
    }

    /// Takes the name that a query begins with, up to `=` or `&`.
    pub(super) fn name(query: &'r [u8]) -> Result<Self, BrokenEscape> {
        Self::until(query, EQUALS | AMPERSAND)
    }

    /// Takes the value that a query begins with, up to `&`.
    pub(super) fn value(query: &'r [u8]) -> Result<Self, BrokenEscape> {
        Self::until(query, AMPERSAND)
    }

    fn until(query: &'r [u8], stop: u8) -> Result<Self, BrokenEscape> {
        let (length, found) = span(query, &CLASSES, stop);
        Self::of(query.get(..length).unwrap_or_default(), found, QUERY)
    }

    fn of(text: &'r [u8], found: u8, rules: Rules) -> Result<Self, BrokenEscape> {
        let spelling = match found & rules.escapes() {
            0 => Spelling::Plain,
            found => spelling(text, found, rules)?,
        };
        Ok(Self { text, spelling, rules })
    }

    /// The bytes that the text stands for.
    pub(super) fn decoded(self) -> impl Iterator<Item = u8> + use<'r> {
        Decoded { rest: self.text.iter(), plus: self.rules.plus }
    }

    /// Whether decoding and encoding would give the same text.
    pub(super) fn is_canonical(self) -> bool {
        self.spelling != Spelling::Other
    }

    /// Whether the text stands for more than `most` bytes.
    pub(super) fn is_longer_than(self, most: usize) -> bool {
        self.text.len() > most && self.decoded().nth(most).is_some()
    }

    /// The text, if it stands for itself.
    pub(super) fn as_is(self) -> Option<&'r [u8]> {
        (self.spelling == Spelling::Plain).then_some(self.text)
    }

    /// Gives the bytes that the text stands for, in pieces.
    pub(super) fn decode_into(self, mut out: impl FnMut(&[u8])) {
        match self.spelling {
            Spelling::Plain => out(self.text),
            Spelling::Canonical => {
                // Nothing but escapes is to be decoded, and they are rare.
                let mut rest = self.text;
                while let Some((plain, high, low, after)) = next_escape(rest) {
                    out(plain);
                    out(&[hex_digit(high).unwrap_or_default() << 4 | hex_digit(low).unwrap_or_default()]);
                    rest = after;
                }
                out(rest);
            }
            Spelling::Other => self.decoded().for_each(|byte| out(&[byte])),
        }
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
        if self.is_canonical() && other.is_canonical() {
            return self.text.cmp(other.text);
        }
        self.canonical().cmp(other.canonical())
    }

    /// Asks of the decoded text, if it is a short one that is spelt unusually.
    pub(super) fn with_decoded<R>(self, ask: impl FnOnce(&[u8]) -> Option<R>) -> Option<R> {
        let unusual = self.spelling != Spelling::Plain && self.text.len() <= 3 * 32;
        unusual.then(|| self.decoded().collect::<SmallVec<[u8; 32]>>()).and_then(|text| ask(&text))
    }

    /// Writes the canonical text.
    pub(super) fn write(self, sink: &mut impl Sink) {
        if self.is_canonical() {
            return sink.put(self.text);
        }
        self.canonical().for_each(|b| sink.put_byte(b));
    }
}

/// Writes text that is not decoded first: every byte that is not unreserved or `/` is escaped. The
/// second encoding of services other than S3.
pub(super) fn write_escaped(text: &[u8], sink: &mut impl Sink) {
    let rules = Rules { keep_slash: true, plus: Plus::Literal };
    if classes(text, &CLASSES) & rules.escapes() == 0 {
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

/// Encodes bytes that are not encoded yet.
#[cfg(any(test, feature = "forms"))]
pub(super) fn encode(bytes: &[u8], rules: Rules, out: &mut Vec<u8>) {
    for &b in bytes {
        if rules.keeps(b) { out.push(b) } else { out.extend(escape(b)) }
    }
}

fn escape(b: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value & 15)).copied().unwrap_or_default();
    [b'%', digit(b >> 4), digit(b)]
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

/// The spelling of a text with bytes of these classes that do not stand for themselves.
fn spelling(text: &[u8], found: u8, rules: Rules) -> Result<Spelling, BrokenEscape> {
    let mut canonical = found == PERCENT;
    let mut rest = if found & PERCENT == 0 { b"" } else { text };
    while let Some(at) = find(rest, b'%') {
        let Some(([_, high, low], after)) = rest.get(at..).and_then(|rest| rest.split_first_chunk()) else {
            return Err(BrokenEscape);
        };
        let (Some(h), Some(l)) = (hex_digit(*high), hex_digit(*low)) else { return Err(BrokenEscape) };
        canonical &= !high.is_ascii_lowercase() & !low.is_ascii_lowercase() & !rules.keeps(h << 4 | l);
        rest = after;
    }
    Ok(if canonical { Spelling::Canonical } else { Spelling::Other })
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
                encode(&bytes, rules, &mut once);
                let encoded = Encoded::read(&once, rules).unwrap();
                prop_assert!(encoded.is_canonical());
                prop_assert!(encoded.decoded().eq(bytes.iter().copied()));
                let mut decoded = Vec::new();
                encoded.decode_into(|bytes| decoded.extend_from_slice(bytes));
                prop_assert_eq!(decoded.as_slice(), bytes.as_slice());
                prop_assert!(!encoded.is_longer_than(bytes.len()));
                prop_assert!(bytes.is_empty() || encoded.is_longer_than(bytes.len() - 1));
            }
        }

        #[test]
        fn spelling_tells_whether_writing_changes_anything(wire in "[a-zA-Z/+=%0-9 ]{0,20}") {
            if let Ok(encoded) = Encoded::read(wire.as_bytes(), QUERY) {
                let slow: Vec<u8> = encoded.canonical().collect();
                prop_assert_eq!(encoded.is_canonical(), slow == wire.as_bytes());
                let plain = !wire.contains('%') && encoded.is_canonical();
                prop_assert_eq!(encoded.as_is(), plain.then_some(wire.as_bytes()));
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
}
