//! The rules of verification, one test each: what arrives, and what it is answered with.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
#[path = "../signing/mod.rs"]
mod signing;

mod access_keys;
mod anonymous_requests;
mod errors;
mod headers;
mod presigned_requests;
mod the_authorization_header;
mod the_date;
mod the_payload;
mod the_scope;
mod the_target;

use s3iam::error::{ErrorProfile, error_xml};
use s3iam::http::Plus;
use s3iam::signature::{
    CredentialState, KeyRing, NewKey, Options, Payload, RepeatedQueryOrder, SecretKey, Verified, Verifier,
};
use s3iam::{Error, ErrorCode, Timestamp};
use signing::{Draft, EMPTY, Signer, Wire, names};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz+/b=c";

fn options() -> Options {
    Options { region: "us-east-1".to_owned(), ..Options::default() }
}

fn get() -> Draft {
    Draft::new("GET", "/bucket/photos/cat.jpg")
}

/// Verifies at the time of signing, with the signer's own key.
fn verify_with(wire: &Wire, options: Options) -> Result<Payload, Error> {
    let signer = Signer::default();
    verify_at(wire, options, &signer.ring(), signer.now())
}

fn verify_at(wire: &Wire, options: Options, ring: &KeyRing, now: Timestamp) -> Result<Payload, Error> {
    match wire.verify(&Verifier::new(options), ring, now)? {
        Verified::Signed(identity) => Ok(identity.payload()),
        Verified::Anonymous => panic!("anonymous"),
    }
}

fn accepts(wire: &Wire) {
    verify_with(wire, options()).unwrap_or_else(|error| panic!("{error}: {wire:?}"));
}

fn accepts_with(wire: &Wire, options: Options) {
    verify_with(wire, options).unwrap_or_else(|error| panic!("{error}: {wire:?}"));
}

/// Asserts the stable code, and what both profiles send.
fn refuses(wire: &Wire, code: ErrorCode, aws: (&str, u16), minio: (&str, u16)) -> Error {
    for (profile, expected) in [(ErrorProfile::Minio, minio), (ErrorProfile::Aws, aws)] {
        let error = verify_with(wire, Options { error_profile: profile, ..options() }).unwrap_err();
        assert_eq!(error.code(), code, "{wire:?}");
        let answer = error.code().answer(profile);
        assert_eq!((answer.code, answer.status), expected, "{profile:?}");
    }
    verify_with(wire, options()).unwrap_err()
}

fn code(wire: &Wire) -> ErrorCode {
    verify_with(wire, options()).unwrap_err().code()
}

fn seconds_later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(Signer::default().now().unix_seconds() + seconds)
}

/// Signs the request with `Date` and no `x-amz-date`.
fn with_date(date: &str) -> Wire {
    let draft = get().header("Date", date).header("x-amz-content-sha256", EMPTY);
    Signer::default().sign_as(&draft, &names(&draft.headers), EMPTY)
}

const MALFORMED: (&str, u16) = ("AuthorizationHeaderMalformed", 400);
const QUERY_ERROR: (&str, u16) = ("AuthorizationQueryParametersError", 400);
const MISMATCH: (&str, u16) = ("SignatureDoesNotMatch", 403);
