//! Who gets a reader of a body, and what it does that the cases of `tests/cases/signature` cannot say.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod chunking;
#[allow(dead_code, missing_docs)]
mod signing;

use chunking::{Chunked, Mode};
use s3iam::ErrorCode;
use s3iam::authorize::{self, Facts, Iam, Verdict};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    BodyReader, ChecksumAlgorithm, Options, Payload, Verified, Verifier, stored_content_encoding,
};
use signing::{Draft, Signer, Wire};

fn headers(wire: &Wire) -> Vec<Header<'_>> {
    wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

fn iam() -> Iam {
    let signer = Signer::default();
    let document = format!(
        r#"{{"version": 1, "users": {{"{}": {{"secret_key": "{}", "policies": ["p"]}}}}, "policies": {{"p":
            {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket*"}}]}}}}}}"#,
        signer.access_key, signer.secret
    );
    Iam::load(document.as_bytes(), authorize::Options::default()).unwrap()
}

fn authorize(wire: &Wire) -> Verdict {
    let headers = headers(wire);
    iam().authorize(&wire.request(&headers), &Facts::default(), Signer::default().now())
}

fn read(mut reader: BodyReader, body: &[u8]) -> (Vec<u8>, Result<u64, ErrorCode>) {
    let (mut released, mut rest) = (Vec::new(), body);
    while !rest.is_empty() {
        match reader.push(rest) {
            Ok(pushed) => {
                released.extend_from_slice(pushed.released);
                rest = &rest[pushed.taken..];
            }
            Err(error) => return (released, Err(error.code())),
        }
    }
    let end = reader.finish().map(|summary| summary.decoded_length()).map_err(|error| error.code());
    (released, end)
}

#[test]
fn an_allowed_request_hands_its_reader_out() {
    let chunked = Chunked::new(Mode::Signed, None, [&b"hello"[..], b"world"].into_iter());
    let verdict = authorize(&chunked.wire);
    assert!(verdict.allowed(), "{:?}", verdict.error());
    assert!(matches!(verdict.payload(), Some(Payload::Chunked(_))));
    assert_eq!(verdict.body_reader().unwrap().decoded_length(), Some(10));
    let (released, end) = read(verdict.body_reader().unwrap(), &chunked.body);
    assert_eq!((&released[..], end), (&b"helloworld"[..], Ok(10)));
    let wire = Signer::default().sign(&Draft::new("PUT", "/bucket/key").body(b"hello"));
    let verdict = authorize(&Wire { body: None, ..wire });
    assert_eq!(verdict.body_reader().unwrap().decoded_length(), None);
    assert_eq!(read(verdict.body_reader().unwrap(), b"hello").1, Ok(5));
    assert_eq!(read(verdict.body_reader().unwrap(), b"hallo").1, Err(ErrorCode::ContentSha256Mismatch));
}

#[test]
fn a_refused_request_has_no_reader() {
    let wire = Signer::default().sign(&Draft::new("PUT", "/other/key").body(b"hello"));
    let verdict = authorize(&wire);
    assert_eq!(verdict.error().unwrap().code(), ErrorCode::AccessDenied);
    assert!(verdict.body_reader().is_none());
}

#[test]
fn chunks_are_for_uploads_alone() {
    // The verifier does not know where the bucket stands; recognition does.
    let signer = Signer::default();
    let payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    let draft = Draft::new("PUT", "/bucket")
        .header("x-amz-date", &signer.date)
        .header("x-amz-content-sha256", payload)
        .header("x-amz-decoded-content-length", "0");
    let mut wire = signer.sign_as(&draft, &signing::names(&draft.headers), payload);
    wire.body = None;
    let verdict = authorize(&wire);
    assert_eq!(verdict.error().unwrap().code(), ErrorCode::StreamingNotAllowed);
    assert!(verdict.body_reader().is_none());
}

#[test]
fn nothing_of_a_forged_chunk_is_released_byte_by_byte() {
    let data = vec![b'x'; 10_000];
    let chunked = Chunked::new(Mode::Signed, None, [&data[..]].into_iter());
    for at in [90, 5000, 10_080] {
        let mut body = chunked.body.clone();
        body[at] ^= 1;
        let (mut reader, mut error) = (chunked.reader(), None);
        for byte in body.chunks(1) {
            match reader.push(byte) {
                Ok(pushed) => assert!(pushed.released.is_empty()),
                Err(found) => {
                    error = Some(found.code());
                    break;
                }
            }
        }
        assert_eq!(error, Some(ErrorCode::ChunkSignatureDoesNotMatch), "{at}");
    }
}

#[test]
fn a_body_that_is_there_is_read_by_verification() {
    let chunked = Chunked::new(Mode::Signed, None, [&b"hello"[..]].into_iter());
    let verifier = Verifier::new(Options::default());
    let signer = Signer::default();
    let ring = signer.ring();
    let mut wire = Wire { body: Some(chunked.body.clone()), ..chunked.wire.clone() };
    assert!(wire.verify(&verifier, &ring, signer.now()).is_ok());
    wire.body = Some(b"hello".to_vec());
    assert!(wire.verify(&verifier, &ring, signer.now()).is_err(), "a body without its chunks");
    let wrong = Chunked::new(Mode::Unsigned, Some(ChecksumAlgorithm::Crc32), [&b"hello"[..]].into_iter());
    let wire = Wire { body: Some(wrong.body), ..wrong.wire };
    let error = wire.verify(&verifier, &ring, signer.now()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ChecksumMismatch);
    assert_eq!(
        error.message(s3iam::error::ErrorProfile::Aws),
        "The CRC32 you specified did not match the calculated checksum."
    );
}

#[test]
fn a_request_with_authentication_has_no_anonymous_reader() {
    let verifier = Verifier::new(Options::default());
    let chunked = Chunked::new(Mode::Unsigned, None, [&b"hello"[..]].into_iter());
    let with = headers(&chunked.wire);
    let refused = verifier.anonymous_body(&chunked.wire.request(&with)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidArgument);
    let without: Vec<Header<'_>> =
        with.iter().copied().filter(|(name, _)| *name != b"Authorization").collect();
    let request = HttpRequest { body: None, ..chunked.wire.request(&without) };
    assert_eq!(read(verifier.anonymous_body(&request).unwrap(), &chunked.body).1, Ok(5));
    let signer = Signer::default();
    let ring = signer.ring();
    let verified = verifier.verify(&request, &ring, signer.now()).unwrap();
    assert!(matches!(verified, Verified::Anonymous) && verified.body_reader().is_none());
}

#[test]
fn ignored_headers_say_nothing_of_the_body() {
    let ignored_amz_headers = vec!["x-amz-checksum-crc32".to_owned()];
    let verifier = Verifier::new(Options { ignored_amz_headers, ..Options::default() });
    let signer = Signer::default();
    let wire = signer.sign(&Draft::new("PUT", "/bucket/key").body(b"hello"));
    let wire = wire.header("x-amz-checksum-crc32", "AAAAAA==");
    assert!(wire.verify(&verifier, &signer.ring(), signer.now()).is_ok());
}

#[test]
fn the_checksum_of_a_completed_upload_is_not_that_of_the_body() {
    let signer = Signer::default();
    let complete = Draft::new("POST", "/bucket/key").query("uploadId", "u").body(b"<xml/>");
    let complete = complete.header("x-amz-checksum-crc32", "AAAAAA==");
    let verifier = Verifier::new(Options::default());
    assert!(signer.sign(&complete).verify(&verifier, &signer.ring(), signer.now()).is_ok());
    let other = Draft::new("POST", "/bucket/key").body(b"<xml/>").header("x-amz-checksum-crc32", "AAAAAA==");
    let error = signer.sign(&other).verify(&verifier, &signer.ring(), signer.now()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ChecksumMismatch);
    let details = [("ExpectedDigest", "AAAAAA=="), ("CalculatedDigest", "UCT1Jw==")];
    assert_eq!(error.details(), details.map(|(name, value)| (name, value.to_owned())));
    let minio = Options { error_profile: s3iam::error::ErrorProfile::Minio, ..Options::default() };
    let error = signer.sign(&other).verify(&Verifier::new(minio), &signer.ring(), signer.now()).unwrap_err();
    assert!(error.details().is_empty());
}

#[test]
fn the_coding_of_the_request_is_not_stored() {
    for (sent, stored) in [
        ("aws-chunked", None),
        ("AWS-Chunked", None),
        ("", None),
        (" , ", None),
        ("aws-chunked,gzip", Some("gzip")),
        ("aws-chunked, gzip", Some("gzip")),
        ("gzip , aws-chunked", Some("gzip")),
        ("gzip,br", Some("gzip,br")),
        ("aws-chunked, gzip ,br", Some("gzip,br")),
        ("aws-chunkedx", Some("aws-chunkedx")),
    ] {
        assert_eq!(stored_content_encoding(sent).as_deref(), stored, "{sent}");
    }
}
