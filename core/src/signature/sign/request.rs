//! What of a request is signed, and its signature.

use super::{Moment, invalid, unreadable};
use crate::http::{Header, HttpRequest};
use crate::short::SmallVec;
use crate::signature::Options;
use crate::signature::canonical::{CanonicalRequest, Path, StringToSign};
use crate::signature::classify::{Mechanism, classify};
use crate::signature::covered::{Covered, Substitutes, Uncovered};
use crate::signature::encode::{QUERY, encode};
use crate::signature::hash::Buffer;
use crate::signature::headers::{Headers, Name, trim};
use crate::signature::query::Query;
use crate::signature::verified::Form;
use crate::{Error, ErrorCode};

/// The list of the headers that are signed of these: lower-case names, sorted.
pub(super) fn signed_headers(lines: &[Header<'_>]) -> Result<String, Error> {
    let mut headers = Headers::default();
    headers.read(lines).map_err(unreadable)?;
    let host = Name::lower(b"host");
    let mut names: SmallVec<[Name<'_>; 32]> = Default::default();
    for (name, _) in headers.sorted() {
        // What HTTP/2 has in place of the host is signed as the host, and no other pseudo-header is.
        if name.text.starts_with(b":") || is_skipped(name.text) {
            continue;
        }
        if name.text.is_empty() || !name.text.iter().all(is_token) {
            let shown = String::from_utf8_lossy(name.text);
            return Err(invalid(format!("'{}' is no name of a header", shown.escape_debug())));
        }
        names.push(name);
    }
    names.dedup_by(|a, b| a.is(b));
    if headers.host().is_none() {
        return Err(no_host());
    }
    let place = names.iter().take_while(|name| name.cmp(&host).is_lt()).count();
    if names.get(place).is_none_or(|name| !name.is(&host)) {
        names.insert(place, host);
    }
    let mut list = String::with_capacity(names.iter().map(|name| name.text.len() + 1).sum());
    for name in &names {
        if !list.is_empty() {
            list.push(';');
        }
        list.extend(name.text.iter().map(|b| char::from(b.to_ascii_lowercase())));
    }
    Ok(list)
}

fn no_host() -> Error {
    invalid("the request has no header 'host'; give the one that will be sent")
}

fn signed_already() -> Error {
    invalid(
        "the request carries a signature already, in the header 'authorization' or in the query; leave it out",
    )
}

/// Whether a byte may stand in a method and in the name of a header.
fn is_token(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b)
}

/// Headers that HTTP itself consumes, or that are rewritten on the way (spec: sigv4, section 2.5; botocore).
fn is_skipped(name: &[u8]) -> bool {
    const SKIPPED: [&[u8]; 13] = [
        b"authorization",
        b"baggage",
        b"connection",
        b"expect",
        b"keep-alive",
        b"te",
        b"traceparent",
        b"tracestate",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"user-agent",
        b"x-amzn-trace-id",
    ];
    SKIPPED.iter().any(|skipped| name.eq_ignore_ascii_case(skipped))
        || name.get(..6).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"proxy-"))
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
        let is_unsigned = match classify(request, &headers, &query).map_err(|error| match error.code() {
            ErrorCode::RepeatedAuthParameter => invalid("the query has a parameter of authentication twice"),
            _ => signed_already(),
        })? {
            Mechanism::Anonymous | Mechanism::Post => !self.form.is_presigned(),
            // All but the signature is there.
            Mechanism::Presigned => self.form.is_presigned(),
            _ => false,
        };
        if !is_unsigned {
            return Err(signed_already());
        }
        if request.method.is_empty() || !request.method.iter().all(is_token) {
            return Err(invalid("the method must be that of the request line, for example GET"));
        }
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
