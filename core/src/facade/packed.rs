//! The packed request: one flat buffer that carries a whole raw request over a language boundary
//! where every single value would cost 100 ns or more.
//!
//! All numbers are little-endian.
//!
//! | offset | size | content |
//! |---|---|---|
//! | 0 | 1 | version, 1 or 2 |
//! | 1 | 1 | flags: 1 the connection is TLS, 2 a body follows, 4 the object's stored tags are given |
//! | 2 | 2 | number of headers |
//! | 4 | 2 | number of object tags |
//! | 6 | 2 | version 1: zero; version 2: number of lengths |
//! | 8 | 8 | now, milliseconds since 1970, signed |
//! | 16 | 4 | bytes of text |
//! | 20 | 4 | bytes of body |
//! | 24 | | version 1: text, then body; version 2: lengths of 4 bytes each, text, body |
//!
//! The text is a list of pieces: method, target, peer address (or empty), request id (or empty), then
//! name and value of each header, then key and value of each tag.
//!
//! - In version 1, the one for people to write, one line feed stands between two pieces. Their number
//!   must be exactly as announced, so a line feed smuggled into a piece is an error and never shifts
//!   the others.
//! - In version 2, which is quicker to write and to read, nothing stands between them, and the length
//!   of each piece stands before the text. There may be more lengths than pieces, so that the text can
//!   always begin at the same place; what stands in those does not matter.

use crate::bytes::find;
use crate::http::{Header, HttpRequest};
use crate::short::SmallVec;
use crate::{Error, ErrorCode, Timestamp};
use std::net::IpAddr;

/// The version of the encoding with line feeds.
pub const VERSION: u8 = 1;
/// The version of the encoding with lengths.
const WITH_LENGTHS: u8 = 2;
/// The largest packed request without its body, in bytes.
pub const MAX_PACKED_BYTES: usize = 256 * 1024;

const HEAD: usize = 24;
const FLAG_SECURE: u8 = 1;
const FLAG_BODY: u8 = 2;
const FLAG_TAGS: u8 = 4;

/// A request read from a packed buffer, which it borrows.
#[derive(Clone, Debug, Default)]
pub struct PackedRequest<'a> {
    /// The time of the request's arrival.
    pub now: Timestamp,
    /// The gateway's id of the request, for error bodies.
    pub request_id: &'a str,
    method: &'a [u8],
    target: &'a [u8],
    peer: Option<IpAddr>,
    secure: bool,
    body: Option<&'a [u8]>,
    headers: Headers<'a>,
    tags_known: bool,
    tags: Tags<'a>,
}

type Headers<'a> = SmallVec<[Header<'a>; 16]>;
type Tags<'a> = SmallVec<[(&'a str, &'a str); 4]>;

impl<'a> PackedRequest<'a> {
    /// Reads a packed buffer. Anything but exactly the announced content is
    /// [`ErrorCode::MalformedPackedRequest`].
    pub fn read(buffer: &'a [u8]) -> Result<Self, Error> {
        let mut packed = Self::default();
        packed.fill_whole(buffer)?;
        Ok(packed)
    }

    /// The same in place of what this request was; after an error it is neither. The request is large, and
    /// this does not move it.
    ///
    /// # Errors
    ///
    /// As of [`Self::read`].
    pub fn fill_whole(&mut self, buffer: &'a [u8]) -> Result<(), Error> {
        let head = Head::read(buffer)?;
        let (mut pieces, body) = head.split(buffer)?;
        if body.len() != head.body_bytes {
            return Err(malformed("the body has not the announced length"));
        }
        self.fill(&head, &mut pieces, (head.flags & FLAG_BODY != 0).then_some(body))
    }

    /// Reads the packed request at the start of a buffer that is used again and again, so it may be
    /// longer than what was packed. The body, if there is one, lies outside and is not copied.
    ///
    /// # Errors
    ///
    /// As of [`Self::read`].
    #[inline]
    pub fn read_reused(buffer: &'a [u8], body: Option<&'a [u8]>) -> Result<Self, Error> {
        let mut packed = Self::default();
        packed.fill_reused(buffer, body)?;
        Ok(packed)
    }

    /// The same in place of what this request was; after an error it is neither. The request is large, and
    /// this does not move it.
    ///
    /// # Errors
    ///
    /// As of [`Self::read`].
    #[inline]
    pub fn fill_reused(&mut self, buffer: &'a [u8], body: Option<&'a [u8]>) -> Result<(), Error> {
        let head = Head::read(buffer)?;
        let (mut pieces, _) = head.split(buffer)?;
        if head.flags & FLAG_BODY != 0 {
            return Err(malformed("the body is announced inside a reused buffer"));
        }
        self.fill(&head, &mut pieces, body)
    }

    #[inline]
    fn fill(&mut self, head: &Head, pieces: &mut Pieces<'a>, body: Option<&'a [u8]>) -> Result<(), Error> {
        (self.method, self.target) = pieces.pair()?;
        let (peer, request_id) = pieces.pair()?;
        self.now = head.now;
        self.request_id = utf8(request_id)?;
        self.peer = read_peer(peer)?;
        self.secure = head.flags & FLAG_SECURE != 0;
        self.body = body;
        self.tags_known = head.flags & FLAG_TAGS != 0;
        self.headers.clear();
        for _ in 0..head.headers {
            self.headers.push(pieces.pair()?);
        }
        self.tags.clear();
        for _ in 0..head.tags {
            let (key, value) = pieces.pair()?;
            self.tags.push((utf8(key)?, utf8(value)?));
        }
        pieces.end()
    }

    /// The raw HTTP request.
    pub fn http(&self) -> HttpRequest<'_> {
        HttpRequest {
            method: self.method,
            target: self.target,
            headers: &self.headers,
            peer: self.peer,
            secure: self.secure,
            body: self.body,
        }
    }

    /// The stored tags of the addressed object, where given.
    pub fn object_tags(&self) -> Option<&[(&'a str, &'a str)]> {
        self.tags_known.then_some(&self.tags)
    }
}

struct Head {
    version: u8,
    lengths: usize,
    flags: u8,
    headers: usize,
    tags: usize,
    now: Timestamp,
    text_bytes: usize,
    body_bytes: usize,
}

impl Head {
    fn read(buffer: &[u8]) -> Result<Self, Error> {
        let Some((head, _)) = buffer.split_first_chunk::<HEAD>() else {
            return Err(malformed("the head is cut short"));
        };
        let [version, flags, h0, h1, t0, t1, l0, l1, n @ ..] = *head;
        let [n0, n1, n2, n3, n4, n5, n6, n7, x0, x1, x2, x3, b0, b1, b2, b3] = n;
        if !matches!(version, VERSION | WITH_LENGTHS) {
            return Err(malformed("the version is neither 1 nor 2"));
        }
        let lengths = usize::from(u16::from_le_bytes([l0, l1]));
        if flags & !(FLAG_SECURE | FLAG_BODY | FLAG_TAGS) != 0 || version == VERSION && lengths != 0 {
            return Err(malformed("reserved bits are set"));
        }
        let head = Self {
            version,
            lengths,
            flags,
            headers: usize::from(u16::from_le_bytes([h0, h1])),
            tags: usize::from(u16::from_le_bytes([t0, t1])),
            now: Timestamp::from_unix_millis(i64::from_le_bytes([n0, n1, n2, n3, n4, n5, n6, n7])),
            text_bytes: u32::from_le_bytes([x0, x1, x2, x3]) as usize,
            body_bytes: u32::from_le_bytes([b0, b1, b2, b3]) as usize,
        };
        if head.tags > 0 && flags & FLAG_TAGS == 0 || head.body_bytes > 0 && flags & FLAG_BODY == 0 {
            return Err(malformed("tags or a body are present without their flag"));
        }
        Ok(head)
    }

    /// The pieces of the text, and what is behind the text.
    fn split<'a>(&self, buffer: &'a [u8]) -> Result<(Pieces<'a>, &'a [u8]), Error> {
        let cut = || malformed("the text is cut short");
        let rest = buffer.get(HEAD..).unwrap_or_default();
        let (lengths, rest) = rest.split_at_checked(4 * self.lengths).ok_or_else(cut)?;
        let (text, rest) = rest.split_at_checked(self.text_bytes).ok_or_else(cut)?;
        if text.len() > MAX_PACKED_BYTES {
            return Err(malformed("the text is too long"));
        }
        let pieces = match self.version {
            WITH_LENGTHS => Pieces::Measured { text, lengths: lengths.as_chunks().0.iter() },
            _ => Pieces::Lines { rest: Some(text) },
        };
        Ok((pieces, rest))
    }
}

/// The pieces of the text, taken one after another.
enum Pieces<'a> {
    /// What is left, with a line feed between two pieces; `None` behind the last.
    Lines { rest: Option<&'a [u8]> },
    /// What is left, with the length of each piece.
    Measured { text: &'a [u8], lengths: std::slice::Iter<'a, [u8; 4]> },
}

impl<'a> Pieces<'a> {
    #[inline]
    fn pair(&mut self) -> Result<(&'a [u8], &'a [u8]), Error> {
        Ok((self.piece()?, self.piece()?))
    }

    #[inline]
    fn piece(&mut self) -> Result<&'a [u8], Error> {
        let fewer = || malformed("there are fewer pieces than announced");
        match self {
            Pieces::Lines { rest } => {
                let text = rest.ok_or_else(fewer)?;
                let at = find(text, b'\n');
                *rest = at.and_then(|at| text.get(at + 1..));
                Ok(at.and_then(|at| text.get(..at)).unwrap_or(text))
            }
            Pieces::Measured { text, lengths } => {
                let length = u32::from_le_bytes(*lengths.next().ok_or_else(fewer)?) as usize;
                let (piece, rest) = text.split_at_checked(length).ok_or_else(fewer)?;
                *text = rest;
                Ok(piece)
            }
        }
    }

    /// Refuses text that belongs to no piece.
    fn end(&self) -> Result<(), Error> {
        match self {
            Pieces::Lines { rest: None } | Pieces::Measured { text: [], .. } => Ok(()),
            _ => Err(malformed("there are more pieces than announced")),
        }
    }
}

/// Reads a peer address: an IP address, empty for unknown.
fn read_peer(text: &[u8]) -> Result<Option<IpAddr>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = utf8(text)?.parse().map_err(|_| malformed("the peer is not an IP address"))?;
    Ok(Some(address))
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| malformed("text that must be UTF-8 is not"))
}

#[cold]
fn malformed(why: &'static str) -> Error {
    Error::with_message(ErrorCode::MalformedPackedRequest, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pack(pieces: &[&str], headers: u16, tags: u16, flags: u8, body: &[u8]) -> Vec<u8> {
        let text = pieces.join("\n");
        let mut out = vec![VERSION, flags];
        out.extend(headers.to_le_bytes());
        out.extend(tags.to_le_bytes());
        out.extend([0, 0]);
        out.extend(1_768_478_400_000i64.to_le_bytes());
        out.extend((text.len() as u32).to_le_bytes());
        out.extend((body.len() as u32).to_le_bytes());
        out.extend(text.as_bytes());
        out.extend(body);
        out
    }

    #[test]
    fn everything_arrives() {
        let buffer = pack(
            &["GET", "/b/k?x", "10.0.0.1", "R1", "Host", "h", "X-A", "", "env", "prod"],
            2,
            1,
            FLAG_SECURE | FLAG_BODY | FLAG_TAGS,
            b"body",
        );
        let packed = PackedRequest::read(&buffer).unwrap();
        let http = packed.http();
        assert_eq!((http.method, http.target), (&b"GET"[..], &b"/b/k?x"[..]));
        assert_eq!(http.headers, [(&b"Host"[..], &b"h"[..]), (b"X-A", b"")]);
        assert_eq!(http.peer, Some("10.0.0.1".parse().unwrap()));
        assert!(http.secure);
        assert_eq!(http.body, Some(&b"body"[..]));
        assert_eq!(packed.object_tags(), Some(&[("env", "prod")][..]));
        assert_eq!((packed.request_id, packed.now.unix_seconds()), ("R1", 1_768_478_400));
    }

    fn pack_with_lengths(pieces: &[&str], lengths: u16, headers: u16, flags: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![WITH_LENGTHS, flags];
        out.extend(headers.to_le_bytes());
        out.extend([0, 0]);
        out.extend(lengths.to_le_bytes());
        out.extend(1_768_478_400_000i64.to_le_bytes());
        out.extend((pieces.concat().len() as u32).to_le_bytes());
        out.extend((body.len() as u32).to_le_bytes());
        for at in 0..usize::from(lengths) {
            let length = pieces.get(at).map_or(u32::MAX, |piece| piece.len() as u32);
            out.extend(length.to_le_bytes());
        }
        out.extend(pieces.concat().as_bytes());
        out.extend(body);
        out
    }

    #[test]
    fn lengths_say_where_pieces_end() {
        let pieces = ["GET", "/b/k", "10.0.0.1", "", "Host", "h\nX", "", ""];
        for lengths in [8, 9, 64] {
            let buffer = pack_with_lengths(&pieces, lengths, 2, FLAG_BODY, b"body");
            let packed = PackedRequest::read(&buffer).unwrap();
            assert_eq!((packed.method, packed.target), (&b"GET"[..], &b"/b/k"[..]));
            assert_eq!(packed.http().headers, [(&b"Host"[..], &b"h\nX"[..]), (b"", b"")]);
            assert_eq!(packed.http().body, Some(&b"body"[..]));
            for end in 0..buffer.len() {
                assert!(PackedRequest::read(&buffer[..end]).is_err(), "cut at {end}");
            }
        }
    }

    #[test]
    fn lengths_that_do_not_fit_the_text_are_refused() {
        let good = pack_with_lengths(&["GET", "/b/k", "", ""], 4, 0, 0, b"");
        assert!(PackedRequest::read_reused(&good, None).is_ok());
        for length in [0u32, 2, 4, 8, u32::MAX] {
            let mut buffer = good.clone();
            buffer[HEAD..HEAD + 4].copy_from_slice(&length.to_le_bytes());
            assert!(PackedRequest::read_reused(&buffer, None).is_err(), "{length}");
        }
        let too_few = pack_with_lengths(&["GET", "/b/k", "", ""], 3, 0, 0, b"");
        assert!(PackedRequest::read(&too_few).is_err());
    }

    #[test]
    fn a_smuggled_line_feed_is_refused() {
        let buffer = pack(&["GET", "/", "", "", "X", "a\nAuthorization", "b"], 1, 0, 0, b"");
        assert_eq!(PackedRequest::read(&buffer).unwrap_err().code(), ErrorCode::MalformedPackedRequest);
    }

    #[test]
    fn every_truncation_is_refused() {
        let buffer = pack(&["GET", "/b/k", "", "", "Host", "h"], 1, 0, FLAG_BODY, b"body");
        assert!(PackedRequest::read(&buffer).is_ok());
        for end in 0..buffer.len() {
            assert!(PackedRequest::read(&buffer[..end]).is_err(), "cut at {end}");
        }
        let mut longer = buffer;
        longer.push(0);
        assert!(PackedRequest::read(&longer).is_err());
    }

    #[test]
    fn a_reused_buffer_may_be_longer_and_takes_the_body_from_outside() {
        let mut buffer = pack(&["GET", "/b/k", "", "", "Host", "h"], 1, 0, 0, b"");
        let packed_bytes = buffer.len();
        buffer.extend(b"\nleft over from an earlier request");
        assert!(PackedRequest::read(&buffer).is_err());
        let packed = PackedRequest::read_reused(&buffer, Some(b"body")).unwrap();
        assert_eq!(packed.http().headers, [(&b"Host"[..], &b"h"[..])]);
        assert_eq!(packed.http().body, Some(&b"body"[..]));
        for end in 0..packed_bytes {
            assert!(PackedRequest::read_reused(&buffer[..end], None).is_err(), "cut at {end}");
        }
        let inside = pack(&["GET", "/b/k", "", ""], 0, 0, FLAG_BODY, b"body");
        assert!(PackedRequest::read_reused(&inside, None).is_err());
    }

    #[test]
    fn nothing_is_left_of_the_request_that_was_there_before() {
        let before =
            pack(&["PUT", "/b/k", "::1", "R1", "Host", "h", "a", "b"], 1, 1, FLAG_SECURE | FLAG_TAGS, b"");
        let after = pack(&["GET", "/", "", ""], 0, 0, 0, b"");
        let mut packed = PackedRequest::read_reused(&before, Some(b"body")).unwrap();
        packed.fill_reused(&after, None).unwrap();
        let fresh = PackedRequest::read_reused(&after, None).unwrap();
        assert_eq!(format!("{packed:?}"), format!("{fresh:?}"));
    }

    proptest! {
        #[test]
        fn no_buffer_panics(mut buffer in proptest::collection::vec(any::<u8>(), 0..200), version in 0u8..3) {
            let _ = PackedRequest::read(&buffer);
            if let [first, flags, ..] = buffer.as_mut_slice() {
                (*first, *flags) = (version, *flags & 7);
            }
            let _ = PackedRequest::read(&buffer);
            let _ = PackedRequest::read_reused(&buffer, None);
        }
    }
}
