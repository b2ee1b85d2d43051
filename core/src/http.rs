//! The raw HTTP request, as it stood on the wire, and the one place where its path is decoded.
//!
//! Nothing here comes from a framework's idea of the request: a framework that decodes the path or
//! merges headers changes what the client signed. The bucket and key that policies see are decoded
//! from the very bytes that the signature covers ([`decode`]).

use crate::bytes::find;
use crate::short::SmallVec;
use std::net::IpAddr;

/// One header line: name as sent, value without the surrounding line syntax.
pub type Header<'a> = (&'a [u8], &'a [u8]);

/// Bytes that are usually short: they stay on the stack up to 128 bytes.
pub type ShortBytes = SmallVec<[u8; 128]>;

/// A raw HTTP request.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'a> {
    /// The method token as received; S3 methods are upper case.
    pub method: &'a [u8],
    /// The request target exactly as on the request line: path and query, still encoded.
    pub target: &'a [u8],
    /// Header lines in arrival order; a repeated name is a repeated entry.
    pub headers: &'a [Header<'a>],
    /// The address of the client, after the gateway has resolved its own trusted proxies.
    pub peer: Option<IpAddr>,
    /// Whether the client's connection is TLS.
    pub secure: bool,
    /// The whole body, where the gateway has it. Needed for operations whose body names what is
    /// touched (`DeleteObjects`), and compared with the signed payload hash when given.
    pub body: Option<&'a [u8]>,
}

impl<'a> HttpRequest<'a> {
    /// The target's path, before the first `?`, still encoded. An absolute-form target
    /// (`http://host/path`) is reduced to its path; an empty path is `/`.
    pub fn path(&self) -> &'a [u8] {
        split_target(self.target).0
    }

    /// The target's query, after the first `?`, still encoded; empty if there is none.
    pub fn query(&self) -> &'a [u8] {
        split_target(self.target).1
    }

    /// Path and query at once.
    pub fn path_and_query(&self) -> (&'a [u8], &'a [u8]) {
        split_target(self.target)
    }

    /// All values of a header, in arrival order. Names compare without regard to ASCII case.
    pub fn header_values<'n>(&self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, v)| *v)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, v)| *v)
    }
}

fn split_target(target: &[u8]) -> (&[u8], &[u8]) {
    let target = match target.first() {
        Some(b'/') | None => target,
        Some(_) => strip_authority(target),
    };
    let (path, query) = match find(target, b'?') {
        Some(at) => (target.get(..at).unwrap_or_default(), target.get(at + 1..).unwrap_or_default()),
        None => (target, &b""[..]),
    };
    (if path.is_empty() { b"/" } else { path }, query)
}

fn strip_authority(target: &[u8]) -> &[u8] {
    // A scheme is letters, digits, `+`, `-` and `.`; `://` further on belongs to the path or query.
    let scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let at = target.iter().position(|b| !scheme(b)).unwrap_or(target.len());
    let rest = target.get(at..).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(b"://") else { return target };
    match rest.iter().position(|&b| b == b'/' || b == b'?') {
        Some(at) => rest.get(at..).unwrap_or_default(),
        None => b"/",
    }
}

/// What `+` means where percent-encoded text is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// `+` is `+` (paths).
    Literal,
    /// `+` is a space (queries).
    Space,
}

/// Decodes percent-encoded text exactly once.
///
/// Returns `None` for a `%` that two hex digits do not follow.
pub fn decode(text: &[u8], plus: Plus) -> Option<ShortBytes> {
    let mut out = ShortBytes::new();
    if !text.iter().any(|&b| b == b'%' || b == b'+' && plus == Plus::Space) {
        out.extend_from_slice(text);
        return Some(out);
    }
    let mut rest = text;
    // Escapes are rare, so the text between two of them is copied at once.
    while let Some(at) = rest.iter().position(|b| matches!(b, b'%' | b'+')) {
        out.extend_from_slice(rest.get(..at)?);
        rest = match rest.get(at..)? {
            [b'%', high, low, after @ ..] => {
                out.push(hex_digit(*high)? << 4 | hex_digit(*low)?);
                after
            }
            [b'+', after @ ..] => {
                out.push(if plus == Plus::Space { b' ' } else { b'+' });
                after
            }
            _ => return None,
        };
    }
    out.extend_from_slice(rest);
    Some(out)
}

/// The value of one hex digit of either case.
pub fn hex_digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    }
}

/// The `name=value` pieces of a query in arrival order, still encoded. Empty pieces are dropped; a
/// piece without `=` has an empty value.
pub fn query_pairs(query: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = query;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (piece, after) = split_at_byte(rest, b'&');
            rest = after;
            if !piece.is_empty() {
                return Some(split_at_byte(piece, b'='));
            }
        }
        None
    })
}

/// What stands before and after the first occurrence of a byte.
fn split_at_byte(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match find(text, separator) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
        None => (text, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &[u8]) -> HttpRequest<'_> {
        HttpRequest { method: b"GET", target, headers: &[], peer: None, secure: false, body: None }
    }

    #[test]
    fn target_splits_at_the_first_question_mark() {
        assert_eq!(request(b"/b/k?a=1?2").path(), b"/b/k");
        assert_eq!(request(b"/b/k?a=1?2").query(), b"a=1?2");
        assert_eq!(request(b"http://h/b/k?x").path(), b"/b/k");
        assert_eq!(request(b"http://h?x").path(), b"/");
        assert_eq!(request(b"").path(), b"/");
        assert_eq!(request(b"*").path(), b"*");
        assert_eq!(request(b"b?x=http://h/k").path(), b"b");
    }

    #[test]
    fn decoding_happens_once_and_refuses_broken_escapes() {
        assert_eq!(decode(b"100%2525", Plus::Literal).unwrap().as_slice(), b"100%25");
        assert_eq!(decode(b"a+b", Plus::Literal).unwrap().as_slice(), b"a+b");
        assert_eq!(decode(b"a+b", Plus::Space).unwrap().as_slice(), b"a b");
        assert!(decode(b"%zz", Plus::Literal).is_none());
        assert!(decode(b"%4", Plus::Literal).is_none());
    }

    #[test]
    fn query_pairs_keep_order_and_drop_empty_pieces() {
        let pairs: Vec<_> = query_pairs(b"&b=2&&a&c=&=&=v&d=e=f&").collect();
        let expected: [(&[u8], &[u8]); 6] =
            [(b"b", b"2"), (b"a", b""), (b"c", b""), (b"", b""), (b"", b"v"), (b"d", b"e=f")];
        assert_eq!(pairs, expected);
    }
}
