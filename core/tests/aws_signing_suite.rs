//! AWS's own signing test suite, where it lies beside the repository. It is not part of it.
//!
//! Its service is not S3: paths are normalised and encoded twice, and the body's hash is the payload
//! line. The suite also signs paths that are not normalised, which no service does; those must be refused.
//! Of SigV4A, whose signatures are random, it has two of each request.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{CredentialState, KeyRing, NewKey, Options, SecretKey, Verified, Verifier};
use s3iam::{ErrorCode, Timestamp};
use serde_json::Value;
use std::path::Path;

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// Reads the text of a request. Continuation lines stay in the value as they are.
fn read(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.split('\n');
    let request_line = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
    let (method, target) = request_line.split_once(' ').unwrap();
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        match (line.strip_prefix(' '), line.split_once(':')) {
            (None, Some((name, value))) => headers.push((name.to_owned(), value.to_owned())),
            _ => headers.last_mut().unwrap().1 += &format!("\n{line}"),
        }
    }
    Request { method: method.to_owned(), target: target.to_owned(), headers, body: body.to_owned() }
}

fn verify(request: &Request, context: &Value) -> Result<(), ErrorCode> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let credentials = &context["credentials"];
    let mut ring = KeyRing::new();
    ring.add(NewKey {
        access_key: text(&credentials["access_key_id"]),
        secret_key: SecretKey::new(text(&credentials["secret_access_key"])),
        session_token: credentials["token"].as_str().map(str::to_owned),
        expires: None,
        state: CredentialState::Enabled,
    })
    .unwrap();
    let verifier = Verifier::new(Options {
        region: text(&context["region"]),
        services: vec![text(&context["service"])],
        // Where the token is added after signing, its header is not signed.
        require_signed_amz_headers: context["omit_session_token"] != true,
        ..Options::default()
    });
    let headers: Vec<Header<'_>> =
        request.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let now = Timestamp::parse_rfc3339(text(&context["timestamp"]).as_bytes()).unwrap();
    let request = HttpRequest {
        method: request.method.as_bytes(),
        target: request.target.as_bytes(),
        headers: &headers,
        peer: None,
        secure: true,
        body: Some(request.body.as_bytes()),
    };
    match verifier.verify(&request, &ring, now) {
        Ok(Verified::Signed(_)) => Ok(()),
        Ok(Verified::Anonymous) => panic!("anonymous"),
        Err(error) => Err(error.code()),
    }
}

fn is_normal(path: &str) -> bool {
    !path.contains("//") && !path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// The request with another signature.
fn with_signature(text: &str, signature: &str) -> String {
    let at = text.find("Signature=").unwrap() + "Signature=".len();
    let length = text[at..].find(|c: char| !c.is_ascii_hexdigit()).unwrap();
    [&text[..at], signature, &text[at + length..]].concat()
}

#[test]
fn every_signature_of_the_suite_is_accepted() {
    assert!(run("v4").is_none_or(|run| run >= 2 * 76));
}

#[test]
fn every_signature_of_the_asymmetric_suite_is_accepted() {
    assert!(run("v4a").is_none_or(|run| run >= 2 * 76));
}

/// Runs a suite, if it is there, and says how many signatures it had.
fn run(suite: &str) -> Option<usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/aws-signing-test-suite");
    let Ok(cases) = std::fs::read_dir(folder.join(suite)) else {
        println!("skipped: there is no {}", folder.display());
        return None;
    };
    let mut run = 0;
    for case in cases.map(|case| case.unwrap().path()).filter(|path| path.is_dir()) {
        let file = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let context: Value = serde_json::from_str(&file("context.json")).unwrap();
        // Two cases of SigV4A have a request and nothing else.
        let signed = ["header", "query"].into_iter().filter(|_| case.join("header-signature.txt").exists());
        for placement in signed {
            let text = file(&format!("{placement}-signed-request.txt"));
            let request = read(&text);
            let path = request.target.split('?').next().unwrap();
            // S3 signs the token in the query with everything else, and so does this verifier everywhere.
            let token_added_later = placement == "query" && context["omit_session_token"] == true;
            let kept_as_it_is = context["normalize"] == false && !is_normal(path);
            let expected = match kept_as_it_is || token_added_later {
                true => Err(ErrorCode::SignatureDoesNotMatch),
                false => Ok(()),
            };
            let other = read(&with_signature(&text, file(&format!("{placement}-signature.txt")).trim()));
            for request in [request, other] {
                assert_eq!(verify(&request, &context), expected, "{} in the {placement}", case.display());
                run += 1;
            }
        }
    }
    Some(run)
}
