//! Runs `tests/cases/signature`: full requests with the answer that each must get.
//!
//! Cases of forms that are not supported yet must be refused all the same, and must not become
//! anonymous.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use s3iam::error::ErrorProfile;
use s3iam::http::{Header, HttpRequest};
use s3iam::operation::Hosting;
use s3iam::signature::{CredentialState, KeyRing, NewKey, Options, Payload, SecretKey, Verified, Verifier};
use s3iam::{Error, Timestamp};
use serde_json::Value;
use std::path::Path;

const SUPPORTED: [&str; 6] = ["header", "presigned", "anonymous", "sts", "sigv4a", "sigv2"];

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
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let request = HttpRequest {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            headers: &headers,
            peer: None,
            secure: true,
            body: Some(&self.body),
        };
        verifier.verify(&request, ring, now)
    }
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

fn options(case: &Value, error_profile: ErrorProfile) -> Options {
    let server = &case["server"];
    let flag = |name: &str, default| server[name].as_bool().unwrap_or(default);
    let domains = server["domains"].as_array().into_iter().flatten();
    Options {
        error_profile,
        region: text(server, "region").to_owned(),
        services: vec![text(server, "service").to_owned()],
        max_skew_seconds: server["max_skew_seconds"].as_u64().unwrap() as u32,
        require_content_sha256: server["require_content_sha256"].as_bool().unwrap(),
        require_signed_amz_headers: flag("require_signed_amz_headers", true),
        allow_sigv2: flag("allow_sigv2", false),
        allow_sigv4a: flag("allow_sigv4a", true),
        hosting: Hosting { domains: domains.map(|domain| domain.as_str().unwrap().to_owned()).collect() },
        ..Options::default()
    }
}

fn payload_name(payload: Payload) -> &'static str {
    match payload {
        Payload::Unsigned => "UNSIGNED-PAYLOAD",
        Payload::Sha256(_) => "sha256",
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
    assert!(run >= 297, "only {run} cases were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn cases_of_other_forms_are_refused_and_never_anonymous() {
    let mut run = 0;
    for Cases { ring, cases } in load() {
        for case in cases.iter().filter(|case| !SUPPORTED.contains(&text(case, "form"))) {
            // A form upload arrives as multipart, which the case does not spell out.
            if text(case, "form") == "post-policy" {
                continue;
            }
            run += 1;
            let verifier = Verifier::new(options(case, ErrorProfile::Aws));
            let answer = Request::of(case).verify(&verifier, &ring, time(text(&case["server"], "now")));
            let error = answer.expect_err(text(case, "id"));
            // What is wrong with the seed's own signature is said before anything else.
            if let ("streaming", Some("SignatureDoesNotMatch")) =
                (text(case, "form"), case["expect"]["aws"]["code"].as_str())
            {
                let code = error.code().answer(ErrorProfile::Aws).code;
                assert!(["SignatureDoesNotMatch", "NotImplemented"].contains(&code), "{}", text(case, "id"));
            }
        }
    }
    assert!(run > 0);
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

/// Texts that differ from this one in one byte, which becomes no hexadecimal digit and no separator.
fn one_byte_off(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    (0..text.len()).filter(|&at| text.is_char_boundary(at) && text.is_char_boundary(at + 1)).map(|at| {
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
            // A path that is normalised may be written in many ways.
            let fixed = text(&case["server"], "service").starts_with("s3");
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
