//! Headers that nobody signed (8.1).

use super::*;

/// Headers that change what an upload does.
const HEADERS: [(&str, &str); 16] = [
    ("x-amz-tagging", "project=other"),
    ("x-amz-acl", "public-read"),
    ("x-amz-grant-full-control", "uri=http://acs.amazonaws.com/groups/global/AllUsers"),
    ("x-amz-storage-class", "GLACIER"),
    ("x-amz-object-lock-mode", "COMPLIANCE"),
    ("x-amz-object-lock-retain-until-date", "2099-01-01T00:00:00Z"),
    ("x-amz-object-lock-legal-hold", "ON"),
    ("x-amz-server-side-encryption", "aws:kms"),
    ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
    ("x-amz-website-redirect-location", "https://evil.example"),
    ("x-amz-meta-owner", "somebody"),
    ("x-amz-bypass-governance-retention", "true"),
    ("x-amz-checksum-crc32", "AAAAAA=="),
    ("x-amz-decoded-content-length", "1"),
    ("x-amz-trailer", "x-amz-checksum-crc32"),
    ("x-amz-request-payer", "requester"),
];

#[test]
fn ghsa_g8w9_qw9q_fghr_every_amz_header_is_signed() {
    let (signer, upload) = (Signer::default(), Draft::new("PUT", "/bucket/key"));
    for wire in [signer.presign(&upload, "60"), signer.sign(&upload)] {
        assert!(verify(&wire).is_ok());
        for (name, value) in HEADERS {
            for name in [name.to_owned(), name.to_ascii_uppercase()] {
                assert_eq!(code(&wire.clone().header(&name, value)), ErrorCode::HeadersNotSigned, "{name}");
            }
        }
    }
}

#[test]
fn s3s_818_and_830_the_payload_hash_alone_may_go_unlisted_and_changes_nothing() {
    let url = Signer::default().presign(&Draft::new("PUT", "/bucket/key").body(b"data"), "60");
    // It is the payload line, so a body mode cannot be switched with it.
    for value in SENTINELS.into_iter().chain([signing::EMPTY]) {
        assert!(verify(&url.clone().header("x-amz-content-sha256", value)).is_err(), "{value}");
    }
    assert!(verify(&url.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")).is_ok());
}

#[test]
fn ghsa_xm99_m3gq_83g8_an_upload_url_copies_nothing() {
    let url = Signer::default().presign(&Draft::new("PUT", "/bucket/key"), "60");
    for name in ["x-amz-copy-source", "X-Amz-Copy-Source", "x-amz-copy-source-range"] {
        assert_eq!(code(&url.clone().header(name, "/secret/key")), ErrorCode::HeadersNotSigned, "{name}");
    }
    // As a parameter it breaks the signature.
    let target = format!("{}&x-amz-copy-source=%2Fsecret%2Fkey", url.target);
    assert_eq!(code(&Wire { target, ..url }), ErrorCode::SignatureDoesNotMatch);
}

#[test]
fn floci_4150_an_unsigned_token_is_refused() {
    let wire = Signer::default().sign(&Draft::new("GET", "/bucket/key"));
    let error = verify(&wire.header("x-amz-security-token", "token")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenInvalid);
}
