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

/// Signing gives what the suite has.
#[cfg(feature = "forms")]
mod signing {
    use super::{Request, is_normal, read};
    use p256::ecdsa::signature::Verifier as _;
    use p256::ecdsa::{DerSignature, VerifyingKey};
    use s3iam::Timestamp;
    use s3iam::http::{Header, HttpRequest};
    use s3iam::signature::{
        SecretKey, SignedPayload, Signer, SignerOptions, SigningAlgorithm, SigningCredentials,
    };
    use serde_json::Value;
    use std::path::{Path, PathBuf};

    /// A case of the suite that states what is to come out.
    struct Case {
        folder: PathBuf,
        context: Value,
        request: Request,
    }

    impl Case {
        fn file(&self, name: &str) -> String {
            std::fs::read_to_string(self.folder.join(name)).unwrap()
        }

        /// No service keeps a path that is not normal, but for S3's, which encode it once.
        fn is_of_a_service(&self) -> bool {
            let path = self.request.target.split('?').next().unwrap();
            self.context["normalize"] == true || is_normal(path)
        }

        fn signer(&self, algorithm: SigningAlgorithm) -> Signer {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let credentials = &self.context["credentials"];
            // A token that is added after signing is no business of the signer.
            let token = credentials["token"].as_str().filter(|_| self.context["omit_session_token"] != true);
            Signer::new(
                SigningCredentials {
                    access_key: text(&credentials["access_key_id"]),
                    secret_key: SecretKey::new(text(&credentials["secret_access_key"])),
                    session_token: token.map(str::to_owned),
                },
                SignerOptions {
                    region: text(&self.context["region"]),
                    service: text(&self.context["service"]),
                    algorithm,
                },
            )
            .unwrap()
        }

        /// Signs in the header and in the query: the headers that are added, and the target.
        fn sign(&self, signer: &Signer) -> (Vec<(String, String)>, String) {
            let now =
                Timestamp::parse_rfc3339(self.context["timestamp"].as_str().unwrap().as_bytes()).unwrap();
            let headers: Vec<Header<'_>> =
                self.request.headers.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
            let request = HttpRequest {
                method: self.request.method.as_bytes(),
                target: self.request.target.as_bytes(),
                headers: &headers,
                peer: None,
                secure: true,
                body: Some(self.request.body.as_bytes()),
            };
            let expires = self.context["expiration_in_seconds"].as_u64().unwrap() as u32;
            let target = signer.presign(&request, expires, now).unwrap();
            let signed = read(&self.file("header-signed-request.txt"));
            let hash = signed.headers.iter().find(|(name, _)| name == "x-amz-content-sha256");
            assert_eq!(hash.is_some(), self.context["sign_body"] == true);
            let hash = hash.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
            let with_hash: Vec<Header<'_>> = headers.iter().copied().chain(hash).collect();
            let request = HttpRequest { headers: &with_hash, ..request };
            (signer.sign(&request, SignedPayload::Body, now).unwrap(), target)
        }
    }

    fn cases(version: &str) -> Vec<Case> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../shared/data/aws-signing-test-suite")
            .join(version);
        let Ok(folders) = std::fs::read_dir(&folder) else {
            println!("skipped: there is no {}", folder.display());
            return Vec::new();
        };
        let folders = folders.map(|case| case.unwrap().path());
        let cases: Vec<Case> = folders
            .filter(|path| path.join("header-signature.txt").exists())
            .map(|folder| {
                let file = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
                let context = serde_json::from_str(&file("context.json")).unwrap();
                Case { request: read(&file("request.txt")), context, folder }
            })
            .collect();
        assert!(cases.len() >= 38, "only {} cases were found", cases.len());
        cases
    }

    fn value<'h>(headers: &'h [(String, String)], name: &str) -> &'h str {
        &headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).unwrap().1
    }

    /// The parameters of a target, in no order, but for the signature and a token that was added later.
    fn parameters(target: &str, case: &Case) -> Vec<String> {
        let later = |pair: &str| {
            pair.starts_with("X-Amz-Signature=")
                || (pair.starts_with("X-Amz-Security-Token=") && case.context["omit_session_token"] == true)
        };
        let query = target.split_once('?').unwrap().1;
        let mut pairs: Vec<String> = query
            .split('&')
            .filter(|pair| !later(pair))
            .map(|pair| pair.trim_end_matches('=').to_owned())
            .collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn sigv4_signs_as_the_suite_does() {
        let mut equal = 0;
        for case in cases("v4") {
            let (headers, target) = case.sign(&case.signer(SigningAlgorithm::V4));
            let name = case.folder.display();
            let signature = target.rsplit_once("X-Amz-Signature=").unwrap().1;
            let authorization = value(&headers, "authorization");
            if !case.is_of_a_service() {
                assert_ne!(signature, case.file("query-signature.txt"), "{name}");
                continue;
            }
            let signed = read(&case.file("header-signed-request.txt"));
            for (header, text) in &headers {
                assert_eq!(text, value(&signed.headers, header), "{header} of {name}");
            }
            assert!(authorization.ends_with(&case.file("header-signature.txt")), "{name}");
            let signed = read(&case.file("query-signed-request.txt"));
            assert_eq!(signature, case.file("query-signature.txt"), "{name}");
            assert_eq!(parameters(&target, &case), parameters(&signed.target, &case), "{name}");
            equal += 1;
        }
        println!("{equal} cases are equal in the header and in the query");
        assert!(equal == 0 || equal >= 32, "only {equal}");
    }

    #[test]
    fn sigv4a_signs_the_strings_of_the_suite() {
        let mut run = 0;
        for case in cases("v4a").into_iter().filter(Case::is_of_a_service) {
            let region_set = case.context["region"].as_str().unwrap().to_owned();
            let signer = case.signer(SigningAlgorithm::V4a { region_set });
            let (headers, target) = case.sign(&signer);
            let name = case.folder.display();
            let key: Value = serde_json::from_str(&case.file("public-key.json")).unwrap();
            let point = format!("04{}{}", key["X"].as_str().unwrap(), key["Y"].as_str().unwrap());
            let key = VerifyingKey::from_sec1_bytes(&unhex(&point)).unwrap();
            // ECDSA gives no two signatures alike; one that holds for the suite's string is one of that string.
            let holds = |signature: &str, text: &str| {
                let signature = DerSignature::from_bytes(&unhex(signature)).unwrap();
                assert!(key.verify(case.file(text).as_bytes(), &signature).is_ok(), "{text} of {name}");
            };
            let (before, signature) = value(&headers, "authorization").rsplit_once("Signature=").unwrap();
            holds(signature, "header-string-to-sign.txt");
            let signed = read(&case.file("header-signed-request.txt"));
            let theirs = value(&signed.headers, "authorization").rsplit_once("Signature=").unwrap().0;
            assert_eq!(before, theirs, "{name}");
            holds(target.rsplit_once("X-Amz-Signature=").unwrap().1, "query-string-to-sign.txt");
            let signed = read(&case.file("query-signed-request.txt"));
            assert_eq!(parameters(&target, &case), parameters(&signed.target, &case), "{name}");
            assert_eq!(case.sign(&signer), (headers, target), "the same text has the same signature");
            run += 1;
        }
        assert!(run == 0 || run >= 32, "only {run}");
    }

    fn unhex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
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
