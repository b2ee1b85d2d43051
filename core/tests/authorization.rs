//! Whole requests through the public interface: what a verdict holds, and what replacing a directory
//! changes. What the answers are is in `tests/cases/authorize`.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod signing;

use proptest::prelude::*;
use s3iam::authorize::{Facts, Iam, Options, Verdict};
use s3iam::error::ErrorProfile;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::Credentials;
use s3iam::{ErrorCode, Timestamp};
use signing::{Draft, Signer, Wire};

const DIRECTORY: &str = r#"{
    "version": 1,
    "root": {"access_key": "admin", "secret_key": "secret-of-admin"},
    "policies": {
        "photos": {"Version": "2012-10-17", "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"},
            {"Sid": "Keep", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/private/*"}]}
    },
    "users": {
        "alice": {"secret_key": "secret-of-alice", "policies": ["photos"]},
        "bob": {"secret_key": "secret-of-bob"}
    }
}"#;

fn signer(name: &str) -> Signer {
    Signer { access_key: name.to_owned(), secret: format!("secret-of-{name}"), ..Signer::default() }
}

fn iam() -> Iam {
    let iam = Iam::load(DIRECTORY.as_bytes(), Options::default()).unwrap();
    assert_eq!(*iam.problems(), []);
    iam
}

fn authorize(iam: &Iam, wire: &Wire) -> Verdict {
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    iam.authorize(&wire.request(&headers), &Facts::default(), Signer::default().now())
}

fn get(user: &str, path: &str) -> Wire {
    signer(user).sign(&Draft::new("GET", path))
}

fn code(verdict: &Verdict) -> Option<ErrorCode> {
    verdict.error().map(|error| error.code())
}

#[test]
fn a_verdict_says_who_what_and_by_which_statement() {
    let iam = iam();
    let verdict = authorize(&iam, &get("alice", "/photos/2026/a cat.jpg"));
    assert!(verdict.allowed());
    assert_eq!((verdict.user(), verdict.access_key()), (Some("alice"), Some("alice")));
    let recognised = verdict.recognised().unwrap();
    assert_eq!(recognised.operation.name(), "GetObject");
    assert_eq!((recognised.bucket(), recognised.key()), (&b"photos"[..], &b"2026/a cat.jpg"[..]));
    let statement = verdict.statement().unwrap();
    assert_eq!((statement.policy, statement.index, statement.sid), ("photos", 0, Some("Read")));
    assert_eq!((verdict.http_status(), verdict.error_xml("R1")), (200, String::new()));
    assert!(verdict.payload().is_some());
}

#[test]
fn a_refusal_says_how_far_it_came() {
    let iam = iam();
    let denied = authorize(&iam, &get("alice", "/photos/private/cat.jpg"));
    assert_eq!(code(&denied), Some(ErrorCode::AccessDenied));
    assert_eq!(denied.statement().unwrap().sid, Some("Keep"));
    assert_eq!(denied.http_status(), 403);
    assert!(denied.error_xml("R1").contains("<Resource>/photos/private/cat.jpg</Resource><RequestId>R1<"));

    let forged = authorize(
        &iam,
        &Signer { secret: "wrong".to_owned(), ..signer("alice") }.sign(&Draft::new("GET", "/photos/k")),
    );
    assert_eq!(code(&forged), Some(ErrorCode::SignatureDoesNotMatch));
    assert_eq!((forged.user(), forged.decision()), (None, None));
    assert_eq!(forged.recognised().unwrap().key(), b"k");

    let unsafe_path = authorize(&iam, &get("alice", "/photos/../k"));
    assert_eq!(code(&unsafe_path), Some(ErrorCode::UnsafePath));
    assert!(unsafe_path.user().is_none() && unsafe_path.recognised().is_none());
}

#[test]
fn the_error_body_follows_the_profile() {
    let options = |profile| {
        let signature = s3iam::signature::Options { error_profile: profile, ..Default::default() };
        Options { signature, ..Options::default() }
    };
    for (profile, message) in
        [(ErrorProfile::Aws, "Access Denied<"), (ErrorProfile::Minio, "Access Denied.<")]
    {
        let iam = Iam::load(DIRECTORY.as_bytes(), options(profile)).unwrap();
        let verdict = authorize(&iam, &get("bob", "/photos/k"));
        assert_eq!(verdict.error_profile(), profile);
        assert!(verdict.error_xml("R1").contains(message));
    }
}

#[test]
fn a_verdict_outlives_the_directory_that_gave_it() {
    let iam = iam();
    let before = authorize(&iam, &get("alice", "/photos/k"));
    iam.replace(br#"{"version": 1}"#).unwrap();
    assert_eq!(before.user(), Some("alice"));
    assert_eq!(before.statement().unwrap().sid, Some("Read"));
    assert_eq!(code(&authorize(&iam, &get("alice", "/photos/k"))), Some(ErrorCode::UnknownAccessKey));
}

#[test]
fn no_signing_key_outlives_its_secret() {
    let iam = iam();
    assert!(authorize(&iam, &get("alice", "/photos/k")).allowed());
    iam.replace(DIRECTORY.replace("secret-of-alice", "fresh-secret").as_bytes()).unwrap();
    assert_eq!(code(&authorize(&iam, &get("alice", "/photos/k"))), Some(ErrorCode::SignatureDoesNotMatch));
    let fresh = Signer { secret: "fresh-secret".to_owned(), ..signer("alice") };
    assert!(authorize(&iam, &fresh.sign(&Draft::new("GET", "/photos/k"))).allowed());
    iam.replace(DIRECTORY.as_bytes()).unwrap();
    assert!(authorize(&iam, &get("alice", "/photos/k")).allowed());
}

#[test]
fn a_directory_that_was_replaced_knows_it() {
    let iam = iam();
    let before = iam.directory();
    assert!(iam.replace(b"{").is_err() && !before.is_retired());
    iam.replace(DIRECTORY.as_bytes()).unwrap();
    assert!(before.is_retired() && !iam.directory().is_retired());
}

#[test]
fn a_directory_that_cannot_be_read_leaves_the_old_one() {
    let iam = iam();
    assert_eq!(iam.replace(b"{").unwrap_err().code(), ErrorCode::DirectoryUnreadable);
    assert!(authorize(&iam, &get("alice", "/photos/k")).allowed());
    assert!(Iam::load(b"{", Options::default()).is_err());
}

#[test]
fn directories_are_replaced_while_requests_are_under_way() {
    let iam = iam();
    let other = DIRECTORY.replace("\"photos\"]", "\"readwrite\"]");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..300 {
                    let verdict = authorize(&iam, &get("alice", "/photos/k"));
                    let policy = verdict.statement().unwrap().policy;
                    assert!(verdict.allowed() && ["photos", "readwrite"].contains(&policy), "{policy}");
                }
            });
        }
        for round in 0..100 {
            let document = if round % 2 == 0 { &other } else { DIRECTORY };
            iam.replace(document.as_bytes()).unwrap();
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The key that is decided is the one that was signed, whatever it is.
    #[test]
    fn the_decided_key_is_the_signed_one(key in "[^/\0.\\\\]{1,40}(/[^\0.\\\\]{1,20}){0,2}") {
        let verdict = authorize(&iam(), &get("admin", &format!("/photos/{key}")));
        prop_assert!(verdict.allowed(), "{:?}", verdict.error());
        prop_assert_eq!(verdict.recognised().unwrap().key(), key.as_bytes());
    }

    /// A change of any byte of a signed request refuses it, or leaves who asks for what as it was.
    #[test]
    fn a_changed_request_never_gains_anything(at in any::<prop::sample::Index>(), byte in 0x20u8..0x7f, header in any::<bool>()) {
        let iam = iam();
        let wire = get("alice", "/photos/2026/cat.jpg");
        let mut changed = wire.clone();
        let text = match header {
            true => &mut changed.headers.last_mut().unwrap().1,
            false => &mut changed.target,
        };
        let mut bytes = std::mem::take(text).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        *text = String::from_utf8(bytes).unwrap();
        let verdict = authorize(&iam, &changed);
        if verdict.allowed() {
            prop_assert_eq!(verdict.user(), Some("alice"));
            prop_assert_eq!(verdict.recognised().unwrap().key(), b"2026/cat.jpg");
        }
    }

    /// Whatever the bytes, there is an answer, and without a signature it is never an allow.
    #[test]
    fn no_request_panics_and_none_unsigned_is_allowed(
        method in prop_oneof![Just(b"GET".to_vec()), Just(b"PUT".to_vec()), Just(b"POST".to_vec()), proptest::collection::vec(any::<u8>(), 0..5)],
        target in proptest::collection::vec(any::<u8>(), 0..60),
        slash in any::<bool>(),
        headers in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..12), proptest::collection::vec(any::<u8>(), 0..24)), 0..4),
        body in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60)),
        now in any::<i64>(),
    ) {
        let target = if slash { [b"/photos/", &target[..]].concat() } else { target };
        let headers: Vec<Header<'_>> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        let request = HttpRequest {
            method: &method,
            target: &target,
            headers: &headers,
            peer: None,
            secure: false,
            body: body.as_deref(),
        };
        let verdict = iam().authorize(&request, &Facts::default(), Timestamp::from_unix_millis(now));
        prop_assert!(!verdict.allowed());
        prop_assert!(verdict.http_status() >= 400 && verdict.error_xml("R").starts_with("<?xml"));
    }
}

#[test]
fn a_key_is_never_read_otherwise_than_it_was_signed() {
    let mut options = Options::default();
    options.signature.path_plus = s3iam::http::Plus::Space;
    let error = Iam::load(DIRECTORY.as_bytes(), options).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
}

#[cfg(feature = "forms")]
#[test]
fn sigv2_signs_the_bucket_that_a_request_is_routed_to() {
    let signature = s3iam::signature::Options { allow_sigv2: true, ..Default::default() };
    let hosting = s3iam::operation::Hosting { domains: vec!["s3.example.com".to_owned()] };
    let iam = Iam::load(DIRECTORY.as_bytes(), Options { signature, hosting }).unwrap();
    let wire = signer("alice").sign_v2(&Draft::new("GET", "/photos/a"));
    assert!(authorize(&iam, &wire).allowed());
    let sent_to = |host: &str, target: &str| {
        let mut wire = wire.clone();
        host.clone_into(wire.header_mut("host"));
        authorize(&iam, &Wire { target: target.to_owned(), ..wire })
    };
    let verdict = sent_to("photos.s3.example.com", "/a");
    assert!(verdict.allowed(), "the same bucket, spelt otherwise");
    assert_eq!(verdict.recognised().unwrap().bucket(), b"photos");
    // The object `photos/a` of another bucket.
    let verdict = sent_to("others.s3.example.com", "/photos/a");
    assert_eq!(code(&verdict), Some(ErrorCode::SignatureDoesNotMatch));
}
