//! What a refused client is told, and in which order.

use super::*;

#[test]
fn of_a_wrong_signature_show_what_the_server_signs_and_no_secret() {
    let signer = Signer::default();
    let ring = signer.ring_with(Some(TOKEN), None);
    let draft = get().header("x-amz-security-token", TOKEN).header("x-amz-meta-a", "<&>");
    let mut wire = signer.sign(&draft);
    wire.method = "PUT".to_owned();
    let error = verify_at(&wire, options(), &ring, signer.now()).unwrap_err();
    let names: Vec<&str> = error.details().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "AWSAccessKeyId",
            "StringToSign",
            "SignatureProvided",
            "StringToSignBytes",
            "CanonicalRequest",
            "CanonicalRequestBytes"
        ]
    );
    let xml = error_xml(&error, ErrorProfile::Aws, "/bucket/photos/cat.jpg", "1");
    assert!(xml.contains("<CanonicalRequest>PUT\n/bucket/photos/cat.jpg\n"), "{xml}");
    assert!(xml.contains("x-amz-meta-a:&lt;&amp;&gt;"), "{xml}");
    assert!(!xml.contains(TOKEN) && !format!("{error:?}").contains(TOKEN));
    assert!(!format!("{error:?}{xml}").contains(&signer.secret));
    let minio = Options { error_profile: ErrorProfile::Minio, ..options() };
    assert!(verify_at(&wire, minio, &ring, signer.now()).unwrap_err().details().is_empty());
}

#[test]
fn come_in_one_order() {
    // Everything is wrong; mending one thing after the other shows the order.
    let mut signer =
        Signer { region: "eu-west-1".to_owned(), service: "ec2".to_owned(), ..Signer::default() };
    let ring = signer.ring();
    signer.secret += "x";
    let later = seconds_later(10_000);
    let mut wire = signer.sign(&get()).header("x-amz-acl", "private");
    wire.target += "?X-Amz-Signature=x";
    *wire.header_mut("x-amz-content-sha256") = "abc".to_owned();
    wire = wire.replace("aws4_request", "aws5_request").replace("SignedHeaders=", "SignedHeaders");
    let code = |wire: &Wire, ring: &KeyRing, now| verify_at(wire, options(), ring, now).unwrap_err().code();
    assert_eq!(code(&wire, &ring, later), ErrorCode::SeveralMechanisms);
    wire.target = "/bucket/photos/cat.jpg".to_owned();
    assert_eq!(code(&wire, &ring, later), ErrorCode::AuthorizationComponentMalformed);
    wire = wire.replace("SignedHeaders", "SignedHeaders=");
    assert_eq!(code(&wire, &ring, later), ErrorCode::RequestTimeTooSkewed);
    let now = signer.now();
    assert_eq!(code(&wire, &ring, now), ErrorCode::WrongTerminal);
    wire = wire.replace("aws5_request", "aws4_request");
    assert_eq!(code(&wire, &ring, now), ErrorCode::WrongService);
    wire = wire.replace("/ec2/", "/s3/");
    assert_eq!(code(&wire, &ring, now), ErrorCode::WrongRegion);
    wire = wire.replace("eu-west-1", "us-east-1");
    assert_eq!(code(&wire, &KeyRing::new(), now), ErrorCode::UnknownAccessKey);
    assert_eq!(code(&wire, &signer.ring_with(Some("t"), None), now), ErrorCode::TokenMissing);
    assert_eq!(code(&wire, &ring, now), ErrorCode::InvalidContentSha256);
    *wire.header_mut("x-amz-content-sha256") = EMPTY.to_owned();
    wire.body = Some(b"other".to_vec());
    assert_eq!(code(&wire, &ring, now), ErrorCode::HeadersNotSigned);
    wire.headers.pop();
    assert_eq!(code(&wire, &ring, now), ErrorCode::SignatureDoesNotMatch);
    signer = Signer::default();
    let signed = Wire { body: Some(b"other".to_vec()), ..signer.sign(&get()) };
    assert_eq!(code(&signed, &ring, now), ErrorCode::ContentSha256Mismatch);
}
