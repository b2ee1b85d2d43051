//! Which headers are signed, and how.

use super::*;

#[test]
fn are_folded_and_joined() {
    let signer = Signer::default();
    accepts(&signer.sign(
        &get().header("x-amz-meta-a", "  a \t b  ").header("X-Amz-Meta-A", "c").header("x-amz-meta-b", ""),
    ));
    accepts(&signer.sign(&get().header("x-amz-meta-a", "one\r\n  two")));
}

#[test]
fn keep_the_order_of_their_lines() {
    let mut wire = Signer::default().sign(&get().header("x-amz-meta-a", "1").header("x-amz-meta-a", "2"));
    accepts(&wire);
    wire.headers.swap(1, 2);
    refuses(&wire, ErrorCode::SignatureDoesNotMatch, MISMATCH, MISMATCH);
}

#[test]
fn of_amazon_must_be_signed() {
    let added =
        Signer::default().sign(&get()).header("X-Amz-Acl", "public-read").header("x-amz-tagging", "a=b");
    let error = refuses(&added, ErrorCode::HeadersNotSigned, ("AccessDenied", 403), ("AccessDenied", 400));
    assert_eq!(error.details(), [("HeadersNotSigned", "x-amz-acl, x-amz-tagging".to_owned())]);
    accepts_with(&added, Options { require_signed_amz_headers: false, ..options() });
    let presigned = Signer::default().presign(&get(), "60").header("x-amz-copy-source", "/other/key");
    assert_eq!(code(&presigned), ErrorCode::HeadersNotSigned);
}

#[test]
fn of_the_infrastructure_may_be_ignored_by_name() {
    let wire = Signer::default().sign(&get()).header("X-Amz-Cf-Id", "1");
    assert_eq!(code(&wire), ErrorCode::HeadersNotSigned);
    accepts_with(&wire, Options { ignored_amz_headers: vec!["x-amz-cf-id".to_owned()], ..options() });
    accepts(&Signer::default().sign(&get()).header("X-Amzn-Trace-Id", "1").header("X-Forwarded-For", "::1"));
}

#[test]
fn that_http_consumes_have_the_value_the_client_signed() {
    let signer = Signer::default();
    let mut wire = signer.sign(&get().header("Expect", "100-continue"));
    accepts(&wire);
    wire.headers.retain(|(name, _)| name != "Expect");
    accepts(&wire);
    let mut wire = signer.sign(&get().header("Content-Length", ""));
    wire.headers.retain(|(name, _)| name != "Content-Length");
    accepts(&wire);
    accepts(&signer.sign(&get().header("Content-Length", "0").header("Accept-Encoding", "identity")));
}

#[test]
fn that_are_signed_must_be_there() {
    let mut wire = Signer::default().sign(&get().header("Range", "bytes=0-1"));
    wire.headers.retain(|(name, _)| name != "Range");
    refuses(&wire, ErrorCode::SignedHeaderAbsent, MISMATCH, ("AccessDenied", 400));
}

#[test]
fn include_the_host_as_received() {
    let signer = Signer::default();
    for host in ["[::1]:9000", "s3.example.com:443", "bucket.s3.example.com"] {
        let mut draft = get();
        draft.headers[0].1 = host.to_owned();
        accepts(&signer.sign(&draft));
        accepts(&signer.presign(&draft, "60"));
    }
    let mut wire = signer.sign(&get());
    *wire.header_mut("host") += ":443";
    assert_eq!(code(&wire), ErrorCode::SignatureDoesNotMatch);
    wire.headers.retain(|(name, _)| name != "Host");
    assert_eq!(code(&wire), ErrorCode::MissingHost);
    accepts(&wire.clone().header(":authority", "s3.example.com"));
    let twice = signer.sign(&get()).header("host", "s3.example.com");
    assert_eq!(code(&twice), ErrorCode::RepeatedHeader);
}

#[test]
fn that_a_proxy_replaced_may_be_tried_from_a_configured_list() {
    let mut wire = Signer::default().sign(&get().header("Accept-Encoding", "identity"));
    *wire.header_mut("host") = "10.0.0.1".to_owned();
    *wire.header_mut("accept-encoding") = "gzip".to_owned();
    let candidates = |hosts: &[&str], encodings: &[&str]| Options {
        host_candidates: hosts.iter().map(ToString::to_string).collect(),
        accept_encoding_candidates: encodings.iter().map(ToString::to_string).collect(),
        ..options()
    };
    accepts_with(&wire, candidates(&["other", "s3.example.com"], &["", "identity"]));
    for options in [options(), candidates(&["s3.example.com"], &[]), candidates(&[], &["identity"])] {
        assert_eq!(verify_with(&wire, options).unwrap_err().code(), ErrorCode::SignatureDoesNotMatch);
    }
}
