//! What a hostile request can cost before its signature is known to be wrong: memory, in bytes allocated.
//! `cargo xtask instructions` counts the work.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod counting;
#[allow(dead_code, missing_docs)]
mod signing;

use s3iam::ErrorCode;
use s3iam::http::Header;
use s3iam::signature::Verifier;
use signing::{Draft, Signer, Wire};

/// Bytes that are allocated to refuse a request, and the code.
fn refusing(wire: &Wire) -> (usize, ErrorCode) {
    let signer = Signer::default();
    let (ring, verifier) = (signer.ring(), Verifier::default());
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = wire.request(&headers);
    let mut code = ErrorCode::Internal;
    let bytes = counting::bytes(|| {
        code = verifier.verify(&request, &ring, signer.now()).unwrap_err().code();
    });
    (bytes, code)
}

fn size(wire: &Wire) -> usize {
    let lines = wire.headers.iter().map(|(name, value)| name.len() + value.len() + 4);
    wire.method.len() + wire.target.len() + lines.sum::<usize>()
}

/// Signed by somebody else.
fn forged(draft: &Draft) -> Wire {
    Signer { secret: "another".to_owned(), ..Signer::default() }.sign(draft)
}

fn get() -> Draft {
    Draft::new("GET", "/bucket/key")
}

#[test]
fn beyond_a_limit_no_more_is_allocated_than_the_refusal() {
    let wire = Signer::default().sign(&get());
    let with = |name: &str, value: String| wire.clone().header(name, &value);
    let mut many = wire.clone();
    many.headers.extend(vec![("x-amz-meta-a".to_owned(), "v".repeat(100)); 300_000]);
    let authorization = "AWS4-HMAC-SHA256 Credential=".to_owned() + &"a,".repeat(30_000);
    let mut long_authorization = wire.clone();
    *long_authorization.header_mut("Authorization") = authorization;
    let target = |target: String| Wire { target, ..wire.clone() };
    for (request, expected) in [
        (many, ErrorCode::TooManyHeaders),
        (with("x-amz-meta-a", "v".repeat(20_000_000)), ErrorCode::HeaderTooLong),
        (with(&"n".repeat(20_000_000), String::new()), ErrorCode::HeaderTooLong),
        (long_authorization, ErrorCode::AuthorizationTooLarge),
        (target(format!("/{}", "%41".repeat(5_000_000))), ErrorCode::TargetTooLong),
        (target(format!("/?{}", "a=%41&".repeat(5_000_000))), ErrorCode::TargetTooLong),
        (target(format!("/?{}", "a=%41&".repeat(5_000))), ErrorCode::TooManyQueryParameters),
        (target(format!("/?{}=%zz", "a".repeat(60_000))), ErrorCode::InvalidUri),
    ] {
        let (bytes, code) = refusing(&request);
        assert_eq!(code, expected);
        // More parameters than usual, and more headers, have their places on the heap.
        assert!(bytes <= 64 * 1024, "{code:?}: {bytes} bytes for {}", size(&request));
    }
}

#[test]
fn within_the_limits_memory_is_in_proportion_to_the_request() {
    let long = |n: usize| -> Vec<Draft> {
        let many = |count: usize, add: &dyn Fn(Draft, usize) -> Draft| (0..count).fold(get(), add);
        vec![
            get(),
            Draft::new("GET", &format!("/{}", "\u{e9}".repeat(n))),
            Draft::new("GET", &format!("/{}", "a b".repeat(n))),
            many(200, &|draft, i| draft.query(&format!("{i}"), &"+".repeat(n / 100))),
            many(200, &|draft, _| draft.query(&"\u{e9}".repeat(n / 1400), "")),
            many(200, &|draft, i| draft.header(&format!("x-amz-meta-{i}"), &"a  ".repeat(n / 20))),
            many(200, &|draft, _| draft.header("x-amz-meta-a", &"v".repeat(n / 20))),
            get().header("x-amz-meta-a", &"a  ".repeat(n)),
        ]
    };
    for n in [100, 1000, 8000] {
        for draft in long(n) {
            let stranger = Signer { access_key: "AKIDEXAMPLEUSER00002".to_owned(), ..Signer::default() };
            for (wire, expected) in [
                (forged(&draft), ErrorCode::SignatureDoesNotMatch),
                (stranger.sign(&draft), ErrorCode::UnknownAccessKey),
            ] {
                let (bytes, code) = refusing(&wire);
                assert_eq!(code, expected);
                // The refusal holds the canonical request as text and as pairs of digits; lists that grow copy
                // what they have. Escaping makes three bytes of one.
                let most = 16 * 1024 + 60 * size(&wire);
                assert!(bytes <= most, "{bytes} bytes for {}: {code:?}", size(&wire));
            }
        }
    }
}
