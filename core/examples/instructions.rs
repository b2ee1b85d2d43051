//! Verifies one request again and again, for `cargo xtask instructions` to count what that takes: what the time of an
//! answer could say of a secret, instructions say exactly.
//!
//! `instructions REQUEST SIZE ROUNDS`; the requests are those of [`request`].

// A wrong use fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
#[path = "../tests/signing/mod.rs"]
mod signing;

use s3iam::http::Header;
use s3iam::signature::{Options, Verified, Verifier};
use s3iam::{Error, ErrorCode};
use signing::{Draft, Signer, Wire};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQD+a/b=c";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, size, rounds] = &arguments[..] else { panic!("instructions REQUEST SIZE ROUNDS") };
    let (size, rounds): (usize, usize) = (size.parse().unwrap(), rounds.parse().unwrap());
    let (wire, token, expected) = request(name, size);
    let signer = Signer::default();
    let ring = signer.ring_with(token, None);
    // Nobody's signing key is in the cache, as for a key that is not used.
    let options = Options { cached_keys: 0, ..Options::default() };
    let verifier = Verifier::new(options);
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = wire.request(&headers);
    for _ in 0..rounds {
        let answer = verifier.verify(&request, &ring, signer.now());
        assert_eq!(code(answer), expected, "{name}");
    }
}

fn code(answer: Result<Verified<'_>, Error>) -> Option<ErrorCode> {
    answer.err().map(|error| error.code())
}

/// A request, the token of its key, and what it must be answered with.
fn request(name: &str, size: usize) -> (Wire, Option<&'static str>, Option<ErrorCode>) {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/cat.jpg");
    let with_token = |token: &str| signer.sign(&get.clone().header("x-amz-security-token", token));
    let mismatch = Some(ErrorCode::SignatureDoesNotMatch);
    let bad_token = Some(ErrorCode::TokenInvalid);
    let stranger = Signer { access_key: "AKIDEXAMPLEUSER00002".to_owned(), ..signer.clone() };
    match name {
        "right" => (signer.sign(&get), None, None),
        "signature-first-byte" => (changed(signer.sign(&get), 0..2), None, mismatch),
        "signature-middle-byte" => (changed(signer.sign(&get), 30..32), None, mismatch),
        "signature-last-byte" => (changed(signer.sign(&get), 62..64), None, mismatch),
        "signature-all-bytes" => (changed(signer.sign(&get), 0..64), None, mismatch),
        "presigned-first-byte" => (changed(signer.presign(&get, "60"), 0..2), None, mismatch),
        "presigned-last-byte" => (changed(signer.presign(&get, "60"), 62..64), None, mismatch),
        "token-first-byte" => (with_token(&TOKEN.replacen('I', "J", 1)), Some(TOKEN), bad_token),
        "token-last-byte" => (with_token(&format!("{}d", &TOKEN[..TOKEN.len() - 1])), Some(TOKEN), bad_token),
        "unknown-key" => (changed(stranger.sign(&get), 0..2), None, Some(ErrorCode::UnknownAccessKey)),
        // Requests of about so many bytes that are refused in the end.
        "long-path" => (forged(&Draft::new("GET", &format!("/{}", "é".repeat(size / 6)))), None, mismatch),
        "long-query" => {
            let pairs = (0..200).rev();
            let query = |draft: Draft, n| draft.query(&format!("name{n}"), &"+".repeat(size / 600));
            (forged(&pairs.fold(get, query)), None, mismatch)
        }
        "one-name" => {
            let query = |draft: Draft, n| draft.query(&"é".repeat(size / 1300), &format!("{n}"));
            (forged(&(0..200).rev().fold(get, query)), None, mismatch)
        }
        "many-headers" => {
            let header = |draft: Draft, n| draft.header(&format!("x-amz-meta-{n}"), &"a ".repeat(size / 400));
            (forged(&(0..200).rev().fold(get, header)), None, mismatch)
        }
        "long-header" => (forged(&get.header("x-amz-meta-a", &"a ".repeat(size / 2))), None, mismatch),
        other => panic!("there is no request {other:?}"),
    }
}

fn forged(draft: &Draft) -> Wire {
    changed(Signer::default().sign(draft), 63..64)
}

/// With other digits in these places of the signature.
fn changed(mut wire: Wire, places: std::ops::Range<usize>) -> Wire {
    let presigned = wire.target.contains("X-Amz-Signature=");
    let text = if presigned { &mut wire.target } else { wire.header_mut("Authorization") };
    let start = text.len() - 64;
    for at in places {
        let digit = text.remove(start + at);
        text.insert(start + at, if digit == 'a' { 'b' } else { 'a' });
    }
    wire
}
