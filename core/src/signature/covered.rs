//! The header lines that a signature covers: every name of the signed list with its lines, and
//! nothing that had to be signed left out (spec: sigv4, section 2.5).

use super::Options;
use super::headers::{Headers, Name, Place, write_value};
use super::signed_headers::SignedHeaders;
use super::sink::Sink;
use super::verified::Form;
use crate::short::SmallVec;
use std::cmp::Ordering;
use std::ops::Range;

/// Where the lines of each name of the list are.
#[derive(Default)]
pub(super) struct Covered {
    /// For each name, its range of the headers' order.
    fields: SmallVec<[Range<u16>; 32]>,
}

/// Why the list does not fit the headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Uncovered {
    /// There is no host.
    NoHost,
    /// These headers had to be signed, sorted, with `, ` between two.
    NotSigned(String),
    /// A header was signed and is not there.
    Absent,
}

/// Values that stand in for the received ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Substitutes<'o> {
    /// In place of `host`.
    pub host: Option<&'o [u8]>,
    /// In place of `accept-encoding`.
    pub accept_encoding: Option<&'o [u8]>,
}

impl Covered {
    /// Matches the list with the headers. Every `x-amz-*` header must be on the list, and every name on
    /// the list must be there.
    pub(super) fn check(
        &mut self,
        signed: &SignedHeaders<'_>,
        headers: &Headers<'_>,
        form: Form,
        options: &Options,
    ) -> Result<(), Uncovered> {
        let order = headers.order();
        let mut not_signed: SmallVec<[&[u8]; 8]> = Default::default();
        let mut pass_over = |at: &Place| {
            let name = headers.line(*at).name;
            if must_be_signed(&name, form, options) {
                not_signed.push(name.text);
            }
        };
        let (mut host_listed, mut absent) = (false, false);
        let mut at = 0;
        for name in signed.names() {
            let mut lines = 0;
            while let Some(place) = order.get(at) {
                match headers.compare(*place, name) {
                    Ordering::Less => pass_over(place),
                    Ordering::Equal => lines += 1,
                    Ordering::Greater => break,
                }
                at += 1;
            }
            host_listed |= name.text == b"host";
            absent |= options.ignores(name.text) || (lines == 0 && stand_in(name.text).is_none());
            self.fields.push((at - lines) as u16..at as u16);
        }
        order.iter().skip(at).for_each(pass_over);
        if !host_listed {
            not_signed.push(b"host");
        }
        if !not_signed.is_empty() {
            return Err(Uncovered::NotSigned(list(&not_signed)));
        }
        if headers.host().is_none() {
            return Err(Uncovered::NoHost);
        }
        if absent { Err(Uncovered::Absent) } else { Ok(()) }
    }

    /// Writes the canonical header lines.
    pub(super) fn write(
        &self,
        signed: &SignedHeaders<'_>,
        headers: &Headers<'_>,
        with: Substitutes<'_>,
        sink: &mut impl Sink,
    ) {
        for (name, field) in signed.names().iter().zip(&self.fields) {
            let substitute = match () {
                () if name.text == b"authorization" => continue,
                () if name.text == b"host" => with.host.or(headers.host()),
                () if name.text == b"accept-encoding" => with.accept_encoding,
                () => None,
            };
            name.write_lower(sink);
            sink.put_byte(b':');
            let places = headers.order().get(usize::from(field.start)..usize::from(field.end));
            match (substitute, places.unwrap_or_default()) {
                (Some(value), _) => write_value(value, sink),
                (None, []) => sink.put(stand_in(name.text).unwrap_or_default()),
                (None, [first, others @ ..]) => {
                    write_value(headers.line(*first).value, sink);
                    for &place in others {
                        sink.put_byte(b',');
                        write_value(headers.line(place).value, sink);
                    }
                }
            }
            sink.put_byte(b'\n');
        }
    }
}

/// Headers that HTTP servers and proxies consume, with the value that the client can only have signed.
fn stand_in(name: &[u8]) -> Option<&'static [u8]> {
    const VALUES: [(&[u8], &[u8]); 5] = [
        (b"expect", b"100-continue"),
        (b"transfer-encoding", b"chunked"),
        // Absent where the body is chunked.
        (b"content-length", b""),
        // The host has its own place and may be a pseudo-header; the signature cannot cover itself.
        (b"host", b""),
        (b"authorization", b""),
    ];
    VALUES.iter().find(|(text, _)| *text == name).map(|(_, value)| *value)
}

fn must_be_signed(name: &Name<'_>, form: Form, options: &Options) -> bool {
    if !name.is_amz() {
        return false;
    }
    let required = options.require_signed_amz_headers
        || (form == Form::PresignedV4
            && name.text.get(..11).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"x-amz-meta-")));
    // The payload hash is a line of the canonical request by itself.
    required && !name.text.eq_ignore_ascii_case(b"x-amz-content-sha256") && !options.ignores(name.text)
}

fn list(names: &SmallVec<[&[u8]; 8]>) -> String {
    let mut names: Vec<String> =
        names.iter().map(|name| String::from_utf8_lossy(name).to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    let mut list = String::new();
    for name in &names {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(name);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Header;

    fn check(
        signed: &str,
        lines: &[(&str, &str)],
        form: Form,
        options: &Options,
    ) -> Result<String, Uncovered> {
        let lines: Vec<Header<'_>> = lines.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let mut headers = Headers::default();
        headers.read(&lines).unwrap();
        let mut list = SignedHeaders::default();
        list.read(signed.as_bytes()).unwrap();
        let mut covered = Covered::default();
        covered.check(&list, &headers, form, options)?;
        let mut out = Vec::new();
        covered.write(&list, &headers, Substitutes::default(), &mut out);
        out.push(b'|');
        list.write(&mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    fn strict(signed: &str, lines: &[(&str, &str)]) -> Result<String, Uncovered> {
        check(signed, lines, Form::HeaderV4, &Options::default())
    }

    fn not_signed(names: &str) -> Result<String, Uncovered> {
        Err(Uncovered::NotSigned(names.to_owned()))
    }

    #[test]
    fn lines_follow_the_sorted_list_and_repeated_lines_join_in_arrival_order() {
        let lines =
            [("My-Header1", "value4 "), ("Host", "h"), ("my-header1", "value1"), ("a", ""), ("z", "1")];
        let expected = "a:\nhost:h\nmy-header1:value4,value1\n|a;host;my-header1";
        assert_eq!(strict("a;host;my-header1", &lines).as_deref(), Ok(expected));
        assert_eq!(strict("my-header1;host;a", &lines).as_deref(), Ok(expected), "an unsorted list");
    }

    #[test]
    fn every_amz_header_and_the_host_must_be_signed() {
        let lines = [
            ("Host", "h"),
            ("X-Amz-Meta-B", "1"),
            ("x-amz-acl", "private"),
            ("X-Amz-Content-SHA256", "x"),
            ("x-amzn-trace-id", "t"),
        ];
        assert_eq!(strict("host", &lines), not_signed("x-amz-acl, x-amz-meta-b"));
        assert_eq!(strict("host;x-amz-acl", &lines), not_signed("x-amz-meta-b"));
        assert!(strict("host;x-amz-acl;x-amz-meta-b", &lines).is_ok());
        assert_eq!(strict("x-amz-acl;x-amz-meta-b", &lines), not_signed("host"));
        assert_eq!(strict("host", &[]), Err(Uncovered::NoHost));
        assert_eq!(strict("host", &[("Host", " ")]), Err(Uncovered::NoHost));
    }

    #[test]
    fn the_lax_option_still_covers_metadata_of_presigned_requests() {
        let lax = Options { require_signed_amz_headers: false, ..Options::default() };
        let lines = [("Host", "h"), ("x-amz-acl", "private"), ("x-amz-Meta-a", "1")];
        assert!(check("host", &lines, Form::HeaderV4, &lax).is_ok());
        assert_eq!(check("host", &lines, Form::PresignedV4, &lax), not_signed("x-amz-meta-a"));
    }

    #[test]
    fn ignored_headers_are_absent() {
        let options = Options { ignored_amz_headers: vec!["x-amz-cf-id".to_owned()], ..Options::default() };
        let lines = [("Host", "h"), ("X-Amz-Cf-Id", "1")];
        assert!(check("host", &lines, Form::HeaderV4, &options).is_ok());
        assert_eq!(check("host;x-amz-cf-id", &lines, Form::HeaderV4, &options), Err(Uncovered::Absent));
    }

    #[test]
    fn signed_headers_must_be_there_unless_http_consumes_them() {
        let lines = [("Host", "[::1]:9000")];
        assert_eq!(strict("host;range", &lines), Err(Uncovered::Absent));
        let consumed = "content-length:\nexpect:100-continue\nhost:[::1]:9000\ntransfer-encoding:chunked\n";
        let signed = "content-length;expect;host;transfer-encoding";
        assert_eq!(strict(signed, &lines), Ok(format!("{consumed}|{signed}")));
        let lines = [("Host", "h"), ("Expect", "x"), ("Content-Length", "12")];
        let written = strict("content-length;expect;host", &lines).unwrap();
        assert!(written.starts_with("content-length:12\nexpect:x\nhost:h\n"), "{written}");
    }

    #[test]
    fn the_signature_never_covers_itself() {
        let lines = [("Host", "h"), ("Authorization", "x")];
        assert_eq!(strict("authorization;host", &lines).as_deref(), Ok("host:h\n|authorization;host"));
    }
}
