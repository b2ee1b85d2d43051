//! SigV2: HMAC-SHA1 over a few lines, in the header or in the query (spec: sigv4, sections 1.1 and 3.2).
//!
//! It covers the method, the path, the bucket, the `x-amz-*` headers and a list of parameters, and
//! neither the body nor the other headers and parameters. What it covers is taken as widely as can
//! be: every parameter that selects an operation is on the list, `x-amz-*` parameters act as headers,
//! which is what clients sign them as, and no parameter may be repeated.

use super::announced;
use super::base64;
use super::body::PayloadLine;
use super::headers::{Field, Headers, repeated, trim};
use super::limits::{MAX_ACCESS_KEY_BYTES, MAX_TOKEN_BYTES};
use super::query::Query;
use super::verified::Form;
use super::{Credentials, Identity, Options, Received, SecretKey, Verifier, refusal, token};
use crate::bytes::{find, same};
use crate::operation::{host_bucket, is_sub_resource};
use crate::{Error, ErrorCode, Timestamp};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

/// What a request claims about its signature.
pub(super) struct Claim {
    form: Form,
    access_key: String,
    /// As sent.
    signature: Vec<u8>,
    /// The line of the date, or of the end.
    date: Vec<u8>,
    /// When it was signed, as far as that is said.
    signed_at: Timestamp,
    /// For presigned requests, until when it is valid.
    end: Option<Timestamp>,
}

impl Claim {
    /// Reads `access-key:signature` in the header and the date, and checks all of it that needs no credential.
    pub(super) fn header(
        text: &[u8],
        headers: &Headers<'_>,
        (options, now): (&Options, Timestamp),
    ) -> Result<Self, Error> {
        check_allowed(options)?;
        let mut parts = text.split(|&b| b == b':');
        let (Some(access_key), Some(signature), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(ErrorCode::AuthorizationFormV2.into());
        };
        let access_key = access_key_of(access_key).ok_or(ErrorCode::AuthorizationFormV2)?;
        if signature.is_empty() || text.contains(&b' ') {
            return Err(ErrorCode::AuthorizationFormV2.into());
        }
        // `x-amz-date` has a line of its own, and leaves that of `Date` empty.
        let (sent, line) = match headers.get(Field::AmzDate) {
            Some(sent) => (sent, &b""[..]),
            None => headers.date()?.map(|date| (date, date)).ok_or(ErrorCode::MissingDate)?,
        };
        if sent.is_empty() {
            return Err(ErrorCode::MissingDate.into());
        }
        let signed_at = http_date(sent).ok_or(ErrorCode::MalformedDate)?;
        if now.unix_millis().abs_diff(signed_at.unix_millis()) > u64::from(options.max_skew_seconds) * 1000 {
            return Err(refusal::skewed(sent, now, options));
        }
        let (signature, date) = (signature.to_vec(), line.to_vec());
        Ok(Self { form: Form::HeaderV2, access_key, signature, date, signed_at, end: None })
    }

    /// Reads the three parameters, and checks all of them that needs no credential.
    pub(super) fn presigned(query: &Query<'_>, options: &Options) -> Result<Self, Error> {
        check_allowed(options)?;
        let value = |name: &str| {
            let found = parameter(query, |text| text == name.as_bytes());
            found.filter(|value| !value.is_empty()).ok_or(ErrorCode::QueryParametersMissingV2)
        };
        let (access_key, signature, date) =
            (value("AWSAccessKeyId")?, value("Signature")?, value("Expires")?);
        let access_key = access_key_of(&access_key).ok_or(ErrorCode::UnknownAccessKey)?;
        let end = unix_seconds(&date).ok_or(ErrorCode::ExpiresMalformedV2)?;
        let signed_at = Timestamp::from_unix_seconds(0);
        Ok(Self { form: Form::PresignedV2, access_key, signature, date, signed_at, end: Some(end) })
    }
}

fn check_allowed(options: &Options) -> Result<(), Error> {
    // There is no service in it that could be another one.
    let allowed = options.allow_sigv2 && options.services.iter().any(|service| service == "s3");
    if allowed { Ok(()) } else { Err(ErrorCode::AuthFormUnsupported.into()) }
}

fn access_key_of(text: &[u8]) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= MAX_ACCESS_KEY_BYTES;
    std::str::from_utf8(text).ok().filter(|_| fits).map(str::to_owned)
}

/// An HTTP date, which AWS's own examples and s3cmd write with `+0000` instead of `GMT`.
fn http_date(text: &[u8]) -> Option<Timestamp> {
    match text.strip_suffix(b" +0000") {
        Some(rest) => Timestamp::parse_http_date(&[rest, b" GMT"].concat()),
        None => Timestamp::parse_http_date(text),
    }
}

/// Seconds since 1970, up to the last year with four digits.
fn unix_seconds(text: &[u8]) -> Option<Timestamp> {
    if text.is_empty() || text.len() > 12 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = text.iter().fold(0_i64, |sum, b| sum * 10 + i64::from(b - b'0'));
    Some(Timestamp::from_unix_seconds(seconds)).filter(|end| end.unix_seconds() == seconds)
}

/// The decoded value of the first parameter whose decoded name is that.
fn parameter(query: &Query<'_>, mut is: impl FnMut(&[u8]) -> bool) -> Option<Vec<u8>> {
    let (_, value) = query.pairs().find(|(name, _)| is(&name.decoded().collect::<Vec<u8>>()))?;
    Some(value.decoded().collect())
}

impl Verifier {
    /// Proves a claim or refuses it.
    pub(super) fn settle_v2<'d>(
        &self,
        received: &Received<'_, '_>,
        claim: &Claim,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Identity<'d>, Error> {
        let options = &self.options;
        let credential = self.look_up(&claim.access_key, credentials, |decoy| {
            let text = StringToSign::of(received, claim, options);
            let _ = std::hint::black_box(text.map(|text| text.is_signed(claim, decoy)));
        })?;
        if let Some(end) = claim.end.filter(|end| now > *end) {
            return Err(refusal::expired_v2(end, now, options));
        }
        let text = StringToSign::of(received, claim, options)?;
        token::check(&text.token, &credential, now, options)?;
        let payload = PayloadLine::of_v2(text.content_sha256.as_deref())?;
        if !text.is_signed(claim, credential.secret) {
            let code = match (read_signature(&claim.signature), claim.form) {
                (Some(_), _) => ErrorCode::SignatureDoesNotMatch,
                (None, Form::PresignedV2) => ErrorCode::QuerySignatureForm,
                (None, _) => ErrorCode::SignatureForm,
            };
            let (key, signature) = (&claim.access_key, &claim.signature);
            return Err(refusal::mismatch_v2(code, (key, signature), (&text.text, &text.token), options));
        }
        let body = announced::settle(received, payload, options, text.moved_md5.as_deref(), || None)?;
        Ok(Identity::new(&credential, claim.form, claim.signed_at, body))
    }
}

/// The string to sign.
struct StringToSign {
    text: Vec<u8>,
    /// The session token in it; empty if there is none.
    token: Vec<u8>,
    /// The hash of the body, as a header or a parameter.
    content_sha256: Option<Vec<u8>>,
    /// The `Content-MD5`, as a parameter.
    moved_md5: Option<Vec<u8>>,
}

impl StringToSign {
    fn of(received: &Received<'_, '_>, claim: &Claim, options: &Options) -> Result<Self, Error> {
        let Received { request, headers, query, .. } = received;
        let pairs = || query.pairs().map(|(name, _)| name);
        if pairs().zip(pairs().skip(1)).any(|(a, b)| a.compare(b).is_eq()) {
            return Err(ErrorCode::RepeatedParameter.into());
        }
        let mut text = request.method.to_vec();
        // Who presigns moves these into the query as well.
        let moved = |name: &[u8]| match claim.form {
            Form::PresignedV2 => parameter(query, |text| text.eq_ignore_ascii_case(name)),
            _ => None,
        };
        let (moved_md5, moved_type) = (moved(b"content-md5"), moved(b"content-type"));
        for (name, moved) in [(&b"content-md5"[..], &moved_md5), (b"content-type", &moved_type)] {
            text.push(b'\n');
            let value = headers.only(name)?.or(moved.as_deref());
            unfold(value.unwrap_or_default(), &mut text);
        }
        text.push(b'\n');
        unfold(&claim.date, &mut text);
        text.push(b'\n');
        let mut lines = amz_lines(headers, query, options)?;
        for (name, value) in &lines {
            text.extend([name, &b":"[..], value, b"\n"].into_iter().flatten());
        }
        let mut take = |name: &[u8]| {
            let line = lines.iter_mut().find(|(other, _)| other == name);
            line.map(|(_, value)| std::mem::take(value))
        };
        let token = take(b"x-amz-security-token").unwrap_or_default();
        if token.len() > MAX_TOKEN_BYTES {
            return Err(ErrorCode::TokenTooLarge.into());
        }
        if let Some(bucket) = host_bucket(request, &options.hosting)? {
            text.push(b'/');
            text.extend_from_slice(&bucket);
        }
        let path = Some(request.path()).filter(|path| path.starts_with(b"/")).ok_or(ErrorCode::InvalidUri)?;
        text.extend_from_slice(path);
        write_sub_resources(query, &mut text)?;
        Ok(Self { content_sha256: take(b"x-amz-content-sha256"), text, token, moved_md5 })
    }

    fn is_signed(&self, claim: &Claim, secret: &SecretKey) -> bool {
        let computed = sign(secret, &self.text);
        read_signature(&claim.signature).is_some_and(|claimed| same(&computed, &claimed))
    }
}

/// A name in lower case, and its value.
type Line = (Vec<u8>, Vec<u8>);

/// The `x-amz-*` headers, and parameters that act as such, sorted.
fn amz_lines(headers: &Headers<'_>, query: &Query<'_>, options: &Options) -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = Vec::new();
    for (name, arrival) in headers.sorted() {
        if !name.is_amz() || options.ignores(name.text) {
            continue;
        }
        let name = name.text.to_ascii_lowercase();
        match lines.last_mut().filter(|(last, _)| *last == name) {
            Some((_, value)) => {
                value.push(b',');
                unfold(headers.line(arrival), value);
            }
            None => {
                let mut value = Vec::new();
                unfold(headers.line(arrival), &mut value);
                lines.push((name, value));
            }
        }
    }
    for (name, value) in query.pairs() {
        let name: Vec<u8> = name.decoded().map(|b| b.to_ascii_lowercase()).collect();
        if name.starts_with(b"x-amz-") {
            let mut text = Vec::new();
            unfold(&value.decoded().collect::<Vec<u8>>(), &mut text);
            lines.push((name, text));
        }
    }
    lines.sort();
    let twice = lines.iter().zip(lines.iter().skip(1)).find(|((a, _), (b, _))| a == b);
    if let Some(((name, _), _)) = twice {
        return Err(repeated(name));
    }
    Ok(lines)
}

/// Writes a value in one line: trimmed, and the white space where a folded line continues as one space. Other
/// white space stays as it is.
fn unfold(value: &[u8], out: &mut Vec<u8>) {
    let mut first = true;
    for line in value.split(|b| matches!(b, b'\r' | b'\n')).map(trim).filter(|line| !line.is_empty()) {
        if !first {
            out.push(b' ');
        }
        first = false;
        out.extend_from_slice(line);
    }
}

/// Whether the string to sign has the parameter: whatever selects an operation or a version, or changes the answer.
///
/// This is the union of what AWS's and MinIO's clients sign, and of all sub-resources that are recognised.
fn is_signed_parameter(name: &[u8]) -> bool {
    const OTHERS: [&[u8]; 12] = [
        b"defaultObjectAcl",
        b"partNumber",
        b"response-cache-control",
        b"response-content-disposition",
        b"response-content-encoding",
        b"response-content-language",
        b"response-content-type",
        b"response-expires",
        b"select-type",
        b"storageClass",
        b"versionId",
        b"uploadId",
    ];
    // Every client lists with it, and none signs it. It selects among two spellings of one answer.
    name != b"list-type" && (OTHERS.contains(&name) || is_sub_resource(name))
}

/// Writes the parameters that are signed, sorted, with decoded values.
fn write_sub_resources(query: &Query<'_>, text: &mut Vec<u8>) -> Result<(), Error> {
    let mut separator = b'?';
    for (name, value) in query.pairs() {
        let name: Vec<u8> = name.decoded().collect();
        if !is_signed_parameter(&name) {
            continue;
        }
        let value: Vec<u8> = value.decoded().collect();
        // The value is not escaped, so what follows an `&` in it would read as another parameter.
        let ambiguous = value.split(|&b| b == b'&').skip(1).any(|piece| {
            is_signed_parameter(piece.get(..find(piece, b'=').unwrap_or(piece.len())).unwrap_or_default())
        });
        if ambiguous {
            return Err(ErrorCode::AmbiguousOperation.into());
        }
        text.push(separator);
        text.extend_from_slice(&name);
        if !value.is_empty() {
            text.push(b'=');
            text.extend_from_slice(&value);
        }
        separator = b'&';
    }
    Ok(())
}

/// Reads a signature: 20 bytes in base64, in the one way to write them.
pub(super) fn read_signature(text: &[u8]) -> Option<[u8; 20]> {
    (text.len() == 28).then(|| base64::decode(text))??.try_into().ok()
}

/// HMAC-SHA1 of a text, which is the signature of SigV2.
pub(super) fn sign(secret: &SecretKey, text: &[u8]) -> [u8; 20] {
    let mut key = Zeroizing::new([0_u8; 64]);
    let secret = secret.bytes();
    if secret.len() <= key.len() {
        key.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
    } else {
        key.iter_mut().zip(Sha1::digest(secret)).for_each(|(to, from)| *to = from);
    }
    let padded = |pad: u8| Sha1::new_with_prefix(*Zeroizing::new(key.map(|b| b ^ pad)));
    let inner = padded(0x36).chain_update(text).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::value::to_base64;
    use crate::http::{Header, HttpRequest};
    use crate::operation::Hosting;

    fn claim(form: Form, date: &str) -> Claim {
        let end = Some(Timestamp::from_unix_seconds(0)).filter(|_| form == Form::PresignedV2);
        let signed_at = Timestamp::from_unix_seconds(0);
        Claim { form, access_key: "AK".into(), signature: Vec::new(), date: date.into(), signed_at, end }
    }

    fn to_sign(
        (method, target): (&str, &str),
        lines: &[(&str, &str)],
        claim: &Claim,
    ) -> Result<String, ErrorCode> {
        let lines: Vec<Header<'_>> = lines.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let (method, target) = (method.as_bytes(), target.as_bytes());
        let request = HttpRequest { method, target, headers: &lines, peer: None, secure: true, body: None };
        let options = Options {
            hosting: Hosting { domains: vec!["s3.example.com".to_owned()] },
            ignored_amz_headers: vec!["x-amz-cf-id".to_owned()],
            ..Options::default()
        };
        let mut received = Received::new(&request);
        received.read(&options).map_err(|error| error.code())?;
        let text = StringToSign::of(&received, claim, &options).map_err(|error| error.code())?;
        Ok(String::from_utf8(text.text).unwrap())
    }

    fn in_header(target: &str, lines: &[(&str, &str)]) -> Result<String, ErrorCode> {
        to_sign(("GET", target), lines, &claim(Form::HeaderV2, "D"))
    }

    #[test]
    fn the_published_examples_come_out() {
        // Amazon S3 User Guide, "Signing and authenticating REST requests".
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        for (text, signature) in [
            (
                "GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/awsexamplebucket1/photos/puppy.jpg",
                "qgk2+6Sv9/oM7G3qLEjTH1a1l1g=",
            ),
            (
                "PUT\n\nimage/jpeg\nTue, 27 Mar 2007 21:15:45 +0000\n/awsexamplebucket1/photos/puppy.jpg",
                "iqRzw+ileNPu1fhspnRs8nOjjIA=",
            ),
            ("GET\n\n\nTue, 27 Mar 2007 19:42:41 +0000\n/awsexamplebucket1/", "m0WP8eCtspQl5Ahe6L1SozdX9YA="),
            (
                "GET\n\n\nTue, 27 Mar 2007 19:44:46 +0000\n/awsexamplebucket1/?acl",
                "82ZHiFIjc+WbcwFKGUVEQspPn+0=",
            ),
        ] {
            assert_eq!(to_base64(&sign(&secret, text.as_bytes())), signature, "{text}");
        }
    }

    #[test]
    fn a_long_secret_is_hashed_first() {
        use hmac::{Hmac, KeyInit, Mac};
        for length in [1, 40, 63, 64, 65, 200] {
            let secret = "s".repeat(length);
            let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(b"text");
            assert_eq!(sign(&SecretKey::new(secret), b"text"), <[u8; 20]>::from(mac.finalize().into_bytes()));
        }
    }

    #[test]
    fn amz_headers_are_sorted_joined_and_unfolded() {
        let lines = [
            ("X-Amz-Meta-B", " two "),
            ("x-amz-date", "D"),
            ("x-amz-meta-a", "1"),
            ("X-Amz-Cf-Id", "added later"),
            ("X-AMZ-META-A", "a   b"),
            ("x-amz-meta-c", "one\r\n\t two\nx-amz-acl:public-read"),
            ("x-amzn-trace-id", "t"),
            ("Content-Type", "text/plain\n"),
        ];
        let expected = "GET\n\ntext/plain\nD\nx-amz-date:D\nx-amz-meta-a:1,a   b\nx-amz-meta-b:two\n\
                        x-amz-meta-c:one two x-amz-acl:public-read\n/b/k";
        assert_eq!(in_header("/b/k", &lines).as_deref(), Ok(expected));
        let twice = [("Content-Type", "a"), ("content-type", "b")];
        assert_eq!(in_header("/b/k", &twice), Err(ErrorCode::RepeatedHeader));
    }

    #[test]
    fn the_resource_is_the_path_as_sent_behind_the_bucket_of_the_host() {
        let resource = |target: &str, host: &str| {
            in_header(target, &[("Host", host)])
                .map(|text| text.strip_prefix("GET\n\n\nD\n").unwrap().to_owned())
        };
        assert_eq!(resource("/b/a%20b+%7e", "s3.example.com").as_deref(), Ok("/b/a%20b+%7e"));
        assert_eq!(resource("/k", "Bucket.s3.example.com:9000").as_deref(), Ok("/bucket/k"));
        assert_eq!(resource("/", "bucket.s3.example.com").as_deref(), Ok("/bucket/"));
        assert_eq!(resource("/b/k", "another.example.com").as_deref(), Ok("/b/k"));
        assert_eq!(resource("http://h/b/k?acl", "s3.example.com").as_deref(), Ok("/b/k?acl"));
        assert_eq!(resource("b/k", "s3.example.com"), Err(ErrorCode::InvalidUri));
    }

    #[test]
    fn parameters_that_select_something_are_signed_with_decoded_values() {
        let resource = |query: &str| {
            in_header(&format!("/b?{query}"), &[])
                .map(|text| text.strip_prefix("GET\n\n\nD\n/b").unwrap().to_owned())
        };
        for (query, expected) in [
            ("prefix=a&acl&max-keys=1", "?acl"),
            ("acl=", "?acl"),
            ("%61cl", "?acl"),
            ("uploads&delimiter=%2F", "?uploads"),
            ("uploadId=U%2F1&partNumber=2", "?partNumber=2&uploadId=U/1"),
            ("versionId=v&response-content-type=a%2Fb%3B%20c", "?response-content-type=a/b; c&versionId=v"),
            ("response-content-disposition=a%26b%3Dc", "?response-content-disposition=a&b=c"),
            ("list-type=2", ""),
            ("publicAccessBlock", "?publicAccessBlock"),
            ("ACL", ""),
        ] {
            assert_eq!(resource(query).as_deref(), Ok(expected), "{query}");
        }
        assert_eq!(resource("response-expires=a%26versionId%3Dv"), Err(ErrorCode::AmbiguousOperation));
        assert_eq!(resource("response-expires=a%26acl"), Err(ErrorCode::AmbiguousOperation));
        assert_eq!(resource("versionId=1&versionId=2"), Err(ErrorCode::RepeatedParameter));
        assert_eq!(resource("prefix=1&%70refix=2"), Err(ErrorCode::RepeatedParameter));
    }

    #[test]
    fn parameters_named_like_headers_are_signed_as_headers() {
        let query = "/b/k?x-amz-acl=public-read&X-Amz-Meta-A=1%0A2&content-type=text%2Fplain";
        let presigned = claim(Form::PresignedV2, "7");
        assert_eq!(
            to_sign(("PUT", query), &[("x-amz-meta-b", "x")], &presigned).as_deref(),
            Ok("PUT\n\ntext/plain\n7\nx-amz-acl:public-read\nx-amz-meta-a:1 2\nx-amz-meta-b:x\n/b/k")
        );
        assert_eq!(
            in_header(query, &[]).as_deref(),
            Ok("GET\n\n\nD\nx-amz-acl:public-read\nx-amz-meta-a:1 2\n/b/k")
        );
        let both = in_header(query, &[("x-amz-acl", "private")]);
        assert_eq!(both, Err(ErrorCode::RepeatedHeader));
        assert_eq!(in_header("/b/k?x-amz-a=1&X-Amz-A=2", &[]), Err(ErrorCode::RepeatedHeader));
    }

    #[test]
    fn a_signature_has_one_spelling() {
        let text = to_base64(&[0xff; 20]);
        assert_eq!(read_signature(text.as_bytes()), Some([0xff; 20]));
        // The last letter has two bits that stand for nothing.
        for wrong in
            [text.replace("8=", "9="), text.replace('=', ""), text.clone() + "=", text.replace('/', "_")]
        {
            assert_eq!(read_signature(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(read_signature(to_base64(&[0; 19]).as_bytes()), None);
        assert_eq!(read_signature(to_base64(&[0; 21]).as_bytes()), None);
        assert_eq!(read_signature("\n///////////////////////////".as_bytes()), None);
    }

    #[test]
    fn dates_are_those_of_http_in_either_spelling() {
        let expected = Timestamp::parse_rfc3339(b"2007-03-27T19:36:42Z");
        assert_eq!(http_date(b"Tue, 27 Mar 2007 19:36:42 +0000"), expected);
        assert_eq!(http_date(b"Tue, 27 Mar 2007 19:36:42 GMT"), expected);
        for text in ["20070327T193642Z", "Tue, 27 Mar 2007 19:36:42 +0100", "Tue, 27 Mar 2007 19:36:42", ""] {
            assert_eq!(http_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_end_is_a_number_of_seconds() {
        assert_eq!(unix_seconds(b"1768482000"), Some(Timestamp::from_unix_seconds(1_768_482_000)));
        assert_eq!(unix_seconds(b"0"), Some(Timestamp::from_unix_seconds(0)));
        assert_eq!(unix_seconds(b"253402300799").map(|end| end.unix_seconds()), Some(253_402_300_799));
        for text in
            ["", "-1", "+1", "1.0", "1e9", " 1", "253402300800", "1000000000000", "99999999999999999999"]
        {
            assert_eq!(unix_seconds(text.as_bytes()), None, "{text}");
        }
    }
}
