//! Signing against what others sign: botocore's signers byte for byte, the worked examples of chunked bodies,
//! and the browser forms of the shared cases. Then what is refused.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, VerifyingKey};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    ChunkKind, PolicyCondition, PolicyDraft, PolicyKey, SecretKey, SignedPayload, Signer, SignerOptions,
    SigningAlgorithm, SigningCredentials,
};
use s3iam::{Error, ErrorCode, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;

const ACCESS_KEY: &str = "AKIDEXAMPLEUSER00001";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn file(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text.as_bytes()).unwrap()
}

fn now() -> Timestamp {
    time("2026-01-15T12:00:00Z")
}

fn credentials(access_key: &str, secret: &str, token: Option<&str>) -> SigningCredentials {
    SigningCredentials {
        access_key: access_key.to_owned(),
        secret_key: SecretKey::new(secret),
        session_token: token.map(str::to_owned),
    }
}

fn signer(token: Option<&str>) -> Signer {
    Signer::new(credentials(ACCESS_KEY, SECRET, token), SignerOptions::default()).unwrap()
}

fn signer_v4a(region_set: &str) -> Signer {
    let algorithm = SigningAlgorithm::V4a { region_set: region_set.to_owned() };
    let options = SignerOptions { algorithm, ..SignerOptions::default() };
    Signer::new(credentials(ACCESS_KEY, SECRET, None), options).unwrap()
}

/// The signer of a case of botocore's.
fn signer_of(case: &Value) -> Signer {
    let options = SignerOptions {
        region: text(case, "region").to_owned(),
        service: text(case, "service").to_owned(),
        ..SignerOptions::default()
    };
    let credentials = credentials(text(case, "access_key"), text(case, "secret_key"), case["token"].as_str());
    Signer::new(credentials, options).unwrap()
}

fn request<'a>(method: &'a str, target: &'a str, headers: &'a [Header<'a>]) -> HttpRequest<'a> {
    HttpRequest {
        method: method.as_bytes(),
        target: target.as_bytes(),
        headers,
        peer: None,
        secure: true,
        body: None,
    }
}

fn pairs(list: &Value) -> Vec<(String, String)> {
    let pair = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
    list.as_array().unwrap().iter().map(pair).collect()
}

fn borrow(headers: &[(String, String)]) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

fn value<'h>(headers: &'h [(String, String)], name: &str) -> &'h str {
    &headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).unwrap_or_else(|| panic!("no {name}")).1
}

/// Signs a case of botocore's in the header and compares the headers that are added.
fn header_as_botocore(case: &Value, payload: SignedPayload) {
    let mut headers = vec![("Host".to_owned(), text(case, "host").to_owned())];
    headers.extend(pairs(&case["headers"]));
    let headers = borrow(&headers);
    let query = text(case, "query");
    let target = if query.is_empty() { String::new() } else { format!("?{query}") };
    let target = text(case, "path").to_owned() + &target;
    let body = text(case, "body").as_bytes();
    let request = HttpRequest { body: Some(body), ..request(text(case, "method"), &target, &headers) };
    let signer = signer_of(case);
    // The second time the key comes from the cache.
    for _ in 0..2 {
        let added = signer.sign(&request, payload, time(text(case, "time"))).unwrap();
        let expected = case["added"].as_object().unwrap();
        assert_eq!(added.len(), expected.len(), "{added:?} for {case}");
        for (name, value) in &added {
            assert_eq!(Some(value.as_str()), expected[name.as_str()].as_str(), "{name} of {case}");
        }
    }
}

#[test]
fn requests_are_signed_as_botocore_signs_them() {
    let vectors = file("tests/data/botocore-vectors.json");
    let requests = vectors["requests"].as_array().unwrap();
    assert!(requests.len() >= 40);
    for case in requests {
        header_as_botocore(case, SignedPayload::Body);
        let hash: [u8; 32] = Sha256::digest(text(case, "body")).into();
        header_as_botocore(case, SignedPayload::Sha256(hash));

        let mut headers = vec![("Host".to_owned(), text(case, "host").to_owned())];
        headers.extend(pairs(&case["headers"]));
        let headers = borrow(&headers);
        let query = text(case, "query");
        let question_mark = if query.is_empty() { "" } else { "?" };
        let url = format!("https://{}{}{question_mark}{query}", text(case, "host"), text(case, "path"));
        let request = request(text(case, "method"), &url, &headers);
        let expires = case["expires"].as_u64().unwrap() as u32;
        let presigned = signer_of(case).presign(&request, expires, time(text(case, "time"))).unwrap();
        assert_eq!(presigned, text(case, "url"), "{case}");
    }
}

#[test]
fn unsigned_bodies_are_signed_as_botocore_signs_them() {
    let vectors = file("tests/data/botocore-vectors.json");
    let requests = vectors["unsigned"].as_array().unwrap();
    assert!(requests.len() >= 4);
    for case in requests {
        header_as_botocore(case, SignedPayload::Unsigned);
    }
}

fn conditions(list: &Value) -> Vec<PolicyCondition<'_>> {
    let condition = |item| {
        let at = |index: usize| item_text(item, index);
        match at(0) {
            "equals" => PolicyCondition::Equals { field: at(1), value: at(2) },
            "starts-with" => PolicyCondition::StartsWith { field: at(1), prefix: at(2) },
            _ => PolicyCondition::ContentLength {
                least: item[1].as_u64().unwrap(),
                most: item[2].as_u64().unwrap(),
            },
        }
    };
    list.as_array().unwrap().iter().map(condition).collect()
}

fn item_text(item: &Value, index: usize) -> &str {
    item[index].as_str().unwrap()
}

#[test]
fn forms_are_signed_as_botocore_signs_them() {
    let vectors = file("tests/data/botocore-vectors.json");
    let forms = vectors["forms"].as_array().unwrap();
    assert!(forms.len() >= 12);
    for case in forms {
        let key = &case["key"];
        let key = match key["exact"].as_str() {
            Some(exact) => PolicyKey::Exact(exact),
            None => PolicyKey::Prefix(text(key, "prefix")),
        };
        let conditions = conditions(&case["conditions"]);
        let draft = PolicyDraft {
            bucket: text(case, "bucket"),
            key,
            conditions: &conditions,
            expiration: time(text(case, "expiration")),
        };
        let fields = signer_of(case).post_policy(&draft, time(text(case, "time"))).unwrap();
        assert_eq!(fields, pairs(&case["fields"]), "{case}");
    }
}

#[test]
fn forms_of_the_shared_cases_are_signed_alike() {
    let cases = file("../tests/cases/signature/post-policy.json");
    let expected = |id: &str| {
        let case = cases["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap();
        pairs(&case["fields"])
    };
    let drafts: [(&str, PolicyKey<'_>, &[PolicyCondition<'_>]); 2] = [
        (
            "post-ok",
            PolicyKey::Prefix("user/alice/"),
            &[PolicyCondition::ContentLength { least: 1, most: 1_048_576 }],
        ),
        (
            "post-ok-any",
            PolicyKey::Prefix(""),
            &[PolicyCondition::StartsWith { field: "x-amz-meta-tag", prefix: "" }],
        ),
    ];
    for (id, key, conditions) in drafts {
        let draft =
            PolicyDraft { bucket: "bucket", key, conditions, expiration: time("2026-01-15T13:00:00Z") };
        let fields = signer(None).post_policy(&draft, now()).unwrap();
        let expected = expected(id);
        for (name, value) in fields.iter().filter(|(name, _)| name != "key") {
            assert_eq!(value, crate::value(&expected, name), "{name} of {id}");
        }
    }
}

/// A worked example of a chunked body: signs the request and writes the body again.
struct Example {
    headers: Vec<(String, String)>,
    seed: String,
    body: Vec<u8>,
}

fn example(id: &str) -> Example {
    let cases = file("../tests/cases/signature/streaming.json");
    let case = cases["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap();
    let signed = pairs(&case["request"]["headers"]);
    let by_signing = ["x-amz-date", "x-amz-content-sha256", "authorization"];
    let headers = signed.iter().filter(|(name, _)| !by_signing.contains(&name.to_ascii_lowercase().as_str()));
    let part = |part: &Value| match part["text"].as_str() {
        Some(text) => text.to_owned(),
        None => text(part, "repeat").repeat(part["count"].as_u64().unwrap() as usize),
    };
    Example {
        headers: headers.cloned().collect(),
        seed: value(&signed, "authorization").to_owned(),
        body: case["request"]["body"].as_array().unwrap().iter().map(part).collect::<String>().into_bytes(),
    }
}

fn write(example: &Example, kind: ChunkKind, trailers: &[(&str, &str)]) -> Vec<u8> {
    let signer = Signer::new(
        credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None),
        SignerOptions::default(),
    )
    .unwrap();
    let headers = borrow(&example.headers);
    let request = request("PUT", "/examplebucket/chunkObject.txt", &headers);
    let (added, mut chunks) = signer.sign_chunks(&request, kind, time("2013-05-24T00:00:00Z")).unwrap();
    assert_eq!(value(&added, "authorization"), example.seed);
    let (mut body, data) = (Vec::new(), vec![b'a'; 65 * 1024]);
    for chunk in data.chunks(64 * 1024) {
        chunks.encode(b"", &mut body);
        chunks.encode(chunk, &mut body);
    }
    chunks.finish(trailers, &mut body).unwrap();
    let lengths: Vec<(&str, usize)> = trailers.iter().map(|(name, value)| (*name, value.len())).collect();
    let length = signer.encoded_length(kind, data.len() as u64, 64 * 1024, &lengths).unwrap();
    assert_eq!(length, body.len() as u64);
    body
}

#[test]
fn signed_chunks_are_those_of_the_worked_example() {
    let example = example("stream-signed-doc");
    let body = write(&example, ChunkKind::Signed, &[]);
    assert_eq!(body, example.body);
    assert_eq!(body.len().to_string(), value(&example.headers, "content-length"));
}

#[test]
fn a_signed_trailer_is_that_of_the_worked_example() {
    let example_with = |id, checksum| {
        let example = example(id);
        let body = write(&example, ChunkKind::SignedTrailer, &[("x-amz-checksum-crc32c", checksum)]);
        (String::from_utf8(body).unwrap(), String::from_utf8(example.body).unwrap())
    };
    // The published signature of the published checksum; the case beside it has one digit of it changed.
    let (body, altered) = example_with("bad-trailer-signature", "sOO8/Q==");
    let published = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    assert!(body.ends_with(&format!("x-amz-trailer-signature:{published}\r\n\r\n")));
    assert_eq!(body, altered.replace(&format!("0{}", &published[1..]), published));
    // A wrong checksum that is signed correctly.
    let (body, signed) = example_with("bad-trailer-checksum", "AAAAAA==");
    assert_eq!(body, signed);
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.as_bytes().chunks(2).map(digits).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn chunks_of_sigv4a_are_signed_one_after_another() {
    // The public key follows from the credentials (computed apart from this library).
    let key = public_key();
    let headers: [Header<'_>; 3] = [
        (b"Host", b"s3.example.com"),
        (b"x-amz-decoded-content-length", b"70000"),
        (b"x-amz-trailer", b"x-amz-checksum-crc32"),
    ];
    let request = request("PUT", "/bucket/key", &headers);
    let signer = signer_v4a("us-*,eu-west-1");
    let (added, mut chunks) = signer.sign_chunks(&request, ChunkKind::SignedTrailer, now()).unwrap();
    assert_eq!(value(&added, "x-amz-content-sha256"), "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER");
    assert_eq!(value(&added, "x-amz-region-set"), "us-*,eu-west-1");
    let (credential, seed) = value(&added, "authorization").rsplit_once("Signature=").unwrap();
    assert!(credential.contains("AKIDEXAMPLEUSER00001/20260115/s3/aws4_request, "), "{credential}");

    let (mut body, data) = (Vec::new(), vec![b'x'; 70_000]);
    data.chunks(65536).for_each(|chunk| chunks.encode(chunk, &mut body));
    chunks.finish(&[("x-amz-checksum-crc32", "AAAAAA==")], &mut body).unwrap();
    let length =
        signer.encoded_length(ChunkKind::SignedTrailer, 70_000, 65536, &[("x-amz-checksum-crc32", 8)]);
    assert_eq!(length.unwrap(), body.len() as u64);

    let body = String::from_utf8(body).unwrap();
    let mut previous = seed.to_owned();
    let mut next = |suffix: &str, hashes: &str, padded: &str| {
        assert_eq!(padded.len(), 144);
        let signature = padded.trim_end_matches('*');
        let scope = "20260115/s3/aws4_request";
        let to_sign =
            format!("AWS4-ECDSA-P256-SHA256-{suffix}\n20260115T120000Z\n{scope}\n{previous}\n{hashes}");
        let holds = key.verify(to_sign.as_bytes(), &DerSignature::from_bytes(&unhex(signature)).unwrap());
        assert!(holds.is_ok(), "{to_sign}");
        previous = signature.to_owned();
    };
    let empty = hex(&Sha256::digest(b""));
    let mut rest = body.as_str();
    for chunk in data.chunks(65536).chain([&b""[..]]) {
        let (size, after) = rest.split_once(";chunk-signature=").unwrap();
        assert_eq!(size, format!("{:x}", chunk.len()));
        next("PAYLOAD", &format!("{empty}\n{}", hex(&Sha256::digest(chunk))), &after[..144]);
        rest = &after[144 + 2..];
        if !chunk.is_empty() {
            rest = rest[chunk.len()..].strip_prefix("\r\n").unwrap();
        }
    }
    let rest = rest.strip_prefix("x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:").unwrap();
    next("TRAILER", &hex(&Sha256::digest(b"x-amz-checksum-crc32:AAAAAA==\n")), &rest[..144]);
    assert_eq!(&rest[144..], "\r\n\r\n");
}

/// The public key of the credentials, derived as published, with HMAC and big numbers spelt out.
fn public_key() -> VerifyingKey {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<Sha256>::new_from_slice(format!("AWS4A{SECRET}").as_bytes()).unwrap();
    let input =
        [&[0, 0, 0, 1][..], b"AWS4-ECDSA-P256-SHA256", &[0], ACCESS_KEY.as_bytes(), &[1], &[0, 0, 1, 0]];
    mac.update(&input.concat());
    let mut scalar = mac.finalize().into_bytes();
    // The last byte of this one is below 255, so nothing is carried.
    scalar[31] = scalar[31].checked_add(1).unwrap();
    *p256::ecdsa::SigningKey::from_slice(&scalar).unwrap().verifying_key()
}

#[test]
fn unsigned_chunks_have_sizes_and_a_trailer() {
    let headers: [Header<'_>; 3] = [
        (b"Host", b"s3.example.com"),
        (b"x-amz-decoded-content-length", b"20"),
        (b"X-Amz-Trailer", b" X-Amz-Checksum-Crc32 "),
    ];
    let request = request("PUT", "/bucket/key", &headers);
    let signer = signer(None);
    let (added, mut chunks) = signer.sign_chunks(&request, ChunkKind::UnsignedTrailer, now()).unwrap();
    assert_eq!(value(&added, "x-amz-content-sha256"), "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let mut body = Vec::new();
    chunks.encode(b"sixteen bytes...", &mut body);
    chunks.encode(b"four", &mut body);
    chunks.finish(&[("X-Amz-Checksum-CRC32", "AAAAAA==")], &mut body).unwrap();
    let expected = "10\r\nsixteen bytes...\r\n4\r\nfour\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    assert_eq!(String::from_utf8(body).unwrap(), expected);
    let length = signer.encoded_length(ChunkKind::UnsignedTrailer, 20, 16, &[("x-amz-checksum-crc32", 8)]);
    assert_eq!(length.unwrap(), expected.len() as u64);
}

#[test]
fn lengths_are_those_of_the_bodies() {
    let signers = [signer(None), signer_v4a("*")];
    for signer in &signers {
        for kind in [ChunkKind::Signed, ChunkKind::SignedTrailer, ChunkKind::UnsignedTrailer] {
            for (bytes, chunk) in [(0, 1), (1, 1), (15, 16), (16, 16), (17, 16), (300, 100), (256, 1000)] {
                let decoded = bytes.to_string();
                let mut headers: Vec<Header<'_>> = vec![(b"Host", b"h")];
                headers.push((b"x-amz-decoded-content-length", decoded.as_bytes()));
                let trailers: &[(&str, &str)] =
                    if kind == ChunkKind::Signed { &[] } else { &[("x-amz-checksum-sha1", "1234")] };
                headers.extend(trailers.iter().map(|(name, _)| (&b"x-amz-trailer"[..], name.as_bytes())));
                let request = request("PUT", "/b/k", &headers);
                let (_, mut chunks) = signer.sign_chunks(&request, kind, now()).unwrap();
                let mut body = Vec::new();
                vec![b'x'; bytes].chunks(chunk).for_each(|chunk| chunks.encode(chunk, &mut body));
                chunks.finish(trailers, &mut body).unwrap();
                let trailers: Vec<(&str, usize)> = trailers.iter().map(|(n, v)| (*n, v.len())).collect();
                let length = signer.encoded_length(kind, bytes as u64, chunk as u64, &trailers).unwrap();
                assert_eq!(length, body.len() as u64, "{kind:?}, {bytes} by {chunk}");
            }
        }
    }
    let [signer, _] = &signers;
    refused(signer.encoded_length(ChunkKind::Signed, 1, 0, &[]), "at least one byte");
    refused(signer.encoded_length(ChunkKind::Signed, u64::MAX, 1, &[]), "out of range");
    refused(signer.encoded_length(ChunkKind::Signed, 1, 1, &[("x-amz-checksum-sha1", 1)]), "no trailers");
}

/// Checks that something is refused as a wrong argument, and that the message says what is wrong.
fn refused<T>(answer: Result<T, Error>, what: &str) {
    let error = answer.err().unwrap_or_else(|| panic!("accepted what must be refused with {what:?}"));
    assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}");
    assert!(error.to_string().contains(what), "{error}");
}

#[test]
fn what_nothing_can_be_signed_with_is_refused() {
    let with = |access_key: &str, secret: &str, token| {
        Signer::new(credentials(access_key, secret, token), SignerOptions::default())
    };
    refused(with("", SECRET, None), "access key");
    refused(with("a,b", SECRET, None), "access key");
    refused(with(ACCESS_KEY, "", None), "secret key");
    refused(with(ACCESS_KEY, SECRET, Some("")), "session token");
    refused(with(ACCESS_KEY, SECRET, Some("a b")), "session token");
    refused(with(ACCESS_KEY, SECRET, Some("a\r\nx: y")), "session token");
    let of = |options| Signer::new(credentials(ACCESS_KEY, SECRET, None), options);
    for name in ["", "a/b", "a b", "a,b", "é"] {
        refused(of(SignerOptions { region: name.to_owned(), ..SignerOptions::default() }), "region");
        refused(of(SignerOptions { service: name.to_owned(), ..SignerOptions::default() }), "service");
    }
    for region_set in ["", "a,,b", "a, b", "a/b"] {
        let algorithm = SigningAlgorithm::V4a { region_set: region_set.to_owned() };
        refused(of(SignerOptions { algorithm, ..SignerOptions::default() }), "region set");
    }
}

#[test]
fn requests_that_cannot_be_signed_are_refused() {
    let host: Header<'_> = (b"Host", b"h");
    let sign = |signer: &Signer, target: &str, headers: &[Header<'_>]| {
        signer.sign(&request("GET", target, headers), SignedPayload::Body, now())
    };
    let (plain, temporary) = (signer(None), signer(Some("TOKEN")));
    refused(sign(&plain, "/", &[]), "host");
    refused(sign(&plain, "/", &[(b"Host", b" ")]), "host");
    refused(sign(&plain, "/", &[host, host]), "host");
    refused(sign(&plain, "/", &[host, (b"Authorization", b"x")]), "authorization");
    refused(sign(&plain, "/", &[host, (b"x-amz-date", b"20260115T120001Z")]), "x-amz-date");
    refused(sign(&plain, "/", &[host, (b"X-Amz-Content-Sha256", b"UNSIGNED-PAYLOAD")]), "content-sha256");
    refused(sign(&plain, "/", &[host, (b"x-amz-security-token", b"TOKEN")]), "with the credentials");
    refused(sign(&temporary, "/", &[host, (b"x-amz-security-token", b"OTHER")]), "another value");
    refused(sign(&plain, "/?X-Amz-Signature=1", &[host]), "a signature already");
    refused(sign(&plain, "/?X-Amz-%43redential=1", &[host]), "a signature already");
    refused(sign(&plain, "/?X-Amz-Security-Token=1", &[host]), "with the credentials");
    refused(sign(&plain, "/%zz", &[host]), "%25");
    for name in ["a b", "", "a;b", "a,b", "ä", "a\n"] {
        refused(sign(&plain, "/", &[host, (name.as_bytes(), b"x")]), "no name of a header");
    }
    let many: Vec<String> = (0..300).map(|n| format!("h{n}")).collect();
    let lines: Vec<Header<'_>> =
        std::iter::once(host).chain(many.iter().map(|name| (name.as_bytes(), &b"x"[..]))).collect();
    refused(sign(&plain, "/", &lines), "header");

    let long = format!("/?{}", vec!["a"; 300].join("&"));
    refused(sign(&plain, &long, &[host]), "query");
    let presign = |expires, target: &str| plain.presign(&request("GET", target, &[host]), expires, now());
    refused(presign(0, "/"), "604800");
    refused(presign(604_801, "/"), "604800");
    refused(presign(60, "/?X-Amz-Date=1"), "leave it out");
    refused(presign(60, "/?X-Amz-Signature=1"), "leave it out");
    refused(presign(60, "/?AWSAccessKeyId=1&Signature=1"), "a signature already");
    let hash = "X-Amz-Content-Sha256=UNSIGNED-PAYLOAD";
    refused(presign(60, &format!("/?{hash}&{hash}")), "twice");
    assert!(presign(60, &format!("/?{hash}")).is_ok());
    for method in ["", "GET /", "G\nT"] {
        refused(plain.sign(&request(method, "/", &[host]), SignedPayload::Body, now()), "method");
    }
    refused(presign(60, "/?X-Amz-Content-Sha256=STREAMING"), "x-amz-content-sha256");
    let sts = SignerOptions { service: "sts".to_owned(), ..SignerOptions::default() };
    let sts = Signer::new(credentials(ACCESS_KEY, SECRET, None), sts).unwrap();
    refused(sts.sign(&request("GET", "/", &[host]), SignedPayload::Unsigned, now()), "only S3");
    refused(sts.sign_chunks(&request("PUT", "/", &[host]), ChunkKind::Signed, now()), "only S3");
}

#[test]
fn what_is_there_already_with_its_value_is_signed_and_not_added() {
    let headers: [Header<'_>; 3] =
        [(b"Host", b"h"), (b"X-Amz-Date", b" 20260115T120000Z"), (b"x-amz-security-token", b"TOKEN")];
    let request = request("GET", "/", &headers);
    let added = signer(Some("TOKEN")).sign(&request, SignedPayload::Unsigned, now()).unwrap();
    let names: Vec<&str> = added.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x-amz-content-sha256", "authorization"]);
    let all = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
    assert!(value(&added, "authorization").contains(all));
}

#[test]
fn every_day_has_its_own_key() {
    let headers: [Header<'_>; 1] = [(b"Host", b"h")];
    let request = request("GET", "/", &headers);
    let days = ["2026-01-15T23:59:59Z", "2026-01-16T00:00:00Z", "2026-01-17T00:00:00Z"];
    let kept = signer(None);
    for day in days.into_iter().chain(days) {
        let [ours, fresh] = [&kept, &signer(None)]
            .map(|signer| signer.sign(&request, SignedPayload::Body, time(day)).unwrap());
        assert_eq!(ours, fresh, "{day}");
    }
}

#[test]
fn the_authority_of_http_2_is_signed_as_the_host() {
    let sign = |headers: &[Header<'_>]| {
        let added = signer(None).sign(&request("GET", "/", headers), SignedPayload::Body, now()).unwrap();
        value(&added, "authorization").to_owned()
    };
    let host: Header<'_> = (b"Host", b"h");
    let others: [Header<'_>; 2] = [(b":path", b"/"), (b"accept", b"*/*")];
    let expected = sign(&[others[1], host]);
    assert!(expected.contains("SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date,"), "{expected}");
    assert_eq!(sign(&[(b":authority", b"h"), others[0], others[1]]), expected);
    assert_eq!(sign(&[(b":authority", b"other"), others[1], host]), expected);
}

#[test]
fn the_token_of_a_session_has_a_name_of_its_own() {
    let options = SignerOptions { service: "s3express".to_owned(), ..SignerOptions::default() };
    let signer = Signer::new(credentials(ACCESS_KEY, SECRET, Some("TOKEN")), options).unwrap();
    let host: [Header<'_>; 1] = [(b"Host", b"h")];
    for (target, name) in [
        ("/b/k", "x-amz-s3session-token"),
        ("/?session", "x-amz-security-token"),
        ("/?session=", "x-amz-security-token"),
    ] {
        let request = request("GET", target, &host);
        let added = signer.sign(&request, SignedPayload::Body, now()).unwrap();
        assert_eq!(value(&added, name), "TOKEN", "{target}");
        let presigned = signer.presign(&request, 60, now()).unwrap();
        assert!(presigned.to_ascii_lowercase().contains(&format!("&{name}=token&")), "{presigned}");
    }
}

#[test]
fn chunks_that_would_be_refused_are_refused() {
    let sign = |method: &str, kind, headers: &[Header<'_>]| {
        signer(None).sign_chunks(&request(method, "/b/k", headers), kind, now()).map(|(_, chunks)| chunks)
    };
    let (host, length): (Header<'_>, Header<'_>) = ((b"Host", b"h"), (b"x-amz-decoded-content-length", b"3"));
    let trailer: Header<'_> = (b"x-amz-trailer", b"x-amz-checksum-crc32");
    refused(sign("GET", ChunkKind::Signed, &[host, length]), "PUT");
    refused(sign("PUT", ChunkKind::Signed, &[host]), "x-amz-decoded-content-length");
    for wrong in ["", "-1", "+1", "1.5", "99999999999999999999"] {
        let wrong: Header<'_> = (b"x-amz-decoded-content-length", wrong.as_bytes());
        refused(sign("PUT", ChunkKind::Signed, &[host, wrong]), "x-amz-decoded-content-length");
    }
    refused(sign("PUT", ChunkKind::Signed, &[host, length, trailer]), "no trailers");
    refused(sign("PUT", ChunkKind::SignedTrailer, &[host, length]), "x-amz-trailer");

    let finish = |data: &[u8], trailers: &[(&str, &str)]| {
        let mut chunks = sign("PUT", ChunkKind::SignedTrailer, &[host, length, trailer]).unwrap();
        let mut out = Vec::new();
        chunks.encode(data, &mut out);
        let before = out.clone();
        let answer = chunks.finish(trailers, &mut out);
        assert_eq!(answer.is_err(), out == before, "nothing is appended then");
        answer
    };
    let good = ("x-amz-checksum-crc32", "AAAAAA==");
    assert!(finish(b"abc", &[good]).is_ok());
    refused(finish(b"ab", &[good]), "2 bytes long");
    refused(finish(b"abcd", &[good]), "says 3");
    refused(finish(b"abc", &[]), "x-amz-trailer");
    refused(finish(b"abc", &[good, good]), "x-amz-trailer");
    refused(finish(b"abc", &[("x-amz-checksum-sha1", "x")]), "x-amz-trailer");
    refused(finish(b"abc", &[("x-amz-checksum-crc32", "a\r\nb")]), "visible ASCII");
}

#[test]
fn policies_that_no_form_can_fulfil_are_refused() {
    let sign = |change: &dyn Fn(&mut PolicyDraft<'static>)| {
        let mut draft = PolicyDraft {
            bucket: "bucket",
            key: PolicyKey::Exact("key"),
            conditions: &[],
            expiration: time("2026-01-15T12:00:01Z"),
        };
        change(&mut draft);
        signer(None).post_policy(&draft, now())
    };
    assert!(sign(&|_| ()).is_ok());
    refused(sign(&|draft| draft.bucket = ""), "bucket");
    refused(sign(&|draft| draft.key = PolicyKey::Exact("")), "key");
    refused(sign(&|draft| draft.expiration = now()), "expiration");
    refused(
        sign(&|draft| draft.conditions = &[PolicyCondition::ContentLength { least: 2, most: 1 }]),
        "at least 2",
    );
    refused(
        sign(&|draft| draft.conditions = &[PolicyCondition::Equals { field: "X-Amz-Date", value: "x" }]),
        "set by signing",
    );
    refused(
        sign(&|draft| draft.conditions = &[PolicyCondition::StartsWith { field: "$key", prefix: "" }]),
        "set by signing",
    );
    refused(
        sign(&|draft| {
            draft.conditions = &[
                PolicyCondition::Equals { field: "acl", value: "private" },
                PolicyCondition::Equals { field: "ACL", value: "public-read" },
            ];
        }),
        "one value",
    );
    let draft = PolicyDraft {
        bucket: "bucket",
        key: PolicyKey::Exact("key"),
        conditions: &[],
        expiration: time("2026-01-15T12:00:01Z"),
    };
    refused(signer_v4a("*").post_policy(&draft, now()), "SigV4");
}

#[test]
fn secrets_and_tokens_are_not_shown() {
    let signer = signer(Some("TOKEN-TEXT"));
    let headers: [Header<'_>; 2] = [(b"Host", b"h"), (b"x-amz-decoded-content-length", b"3")];
    let request = request("PUT", "/b/k", &headers);
    let (_, chunks) = signer.sign_chunks(&request, ChunkKind::Signed, now()).unwrap();
    let shown = format!("{signer:?} {chunks:?} {:?}", signer_v4a("*"));
    assert!(shown.contains(ACCESS_KEY));
    assert!(!shown.contains("TOKEN-TEXT") && !shown.contains("wJalr"), "{shown}");
}
