//! Public flaws of other servers, one test each, named after the advisory (spec: sigv4, section 8). A test
//! plays the attack and sees it refused.
//!
//! What must hold of every request is tested elsewhere, on random ones:
//!
//! | property (8.5) | test |
//! |---|---|
//! | 1: no byte can be changed | `signature_cases::no_byte_of_an_accepted_request_can_be_changed`, `signature_properties::no_byte_can_be_changed`, and [`standing`] for bits |
//! | 2: nothing can be added | `signature_properties::nothing_can_be_added`, and [`standing`] for every accepted form |
//! | 4: what is signed is accepted | `signature_properties::what_is_signed_in_the_header_is_accepted` and its neighbours |
//! | 5: no other time, region, service or day | `signature_properties::another_key_region_day_or_service_signs_nothing`, and [`standing`] for the clock |
//! | 6: one parse of path, key and bucket | `authorization::the_decided_key_is_the_signed_one` |
//! | 7: the cache changes nothing | `signature_properties::the_cache_changes_no_answer`, `authorization::no_signing_key_outlives_its_secret` |

#![cfg(all(feature = "aws", feature = "accounts"))]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
#[path = "../signing/mod.rs"]
mod signing;

mod decisions;
mod denial_of_service;
mod identity;
mod secrets;
mod standing;
mod unsigned_headers;

use s3iam::authorize::{Facts, Iam, Options, Verdict};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{Options as SignatureOptions, Verified, Verifier};
use s3iam::{Error, ErrorCode, Timestamp};
use signing::{Draft, Signer, Wire};

/// What says that a body comes in chunks.
const SENTINELS: [&str; 5] = [
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
];

fn verify_at(wire: &Wire, now: Timestamp) -> Result<String, Error> {
    let signer = Signer::default();
    let verifier = Verifier::new(SignatureOptions { region: signer.region.clone(), ..Default::default() });
    match wire.verify(&verifier, &signer.ring(), now)? {
        Verified::Signed(identity) => Ok(identity.access_key().to_owned()),
        other => Ok(format!("{other:?}")),
    }
}

/// Who is taken to have signed, at the time of signing.
fn verify(wire: &Wire) -> Result<String, Error> {
    verify_at(wire, Signer::default().now())
}

fn code(wire: &Wire) -> ErrorCode {
    match verify(wire) {
        Ok(who) => panic!("{who} is believed: {wire:?}"),
        Err(error) => error.code(),
    }
}

fn seconds_later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(Signer::default().now().unix_seconds() + seconds)
}

/// A request to upload, signed with this payload line.
fn put(payload: &str) -> Wire {
    let signer = Signer::default();
    let draft = Draft::new("PUT", "/bucket/key")
        .header("X-Amz-Date", &signer.date)
        .header("x-amz-content-sha256", payload)
        .header("x-amz-decoded-content-length", "4");
    let names = signing::names(&draft.headers);
    let mut wire = signer.sign_as(&draft, &names, payload);
    wire.body = Some(b"4\r\ndata\r\n0\r\n\r\n".to_vec());
    wire
}

/// With another last digit of the signature.
fn forged(wire: &Wire) -> Wire {
    let mut wire = wire.clone();
    let value = match wire.target.contains("X-Amz-Signature") {
        true => &mut wire.target,
        false => wire.header_mut("Authorization"),
    };
    let last = value.pop().unwrap();
    value.push(if last == '0' { '1' } else { '0' });
    wire
}

/// Everybody's secret is `secret-of-` and the name.
fn signer(name: &str) -> Signer {
    Signer { access_key: name.to_owned(), secret: format!("secret-of-{name}"), ..Signer::default() }
}

/// A directory in which `user` has a policy of these statements.
fn iam(statements: &str) -> Iam {
    let document = format!(
        r#"{{"version": 1, "root": {{"access_key": "admin", "secret_key": "secret-of-admin"}},
            "policies": {{"p": {{"Version": "2012-10-17", "Statement": [{statements}]}}}},
            "users": {{"user": {{"secret_key": "secret-of-user", "policies": ["p"]}},
                       "nobody": {{"secret_key": "secret-of-nobody"}}}}}}"#
    );
    let iam = Iam::load(document.as_bytes(), Options::default()).unwrap();
    assert_eq!(*iam.problems(), []);
    iam
}

fn allow(action: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "arn:aws:s3:::{resource}"}}"#)
}

fn deny(action: &str, resource: &str) -> String {
    allow(action, resource).replace("Allow", "Deny")
}

fn authorize(iam: &Iam, wire: &Wire) -> Verdict {
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = HttpRequest { peer: Some([203, 0, 113, 9].into()), ..wire.request(&headers) };
    iam.authorize(&request, &Facts::default(), Signer::default().now())
}

/// Whether the user may make this request, which is signed well.
fn may(iam: &Iam, draft: &Draft) -> bool {
    let verdict = authorize(iam, &signer("user").sign(draft));
    if let Some(error) = verdict.error() {
        assert_ne!(error.code(), ErrorCode::SignatureDoesNotMatch, "{draft:?}");
    }
    verdict.allowed()
}
