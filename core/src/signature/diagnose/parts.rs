//! A canonical request taken apart, the server's or the client's own, and what differs between two.

use super::Difference;
use crate::bytes::find;
use crate::signature::refusal::text;
use crate::signature::sink::Sink;

/// The lines of a canonical request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub method: Vec<u8>,
    pub path: Vec<u8>,
    pub query: Vec<u8>,
    /// Name and value of each header line.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub list: Vec<u8>,
    pub payload: Vec<u8>,
}

/// Headers and parameters whose value is half of a credential.
const TOKENS: [&[u8]; 2] = [b"x-amz-security-token", b"x-amz-s3session-token"];

impl Parts {
    /// Takes a canonical request apart. Lines that are missing are empty.
    pub(super) fn of(canonical: &[u8]) -> Self {
        let mut lines = canonical
            .split(|&b| b == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            .fuse();
        let mut next = || lines.next().unwrap_or_default();
        let (method, path, query) = (next(), next(), next());
        let header = |line: Vec<u8>| {
            let (name, value) = cut(&line, b':');
            (name.to_vec(), value.unwrap_or_default().to_vec())
        };
        let headers = lines.by_ref().take_while(|line| !line.is_empty()).map(header).collect();
        let mut next = || lines.next().unwrap_or_default();
        Self { method, path, query, headers, list: next(), payload: next() }
    }

    /// Writes the canonical request.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        for line in [&self.method, &self.path, &self.query] {
            sink.put(line);
            sink.put_byte(b'\n');
        }
        for (name, value) in &self.headers {
            sink.put_line(name, value);
        }
        sink.put_byte(b'\n');
        sink.put(&self.list);
        sink.put_byte(b'\n');
        sink.put(&self.payload);
    }

    /// The canonical request for people to read: without session tokens.
    pub(super) fn shown(&self) -> String {
        let mut shown = self.clone();
        let pieces: Vec<Vec<u8>> = pieces(&self.query).map(hidden).collect();
        shown.query = pieces.join(&b'&');
        for (name, value) in &mut shown.headers {
            if is_token(name) {
                *value = HIDDEN.to_vec();
            }
        }
        let mut out = Vec::new();
        shown.write(&mut out);
        text(&out)
    }

    /// What differs between the client's canonical request and the server's.
    pub(super) fn differences(client: &Self, server: &Self) -> Vec<Difference> {
        let mut out = Vec::new();
        let mut line = |element: &str, client: &[u8], server: &[u8]| {
            if client != server {
                out.push(Difference::of(element, Some(client), Some(server)));
            }
        };
        line("method", &client.method, &server.method);
        line("path", &client.path, &server.path);
        query(&client.query, &server.query, &mut out);
        headers(&client.headers, &server.headers, &mut out);
        let mut line = |element: &str, client: &[u8], server: &[u8]| {
            if client != server {
                out.push(Difference::of(element, Some(client), Some(server)));
            }
        };
        line("signed headers", &client.list, &server.list);
        line("payload", &client.payload, &server.payload);
        out
    }
}

const HIDDEN: &[u8] = b"(session token)";

/// Whether a header or parameter of that name holds a session token.
pub(super) fn is_token(name: &[u8]) -> bool {
    TOKENS.iter().any(|token| name.eq_ignore_ascii_case(token))
}

/// The value of a header or parameter for people to read.
pub(super) fn value_shown<'v>(name: &[u8], value: &'v [u8]) -> &'v [u8] {
    if is_token(name) { HIDDEN } else { value }
}

/// The pieces of a query.
pub(super) fn pieces(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    query.split(|&b| b == b'&').filter(|piece| !piece.is_empty())
}

/// What stands before and after the first occurrence of a byte.
pub(super) fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match find(text, separator) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

fn hidden(piece: &[u8]) -> Vec<u8> {
    let (name, _) = cut(piece, b'=');
    if is_token(name) { [name, b"=", HIDDEN].concat() } else { piece.to_vec() }
}

fn query(client: &[u8], server: &[u8], out: &mut Vec<Difference>) {
    if client == server {
        return;
    }
    let (mut theirs, mut ours): (Vec<_>, Vec<_>) = (pieces(client).collect(), pieces(server).collect());
    theirs.sort_unstable();
    ours.sort_unstable();
    let (removed, added) = apart(&theirs, &ours);
    if removed.is_empty() && added.is_empty() {
        return out.push(Difference::of("query order", Some(&shown(client)), Some(&shown(server))));
    }
    let mut added = added.into_iter().map(Some).collect::<Vec<_>>();
    for piece in removed {
        let (name, value) = cut(piece, b'=');
        let same = added.iter_mut().find(|other| other.is_some_and(|other| cut(other, b'=').0 == name));
        let server = same.and_then(Option::take);
        let (client, server) = match server.map(|piece| cut(piece, b'=').1) {
            // Nothing but the `=` differs, so the whole piece says more than its value.
            Some(other) if value.is_none() || other.is_none() => (piece, server),
            other => (value.unwrap_or_default(), other.map(Option::unwrap_or_default)),
        };
        parameter(name, Some(client), server, out);
    }
    for piece in added.into_iter().flatten() {
        let (name, value) = cut(piece, b'=');
        parameter(name, None, Some(value.unwrap_or_default()), out);
    }
}

fn shown(query: &[u8]) -> Vec<u8> {
    pieces(query).map(hidden).collect::<Vec<_>>().join(&b'&')
}

fn parameter(name: &[u8], client: Option<&[u8]>, server: Option<&[u8]>, out: &mut Vec<Difference>) {
    let show = |value: Option<_>| value.map(|value| value_shown(name, value));
    let (client, server) = (show(client), show(server));
    out.push(Difference::of(&format!("query parameter {}", text(name)), client, server));
}

/// What stands in only the one of two sorted lists, and in only the other.
fn apart<'t>(a: &[&'t [u8]], b: &[&'t [u8]]) -> (Vec<&'t [u8]>, Vec<&'t [u8]>) {
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    let (mut only_a, mut only_b) = (Vec::new(), Vec::new());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x == y => drop((a.next(), b.next())),
            (Some(x), Some(y)) if x < y => only_a.extend(a.next()),
            (Some(_), None) => only_a.extend(a.next()),
            (_, Some(_)) => only_b.extend(b.next()),
            (None, None) => return (only_a, only_b),
        }
    }
}

type Lines = [(Vec<u8>, Vec<u8>)];

fn headers(client: &Lines, server: &Lines, out: &mut Vec<Difference>) {
    let value = |lines: &Lines, name: &[u8]| {
        let line = lines.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        line.map(|(name, value)| (name.clone(), value.clone()))
    };
    for (name, theirs) in client {
        let element = format!("header {}", text(&name.to_ascii_lowercase()));
        match value(server, name) {
            Some((spelt, ours)) if spelt == *name && ours == *theirs => {}
            Some((spelt, ours)) if ours == *theirs => {
                out.push(Difference::of(&element, Some(name), Some(&spelt)));
            }
            ours => {
                let ours = ours.as_ref().map(|(_, value)| value_shown(name, value));
                out.push(Difference::of(&element, Some(value_shown(name, theirs)), ours));
            }
        }
    }
    for (name, ours) in server.iter().filter(|(name, _)| value(client, name).is_none()) {
        let element = format!("header {}", text(name));
        out.push(Difference::of(&element, None, Some(value_shown(name, ours))));
    }
    let names = |lines: &Lines| lines.iter().map(|(name, _)| name.to_ascii_lowercase()).collect::<Vec<_>>();
    let (mut theirs, mut ours) = (names(client), names(server));
    if theirs != ours {
        let joined = |names: &[Vec<u8>]| names.join(&b';');
        let (client, server) = (joined(&theirs), joined(&ours));
        theirs.sort_unstable();
        ours.sort_unstable();
        if theirs == ours {
            out.push(Difference::of("header order", Some(&client), Some(&server)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CANONICAL: &[u8] = b"GET\n/b/k\na=1&b=2\nhost:h\nx-amz-date:d\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD";

    fn differences(client: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let found = Parts::differences(&Parts::of(client.as_bytes()), &Parts::of(CANONICAL));
        found.into_iter().map(|d| (d.element, d.client, d.server)).collect()
    }

    #[test]
    fn each_element_is_named_with_both_texts() {
        let server = String::from_utf8(CANONICAL.to_vec()).unwrap();
        let some = |text: &str| Some(text.to_owned());
        for (from, to, element, client, ours) in [
            ("GET", "HEAD", "method", some("HEAD"), some("GET")),
            ("/b/k", "/b//k", "path", some("/b//k"), some("/b/k")),
            ("a=1&b=2", "b=2&a=1", "query order", some("b=2&a=1"), some("a=1&b=2")),
            ("a=1&b=2", "a=1", "query parameter b", None, some("2")),
            ("a=1&b=2", "a=1&b=3", "query parameter b", some("3"), some("2")),
            ("a=1&b=2", "a=1&b=2&c=3", "query parameter c", some("3"), None),
            ("host:h\n", "host:h:9000\n", "header host", some("h:9000"), some("h")),
            ("host:h\n", "Host:h\n", "header host", some("Host"), some("host")),
            ("host:h\n", "", "header host", None, some("h")),
            ("\nhost;", "\n", "signed headers", some("x-amz-date"), some("host;x-amz-date")),
            ("UNSIGNED-PAYLOAD", "e3", "payload", some("e3"), some("UNSIGNED-PAYLOAD")),
        ] {
            let changed = server.replacen(from, to, 1);
            assert_eq!(differences(&changed), [(element.to_owned(), client, ours)], "{to}");
        }
        assert_eq!(differences(&server), []);
    }

    #[test]
    fn session_tokens_are_not_shown() {
        let with = "GET\n/\nX-Amz-Security-Token=SECRET\nx-amz-security-token:SECRET\n\nhost\ne3";
        let parts = Parts::of(with.as_bytes());
        let found = format!("{:?}{}", Parts::differences(&parts, &Parts::of(CANONICAL)), parts.shown());
        assert!(found.contains("(session token)") && !found.contains("SECRET"), "{found}");
    }

    proptest! {
        #[test]
        fn a_canonical_request_is_its_parts(
            lines in proptest::collection::vec("[a-z]{1,3}:[a-z =]{0,5}", 0..4),
            rest in "[A-Z]{0,3}\n/[a-z]{0,3}\n[a-z=&]{0,5}",
        ) {
            let headers: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let canonical = format!("{rest}\n{headers}\nlist\npayload");
            let mut written = Vec::new();
            Parts::of(canonical.as_bytes()).write(&mut written);
            prop_assert_eq!(String::from_utf8(written).unwrap(), canonical);
        }

        #[test]
        fn any_text_can_be_taken_apart(client in proptest::collection::vec(any::<u8>(), 0..200)) {
            Parts::differences(&Parts::of(&client), &Parts::of(CANONICAL));
        }
    }
}
