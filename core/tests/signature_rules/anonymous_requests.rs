//! Requests that nobody signed.

use super::*;

fn answer(lines: &[(&str, &str)], body: &[u8]) -> Result<(), ErrorCode> {
    let headers = lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let wire =
        Wire { method: "PUT".to_owned(), target: "/b/k".to_owned(), headers, body: Some(body.to_vec()) };
    let signer = Signer::default();
    match wire.verify(&Verifier::new(options()), &signer.ring(), signer.now()) {
        Ok(Verified::Anonymous) => Ok(()),
        Ok(Verified::Signed(_)) => panic!("signed by nobody"),
        Err(error) => Err(error.code()),
    }
}

#[test]
fn carry_nothing_that_claims_otherwise() {
    let host = ("Host", "s3.example.com");
    assert_eq!(answer(&[host], b""), Ok(()));
    assert_eq!(answer(&[host, ("x-amz-security-token", TOKEN)], b""), Ok(()), "a token alone is no identity");
    let sha = |value| ("x-amz-content-sha256", value);
    assert_eq!(answer(&[host, sha("UNSIGNED-PAYLOAD")], b"x"), Ok(()));
    assert_eq!(answer(&[host, sha(EMPTY)], b""), Ok(()));
    assert_eq!(answer(&[host, sha(EMPTY)], b"x"), Err(ErrorCode::ContentSha256Mismatch));
    assert_eq!(answer(&[host, sha("abc")], b""), Err(ErrorCode::InvalidContentSha256));
    let signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    assert_eq!(answer(&[host, sha(signed)], b""), Err(ErrorCode::StreamingWithoutSignature));
    let unsigned = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let of_chunks = if cfg!(feature = "forms") { "missing-decoded-length" } else { "unsupported" };
    assert_eq!(answer(&[host, sha(unsigned)], b"").map_err(ErrorCode::name), Err(of_chunks));
}
