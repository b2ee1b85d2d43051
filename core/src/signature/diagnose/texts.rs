//! How hosts, paths, queries and values get changed, and how they are changed back.

use super::parts::cut;
use crate::http::{Plus, decode};
use crate::signature::RepeatedQueryOrder;
use crate::signature::encode::write_escaped;
use crate::signature::query::Query;

pub(super) fn split_port(host: &[u8]) -> (&[u8], Option<&[u8]>) {
    let at = host.iter().rposition(|&b| b == b':');
    let split = at.and_then(|at| Some((host.get(..at)?, host.get(at + 1..)?)));
    // The colons of an address in brackets begin no port.
    match split {
        Some((name, port)) if port.iter().all(u8::is_ascii_digit) => (name, Some(port)),
        _ => (host, None),
    }
}

pub(super) fn with_port(name: &[u8], port: &[u8]) -> Vec<u8> {
    if port.is_empty() { name.to_vec() } else { [name, b":", port].concat() }
}

pub(super) fn unquoted(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

/// Text with every occurrence of another text replaced.
pub(super) fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    replace_into(text, from, to, &mut out);
    out
}

/// Writes a text with every occurrence of another text replaced.
pub(super) fn replace_into(text: &[u8], from: &[u8], to: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(&b) = rest.first() {
        match rest.strip_prefix(from) {
            Some(after) => {
                out.extend_from_slice(to);
                rest = after;
            }
            None => {
                out.push(b);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
}

/// The canonical path of a canonical path that somebody decoded.
pub(super) fn decoded_again(path: &[u8]) -> Option<Vec<u8>> {
    let once = decode(path, Plus::Literal)?;
    decode(&once, Plus::Literal).map(|twice| escaped(&twice))
}

/// Every byte escaped that is not unreserved or a slash, `%` as well.
pub(super) fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_escaped(text, &mut out);
    out
}

/// Escapes with lower-case digits.
pub(super) fn lower_case_escapes(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    let mut digits = 0;
    for b in &mut out {
        if digits > 0 {
            b.make_ascii_lowercase();
            digits -= 1;
        } else if *b == b'%' {
            digits = 2;
        }
    }
    out
}

/// Text in which these bytes are not escaped.
pub(super) fn sparing(text: &[u8], spared: &[u8]) -> Vec<u8> {
    spared.iter().fold(text.to_vec(), |text, b| replaced(&text, format!("%{b:02X}").as_bytes(), &[*b]))
}

/// A path without empty segments.
pub(super) fn collapsed(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    for &b in path {
        if b != b'/' || out.last() != Some(&b'/') {
            out.push(b);
        }
    }
    out
}

/// A path without `.` and `..`, and without empty segments if asked for.
pub(super) fn normalised(path: &[u8], collapse: bool) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::new();
    let all: Vec<&[u8]> = path.get(1..).unwrap_or_default().split(|&b| b == b'/').collect();
    for (at, segment) in all.iter().enumerate() {
        let is_last = at + 1 == all.len();
        match *segment {
            b"." | b".." => {
                if *segment == b".." {
                    segments.pop();
                }
                if is_last {
                    segments.push(b"");
                }
            }
            b"" if collapse && !is_last => {}
            segment => segments.push(segment),
        }
    }
    [b"/", segments.join(&b'/').as_slice()].concat()
}

/// The canonical form of a query.
pub(super) fn canonical(query: &[u8], order: RepeatedQueryOrder) -> Option<Vec<u8>> {
    let mut read = Query::default();
    read.read(query, order).ok()?;
    let mut out = Vec::new();
    read.write(&mut out);
    Some(out)
}

/// A canonical piece of a query as it was before somebody encoded it once more.
pub(super) fn encoded_once_less(piece: &[u8]) -> Option<Vec<u8>> {
    let once = |text: &[u8]| {
        let twice = decode(&decode(text, Plus::Literal)?, Plus::Literal)?;
        Some(replaced(&escaped(&twice), b"/", b"%2F"))
    };
    let (name, value) = cut(piece, b'=');
    Some([once(name)?, once(value.unwrap_or_default())?].join(&b'='))
}

pub(super) fn sorted<K: Ord>(pieces: &[&[u8]], key: impl Fn(&[u8]) -> K) -> Vec<u8> {
    let mut sorted = pieces.to_vec();
    sorted.sort_by_key(|piece| key(piece));
    sorted.join(&b'&')
}

pub(super) fn first_of_each<'q>(pieces: &[&'q [u8]]) -> Vec<&'q [u8]> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for piece in pieces {
        if kept.last().is_none_or(|last| cut(last, b'=').0 != cut(piece, b'=').0) {
            kept.push(piece);
        }
    }
    kept
}

pub(super) fn last_of_each<'q>(pieces: &[&'q [u8]]) -> Vec<&'q [u8]> {
    let reversed: Vec<&[u8]> = pieces.iter().rev().copied().collect();
    first_of_each(&reversed).into_iter().rev().collect()
}

/// Text in Latin-1 as UTF-8.
pub(super) fn as_utf8(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&b| char::from(b)).collect::<String>().into_bytes()
}

/// Text in UTF-8 as Latin-1, as far as that goes.
pub(super) fn as_latin_1(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn paths_are_normalised_as_curl_and_browsers_do() {
        for (path, dots, all) in [
            ("/b/x/../y", "/b/y", "/b/y"),
            ("/b//x", "/b//x", "/b/x"),
            ("/b/./x/", "/b/x/", "/b/x/"),
            ("/b/x/..", "/b/", "/b/"),
            ("/..", "/", "/"),
            ("/", "/", "/"),
        ] {
            assert_eq!(text(normalised(path.as_bytes(), false)), dots, "{path}");
            assert_eq!(text(normalised(path.as_bytes(), true)), all, "{path}");
        }
        assert_eq!(text(collapsed(b"//a///b/")), "/a/b/");
    }

    #[test]
    fn texts_are_changed_as_clients_do() {
        assert_eq!(text(replaced(b"a+b+", b"+", b"%2B")), "a%2Bb%2B");
        assert_eq!(text(lower_case_escapes(b"A%2F%e4B")), "A%2f%e4B");
        assert_eq!(text(sparing(b"%21%2A%2F", b"!*")), "!*%2F");
        assert_eq!(text(encoded_once_less(b"a=%2520").unwrap()), "a=%20");
        assert_eq!(split_port(b"[::1]:9000"), (&b"[::1]"[..], Some(&b"9000"[..])));
        assert_eq!(split_port(b"[::1]"), (&b"[::1]"[..], None));
        assert_eq!(as_latin_1(&as_utf8(b"\xe4")), b"\xe4");
    }

    #[test]
    fn of_repeated_parameters_one_is_kept() {
        let pieces: [&[u8]; 4] = [b"a=1", b"a=2", b"b=1", b"b=2"];
        assert_eq!(first_of_each(&pieces).join(&b'&'), b"a=1&b=1");
        assert_eq!(last_of_each(&pieces).join(&b'&'), b"a=2&b=2");
    }
}
