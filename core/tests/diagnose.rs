//! Runs `tests/cases/diagnose`: really signed requests, each broken as a client or a middlebox is known to break
//! it, with the cause that a diagnosis must name.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use s3iam::authorize::{self, Iam};
use s3iam::error::ErrorProfile;
use s3iam::facade::{diagnosis_json, for_client_json};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    Cause, Checked, ClientSide, CredentialState, Diagnosis, KeyRing, NewKey, Options, SecretKey, Verified,
    Verifier,
};
use s3iam::{ErrorCode, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;

struct Fault {
    id: String,
    credentials: Vec<Value>,
    case: Value,
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text.as_bytes()).unwrap()
}

fn load(folder: &str) -> Vec<Fault> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let credentials = document["credentials"].as_array().unwrap();
        let fault = |case: &Value| Fault {
            id: text(case, "id").to_owned(),
            credentials: credentials.clone(),
            case: case.clone(),
        };
        faults.extend(document["cases"].as_array().unwrap().iter().map(fault));
    }
    faults
}

impl Fault {
    fn ring(&self, secret: impl Fn(&str) -> String) -> KeyRing {
        let mut ring = KeyRing::new();
        for key in &self.credentials {
            ring.add(NewKey {
                access_key: text(key, "access_key").to_owned(),
                secret_key: SecretKey::new(secret(text(key, "secret_key"))),
                session_token: key["session_token"].as_str().map(str::to_owned),
                expires: key["expires"].as_str().map(time),
                state: if key["enabled"] == false {
                    CredentialState::Disabled
                } else {
                    CredentialState::Enabled
                },
            })
            .unwrap();
        }
        ring
    }

    fn verifier(&self) -> Verifier {
        self.verifier_as(ErrorProfile::Aws)
    }

    fn verifier_as(&self, error_profile: ErrorProfile) -> Verifier {
        let server = &self.case["server"];
        Verifier::new(Options {
            error_profile,
            region: text(server, "region").to_owned(),
            services: vec![text(server, "service").to_owned()],
            require_content_sha256: server["require_content_sha256"].as_bool().unwrap(),
            require_signed_amz_headers: server["require_signed_amz_headers"].as_bool().unwrap_or(true),
            ..Options::default()
        })
    }

    fn now(&self) -> Timestamp {
        time(text(&self.case["server"], "now"))
    }

    /// Asks with the request.
    fn with<R>(&self, ask: impl FnOnce(&HttpRequest<'_>) -> R) -> R {
        let request = &self.case["request"];
        let headers: Vec<Header<'_>> = request["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap().as_bytes(), pair[1].as_str().unwrap().as_bytes()))
            .collect();
        let body: String =
            request["body"].as_array().unwrap().iter().filter_map(|part| part["text"].as_str()).collect();
        ask(&HttpRequest {
            method: text(request, "method").as_bytes(),
            target: text(request, "target").as_bytes(),
            headers: &headers,
            peer: None,
            secure: true,
            body: Some(body.as_bytes()),
        })
    }

    fn diagnose_with(&self, ring: &KeyRing, client: ClientSide<'_>) -> Diagnosis {
        self.with(|request| self.verifier().diagnose(request, ring, self.now(), client))
    }

    fn diagnose(&self) -> Diagnosis {
        self.diagnose_with(&self.ring(str::to_owned), ClientSide::default())
    }

    /// What the client signed, if the case says it.
    fn client_side(&self) -> Option<ClientSide<'_>> {
        let signed = self.case.get("signed")?;
        Some(ClientSide {
            canonical_request: signed["canonical_request"].as_str().map(str::as_bytes),
            string_to_sign: signed["string_to_sign"].as_str().map(str::as_bytes),
        })
    }

    fn diagnose_with_client(&self) -> Option<Diagnosis> {
        Some(self.diagnose_with(&self.ring(str::to_owned), self.client_side()?))
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The keys of the derivation, the last of which signs.
fn keys(secret: &str, scope: &str) -> Vec<Vec<u8>> {
    let mut keys = vec![format!("AWS4{secret}").into_bytes()];
    for part in scope.split('/') {
        keys.push(mac(keys.last().unwrap(), part.as_bytes()));
    }
    keys
}

/// What a diagnosis says against what a case expects.
fn disagreement(diagnosis: &Diagnosis, expect: &Value) -> Option<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, expected: &Value, actual: Value| {
        if *expected != actual {
            wrong.push(format!("{what}: expected {expected}, got {actual}"));
        }
    };
    check("cause", &expect["cause"], diagnosis.cause.map(Cause::code).into());
    check("certain", &expect["certain"], diagnosis.certain.into());
    if let Some(elements) = expect["elements"].as_array() {
        let expected: BTreeSet<&str> = elements.iter().map(|name| name.as_str().unwrap()).collect();
        let found: BTreeSet<&str> =
            diagnosis.differences.iter().map(|found| found.element.as_str()).collect();
        check("elements", &format!("{expected:?}").into(), format!("{found:?}").into());
    }
    if let Some(others) = expect.get("others") {
        let found: Vec<&str> = diagnosis.others.iter().map(|cause| cause.code()).collect();
        check("others", others, found.into());
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

#[test]
fn every_fault_is_really_signed() {
    let mut run = 0;
    for fault in load("diagnose") {
        let Some(signed) = fault.case.get("signed") else { continue };
        let (canonical, string) = (text(signed, "canonical_request"), text(signed, "string_to_sign"));
        assert!(string.ends_with(&hex(&Sha256::digest(canonical))), "{}", fault.id);
        let access_key = text(signed, "access_key");
        let own = fault.credentials.iter().find(|key| text(key, "access_key") == access_key);
        let own = own.map_or("", |key| text(key, "secret_key"));
        let secret = signed["secret_key"].as_str().unwrap_or(own);
        let key = keys(secret, text(signed, "scope")).pop().unwrap();
        let signature = hex(&mac(&key, string.as_bytes()));
        assert_eq!(signature, text(signed, "signature"), "{}", fault.id);
        // Where the request was not robbed of it, it carries the very signature.
        let carries = fault.case["request"].to_string().contains(&signature);
        assert!(carries || fault.id == "authorization-dropped", "{}", fault.id);
        run += 1;
    }
    assert!(run >= 100, "only {run} faults were found");
}

#[test]
fn every_fault_is_diagnosed() {
    let (mut run, mut wrong, mut causes) = (0, Vec::new(), BTreeSet::new());
    for fault in load("diagnose") {
        run += 1;
        let expect = &fault.case["expect"];
        let diagnosis = fault.diagnose();
        let code = match diagnosis.checked {
            Checked::Refused(code) => Some(code.name()),
            Checked::Verifies | Checked::Anonymous => None,
        };
        // SigV2 has several answers, as it is built and configured.
        let any_code = fault.id.starts_with("sigv2-");
        if code != expect["code"].as_str() && !any_code {
            wrong.push(format!("{}: expected {}, got {code:?}", fault.id, expect["code"]));
        }
        wrong.extend(disagreement(&diagnosis, expect).map(|wrong| format!("{}: {wrong}", fault.id)));
        causes.extend(diagnosis.cause.filter(|_| diagnosis.certain).map(Cause::code));
        // With the client's word it is the same, or more.
        let Some(diagnosis) = fault.diagnose_with_client() else { continue };
        let mut told = expect.get("with_client").unwrap_or(expect).clone();
        if expect.get("with_client").is_none() {
            // The names of what differs may be more, since all of the client's text is there.
            told.as_object_mut().unwrap().remove("elements");
        }
        wrong.extend(
            disagreement(&diagnosis, &told).map(|wrong| format!("{} with client: {wrong}", fault.id)),
        );
    }
    println!("{run} faults, {} causes that are certain", causes.len());
    assert!(wrong.is_empty(), "{} of {run}\n{}", wrong.len(), wrong.join("\n"));
    assert!(run >= 120 && causes.len() >= 50, "only {run} faults and {} causes", causes.len());
}

#[test]
fn accepted_requests_are_diagnosed_as_verifying() {
    let mut run = 0;
    for fault in load("signature") {
        let form = text(&fault.case, "form");
        let accepted = text(&fault.case["expect"], "outcome") == "accept";
        if !accepted || !["header", "presigned", "sts"].contains(&form) {
            continue;
        }
        run += 1;
        let ring = fault.ring(str::to_owned);
        let body = body(&fault.case["request"]["body"]);
        let diagnosis = fault.with(|request| {
            let request = HttpRequest { body: body.as_deref(), ..*request };
            fault.verifier().diagnose(&request, &ring, fault.now(), ClientSide::default())
        });
        assert_eq!(diagnosis.checked, Checked::Verifies, "{}", fault.id);
        assert_eq!((diagnosis.cause, diagnosis.certain, diagnosis.tried), (None, false, 0), "{}", fault.id);
    }
    assert!(run >= 60, "only {run} cases were found");
}

/// A body in text; of others the signature does not depend on what is left out here.
fn body(parts: &Value) -> Option<Vec<u8>> {
    let parts = parts.as_array().unwrap().iter();
    parts
        .map(|part| part["text"].as_str().map(|text| text.as_bytes().to_vec()))
        .collect::<Option<Vec<_>>>()
        .map(|parts| parts.concat())
}

/// Everything that a diagnosis says, to operator and client.
fn said(diagnosis: &Diagnosis) -> [String; 5] {
    let for_client = diagnosis.for_client();
    [
        format!("{diagnosis:?}"),
        diagnosis_json(diagnosis),
        format!("{for_client:?}"),
        for_client_json(for_client),
        diagnosis.safe_message(),
    ]
}

/// The signature that the server would have accepted, if the request has a claim that can be read.
fn expected_signature(diagnosis: &Diagnosis, secret: &str) -> Option<String> {
    let string = diagnosis.string_to_sign.as_ref()?;
    let key = keys(secret, string.lines().nth(2)?).pop()?;
    Some(hex(&mac(&key, string.as_bytes())))
}

#[test]
fn what_is_searched_for_is_the_signature_that_would_have_been_accepted() {
    let mut run = 0;
    for fault in load("diagnose") {
        let diagnosis = fault.diagnose();
        if diagnosis.checked != Checked::Refused(ErrorCode::SignatureDoesNotMatch) {
            continue;
        }
        let signed = &fault.case["signed"];
        let access_key = text(signed, "access_key");
        let key = fault.credentials.iter().find(|key| text(key, "access_key") == access_key).unwrap();
        let expected = expected_signature(&diagnosis, text(key, "secret_key")).unwrap();
        let request = fault.case["request"].to_string().replace(text(signed, "signature"), &expected);
        let mut mended =
            Fault { id: fault.id.clone(), credentials: fault.credentials.clone(), case: fault.case.clone() };
        mended.case["request"] = serde_json::from_str(&request).unwrap();
        // Where the body is wrong as well, that is what is said then.
        let checked = mended.diagnose().checked;
        let others = [ErrorCode::ContentSha256Mismatch, ErrorCode::BodyTruncated].map(Checked::Refused);
        assert!(checked == Checked::Verifies || others.contains(&checked), "{}: {checked:?}", fault.id);
        run += usize::from(checked == Checked::Verifies);
    }
    assert!(run >= 70, "only {run} signatures were accepted");
}

#[test]
fn the_cause_does_not_depend_on_the_wording_of_errors() {
    for fault in load("diagnose") {
        let ring = fault.ring(str::to_owned);
        let [aws, minio] = [ErrorProfile::Aws, ErrorProfile::Minio].map(|profile| {
            let verifier = fault.verifier_as(profile);
            fault.with(|request| verifier.diagnose(request, &ring, fault.now(), ClientSide::default()))
        });
        assert_eq!((aws.cause, aws.certain), (minio.cause, minio.certain), "{}", fault.id);
        assert_eq!((aws.others, aws.differences), (minio.others, minio.differences), "{}", fault.id);
    }
}

#[test]
fn a_directory_says_what_a_verifier_with_its_keys_says() {
    let mut run = 0;
    for mut fault in load("diagnose") {
        // A directory has no temporary keys.
        fault.credentials.retain(|key| !key["session_token"].is_string() && !key["expires"].is_string());
        let user = |key: &Value| {
            let status = if key["enabled"] == false { "disabled" } else { "enabled" };
            let user = serde_json::json!({"secret_key": key["secret_key"], "status": status});
            (text(key, "access_key").to_owned(), user)
        };
        let users: serde_json::Map<_, _> = fault.credentials.iter().map(user).collect();
        let directory = serde_json::json!({"version": 1, "users": users}).to_string();
        let signature = fault.verifier().options().clone();
        let options = authorize::Options { signature, ..authorize::Options::default() };
        let iam = Iam::load(directory.as_bytes(), options).unwrap();
        for client in [Some(ClientSide::default()), fault.client_side()].into_iter().flatten() {
            let of_iam = fault.with(|request| iam.diagnose(request, fault.now(), client));
            let of_verifier = fault.diagnose_with(&fault.ring(str::to_owned), client);
            assert_eq!(said(&of_iam), said(&of_verifier), "{}", fault.id);
            run += 1;
        }
    }
    assert!(run >= 100, "only {run} diagnoses were compared");
}

#[test]
fn neither_signature_nor_secret_nor_token_is_ever_said() {
    let mut run = 0;
    for fault in load("diagnose") {
        let diagnoses = [Some(fault.diagnose()), fault.diagnose_with_client()];
        for diagnosis in diagnoses.into_iter().flatten() {
            let said = said(&diagnosis);
            for key in &fault.credentials {
                let secret = text(key, "secret_key");
                let mut hidden = vec![secret.to_owned()];
                if let Some(string) = &diagnosis.string_to_sign {
                    let scope = string.lines().nth(2).unwrap();
                    hidden.extend(keys(secret, scope).iter().map(|key| hex(key)));
                    hidden.extend(expected_signature(&diagnosis, secret));
                    run += 1;
                }
                hidden.extend(key["session_token"].as_str().map(str::to_owned));
                hidden.extend(key["session_token"].as_str().map(|token| token.replace('/', "%2F")));
                for hidden in hidden {
                    let found = said.iter().find(|said| said.contains(&hidden));
                    assert!(found.is_none(), "{}: {hidden} in {}", fault.id, found.unwrap());
                }
            }
        }
    }
    assert!(run > 0);
}

#[test]
fn what_the_client_is_told_does_not_depend_on_the_secret() {
    let mut run = 0;
    for fault in load("diagnose") {
        let (right, other) = (fault.ring(str::to_owned), fault.ring(|secret| format!("{secret}-other")));
        for client in [Some(ClientSide::default()), fault.client_side()].into_iter().flatten() {
            let [right, other] = [&right, &other].map(|ring| fault.diagnose_with(ring, client));
            // A signature that holds is told apart by verification itself.
            if right.checked == other.checked {
                assert_eq!(right.for_client(), other.for_client(), "{}", fault.id);
                assert_eq!(right.safe_message(), other.safe_message(), "{}", fault.id);
                run += usize::from(right.cause != other.cause);
            }
        }
    }
    assert!(run >= 60, "only {run} diagnoses depend on the secret");
}

#[test]
fn a_diagnosis_accepts_nothing() {
    for fault in load("diagnose") {
        let (verifier, ring) = (fault.verifier(), fault.ring(str::to_owned));
        fault.with(|request| {
            let verify = || match verifier.verify(request, &ring, fault.now()) {
                Ok(Verified::Signed(_)) => Ok(true),
                Ok(Verified::Anonymous) => Ok(false),
                Err(error) => Err(error.code()),
            };
            let before = verify();
            let client = fault.client_side().unwrap_or_default();
            verifier.diagnose(request, &ring, fault.now(), client);
            assert_eq!(verify(), before, "{}", fault.id);
        });
    }
}

#[test]
fn the_work_is_bounded() {
    let most = load("diagnose").iter().map(|fault| fault.diagnose().tried).max();
    println!("{most:?} signatures at most");
    assert!(most.unwrap() > 200 && most.unwrap() <= 4096);
    let fault = load("diagnose").into_iter().find(|fault| fault.id == "wrong-secret").unwrap();
    let ring = fault.ring(str::to_owned);
    for (slashes, parameters, lines, value) in [
        (10, 0, 0, 0),
        (8_000, 0, 0, 0),
        (0, 250, 0, 10),
        (10, 10, 240, 100),
        (100, 100, 100, 100),
        (0, 0, 200, 4096),
    ] {
        let diagnosis = fault.with(|request| {
            let query: String = (0..parameters).map(|n| format!("&p{n}={}", "v".repeat(value))).collect();
            let target = format!("/bucket{}?{query}", "/a%20+".repeat(slashes));
            let lines: Vec<(String, String)> =
                (0..lines).map(|n| (format!("h{n:03}"), "v  ".repeat(value / 3))).collect();
            let list: String = lines.iter().map(|(name, _)| format!("{name};")).collect();
            let (name, authorization) = request.headers.last().unwrap();
            let authorization = std::str::from_utf8(authorization).unwrap();
            let authorization = authorization.replace("SignedHeaders=", &format!("SignedHeaders={list}"));
            let mut headers = request.headers.to_vec();
            headers.pop();
            headers.extend(lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
            headers.push((name, authorization.as_bytes()));
            let request = HttpRequest { target: target.as_bytes(), headers: &headers, ..*request };
            fault.verifier().diagnose(&request, &ring, fault.now(), ClientSide::default())
        });
        assert_eq!(diagnosis.checked, Checked::Refused(ErrorCode::SignatureDoesNotMatch));
        assert!(diagnosis.canonical_request.is_some() && !diagnosis.certain);
        let hashed = diagnosis.canonical_request.unwrap().len() * diagnosis.tried as usize;
        assert!(
            diagnosis.tried <= 4096 && hashed <= 33 << 20,
            "{} signatures over {hashed} bytes",
            diagnosis.tried
        );
    }
}

#[test]
fn the_manual_has_every_cause() {
    let manual = include_str!("../src/manual/signature-mismatch.md");
    let rows: String = Cause::ALL
        .iter()
        .map(|cause| format!("| `{}` | {} | {} |\n", cause.code(), cause.sentence(), cause.remedy()))
        .collect();
    let table = format!("| code | what happened | what to do |\n|---|---|---|\n{rows}");
    assert!(manual.contains(&table), "the table of causes must be\n\n{table}");
    let codes: BTreeSet<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert_eq!(codes.len(), Cause::ALL.len());
}

#[test]
fn a_diagnosis_is_one_json_text() {
    for fault in load("diagnose") {
        for diagnosis in [Some(fault.diagnose()), fault.diagnose_with_client()].into_iter().flatten() {
            let value: Value = serde_json::from_str(&diagnosis_json(&diagnosis)).unwrap();
            assert_eq!(value["cause"]["code"].as_str(), diagnosis.cause.map(Cause::code), "{}", fault.id);
            assert_eq!(value["certain"], diagnosis.certain);
            assert_eq!(value["differences"].as_array().unwrap().len(), diagnosis.differences.len());
            let for_client: Value = serde_json::from_str(&for_client_json(diagnosis.for_client())).unwrap();
            assert_eq!(value["forClient"], for_client);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn nothing_that_arrives_makes_it_panic(
        which in any::<prop::sample::Index>(),
        target in "/[a-c/.%+?=&~:0-9]{0,24}",
        value in proptest::collection::vec(any::<u8>(), 0..24),
        place in any::<prop::sample::Index>(),
        canonical in proptest::collection::vec(any::<u8>(), 0..80),
        string in "[A-Z\n0-9/]{0,40}",
    ) {
        let faults = load("diagnose");
        let fault = which.get(&faults);
        let ring = fault.ring(str::to_owned);
        let diagnosis = fault.with(|request| {
            let mut headers = request.headers.to_vec();
            let place = place.index(headers.len());
            headers[place].1 = &value;
            let request = HttpRequest { target: target.as_bytes(), headers: &headers, ..*request };
            let client = ClientSide { canonical_request: Some(&canonical), string_to_sign: Some(string.as_bytes()) };
            fault.verifier().diagnose(&request, &ring, fault.now(), client)
        });
        prop_assert!(diagnosis.tried <= 4096);
        let json: Result<Value, _> = serde_json::from_str(&diagnosis_json(&diagnosis));
        prop_assert!(json.is_ok());
    }
}
