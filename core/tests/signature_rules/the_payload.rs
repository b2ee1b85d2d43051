//! The payload line and the body.

use super::*;

fn sent(method: &str, value: Option<&str>, payload: &str) -> Wire {
    let mut draft = Draft::new(method, "/bucket/key").header("x-amz-date", "20260115T120000Z");
    if let Some(value) = value {
        draft = draft.header("x-amz-content-sha256", value);
    }
    Signer::default().sign_as(&draft, &names(&draft.headers), payload)
}

#[test]
fn hash_is_compared_with_the_body() {
    let mut wire = Signer::default().sign(&Draft::new("PUT", "/bucket/key").body(b"hello"));
    accepts(&wire);
    wire.body = None;
    assert!(matches!(verify_with(&wire, options()), Ok(Payload::Sha256(_))), "left to the gateway");
    wire.body = Some(b"hellO".to_vec());
    let expected = ("XAmzContentSHA256Mismatch", 400);
    let error = refuses(&wire, ErrorCode::ContentSha256Mismatch, expected, expected);
    assert_eq!(error.details()[0].0, "ClientComputedContentSHA256");
}

#[test]
fn may_be_unsigned() {
    let mut wire = sent("PUT", Some("UNSIGNED-PAYLOAD"), "UNSIGNED-PAYLOAD");
    wire.body = Some(b"anything".to_vec());
    assert_eq!(verify_with(&wire, options()), Ok(Payload::Unsigned));
}

#[test]
fn hash_may_be_required_or_empty() {
    let wire = sent("GET", None, EMPTY);
    refuses(&wire, ErrorCode::MissingContentSha256, ("InvalidRequest", 400), ("InvalidRequest", 400));
    let lax = || Options { require_content_sha256: false, ..options() };
    accepts_with(&wire, lax());
    let body = Wire { body: Some(b"x".to_vec()), ..wire };
    assert_eq!(verify_with(&body, lax()).unwrap_err().code(), ErrorCode::ContentSha256Mismatch);
}

#[test]
fn hash_must_be_one() {
    for value in ["", "abc", "unsigned-payload", "STREAMING-SOMETHING", &EMPTY[1..]] {
        let wire = sent("GET", Some(value), value);
        refuses(&wire, ErrorCode::InvalidContentSha256, ("InvalidArgument", 400), ("InvalidArgument", 400));
    }
    let upper = EMPTY.to_ascii_uppercase();
    accepts(&sent("GET", Some(&upper), &upper));
}

#[test]
fn in_chunks_is_looked_at_once_the_signature_is_verified() {
    for value in [
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ] {
        let wire = sent("PUT", Some(value), value);
        #[cfg(feature = "forms")]
        refuses(
            &wire,
            ErrorCode::MissingDecodedLength,
            ("MissingContentLength", 411),
            ("MissingContentLength", 411),
        );
        #[cfg(not(feature = "forms"))]
        refuses(&wire, ErrorCode::Unsupported, ("NotImplemented", 501), ("NotImplemented", 501));
        assert_eq!(code(&sent("PUT", Some(value), "other")), ErrorCode::SignatureDoesNotMatch);
        assert_eq!(code(&sent("GET", Some(value), value)), ErrorCode::StreamingNotAllowed);
    }
    let v4a = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
    assert_eq!(code(&sent("PUT", Some(v4a), v4a)), ErrorCode::StreamingNotAllowed);
}

#[test]
fn of_other_services_is_always_the_body() {
    let signer = Signer { service: "sts".to_owned(), ..Signer::default() };
    let sts = || Options { services: vec!["s3".to_owned(), "sts".to_owned()], ..options() };
    let body = b"Action=AssumeRole&Version=2011-06-15";
    let draft = Draft::new("POST", "/").header("X-Amz-Date", &signer.date).body(body);
    let hash = signing::hex(&<sha2::Sha256 as sha2::Digest>::digest(body));
    let wire = signer.sign_as(&draft, &names(&draft.headers), &hash);
    assert!(matches!(verify_with(&wire, sts()), Ok(Payload::Sha256(_))));
    let code = |wire: &Wire| verify_with(wire, sts()).unwrap_err().code();
    assert_eq!(code(&Wire { body: None, ..wire.clone() }), ErrorCode::BodyRequired);
    assert_eq!(
        code(&Wire { body: Some(b"Action=Other".to_vec()), ..wire }),
        ErrorCode::SignatureDoesNotMatch
    );
    let unsigned = draft.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let wire = signer.sign_as(&unsigned, &names(&unsigned.headers), "UNSIGNED-PAYLOAD");
    assert_eq!(code(&wire), ErrorCode::StreamingNotAllowed);
}
