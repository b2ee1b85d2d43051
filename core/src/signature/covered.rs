//! The header lines that a signature covers: every name of the signed list with its lines, and
//! nothing that had to be signed left out (spec: sigv4, section 2.5).

use super::Options;
use super::headers::{Field, Headers, Name, write_value};
use super::signed_headers::{MalformedList, SignedHeaders};
use super::sink::Sink;
#[cfg(feature = "forms")]
use super::v4a;
use super::verified::Form;
use crate::bytes::{PLAIN, find, has_space};
use crate::short::SmallVec;

/// The list of signed headers and the lines of each. It is filled where it lies, since it is too large
/// to be passed around.
#[derive(Default)]
pub(super) struct Covered<'c> {
    list: SignedHeaders<'c>,
    /// The lines of each name, by their arrival.
    lines: SmallVec<[u16; 32]>,
    /// The list fits the headers, as was seen while it was read.
    fits: bool,
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

impl<'c> Covered<'c> {
    /// Reads the list, and matches it with the headers if that is done in one go.
    pub(super) fn read(
        &mut self,
        text: &'c [u8],
        headers: &Headers<'_>,
        form: Form,
        options: &Options,
    ) -> Result<(), MalformedList> {
        self.list.take(text)?;
        // A small wasm module does with the general way.
        self.fits = !PLAIN
            && options.ignored_amz_headers.is_empty()
            && headers.value(Field::Host).is_some()
            && headers.names().len() <= 32
            && self.fits_at_once(headers, form, options);
        if self.fits {
            return Ok(());
        }
        self.lines.clear();
        self.list.read()
    }

    /// Matches a sorted list whose names are all there with the few headers that most requests have.
    /// Nothing is wrong if it succeeds; if not, there is more to find out.
    fn fits_at_once(&mut self, headers: &Headers<'_>, form: Form, options: &Options) -> bool {
        let (mut covered, mut host_listed) = (0_u32, false);
        let (mut start, mut last) = (0, Name::lower(b""));
        let mut rest = Some(self.list.text());
        while let Some(text) = rest {
            let length = find(text, b';').unwrap_or(text.len());
            let name = Name::lower(text.get(..length).unwrap_or_default());
            rest = text.get(length + 1..);
            let first = self.lines.len();
            for (arrival, line) in headers.names().iter().enumerate() {
                if line.is(&name) {
                    self.lines.push(arrival as u16);
                    covered |= 1 << arrival;
                }
            }
            if self.lines.len() == first || last.cmp(&name).is_ge() {
                return false;
            }
            host_listed |= name.text == b"host";
            self.list.push(start, length, first as u16..self.lines.len() as u16);
            start += length + 1;
            last = name;
        }
        let is_left_out = |arrival: usize| covered & 1 << arrival == 0;
        let mut names = headers.names().iter().enumerate();
        host_listed
            && !names.any(|(arrival, name)| is_left_out(arrival) && must_be_signed(name, form, options))
    }

    /// Checks that the list fits the headers: every `x-amz-*` header must be on it, and every name on
    /// it must be there.
    pub(super) fn check<'r>(
        &mut self,
        headers: &Headers<'r>,
        form: Form,
        options: &Options,
    ) -> Result<(), Uncovered> {
        if self.fits {
            return Ok(());
        }
        let sorted = headers.sorted();
        let mut left = sorted.iter().peekable();
        let mut not_signed: SmallVec<[&[u8]; 8]> = Default::default();
        let mut pass_over = |name: &Name<'r>| {
            if must_be_signed(name, form, options) {
                not_signed.push(name.text);
            }
        };
        let (mut host_listed, mut absent) = (false, false);
        let lines = &mut self.lines;
        self.list.find_lines(|text| {
            let (name, first) = (Name::lower(text), lines.len());
            while let Some((line, arrival)) = left.next_if(|(line, _)| line.cmp(&name).is_le()) {
                if line.is(&name) { lines.push(*arrival) } else { pass_over(line) }
            }
            host_listed |= text == b"host";
            absent |= options.ignores(text) || (lines.len() == first && stand_in(text).is_none());
            first as u16..lines.len() as u16
        });
        left.for_each(|(line, _)| pass_over(line));
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

    /// Writes the canonical list.
    pub(super) fn write_list(&self, sink: &mut impl Sink) {
        self.list.write(sink);
    }

    /// Writes the canonical header lines.
    pub(super) fn write(&self, headers: &Headers<'_>, with: Substitutes<'_>, sink: &mut impl Sink) {
        for (name, listed) in self.list.names() {
            let substitute = match name {
                b"authorization" => continue,
                b"host" => with.host.or(headers.host()),
                b"accept-encoding" => with.accept_encoding,
                _ => None,
            };
            let lines = self.lines.get(usize::from(listed.lines.start)..usize::from(listed.lines.end));
            let lines = lines.unwrap_or_default();
            let only = match lines {
                [line] => substitute.unwrap_or(headers.line(*line)),
                _ => b" ",
            };
            if !PLAIN && !has_space(only) {
                sink.put_line(name, only);
                sink.advance();
                continue;
            }
            sink.put(name);
            sink.put_byte(b':');
            match (substitute, lines) {
                (Some(value), _) => write_value(value, sink),
                (None, []) => sink.put(stand_in(name).unwrap_or_default()),
                (None, [first, others @ ..]) => {
                    write_value(headers.line(*first), sink);
                    for &line in others {
                        sink.put_byte(b',');
                        write_value(headers.line(line), sink);
                    }
                }
            }
            sink.put_byte(b'\n');
        }
    }
}

/// Headers that HTTP servers and proxies consume, with the value that the client can only have signed.
fn stand_in(name: &[u8]) -> Option<&'static [u8]> {
    match name {
        b"expect" => Some(b"100-continue"),
        b"transfer-encoding" => Some(b"chunked"),
        // Absent where the body is chunked.
        b"content-length" => Some(b""),
        // The host has its own place and may be a pseudo-header; the signature cannot cover itself.
        b"host" | b"authorization" => Some(b""),
        _ => None,
    }
}

fn must_be_signed(name: &Name<'_>, form: Form, options: &Options) -> bool {
    if !name.is_amz() {
        return false;
    }
    let required = options.require_signed_amz_headers
        || (form.is_presigned()
            && name.text.get(..11).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"x-amz-meta-")));
    // Without a region in the scope, the region set is all that says where the signature is good.
    #[cfg(feature = "forms")]
    let required = required || (form == Form::HeaderV4a && name.text.eq_ignore_ascii_case(v4a::REGION_SET));
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
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn check(
        signed: &str,
        lines: &[(&str, &str)],
        form: Form,
        options: &Options,
    ) -> Result<String, Uncovered> {
        try_check(signed, lines, form, options).unwrap()
    }

    fn try_check(
        signed: &str,
        lines: &[(&str, &str)],
        form: Form,
        options: &Options,
    ) -> Result<Result<String, Uncovered>, MalformedList> {
        let lines: Vec<Header<'_>> = lines.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let mut headers = Headers::default();
        headers.read(&lines).unwrap();
        let mut covered = Covered::default();
        covered.read(signed.as_bytes(), &headers, form, options)?;
        if let Err(uncovered) = covered.check(&headers, form, options) {
            return Ok(Err(uncovered));
        }
        let mut out = Vec::new();
        covered.write(&headers, Substitutes::default(), &mut out);
        out.push(b'|');
        covered.write_list(&mut out);
        Ok(Ok(String::from_utf8(out).unwrap()))
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

    proptest! {
        #[test]
        fn matching_at_once_is_no_other_rule(
            listed in any::<[bool; 6]>(),
            change in "(;|;range|;b|;z|x|;expect|)",
            lines in proptest::collection::vec(
                ("[Hh]ost|x-amz-(a|content-sha256|meta-[abA]{12})|Range|b|expect|authorization", "[a ]{0,3}"),
                1..6,
            ),
        ) {
            let names = lines.iter().zip(listed).filter(|(_, listed)| *listed).map(|((name, _), _)| name.to_lowercase());
            let names: BTreeSet<String> = names.chain(["host".to_owned()]).collect();
            let signed = names.into_iter().collect::<Vec<_>>().join(";") + &change;
            let lines: Vec<(&str, &str)> = lines.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            // Some headers must not be repeated, and are refused before.
            let once = |name: &str| lines.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).count() < 2;
            prop_assume!(["host", "x-amz-content-sha256", "authorization"].into_iter().all(once));
            // With an ignored header the list is read first and matched later.
            let slowly = Options { ignored_amz_headers: vec!["x-amz-none".to_owned()], ..Options::default() };
            for form in [Form::HeaderV4, Form::PresignedV4] {
                let answers = [Options::default(), slowly.clone()].map(|options| try_check(&signed, &lines, form, &options));
                prop_assert_eq!(&answers[0], &answers[1]);
            }
        }
    }
}
