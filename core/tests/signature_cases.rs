//! Runs `tests/cases/signature`: full requests with the answer that each must get.
//!
//! Cases of forms that are not supported yet must be refused all the same, and must not become
//! anonymous.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use s3iam::error::ErrorProfile;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{CredentialState, KeyRing, NewKey, Options, Payload, SecretKey, Verified, Verifier};
#[cfg(feature = "forms")]
use s3iam::signature::{PostForm, PostUpload};
use s3iam::{Error, Timestamp};
use serde_json::Value;
use std::path::Path;

#[cfg(not(feature = "forms"))]
const SUPPORTED: &[&str] = &["header", "presigned", "anonymous", "sts"];
#[cfg(feature = "forms")]
const SUPPORTED: &[&str] = &["header", "presigned", "anonymous", "sts", "streaming", "sigv4a", "sigv2"];

struct Cases {
    ring: KeyRing,
    cases: Vec<Value>,
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text.as_bytes()).unwrap()
}

fn load() -> Vec<Cases> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/signature");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
        .map(|file| {
            let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
            let mut ring = KeyRing::new();
            for key in document["credentials"].as_array().unwrap() {
                let state = match key["enabled"].as_bool() {
                    Some(false) => CredentialState::Disabled,
                    _ => CredentialState::Enabled,
                };
                ring.add(NewKey {
                    access_key: text(key, "access_key").to_owned(),
                    secret_key: SecretKey::new(text(key, "secret_key")),
                    session_token: key["session_token"].as_str().map(str::to_owned),
                    expires: key["expires"].as_str().map(time),
                    state,
                })
                .unwrap();
            }
            Cases { ring, cases: document["cases"].as_array().unwrap().clone() }
        })
        .collect()
}

/// A request of a case, with everything that it borrows from.
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn of(case: &Value) -> Self {
        let request = &case["request"];
        let pair =
            |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
        Self {
            method: text(request, "method").to_owned(),
            target: text(request, "target").to_owned(),
            headers: request["headers"].as_array().unwrap().iter().map(pair).collect(),
            body: request["body"].as_array().unwrap().iter().flat_map(part).collect(),
        }
    }

    fn verify<'d>(
        &self,
        verifier: &Verifier,
        ring: &'d KeyRing,
        now: Timestamp,
    ) -> Result<Verified<'d>, Error> {
        self.with(|request| verifier.verify(request, ring, now))
    }

    fn with<T>(&self, f: impl FnOnce(&HttpRequest<'_>) -> T) -> T {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        f(&HttpRequest {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            headers: &headers,
            peer: None,
            secure: true,
            body: Some(&self.body),
        })
    }
}

/// A form of a case as the gateway would have read it.
#[cfg(feature = "forms")]
#[derive(Clone)]
struct Fields {
    bucket: String,
    fields: Vec<(String, String)>,
    file_name: Option<String>,
    file_length: Option<u64>,
}

#[cfg(feature = "forms")]
impl Fields {
    fn of(case: &Value) -> Self {
        let pair =
            |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
        Self {
            // The bucket of the URL; the member `bucket` of the older cases is the policy's.
            bucket: text(&case["request"], "target")
                .trim_start_matches('/')
                .split('?')
                .next()
                .unwrap()
                .to_owned(),
            fields: case["fields"].as_array().unwrap().iter().map(pair).collect(),
            file_name: case["file_name"].as_str().map(str::to_owned),
            file_length: case["file_length"].as_u64(),
        }
    }

    /// Verifies the form, and gives the upload to `f`.
    fn verify<T>(
        &self,
        case: &Value,
        verifier: &Verifier,
        ring: &KeyRing,
        f: impl FnOnce(Result<PostUpload<'_, '_>, Error>) -> T,
    ) -> T {
        let fields: Vec<(&[u8], &[u8])> =
            self.fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let form = PostForm {
            fields: &fields,
            file_name: self.file_name.as_ref().map(|name| name.as_bytes()),
            file_length: self.file_length,
        };
        let now = time(text(&case["server"], "now"));
        let verify = |request: &HttpRequest<'_>| {
            f(verifier.verify_post(request, self.bucket.as_bytes(), &form, ring, now))
        };
        Request::of(case).with(verify)
    }
}

/// What a case says against the upload that came out, or nothing if they agree.
#[cfg(feature = "forms")]
fn upload_disagreement(
    case: &Value,
    profile: ErrorProfile,
    answer: Result<PostUpload<'_, '_>, Error>,
) -> Option<String> {
    let expect = &case["expect"];
    let upload = match answer {
        Ok(upload) => upload,
        Err(error) => return disagreement(case, profile, Err(error)),
    };
    let range = upload.length_range();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let headers: Vec<Value> =
        upload.headers().map(|(name, value)| Value::from(vec![name, text(value)])).collect();
    let wrong: Vec<String> = [
        ("key", Value::from(text(upload.key()))),
        ("content_length_range", Value::from(vec![range.min(), range.max()])),
        ("success_status", Value::from(upload.success_status())),
        ("success_redirect", upload.success_redirect().map_or(Value::Null, |url| text(url).into())),
        ("headers", Value::from(headers)),
    ]
    .into_iter()
    .filter(|(name, value)| expect.get(*name).is_some_and(|expected| expected != value))
    .map(|(name, value)| format!("{name}: got {value}"))
    .collect();
    let signed = upload.identity().map_or(Verified::Anonymous, |identity| Verified::Signed(identity.clone()));
    let other = disagreement(case, profile, Ok(signed));
    if wrong.is_empty() { other } else { Some(format!("{} {}", case["id"], wrong.join("; "))) }
}

fn part(part: &Value) -> Vec<u8> {
    if let Some(text) = part["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(unit) = part["repeat"].as_str() {
        return unit.repeat(part["count"].as_u64().unwrap() as usize).into_bytes();
    }
    base64(text(part, "base64"))
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for b in text.bytes().filter(|&b| b != b'=') {
        bits = bits << 6 | ALPHABET.iter().position(|&a| a == b).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

/// The domains that buckets are named under.
#[cfg(feature = "forms")]
fn domains(server: &Value) -> Vec<String> {
    let domains = server["domains"].as_array().into_iter().flatten();
    domains.map(|domain| domain.as_str().unwrap().to_owned()).collect()
}

fn options(case: &Value, error_profile: ErrorProfile) -> Options {
    let server = &case["server"];
    let flag = |name: &str, default| server[name].as_bool().unwrap_or(default);
    Options {
        error_profile,
        region: text(server, "region").to_owned(),
        services: vec![text(server, "service").to_owned()],
        max_skew_seconds: server["max_skew_seconds"].as_u64().unwrap() as u32,
        require_content_sha256: server["require_content_sha256"].as_bool().unwrap(),
        #[cfg(feature = "forms")]
        require_min_chunk: server["require_min_chunk"].as_bool().unwrap_or_default(),
        #[cfg(feature = "forms")]
        max_chunk_bytes: server["max_chunk_bytes"].as_u64().map_or(16 << 20, |bytes| bytes as u32),
        require_signed_amz_headers: flag("require_signed_amz_headers", true),
        #[cfg(feature = "forms")]
        allow_sigv2: flag("allow_sigv2", false),
        #[cfg(feature = "forms")]
        allow_sigv4a: flag("allow_sigv4a", true),
        #[cfg(feature = "forms")]
        hosting: s3iam::operation::Hosting { domains: domains(server) },
        ..Options::default()
    }
}

fn payload_name(payload: Payload) -> &'static str {
    match payload {
        Payload::Unsigned => "UNSIGNED-PAYLOAD",
        Payload::Sha256(_) => "sha256",
        #[cfg(feature = "forms")]
        Payload::Chunked(chunking) => chunking.name(),
        other => panic!("{other:?}"),
    }
}

/// What a case says against what came out, or nothing if they agree.
fn disagreement(case: &Value, profile: ErrorProfile, answer: Result<Verified<'_>, Error>) -> Option<String> {
    let expect = &case["expect"];
    let mut wrong = Vec::new();
    let mut check = |what: &str, expected: &Value, actual: &str| {
        if expected.as_str().is_some_and(|expected| expected != actual) {
            wrong.push(format!("{what}: expected {expected}, got {actual}"));
        }
    };
    match answer {
        Ok(Verified::Anonymous) => check("outcome", &expect["outcome"], "anonymous"),
        Ok(Verified::Signed(identity)) => {
            check("outcome", &expect["outcome"], "accept");
            check("auth", &expect["auth"], identity.form().name());
            check("access key", &expect["access_key"], identity.access_key());
            check("payload", &expect["payload"], payload_name(identity.payload()));
        }
        Err(error) => {
            check("outcome", &expect["outcome"], "reject");
            let expected = match profile {
                ErrorProfile::Aws => &expect["aws"],
                ErrorProfile::Minio => &expect["minio"],
            };
            let answer = error.code().answer(profile);
            check("code", &expected["code"], answer.code);
            if let Some(status) = expected["status"].as_u64() {
                check("status", &Value::from(status.to_string()), &answer.status.to_string());
            }
            check("message", &expected["message"], error.message(profile));
        }
    }
    (!wrong.is_empty()).then(|| format!("{}: {}", text(case, "id"), wrong.join("; ")))
}

#[test]
fn every_case_of_a_supported_form_gets_its_answer() {
    let (mut run, mut wrong) = (0, Vec::new());
    for Cases { ring, cases } in load() {
        for case in cases.iter().filter(|case| SUPPORTED.contains(&text(case, "form"))) {
            run += 1;
            for profile in [ErrorProfile::Aws, ErrorProfile::Minio] {
                let verifier = Verifier::new(options(case, profile));
                let now = time(text(&case["server"], "now"));
                // The second time the signing key comes from the cache.
                for _ in 0..2 {
                    let answer = Request::of(case).verify(&verifier, &ring, now);
                    wrong.extend(disagreement(case, profile, answer));
                }
            }
        }
    }
    println!("{run} cases");
    assert!(run >= 700, "only {run} cases were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(feature = "forms")]
#[test]
fn every_form_upload_gets_its_answer() {
    let (mut run, mut wrong) = (0, Vec::new());
    for Cases { ring, cases } in load() {
        for case in cases.iter().filter(|case| text(case, "form") == "post-policy") {
            run += 1;
            for profile in [ErrorProfile::Aws, ErrorProfile::Minio] {
                let verifier = Verifier::new(options(case, profile));
                // The second time the signing key comes from the cache.
                for _ in 0..2 {
                    wrong.extend(
                        Fields::of(case).verify(case, &verifier, &ring, |answer| {
                            upload_disagreement(case, profile, answer)
                        }),
                    );
                }
                // Without its fields a form is neither anonymous nor accepted.
                let plain = Request::of(case).verify(&verifier, &ring, time(text(&case["server"], "now")));
                let is_form =
                    case["request"]["method"] == "POST" && text(case, "id") != "bad-post-not-multipart";
                assert!(!is_form || plain.is_err(), "{}", text(case, "id"));
            }
        }
    }
    println!("{run} cases");
    assert!(run >= 300, "only {run} cases were found");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Forms whose every field has one value that holds.
#[cfg(feature = "forms")]
#[test]
fn no_byte_of_an_accepted_form_can_be_changed() {
    const FREE: [&str; 2] = ["starts-with", "x-ignore"];
    let mut run = 0;
    for Cases { ring, cases } in load() {
        let accepted = |case: &&Value| {
            let fields = case["fields"].to_string();
            text(case, "form") == "post-policy"
                && text(&case["expect"], "outcome") == "accept"
                && !FREE
                    .iter()
                    .any(|free| decoded_policy(case).contains(free) || fields.to_lowercase().contains(free))
        };
        for case in cases.iter().filter(accepted) {
            let verifier = Verifier::new(options(case, ErrorProfile::Aws));
            let original = Fields::of(case);
            assert!(original.verify(case, &verifier, &ring, |answer| answer.is_ok()));
            for at in 0..original.fields.len() {
                // The key has two spellings where the file name is part of it.
                if original.fields[at].1.contains("${filename}") {
                    continue;
                }
                for (_, value) in one_byte_off(&original.fields[at].1) {
                    let mut changed = original.clone();
                    changed.fields[at].1 = value;
                    run += 1;
                    let refused = changed.verify(case, &verifier, &ring, |answer| answer.is_err());
                    assert!(refused, "{}: {:?}", text(case, "id"), changed.fields[at]);
                }
                // The bucket is that of the URL, whether the form repeats it or not.
                if original.fields[at].0 == "bucket" {
                    continue;
                }
                let mut without = original.clone();
                without.fields.remove(at);
                let refused = without.verify(case, &verifier, &ring, |answer| answer.is_err());
                assert!(refused, "{} without {}", text(case, "id"), original.fields[at].0);
            }
            let mut elsewhere = original.clone();
            elsewhere.bucket.push('x');
            assert!(elsewhere.verify(case, &verifier, &ring, |answer| answer.is_err()));
        }
    }
    assert!(run > 10_000, "only {run} changes were made");
}

#[cfg(feature = "forms")]
fn decoded_policy(case: &Value) -> String {
    let fields = Fields::of(case).fields;
    let policy = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("policy"));
    policy.map(|(_, text)| String::from_utf8(base64(text)).unwrap().to_lowercase()).unwrap_or_default()
}

#[test]
fn what_was_hashed_is_what_a_refused_client_is_shown() {
    let mut run = 0;
    for Cases { ring, cases } in load() {
        for case in cases.iter().filter(|case| SUPPORTED.contains(&text(case, "form"))) {
            let (Some(canonical), "accept") =
                (case["canonical_request"].as_str(), text(&case["expect"], "outcome"))
            else {
                continue;
            };
            // The session token is left out of what is shown.
            if canonical.contains("token") || canonical.contains("Token") {
                continue;
            }
            run += 1;
            let mut request = Request::of(case);
            let signature = text(case, "signature");
            let other = if signature.ends_with('0') { "1" } else { "0" };
            let other = format!("{}{other}", &signature[..signature.len() - 1]);
            request.target = request.target.replace(signature, &other);
            for (_, value) in &mut request.headers {
                *value = value.replace(signature, &other);
            }
            let verifier = Verifier::new(options(case, ErrorProfile::Aws));
            let error = request.verify(&verifier, &ring, time(text(&case["server"], "now"))).unwrap_err();
            assert_eq!(error.code().name(), "signature-does-not-match", "{}", text(case, "id"));
            let detail = |name| &error.details().iter().find(|(detail, _)| *detail == name).unwrap().1;
            assert_eq!(detail("CanonicalRequest"), canonical, "{}", text(case, "id"));
            if let Some(string_to_sign) = case["string_to_sign"].as_str() {
                assert_eq!(detail("StringToSign"), string_to_sign, "{}", text(case, "id"));
            }
            assert_eq!(detail("SignatureProvided"), &other);
        }
    }
    assert!(run >= 40, "only {run} cases were found");
}

#[test]
fn a_client_with_another_secret_is_shown_what_sigv2_signs() {
    let mut run = 0;
    for Cases { cases, .. } in load() {
        for case in cases.iter().filter(|case| text(case, "form") == "sigv2") {
            let (Some(string_to_sign), Some(access_key)) =
                (case["string_to_sign"].as_str(), case["expect"]["access_key"].as_str())
            else {
                continue;
            };
            run += 1;
            let mut ring = KeyRing::new();
            ring.add(NewKey {
                access_key: access_key.to_owned(),
                secret_key: SecretKey::new("another secret"),
                session_token: None,
                expires: None,
                state: CredentialState::Enabled,
            })
            .unwrap();
            let verifier = Verifier::new(options(case, ErrorProfile::Aws));
            let now = time(text(&case["server"], "now"));
            let error = Request::of(case).verify(&verifier, &ring, now).unwrap_err();
            let detail = error.details().iter().find(|(name, _)| *name == "StringToSign");
            assert_eq!(detail.unwrap().1, string_to_sign, "{}", text(case, "id"));
        }
    }
    assert!(run >= 10, "only {run} cases were found");
}

/// Texts that differ from this one in one byte, which becomes no hexadecimal digit and no separator. Of a
/// long text not every byte takes its turn.
fn one_byte_off(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let step = 1 + text.len() / 800;
    (0..text.len())
        .step_by(step)
        .filter(|&at| text.is_char_boundary(at) && text.is_char_boundary(at + 1))
        .map(|at| {
            let other = if &text[at..=at] == "z" { "y" } else { "z" };
            (at, [&text[..at], other, &text[at + 1..]].concat())
        })
}

/// Whether SigV2 covers the byte of a target: all but those of a few parameters that select nothing.
fn is_covered_by_v2(target: &str, at: usize) -> bool {
    const NOT_COVERED: [&str; 4] = ["prefix=", "max-keys=", "marker=", "content-type="];
    let start = target[..at].rfind(['?', '&']).map_or(0, |start| start + 1);
    !NOT_COVERED.iter().any(|name| target[start..].starts_with(name)) && !target[at..].starts_with("&prefix")
}

#[test]
fn no_byte_of_an_accepted_request_can_be_changed() {
    let mut run = 0;
    for Cases { ring, cases } in load() {
        let accepted = |case: &&Value| {
            SUPPORTED.contains(&text(case, "form")) && text(&case["expect"], "outcome") == "accept"
        };
        for case in cases.iter().filter(accepted) {
            let verifier = Verifier::new(options(case, ErrorProfile::Aws));
            let now = time(text(&case["server"], "now"));
            let original = Request::of(case);
            let refused = |request: &Request, what: &str| {
                let answer = request.verify(&verifier, &ring, now);
                assert!(!matches!(answer, Ok(Verified::Signed(_))), "{}: {what}", text(case, "id"));
            };
            assert!(original.verify(&verifier, &ring, now).is_ok());
            let mut request = Request::of(case);
            for (_, method) in one_byte_off(&original.method) {
                request.method = method;
                refused(&request, &request.method);
            }
            request.method.clone_from(&original.method);
            // A path that is normalised may be written in many ways, and the authority of an absolute
            // target is not part of the request.
            let fixed =
                text(&case["server"], "service").starts_with("s3") && original.target.starts_with('/');
            for (at, target) in one_byte_off(&original.target).filter(|_| fixed) {
                if text(case, "form") != "sigv2" || is_covered_by_v2(&original.target, at) {
                    request.target = target;
                    refused(&request, &request.target);
                }
            }
            request.target.clone_from(&original.target);
            for (at, (name, value)) in original.headers.iter().enumerate() {
                let name = name.to_ascii_lowercase();
                let covered = match text(case, "form") {
                    // Of the host only the bucket is covered, and the date only where it counts.
                    "sigv2" => ["authorization", "content-type", "content-md5"].contains(&&*name),
                    _ => ["host", "authorization"].contains(&&*name),
                };
                if !covered && !name.starts_with("x-amz-") {
                    continue;
                }
                for (_, value) in one_byte_off(value) {
                    request.headers[at].1 = value;
                    refused(&request, &request.headers[at].1);
                    run += 1;
                }
                request.headers[at].1.clone_from(value);
            }
        }
    }
    assert!(run > 10_000, "only {run} changes were made");
}

/// Bodies that arrive bit by bit, in any splits.
#[cfg(feature = "forms")]
mod bodies {
    use super::*;
    use proptest::prelude::*;
    use s3iam::signature::{BodyReader, BodySummary};
    use sha2::{Digest, Sha256};

    /// What became of a body: what was released of it, and how it ended.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Outcome {
        pub released: Vec<u8>,
        pub end: Result<BodySummary, Error>,
    }

    /// Reads a body in pieces of these lengths in turn; what is released is noted piece by piece.
    pub fn read(mut reader: BodyReader, body: &[u8], lengths: &[usize]) -> Outcome {
        let mut released = Vec::new();
        let mut lengths = lengths.iter().cycle();
        let mut rest = body;
        while !rest.is_empty() {
            let (mut piece, later) = rest.split_at((*lengths.next().unwrap()).clamp(1, rest.len()));
            rest = later;
            while !piece.is_empty() {
                match reader.push(piece) {
                    Ok(pushed) => {
                        assert!(pushed.taken > 0 && pushed.taken <= piece.len());
                        released.extend_from_slice(pushed.released);
                        piece = &piece[pushed.taken..];
                    }
                    Err(error) => {
                        assert_eq!(reader.push(b"more"), Err(error.clone()), "poisoned");
                        assert_eq!(reader.finish(), Err(error.clone()), "poisoned");
                        return Outcome { released, end: Err(error) };
                    }
                }
            }
        }
        let end = reader.finish();
        assert!(reader.push(b"more").is_err() && reader.finish().is_err(), "used up");
        Outcome { released, end }
    }

    /// Every case whose request is accepted before its body has arrived, with a maker of readers.
    fn each(mut see: impl FnMut(&Value, ErrorProfile, &dyn Fn() -> BodyReader, &[u8])) {
        for Cases { ring, cases } in load() {
            for case in cases.iter().filter(|case| SUPPORTED.contains(&text(case, "form"))) {
                for profile in [ErrorProfile::Aws, ErrorProfile::Minio] {
                    let verifier = Verifier::new(options(case, profile));
                    let request = Request::of(case);
                    let headers: Vec<Header<'_>> = request
                        .headers
                        .iter()
                        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
                        .collect();
                    let http = HttpRequest {
                        method: request.method.as_bytes(),
                        target: request.target.as_bytes(),
                        headers: &headers,
                        peer: None,
                        secure: true,
                        body: None,
                    };
                    match verifier.verify(&http, &ring, time(text(&case["server"], "now"))) {
                        Err(_) => {}
                        Ok(Verified::Anonymous) => {
                            see(case, profile, &|| verifier.anonymous_body(&http).unwrap(), &request.body);
                        }
                        Ok(signed) => see(case, profile, &|| signed.body_reader().unwrap(), &request.body),
                    }
                }
            }
        }
    }

    #[test]
    fn every_body_is_what_its_case_says() {
        let (mut accepted, mut refused) = (0, 0);
        each(|case, profile, reader, body| {
            let (expect, id) = (&case["expect"], text(case, "id"));
            let outcome = read(reader(), body, &[body.len()]);
            match outcome.end {
                Ok(summary) => {
                    assert_ne!(text(expect, "outcome"), "reject", "{id}");
                    assert_eq!(summary.decoded_length(), outcome.released.len() as u64, "{id}");
                    if let Some(length) = expect["decoded_length"].as_u64() {
                        assert_eq!(summary.decoded_length(), length, "{id}");
                    }
                    if let Some(hash) = expect["decoded_sha256"].as_str() {
                        let computed: String =
                            Sha256::digest(&outcome.released).iter().map(|b| format!("{b:02x}")).collect();
                        assert_eq!(computed, hash, "{id}");
                    }
                    if let Some(trailers) = expect["trailers"].as_object() {
                        let read: serde_json::Map<String, Value> = summary
                            .trailers()
                            .map(|(name, value)| (name.to_owned(), Value::from(value)))
                            .collect();
                        assert_eq!(&read, trailers, "{id}");
                    }
                    accepted += usize::from(text(case, "form") == "streaming");
                }
                Err(error) => {
                    assert_eq!(text(expect, "outcome"), "reject", "{id}: {error}");
                    let expected = &expect[if profile == ErrorProfile::Aws { "aws" } else { "minio" }];
                    let answer = error.code().answer(profile);
                    if let Some(code) = expected["code"].as_str() {
                        assert_eq!(
                            (answer.code, Some(u64::from(answer.status))),
                            (code, expected["status"].as_u64()),
                            "{id}"
                        );
                    }
                    if let Some(released) = expect["released"].as_u64() {
                        assert_eq!(outcome.released.len() as u64, released, "{id}");
                    }
                    refused += usize::from(text(case, "form") == "streaming");
                }
            }
        });
        println!("{accepted} accepted, {refused} refused");
        assert!(accepted >= 120 && refused >= 120, "{accepted} accepted, {refused} refused");
    }

    /// Of a body that is changed in one byte nothing is released that is not of the object.
    #[test]
    fn no_byte_of_a_signed_body_can_be_changed() {
        let (mut hmac, mut ecdsa, mut same) = (0, 0, 0);
        each(|case, profile, reader, body| {
            let payload = case["expect"]["payload"].as_str().unwrap_or_default();
            let is_signed = payload.starts_with("STREAMING-AWS4-") && case["expect"]["outcome"] == "accept";
            if !is_signed || profile == ErrorProfile::Minio {
                return;
            }
            // Each change of one takes long to verify.
            let is_ecdsa = payload.contains("ECDSA");
            let (run, tried) = if is_ecdsa { (&mut ecdsa, 40) } else { (&mut hmac, 500) };
            let object = read(reader(), body, &[body.len()]).released;
            for at in (0..body.len()).step_by(1 + body.len() / tried) {
                let flipped = [&body[..at], &[body[at] ^ 1 << (at % 8)], &body[at + 1..]].concat();
                let without = [&body[..at], &body[at + 1..]].concat();
                for changed in [flipped, without] {
                    *run += 1;
                    let Outcome { released, end } = read(reader(), &changed, &[body.len()]);
                    assert!(object.starts_with(&released), "{} at {at}", text(case, "id"));
                    // A size and a line end have two spellings.
                    same += usize::from(end.is_ok());
                    assert!(end.is_err() || released == object, "{} at {at}", text(case, "id"));
                }
            }
        });
        println!("{hmac} with HMAC, {ecdsa} with ECDSA, {same} of them the same");
        assert!(hmac >= 5000 && ecdsa >= 500 && same * 50 < hmac + ecdsa, "{hmac}, {ecdsa}, {same}");
    }

    #[test]
    fn a_body_is_the_same_byte_by_byte_and_in_any_regular_pieces() {
        each(|case, _, reader, body| {
            let whole = read(reader(), body, &[body.len()]);
            for step in [1, 2, 3, 7, 80, 81, 82, 85, 1000, 65_536] {
                assert_eq!(read(reader(), body, &[step]), whole, "{}: {step}", text(case, "id"));
            }
        });
    }

    #[test]
    fn a_body_is_the_same_in_random_pieces() {
        each(|case, profile, reader, body| {
            if profile == ErrorProfile::Minio {
                return;
            }
            let whole = read(reader(), body, &[body.len()]);
            let lengths = proptest::collection::vec(1..body.len().max(2), 1..8);
            let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) };
            proptest!(config, |(lengths in lengths)| {
                prop_assert_eq!(&read(reader(), body, &lengths), &whole, "{}", text(case, "id"));
            });
        });
    }
}
