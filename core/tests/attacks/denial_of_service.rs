//! Requests that crashed or slowed down other servers (8.1). `limits.rs` counts the work, and the fuzz
//! targets `authorization`, `query`, `canonical` and `packed_request` look for more of them.

use super::*;

/// Verifies a request of arbitrary bytes; it must be refused.
fn refused(target: &[u8], lines: &[(&[u8], &[u8])]) {
    let signer = Signer::default();
    let request =
        HttpRequest { method: b"GET", target, headers: lines, peer: None, secure: true, body: None };
    let ring = signer.ring();
    let answer = Verifier::default().verify(&request, &ring, signer.now());
    assert!(!matches!(answer, Ok(Verified::Signed(_))));
    let verdict = iam(&allow("s3:*", "*")).authorize(&request, &Facts::default(), signer.now());
    assert!(!verdict.allowed());
}

#[test]
fn cve_2018_7262_and_cve_2018_1000538_malformed_headers_are_refused() {
    for value in [
        &b""[..],
        b" ",
        b"\0",
        b"AWS4-HMAC-SHA256 ",
        b"AWS4-HMAC-SHA256 ,,",
        b"AWS4-HMAC-SHA256 Credential",
        b"AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
        b"AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;,Signature=",
        b"AWS4-HMAC-SHA256 Credential=a/20260115/r/s3/aws4_request,SignedHeaders=\xff,Signature=\xff",
        b"AWS4-HMAC-SHA256 Signature=a,Credential=b,SignedHeaders=c",
        b"AWS",
        b"AWS :",
        b"AWS4-ECDSA-P256-SHA256 Credential=/,SignedHeaders=;,Signature=00",
        b"\xff\xfe\xfd",
    ] {
        refused(b"/b/k", &[(b"host", b"h"), (b"x-amz-date", b"20260115T120000Z"), (b"authorization", value)]);
        refused(b"/b/k", &[(b"authorization", value), (b"authorization", value)]);
    }
    for date in [&b""[..], b"20260115", b"20260115T", b"99999999T999999Z", b"-0260115T120000Z", b"\xd9\xa0"] {
        let authorization = b"AWS4-HMAC-SHA256 Credential=AK/20260115/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        refused(b"/b/k", &[(b"host", b"h"), (b"x-amz-date", date), (b"authorization", authorization)]);
    }
}

#[test]
fn cve_2022_3854_malformed_urls_are_refused() {
    for target in [
        &b"/?"[..],
        b"?",
        b"//",
        b"/%",
        b"/%0",
        b"/%%%",
        b"/\0",
        b"/\xff",
        b"/b/k?%",
        b"/b/k?X-Amz-Signature=%",
        b"/b/k?X-Amz-Algorithm&X-Amz-Credential&X-Amz-Date&X-Amz-Expires&X-Amz-SignedHeaders&X-Amz-Signature",
        b"/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%2F%2F%2F%2F&X-Amz-Date=x&X-Amz-Expires=99999999999999999999&X-Amz-SignedHeaders=%3B&X-Amz-Signature=%00",
        b"/b/k?&&&&===&=&",
        b"http://",
        b"http:",
        b"*",
        b"",
    ] {
        refused(target, &[]);
        refused(target, &[(b"host", b"")]);
        refused(target, &[(b"", b""), (b":", b":")]);
    }
}

#[test]
fn ghsa_v2ch_c8v8_fgr7_a_body_without_a_length_is_refused() {
    for sentinel in SENTINELS {
        let mut upload = put(sentinel);
        upload.headers.retain(|(name, _)| name != "x-amz-decoded-content-length");
        assert!(verify(&upload).is_err(), "{sentinel}");
    }
}
