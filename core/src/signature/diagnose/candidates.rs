//! Which changes are thought of: everything that clients and middleboxes are known to do (spec: sigv4,
//! section 7), the likeliest first.

use super::Cause;
use super::hypothesis::{Changes, Element};
use super::parts::{cut, pieces};
use super::reading::Reading;
use super::texts::{
    as_latin_1, as_utf8, canonical, collapsed, decoded_again, encoded_once_less, escaped, first_of_each,
    last_of_each, lower_case_escapes, normalised, replace_into, replaced, sorted, sparing, split_port,
    unquoted, with_port,
};
use crate::bytes::find;
use crate::http::{HttpRequest, Plus, decode};
use crate::signature::body::{EMPTY, UNSIGNED};
use crate::signature::claim::SigningDate;
use crate::signature::encode::write_escaped;
use crate::signature::hash::sha256;
use crate::signature::scope::Scope;
use crate::signature::sink::hex;
use crate::signature::{Options, RepeatedQueryOrder, SecretKey};
use zeroize::Zeroizing;

/// Most places of one text that are changed by themselves.
const MAX_PLACES: usize = 64;
/// Values of `accept-encoding` that clients send.
const ACCEPT_ENCODINGS: [&[u8]; 8] = [
    b"identity",
    b"gzip",
    b"",
    b"gzip, deflate",
    b"gzip, deflate, br",
    b"gzip, deflate, br, zstd",
    b"gzip,deflate",
    b"*",
];
/// Headers that are meant for the next hop, with the values that clients send.
const HOP_HEADERS: [(&[u8], &[&[u8]]); 7] = [
    (b"connection", &[b"keep-alive", b"close", b"Keep-Alive", b"TE", b""]),
    (b"expect", &[b"100-continue", b""]),
    (b"keep-alive", &[b"timeout=5", b""]),
    (b"te", &[b"trailers", b""]),
    (b"transfer-encoding", &[b"chunked", b""]),
    (b"upgrade", &[b""]),
    (b"user-agent", &[b""]),
];
/// Values of `content-type` that clients and proxies fill in.
const CONTENT_TYPES: [&[u8]; 7] = [
    b"",
    b"application/octet-stream",
    b"binary/octet-stream",
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded; charset=utf-8",
    b"application/xml",
    b"text/plain",
];
/// Headers in which proxies hand on the target that they received.
pub(super) const ORIGINAL_TARGETS: [&str; 6] = [
    "x-original-uri",
    "x-forwarded-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-envoy-original-path",
    "x-forwarded-path",
];
/// Headers in which proxies hand on the host that they received.
pub(super) const ORIGINAL_HOSTS: [&str; 4] =
    ["x-forwarded-host", "x-original-host", "x-host", "x-envoy-original-host"];
/// Everything that a payload line can be but a hash.
const PAYLOADS: [&[u8]; 7] = [
    UNSIGNED,
    EMPTY,
    b"STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    b"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    b"",
];
/// The operations that clients name in the parameter `x-id`.
const OPERATIONS: [&str; 7] = [
    "GetObject",
    "PutObject",
    "DeleteObject",
    "HeadObject",
    "UploadPart",
    "ListObjectsV2",
    "CreateMultipartUpload",
];

/// What may have happened to a request.
pub(super) struct Candidates<'a> {
    pub base: &'a Reading,
    pub request: &'a HttpRequest<'a>,
    pub options: &'a Options,
}

impl Candidates<'_> {
    /// All changes that are thought of. With the secret there are those of the key as well.
    pub(super) fn changes(&self, secret: Option<&SecretKey>) -> Changes {
        let mut changes = Changes::default();
        self.host(&mut changes);
        self.path(&mut changes);
        self.query(&mut changes);
        self.hop_headers(&mut changes);
        self.method(&mut changes);
        self.payload(&mut changes);
        changes.end_of_pairs();
        self.addressing(&mut changes);
        self.places_in_path(&mut changes);
        self.single_parameters(&mut changes);
        self.header_values(&mut changes);
        self.date(&mut changes);
        self.form(&mut changes);
        if let Some(secret) = secret {
            self.keys(secret, &mut changes);
        }
        changes
    }

    fn header(&self, name: &str) -> Option<Element> {
        self.base.header(name.as_bytes()).map(Element::Header)
    }

    fn host(&self, changes: &mut Changes) {
        let Some(element) = self.header("host") else { return };
        let host = self.base.text(element).unwrap_or_default();
        let (name, port) = split_port(host);
        let forwarded_port = self.request.header("x-forwarded-port").map(<[u8]>::trim_ascii);
        let mut ports: Vec<&[u8]> = vec![b"", b"80", b"443", b"9000", b"8080"];
        ports.splice(1..1, forwarded_port);
        let mut others = self.original_hosts();
        others.truncate(8);
        for other in others {
            let (other_name, _) = split_port(&other);
            changes.add(self.base, Cause::HostRewritten, element, &*other);
            for port in [Some(b"".as_slice()), forwarded_port, port].into_iter().flatten() {
                changes.add(self.base, Cause::HostRewritten, element, with_port(other_name, port));
            }
        }
        for port in ports {
            changes.add(self.base, Cause::HostPortChanged, element, with_port(name, port));
        }
        changes.add(self.base, Cause::HostRewritten, element, host.to_ascii_lowercase());
        changes.add(self.base, Cause::HostRewritten, element, name.strip_suffix(b".").unwrap_or(name));
        for local in [b"localhost".as_slice(), b"127.0.0.1"] {
            changes.add(self.base, Cause::HostRewritten, element, with_port(local, port.unwrap_or_default()));
        }
    }

    /// Hosts that the request shows to have been there before.
    fn original_hosts(&self) -> Vec<Vec<u8>> {
        let listed = ORIGINAL_HOSTS.iter().flat_map(|name| self.request.header_values(name));
        let mut hosts: Vec<Vec<u8>> = listed
            .flat_map(|value| value.split(|&b| b == b','))
            .map(|host| host.trim_ascii().to_vec())
            .collect();
        for value in self.request.header_values("forwarded") {
            for pair in value.split(|b| matches!(b, b',' | b';')) {
                let (name, value) = cut(pair.trim_ascii(), b'=');
                if name.eq_ignore_ascii_case(b"host") {
                    hosts.push(unquoted(value.unwrap_or_default()).to_vec());
                }
            }
        }
        hosts.extend(self.request.header(":authority").map(<[u8]>::to_vec));
        // An absolute-form target names the host as well.
        if let Some(at) = self.request.target.windows(3).position(|three| three == b"://") {
            let rest = self.request.target.get(at + 3..).unwrap_or_default();
            hosts.push(rest.split(|b| matches!(b, b'/' | b'?')).next().unwrap_or_default().to_vec());
        }
        hosts.retain(|host| !host.is_empty());
        hosts
    }

    fn path(&self, changes: &mut Changes) {
        let base = self.base;
        let path = base.parts.path.as_slice();
        let mut add = |cause, text: Vec<u8>| changes.add(base, cause, Element::Path, text);
        let decoded = decode(path, Plus::Literal).unwrap_or_default();
        add(Cause::PathEncodedTwice, escaped(path));
        add(Cause::PathEncodedAgain, decoded_again(path).unwrap_or_default());
        add(Cause::PlusInPath, replaced(path, b"%2B", b"%20"));
        add(Cause::PlusInPath, replaced(path, b"%20", b"%2B"));
        add(Cause::PlusInPath, replaced(path, b"%20", b"+"));
        add(Cause::PathEncoding, base.wire_path.clone());
        add(Cause::PathEncoding, lower_case_escapes(path));
        add(Cause::PathEncoding, replaced(path, b"~", b"%7E"));
        add(Cause::PathEncoding, sparing(path, b"!'()*"));
        add(Cause::PathEncoding, sparing(path, b"=:@!$&'()*+,;"));
        add(Cause::PathEncoding, decoded.to_vec());
        let (without_empty, without_dots) = (collapsed(path), normalised(path, false));
        add(Cause::PathNormalised, without_empty);
        add(Cause::PathNormalised, without_dots);
        add(Cause::PathNormalised, normalised(path, true));
        let toggled = match path.strip_suffix(b"/") {
            Some(rest) => rest.to_vec(),
            None => [path, b"/"].concat(),
        };
        add(Cause::TrailingSlash, toggled);
        for target in ORIGINAL_TARGETS.iter().filter_map(|name| self.request.header(name)) {
            let (original, query) = cut(target.trim_ascii(), b'?');
            let Some(original) = decode(original, Plus::Literal).map(|path| escaped(&path)) else { continue };
            let cause = match () {
                () if normalised(&original, true) == path || collapsed(&original) == path => {
                    Cause::SlashesCollapsed
                }
                () if original.ends_with(path) || path.ends_with(&original) => Cause::PathPrefixChanged,
                () if decoded_again(&original).is_some_and(|again| again == path) => Cause::PathDecoded,
                () => Cause::PathChanged,
            };
            changes.add(base, cause, Element::Path, original.clone());
            if let Some(query) = query.and_then(|query| canonical(query, self.options.repeated_query_order)) {
                let both = vec![(Element::Path, original), (Element::Query, query)];
                changes.add_all(base, cause, both);
            }
        }
        for prefix in self.request.header_values("x-forwarded-prefix") {
            let prefixed = [prefix.trim_ascii(), path].concat();
            changes.add(base, Cause::PathPrefixChanged, Element::Path, prefixed);
        }
    }

    fn query(&self, changes: &mut Changes) {
        let base = self.base;
        let query = base.parts.query.as_slice();
        let (order, other) = match self.options.repeated_query_order {
            RepeatedQueryOrder::Value => (RepeatedQueryOrder::Value, RepeatedQueryOrder::Arrival),
            RepeatedQueryOrder::Arrival => (RepeatedQueryOrder::Arrival, RepeatedQueryOrder::Value),
        };
        let mut add = |cause, text: Vec<u8>| changes.add(base, cause, Element::Query, text);
        let literal = replaced(&base.wire_query, b"+", b"%2B");
        add(Cause::PlusInQuery, canonical(&literal, order).unwrap_or_default());
        add(Cause::PlusInQuery, replaced(query, b"%20", b"+"));
        add(Cause::PlusInQuery, replaced(query, b"%2B", b"%20"));
        let ours: Vec<&[u8]> = pieces(query).collect();
        let raw: Vec<&[u8]> = pieces(&base.wire_query).filter(|piece| !is_signature(piece)).collect();
        let arrived: Vec<Vec<u8>> = raw.iter().filter_map(|piece| canonical(piece, order)).collect();
        add(Cause::RepeatedParameter, canonical(&base.wire_query, other).unwrap_or_default());
        for keep in [first_of_each(&ours), last_of_each(&ours)] {
            add(Cause::RepeatedParameter, keep.join(&b'&'));
        }
        add(Cause::QueryOrder, arrived.join(&b'&'));
        add(Cause::QueryOrder, sorted(&ours, |piece| piece.to_vec()));
        add(Cause::QueryOrder, sorted(&ours, |piece| piece.to_ascii_lowercase()));
        let without_equals = |piece: &&[u8]| piece.strip_suffix(b"=").unwrap_or(piece).to_vec();
        add(Cause::EqualsDropped, ours.iter().map(without_equals).collect::<Vec<_>>().join(&b'&'));
        add(Cause::QueryEncoding, sorted(&raw, |piece| piece.to_vec()));
        add(Cause::QueryEncoding, raw.join(&b'&'));
        add(Cause::QueryEncoding, replaced(query, b"%2F", b"/"));
        add(Cause::QueryEncoding, lower_case_escapes(query));
        add(Cause::QueryEncoding, replaced(query, b"~", b"%7E"));
        add(Cause::QueryEncoding, sparing(query, b"!'()*"));
        add(Cause::QueryEncoding, sparing(query, b"/:,;@"));
        add(Cause::QueryEncodedAgain, replaced(query, b"%", b"%25"));
        let once = ours.iter().map(|piece| encoded_once_less(piece)).collect::<Option<Vec<_>>>();
        add(Cause::QueryEncodedAgain, once.unwrap_or_default().join(&b'&'));
        let known = |piece: &&&[u8]| is_known(cut(piece, b'=').0);
        add(Cause::ParameterAdded, ours.iter().filter(known).copied().collect::<Vec<_>>().join(&b'&'));
        let is_auth = |piece: &&&[u8]| piece.starts_with(b"X-Amz-");
        // A presigned request's query is signed as far as it stands for the signature itself.
        let cause = if ours.iter().any(|piece| is_auth(&piece)) {
            Cause::ParameterAdded
        } else {
            Cause::QueryNotSigned
        };
        add(cause, ours.iter().filter(is_auth).copied().collect::<Vec<_>>().join(&b'&'));
    }

    /// Headers that middleboxes rewrite or consume.
    fn hop_headers(&self, changes: &mut Changes) {
        let base = self.base;
        if let Some(element) = self.header("accept-encoding") {
            let original = self.request.header("x-original-accept-encoding");
            for value in original.into_iter().map(<[u8]>::trim_ascii).chain(ACCEPT_ENCODINGS) {
                changes.add(base, Cause::AcceptEncodingRewritten, element, value);
            }
        }
        if let Some(element) = self.header("content-length") {
            let body = self.request.body.map(|body| body.len().to_string().into_bytes());
            let decoded = self.request.header("x-amz-decoded-content-length").map(<[u8]>::to_vec);
            let sent = self.request.header("content-length").map(<[u8]>::to_vec);
            let lengths = [body, decoded, sent, Some(b"0".to_vec()), Some(Vec::new())];
            for length in lengths.into_iter().flatten() {
                changes.add(base, Cause::ContentLengthChanged, element, length);
            }
        }
        for (name, values) in HOP_HEADERS {
            let Some(element) = base.header(name).map(Element::Header) else { continue };
            for value in values {
                changes.add(base, Cause::HopHeaderConsumed, element, *value);
            }
        }
    }

    fn method(&self, changes: &mut Changes) {
        for method in ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"] {
            changes.add(self.base, Cause::MethodChanged, Element::Method, method);
        }
    }

    fn payload(&self, changes: &mut Changes) {
        let line = self.base.parts.payload.as_slice();
        let of_body = self.request.body.map(|body| hex(&sha256(&[body])).to_vec());
        let sent = self.request.header("x-amz-content-sha256").map(|value| value.trim_ascii().to_vec());
        let cases = [line.to_ascii_uppercase(), line.to_ascii_lowercase()];
        let others = of_body.into_iter().chain(sent).chain(PAYLOADS.map(<[u8]>::to_vec)).chain(cases);
        let header = self.header("x-amz-content-sha256");
        for other in others {
            changes.add(self.base, Cause::PayloadLine, Element::Payload, other.clone());
            if let Some(header) = header {
                let both = vec![(Element::Payload, other.clone()), (header, other)];
                changes.add_all(self.base, Cause::PayloadHeaderChanged, both);
            }
        }
    }

    /// The bucket moved between host and path, or something else at the beginning of the path.
    fn addressing(&self, changes: &mut Changes) {
        let base = self.base;
        let path = base.parts.path.as_slice();
        let rest = path.get(1..).unwrap_or_default();
        let (first, after) = cut(rest, b'/');
        let without_first = [b"/", after.unwrap_or_default()].concat();
        if let Some(element) = self.header("host") {
            let mut hosts = self.original_hosts();
            hosts.truncate(4);
            hosts.insert(0, base.text(element).unwrap_or_default().to_vec());
            for host in hosts {
                let (label, parent) = cut(&host, b'.');
                let prefixed = [b"/", label, path].concat();
                let bucket_in_host = [first, b".", &host].concat();
                let mut moved = |path: &[u8], host: &[u8]| {
                    let both = vec![(Element::Path, path.to_vec()), (element, host.to_vec())];
                    // The path alone is another matter.
                    if base.text(element) != Some(host) {
                        changes.add_all(base, Cause::AddressingChanged, both);
                    }
                };
                moved(&prefixed, parent.unwrap_or_default());
                moved(&prefixed, &host);
                moved(&without_first, &bucket_in_host);
                moved(&without_first, &host);
                moved(path, &bucket_in_host);
                moved(path, parent.unwrap_or_default());
            }
            let (label, _) = cut(base.text(element).unwrap_or_default(), b'.');
            let prefixed = [b"/", label, path].concat();
            changes.add(base, Cause::AddressingChanged, Element::Path, prefixed);
        }
        changes.add(base, Cause::PathPrefixChanged, Element::Path, without_first);
    }

    /// A slash more in each place of the path.
    fn places_in_path(&self, changes: &mut Changes) {
        let path = self.base.parts.path.as_slice();
        let slashes = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
        for at in slashes.take(MAX_PLACES) {
            let (before, after) = path.split_at_checked(at).unwrap_or((path, b""));
            changes.add(self.base, Cause::SlashesCollapsed, Element::Path, [before, b"/", after].concat());
        }
        changes.add(self.base, Cause::SlashesCollapsed, Element::Path, replaced(path, b"/", b"//"));
    }

    /// One parameter less, or one more that is known to get lost.
    fn single_parameters(&self, changes: &mut Changes) {
        let ours: Vec<&[u8]> = pieces(&self.base.parts.query).collect();
        for left_out in 0..ours.len().min(MAX_PLACES) {
            let kept = ours.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, piece)| *piece);
            let query = kept.collect::<Vec<_>>().join(&b'&');
            changes.add(self.base, Cause::ParameterAdded, Element::Query, query);
        }
        for operation in OPERATIONS {
            let added = format!("{}&x-id={operation}", String::from_utf8_lossy(&self.base.parts.query));
            let query = canonical(added.as_bytes(), self.options.repeated_query_order).unwrap_or_default();
            changes.add(self.base, Cause::ParameterRemoved, Element::Query, query);
        }
    }

    fn header_values(&self, changes: &mut Changes) {
        let base = self.base;
        for (at, (name, value)) in base.parts.headers.iter().enumerate().take(MAX_PLACES) {
            let element = Element::Header(at);
            let name = String::from_utf8_lossy(name);
            let lines: Vec<&[u8]> = self.request.header_values(&name).collect();
            let mut add = |cause, text: Vec<u8>| changes.add(base, cause, element, text);
            let trimmed: Vec<&[u8]> = lines.iter().map(|line| line.trim_ascii()).collect();
            if let [_, _, ..] = &*lines {
                let mut by_value = trimmed.clone();
                by_value.sort_unstable();
                let reversed: Vec<&[u8]> = trimmed.iter().rev().copied().collect();
                add(Cause::HeaderJoined, trimmed.join(&b", "[..]));
                add(Cause::HeaderJoined, by_value.join(&b','));
                add(Cause::HeaderJoined, reversed.join(&b','));
                add(Cause::HeaderJoined, trimmed.first().copied().unwrap_or_default().to_vec());
                add(Cause::HeaderJoined, trimmed.last().copied().unwrap_or_default().to_vec());
            }
            add(Cause::HeaderJoined, replaced(value, b", ", b","));
            add(Cause::HeaderSpaces, trimmed.join(&b','));
            add(Cause::HeaderSpaces, lines.join(&b','));
            add(Cause::HeaderSpaces, replaced(value, b" ", b""));
            add(Cause::HeaderSpaces, replaced(&replaced(value, b"; ", b";"), b";", b"; "));
            if !value.is_ascii() {
                add(Cause::HeaderCharset, as_utf8(value));
                add(Cause::HeaderCharset, as_latin_1(value));
                add(Cause::HeaderCharset, escaped(value));
            }
            if find(value, b'%').is_some() {
                add(Cause::HeaderCharset, decode(value, Plus::Literal).unwrap_or_default().to_vec());
            }
            match &*name {
                "content-type" => {
                    let (kind, _) = cut(value, b';');
                    add(Cause::HeaderChanged, kind.trim_ascii().to_vec());
                    for charset in ["; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"]
                    {
                        add(Cause::HeaderChanged, [kind.trim_ascii(), charset.as_bytes()].concat());
                    }
                    CONTENT_TYPES.iter().for_each(|kind| add(Cause::HeaderChanged, kind.to_vec()));
                }
                "content-encoding" => {
                    add(Cause::HeaderChanged, b"aws-chunked".to_vec());
                    add(Cause::HeaderChanged, [b"aws-chunked,", value.as_slice()].concat());
                    let kept = value.strip_prefix(b"aws-chunked,").unwrap_or(value);
                    add(Cause::HeaderChanged, kept.trim_ascii().to_vec());
                }
                _ => {}
            }
            add(Cause::HeaderChanged, unquoted(value).to_vec());
            add(Cause::HeaderChanged, value.to_ascii_lowercase());
            add(Cause::HeaderChanged, Vec::new());
        }
    }

    fn date(&self, changes: &mut Changes) {
        let base = self.base;
        let header = self.header("x-amz-date").or_else(|| self.header("date"));
        let http = self.request.header("date").map(<[u8]>::trim_ascii);
        let amz = self.request.header_values("x-amz-date").map(<[u8]>::trim_ascii);
        let sent = http.into_iter().chain(amz);
        for date in sent.filter_map(|text| SigningDate::basic(text).or_else(|| SigningDate::http(text))) {
            changes.add(base, Cause::DateHeaderSigned, Element::Date, date.text);
            if let Some(header) = self.header("x-amz-date") {
                let both = vec![(Element::Date, date.text.to_vec()), (header, date.text.to_vec())];
                changes.add_all(base, Cause::DateHeaderSigned, both);
            }
        }
        let Some(date) = SigningDate::basic(&base.date) else { return };
        for seconds in (1..=60).flat_map(|seconds| [seconds, -seconds]) {
            let millis = date.instant.unix_millis().saturating_add(seconds * 1000);
            let other = crate::Timestamp::from_unix_millis(millis).basic().to_vec();
            let sent = header.and_then(|header| Some((header, base.text(header)?)));
            if let Some((header, sent)) = sent {
                let text = if *sent == base.date { Some(other.clone()) } else { http_date_at(sent, &other) };
                let both = text.map(|text| vec![(Element::Date, other.clone()), (header, text)]);
                both.into_iter().for_each(|both| changes.add_all(base, Cause::DateChanged, both));
            }
            if seconds.abs() <= 5 {
                changes.add(base, Cause::DateChanged, Element::Date, other);
            }
        }
    }

    /// The same content, put together otherwise.
    fn form(&self, changes: &mut Changes) {
        let base = self.base;
        let mut usual = Vec::new();
        base.parts.write(&mut usual);
        let mut add = |cause, text: Vec<u8>| changes.add(base, cause, Element::Whole, text);
        let mut parts = base.parts.clone();
        parts.headers.sort_by_key(|(name, _)| {
            base.list.split(|&b| b == b';').position(|listed| listed == name).unwrap_or(usize::MAX)
        });
        parts.list.clone_from(&base.list);
        let mut unsorted = Vec::new();
        parts.write(&mut unsorted);
        if unsorted != usual {
            add(Cause::SignedHeadersOrder, unsorted);
        }
        let mut parts = base.parts.clone();
        for (name, _) in &mut parts.headers {
            let sent = self.request.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
            *name = sent.map_or_else(|| name.clone(), |(sent, _)| sent.to_vec());
        }
        let names: Vec<Vec<u8>> = parts.headers.iter().map(|(name, _)| name.clone()).collect();
        for list in [parts.list.clone(), names.join(&b';')] {
            parts.list = list;
            let mut spelt = Vec::new();
            parts.write(&mut spelt);
            if spelt != usual {
                add(Cause::HeaderNameCase, spelt);
            }
        }
        let list = [b"\n\n", base.parts.list.as_slice()].concat();
        let without_line = [b"\n", base.parts.list.as_slice()].concat();
        add(Cause::CanonicalForm, replaced(&usual, &list, &without_line));
        add(Cause::CanonicalForm, [usual.as_slice(), b"\n"].concat());
        add(Cause::CanonicalForm, replaced(&usual, b"\n", b"\r\n"));
        let mut spaced = base.parts.clone();
        spaced.headers.iter_mut().for_each(|(_, value)| value.insert(0, b' '));
        let mut with_spaces = Vec::new();
        spaced.write(&mut with_spaces);
        add(Cause::CanonicalForm, with_spaces);
    }

    /// Other secrets and scopes that a key is derived from by mistake.
    fn keys(&self, secret: &SecretKey, changes: &mut Changes) {
        let Some(scope) = self.base.scope() else { return };
        for other in altered(secret.bytes()) {
            changes.add_key(Cause::SecretAltered, &SecretKey::new(other.as_slice()), &scope, Vec::new());
        }
        let regions = [self.options.region.as_str(), "us-east-1", "", "auto", "default", "garage", "minio"];
        let mut scopes: Vec<(Cause, Scope<'_>)> = regions
            .iter()
            .map(|region| (Cause::WrongRegion, Scope { region: region.as_bytes(), ..scope }))
            .collect();
        let others = ["s3", "sts", "s3express", "execute-api", "iam"];
        let services = self.options.services.iter().map(String::as_str).chain(others).take(8);
        scopes.extend(
            services.map(|service| (Cause::WrongService, Scope { service: service.as_bytes(), ..scope })),
        );
        let days = SigningDate::basic(&self.base.date).map(|date| {
            [0, -1, 1].map(|day| {
                let millis = date.instant.unix_millis().saturating_add(day * 86_400_000);
                crate::Timestamp::from_unix_millis(millis).basic()
            })
        });
        for day in days.iter().flatten() {
            let date = day.get(..8).unwrap_or_default();
            scopes.push((Cause::ScopeDateMismatch, Scope { date, ..scope }));
        }
        for (cause, other) in scopes.into_iter().filter(|(_, other)| *other != scope) {
            changes.add_key(cause, secret, &other, Vec::new());
            let text = [other.date, other.region, other.service, scope.terminal].join(&b'/');
            changes.add_key(cause, secret, &other, vec![(Element::Scope, text)]);
        }
    }
}

/// An HTTP date with its time of day replaced by that of a basic date, in its usual form
/// `Thu, 15 Jan 2026 12:00:00 GMT`.
fn http_date_at(date: &[u8], basic: &[u8]) -> Option<Vec<u8>> {
    let [h, i, m, n, s, t] = *basic.get(9..15)? else { return None };
    let (before, after) = (date.get(..17)?, date.get(25..)?);
    Some([before, &[h, i, b':', m, n, b':', s, t], after].concat())
}

/// The secret as it gets into configurations by mistake.
fn altered(secret: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    // No buffer grows, so none leaves a copy behind.
    let room = || Zeroizing::new(Vec::with_capacity(3 * secret.len()));
    let around = |before: &[u8], after: &[u8]| Zeroizing::new([before, secret, after].concat());
    let replaced = |from: &[u8], to: &[u8]| {
        let mut out = room();
        replace_into(secret, from, to, &mut out);
        out
    };
    let (mut escaped, mut without_slash) = (room(), room());
    write_escaped(secret, &mut *escaped);
    replace_into(&escaped, b"/", b"%2F", &mut without_slash);
    let mut others = vec![
        around(b"", b"\n"),
        around(b"", b"\r\n"),
        around(b"", b" "),
        around(b" ", b""),
        around(b"\"", b"\""),
        around(b"'", b"'"),
        around(b"AWS4", b""),
        Zeroizing::new(secret.trim_ascii().to_vec()),
        escaped,
        without_slash,
        replaced(b"/", b"%2F"),
        replaced(b"+", b" "),
        replaced(b"+", b"%2B"),
        replaced(b"/", b"\\/"),
        Zeroizing::new(secret.to_ascii_lowercase()),
        Zeroizing::new(secret.to_ascii_uppercase()),
        Zeroizing::default(),
    ];
    others.retain(|other| other.as_slice() != secret);
    others
}

fn is_signature(piece: &[u8]) -> bool {
    cut(piece, b'=').0 == b"X-Amz-Signature"
}

/// Whether S3 knows a parameter: others are added by browsers, mailers and trackers.
fn is_known(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 13] = [
        b"continuation-token",
        b"delete",
        b"delimiter",
        b"encoding-type",
        b"list-type",
        b"max-keys",
        b"partNumber",
        b"prefix",
        b"start-after",
        b"uploadId",
        b"uploads",
        b"versionId",
        b"x-id",
    ];
    let prefix = name.get(..6).unwrap_or_default();
    prefix.eq_ignore_ascii_case(b"x-amz-") || name.starts_with(b"response-") || NAMES.contains(&name)
}
