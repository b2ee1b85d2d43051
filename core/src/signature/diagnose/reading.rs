//! A refused request, read as far as it can be: what verification stops at, a diagnosis steps over.

use super::parts::Parts;
use crate::Timestamp;
use crate::bytes::find;
use crate::http::{Header, HttpRequest, hex_digit};
use crate::signature::authorization::Authorization;
use crate::signature::body::{EMPTY, UNSIGNED};
use crate::signature::canonical::{CanonicalRequest, Path, StringToSign};
use crate::signature::claim::SignatureValue;
use crate::signature::classify::{Mechanism, classify};
use crate::signature::covered::{Covered, Substitutes};
use crate::signature::hash::sha256;
use crate::signature::headers::{Field, Headers};
use crate::signature::presigned::Parameters;
use crate::signature::query::{Parameter, Query};
use crate::signature::scope::Scope;
use crate::signature::sink::hex;
use crate::signature::{Form, Options, header};

/// What the server makes of a request with a SigV4 signature.
pub(super) struct Reading {
    /// The server's canonical request.
    pub parts: Parts,
    /// The time in the string to sign.
    pub date: [u8; 16],
    /// The credential: access key and scope.
    pub credential: Vec<u8>,
    /// The list of signed headers as sent.
    pub list: Vec<u8>,
    /// The signature, if it has the form of one.
    pub signature: Option<[u8; 32]>,
    /// The path as it stands on the wire.
    pub wire_path: Vec<u8>,
    /// The query as it stands on the wire.
    pub wire_query: Vec<u8>,
}

/// Headers of which the first counts where there are several.
const ONCE: [&str; 8] = [
    "authorization",
    "host",
    ":authority",
    "date",
    "x-amz-date",
    "x-amz-content-sha256",
    "x-amz-security-token",
    "x-amz-s3session-token",
];

impl Reading {
    /// Reads a request leniently; `None` if it has no SigV4 claim that can be read.
    pub(super) fn of(request: &HttpRequest<'_>, options: &Options, now: Timestamp) -> Option<Self> {
        let lines = first_lines(request.headers);
        let target = mended(request.target);
        let request = HttpRequest { target: &target, headers: &lines, ..*request };
        let (path, query_text) = request.path_and_query();
        let mut headers = Headers::default();
        headers.read(&lines).ok()?;
        let mut query = Query::default();
        query.read(query_text, options.repeated_query_order).ok()?;
        let mut parameters = Parameters::default();
        let mut covered = Covered::default();
        let (claim, credential, list) = match classify(&request, &headers, &query).ok()? {
            Mechanism::Header(text) => {
                let parts = Authorization::read(text, options).ok()?;
                let lenient = lenient(parts.credential, options)?;
                let claim = header::claim(text, &headers, &mut covered, (&lenient, now)).ok()?;
                (claim, parts.credential.to_vec(), parts.signed_headers.to_vec())
            }
            Mechanism::Presigned => {
                let [credential, list] = [Parameter::Credential, Parameter::SignedHeaders]
                    .map(|parameter| query.value(parameter).map(|value| value.decoded().collect()));
                let (credential, list): (Vec<u8>, Vec<u8>) = (credential?, list?);
                let lenient = lenient(&credential, options)?;
                parameters.read(&query).ok()?;
                let claim = parameters.claim(&headers, &mut covered, &lenient).ok()?;
                (claim, credential, list)
            }
            _ => return None,
        };
        if !matches!(claim.form, Form::HeaderV4 | Form::PresignedV4) {
            return None;
        }
        let presigned = claim.form.is_presigned();
        // What is not covered is said by the refusal; the lines are found all the same.
        let _ = covered.check(&headers, claim.form, options);
        let mut canonical = Vec::new();
        CanonicalRequest {
            method: request.method,
            path: Path::read(path, options.path_plus).ok()?,
            is_s3: claim.scope.is_s3(),
            query: &query,
            headers: &headers,
            covered: &covered,
            payload: &payload(&request, &headers, &query, (claim.scope.is_s3(), presigned)),
        }
        .write(Substitutes::default(), &mut canonical);
        Some(Self {
            parts: Parts::of(&canonical),
            date: claim.date.text,
            signature: match claim.signature.value {
                Some(SignatureValue::Mac(bytes)) => Some(bytes),
                _ => None,
            },
            wire_path: path.to_vec(),
            wire_query: query_text.to_vec(),
            credential,
            list,
        })
    }

    /// The credential's scope.
    pub(super) fn scope(&self) -> Option<Scope<'_>> {
        Scope::read(&self.credential).ok()
    }

    /// The server's string to sign.
    pub(super) fn string_to_sign(&self) -> Vec<u8> {
        let mut canonical = Vec::new();
        self.parts.write(&mut canonical);
        self.string_to_sign_of(&canonical)
    }

    /// The string to sign of a canonical request.
    pub(super) fn string_to_sign_of(&self, canonical: &[u8]) -> Vec<u8> {
        let scope = self.scope().map(|scope| scope.text).unwrap_or_default();
        let mut out = Vec::new();
        StringToSign { date: &self.date, scope, request: &hex(&sha256(&[canonical])) }.write(&mut out);
        out
    }

    /// The names of the signed headers, as sent.
    pub(super) fn listed(&self) -> impl Iterator<Item = &[u8]> {
        self.list.split(|&b| b == b';')
    }

    /// The `x-amz-*` headers of the request that are not signed and that the server does not ignore.
    pub(super) fn unsigned<'r>(&self, request: &HttpRequest<'r>, options: &Options) -> Vec<Header<'r>> {
        let must_be_signed = |name: &[u8]| {
            let prefix = name.get(..6).unwrap_or_default();
            prefix.eq_ignore_ascii_case(b"x-amz-") && !name.eq_ignore_ascii_case(b"x-amz-content-sha256")
        };
        let is_listed = |name: &[u8]| self.listed().any(|listed| name.eq_ignore_ascii_case(listed));
        let is_unsigned =
            |(name, _): &&Header<'_>| must_be_signed(name) && !is_listed(name) && !options.ignores(name);
        request.headers.iter().filter(is_unsigned).copied().collect()
    }

    /// The place of a header line among the signed ones.
    pub(super) fn header(&self, name: &[u8]) -> Option<usize> {
        self.parts.headers.iter().position(|(other, _)| other == name)
    }
}

/// The options under which a claim is read that verification refuses for its time, scope or headers.
fn lenient(credential: &[u8], options: &Options) -> Option<Options> {
    let service = String::from_utf8(Scope::read(credential).ok()?.service.to_vec()).ok()?;
    Some(Options {
        region: String::new(),
        services: vec![service],
        max_skew_seconds: u32::MAX,
        require_scope_date_match: false,
        accept_expires_zero: true,
        ..options.clone()
    })
}

/// The header lines, of some names only the first.
fn first_lines<'r>(lines: &[Header<'r>]) -> Vec<Header<'r>> {
    let mut seen = [false; ONCE.len()];
    let mut is_first = |name: &[u8]| {
        let at = ONCE.iter().position(|once| name.eq_ignore_ascii_case(once.as_bytes()));
        let seen = at.and_then(|at| seen.get_mut(at));
        !seen.is_some_and(|seen| std::mem::replace(seen, true))
    };
    lines.iter().copied().filter(|(name, _)| is_first(name)).collect()
}

/// The target with every `%` that begins no escape escaped, as it was before somebody decoded it.
fn mended(target: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(target.len());
    let mut rest = target;
    while let Some(at) = find(rest, b'%') {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or((rest, b""));
        out.extend_from_slice(plain);
        let is_escape =
            matches!(escape, [_, high, low, ..] if hex_digit(*high).is_some() && hex_digit(*low).is_some());
        out.extend_from_slice(if is_escape { b"%" } else { b"%25" });
        rest = escape.get(1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// The payload line, whatever it says.
fn payload(
    request: &HttpRequest<'_>,
    headers: &Headers<'_>,
    query: &Query<'_>,
    (is_s3, presigned): (bool, bool),
) -> Vec<u8> {
    if let Some(value) = query.get(Parameter::ContentSha256).filter(|_| presigned) {
        return value.decoded().collect();
    }
    match headers.get(Field::ContentSha256) {
        Some(text) => text.to_vec(),
        None if !is_s3 => hex(&sha256(&[request.body.unwrap_or_default()])).to_vec(),
        None if presigned => UNSIGNED.to_vec(),
        None => EMPTY.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_escapes_are_mended() {
        for (target, expected) in [
            ("/a%20b", "/a%20b"),
            ("/100%", "/100%25"),
            ("/%zz%4", "/%25zz%254"),
            ("/%%41", "/%25%41"),
            ("", ""),
        ] {
            assert_eq!(mended(target.as_bytes()), expected.as_bytes());
        }
    }

    #[test]
    fn the_first_line_of_a_name_counts() {
        let lines: [Header<'_>; 5] =
            [(b"Host", b"a"), (b"x", b"1"), (b"host", b"b"), (b"x", b"2"), (b"X-Amz-Date", b"d")];
        assert_eq!(first_lines(&lines), [lines[0], lines[1], lines[3], lines[4]]);
    }
}
