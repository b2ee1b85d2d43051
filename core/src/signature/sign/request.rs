//! What of a request is signed, and its signature.

use super::{Moment, invalid, unreadable};
use crate::Error;
use crate::http::{Header, HttpRequest};
use crate::signature::Options;
use crate::signature::canonical::{CanonicalRequest, Path, StringToSign};
use crate::signature::covered::{Covered, Substitutes, Uncovered};
use crate::signature::encode::{QUERY, encode};
use crate::signature::hash::Buffer;
use crate::signature::headers::{Headers, trim};
use crate::signature::query::Query;
use crate::signature::verified::Form;

/// The list of the headers that are signed of these: lower-case names, sorted.
pub(super) fn signed_headers(lines: &[Header<'_>]) -> Result<String, Error> {
    let mut names: Vec<String> = Vec::with_capacity(lines.len() + 1);
    for (name, _) in lines {
        let name = match *name {
            // What HTTP/2 has in place of the host is signed as the host, and no other pseudo-header is.
            b":authority" => "host".to_owned(),
            [b':', ..] => continue,
            name => token(name)?.to_ascii_lowercase(),
        };
        if !is_skipped(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.dedup();
    if !names.iter().any(|name| name == "host") {
        return Err(no_host());
    }
    Ok(names.join(";"))
}

fn no_host() -> Error {
    invalid("the request has no header 'host'; give the one that will be sent")
}

/// The name of a header, if it is one.
fn token(name: &[u8]) -> Result<&str, Error> {
    let is_token = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b);
    std::str::from_utf8(name)
        .ok()
        .filter(|name| !name.is_empty() && name.as_bytes().iter().all(is_token))
        .ok_or_else(|| {
            invalid(format!("'{}' is no name of a header", String::from_utf8_lossy(name).escape_debug()))
        })
}

/// Headers that HTTP itself consumes, or that are rewritten on the way (spec: sigv4, section 2.5; botocore).
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "baggage"
            | "connection"
            | "expect"
            | "keep-alive"
            | "te"
            | "traceparent"
            | "tracestate"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
            | "x-amzn-trace-id"
    ) || name.starts_with("proxy-")
}

/// Leaves out what the request has already, which must have the same value.
pub(super) fn leave_out_present(add: &mut Vec<(&str, &str)>, request: &HttpRequest<'_>) -> Result<(), Error> {
    let mut wrong = None;
    add.retain(|(name, value)| {
        let mut there = request.header_values(name);
        match (there.next(), there.next()) {
            (None, _) => true,
            (Some(given), None) if trim(given) == value.as_bytes() => false,
            _ => {
                wrong.get_or_insert_with(|| (*name).to_owned());
                false
            }
        }
    });
    match wrong {
        None => Ok(()),
        Some(name) => Err(invalid(format!(
            "the request has the header '{name}' already, with another value than signing gives it; leave it out"
        ))),
    }
}

/// Appends parameters to the query of a target.
pub(super) fn append_query(target: &mut String, parameters: &[(&str, &str)]) {
    let mut out = std::mem::take(target).into_bytes();
    for (name, value) in parameters {
        let separator: &[u8] = match out.iter().position(|&b| b == b'?') {
            None => b"?",
            Some(at) if at + 1 == out.len() => b"",
            Some(_) => b"&",
        };
        out.extend_from_slice(separator);
        encode(name.as_bytes(), QUERY, &mut out);
        out.push(b'=');
        encode(value.as_bytes(), QUERY, &mut out);
    }
    // It was text, and what is encoded is ASCII.
    *target = String::from_utf8(out).unwrap_or_default();
}

/// How a request is signed.
pub(super) struct Signing<'a> {
    /// The list of signed headers.
    pub signed: &'a str,
    /// The payload line.
    pub payload: &'a [u8],
    /// The rules of S3 apply.
    pub is_s3: bool,
    /// Where the signature will stand.
    pub form: Form,
    /// How it is read again.
    pub reading: &'a Options,
}

impl Signing<'_> {
    /// The signature of a request with these header lines. The request is read as it will be verified, so
    /// whatever would be refused then is refused now.
    pub(super) fn signature(
        &self,
        request: &HttpRequest<'_>,
        lines: &[Header<'_>],
        moment: &Moment,
    ) -> Result<String, Error> {
        let (mut headers, mut query, mut covered) =
            (Headers::default(), Query::default(), Covered::default());
        headers.read(lines).map_err(unreadable)?;
        let (path, text) = request.path_and_query();
        query.read(text, self.reading.repeated_query_order).map_err(unreadable)?;
        let path = Path::read(path, self.reading.path_plus).map_err(unreadable)?;
        covered
            .read(self.signed.as_bytes(), &headers, self.form, self.reading)
            .map_err(|_| invalid("the request has too many headers to sign"))?;
        covered.check(&headers, self.form, self.reading).map_err(|uncovered| match uncovered {
            Uncovered::NoHost | Uncovered::NotSigned(_) => no_host(),
            Uncovered::Absent => invalid("the request has a header that cannot be signed"),
        })?;
        let canonical = CanonicalRequest {
            method: request.method,
            path,
            is_s3: self.is_s3,
            query: &query,
            headers: &headers,
            covered: &covered,
            payload: self.payload,
        };
        let hash = canonical.hash(Substitutes::default(), &mut Buffer::new());
        let text = StringToSign { date: &moment.date, scope: moment.scope(), request: &hash };
        Ok(moment.key.sign_request(&text))
    }
}
