//! Presigned requests.

use super::*;

fn presigned() -> Wire {
    Signer::default().presign(&get(), "3600")
}

#[test]
fn are_valid_from_a_little_before_to_their_last_second() {
    let signer = Signer::default();
    for (seconds, code) in [
        (-900, None),
        (-901, Some(ErrorCode::PresignNotYetValid)),
        (3600, None),
        (3601, Some(ErrorCode::PresignExpired)),
    ] {
        let answer = verify_at(&presigned(), options(), &signer.ring(), seconds_later(seconds));
        assert_eq!(answer.as_ref().err().map(Error::code), code, "{seconds}");
        if code == Some(ErrorCode::PresignExpired) {
            let names: Vec<&str> = answer.as_ref().unwrap_err().details().iter().map(|(n, _)| *n).collect();
            assert_eq!(names, ["X-Amz-Expires", "Expires", "ServerTime"]);
        }
    }
}

#[test]
fn need_all_six_parameters_with_values() {
    for name in ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
        let prefix = format!("X-Amz-{name}=");
        let (path, query) =
            presigned().target.split_once('?').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let without: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with(&prefix)).collect();
        let missing = Wire { target: format!("{path}?{}", without.join("&")), ..presigned() };
        refuses(&missing, ErrorCode::QueryParametersMissing, QUERY_ERROR, QUERY_ERROR);
        let empty = Wire { target: format!("{}&{prefix}", missing.target), ..missing };
        refuses(&empty, ErrorCode::QueryParametersMissing, QUERY_ERROR, QUERY_ERROR);
    }
}

#[test]
fn last_from_one_second_to_a_week() {
    let signer = Signer::default();
    for (expires, code) in [
        ("0", ErrorCode::ExpiresZero),
        ("-1", ErrorCode::ExpiresNegative),
        ("604801", ErrorCode::ExpiresTooLong),
        ("abc", ErrorCode::ExpiresNotNumber),
        ("1e3", ErrorCode::ExpiresNotNumber),
    ] {
        refuses(&signer.presign(&get(), expires), code, QUERY_ERROR, QUERY_ERROR);
    }
    accepts(&signer.presign(&get(), "1"));
    accepts(&signer.presign(&get(), "604800"));
    accepts_with(&signer.presign(&get(), "0"), Options { accept_expires_zero: true, ..options() });
}

#[test]
fn are_refused_with_codes_of_their_own() {
    let minio_service = ("AuthorizationParametersError", 400);
    for (from, to, code, minio) in [
        ("Algorithm=AWS4-HMAC-SHA256", "Algorithm=AWS4-HMAC-SHA512", ErrorCode::QueryAlgorithm, QUERY_ERROR),
        ("%2Fus-east-1%2Fs3%2F", "%2Fs3%2F", ErrorCode::QueryCredentialMalformed, QUERY_ERROR),
        ("%2F20260115%2F", "%2F20260230%2F", ErrorCode::QueryScopeDateMalformed, QUERY_ERROR),
        ("%2F20260115%2F", "%2F20260114%2F", ErrorCode::QueryScopeDateMismatch, QUERY_ERROR),
        ("%2Fus-east-1%2F", "%2Feu-west-1%2F", ErrorCode::QueryWrongRegion, MALFORMED),
        ("%2Fs3%2F", "%2Fec2%2F", ErrorCode::QueryWrongService, minio_service),
        ("aws4_request", "aws5_request", ErrorCode::QueryWrongTerminal, QUERY_ERROR),
        ("X-Amz-Date=20260115T120000Z", "X-Amz-Date=2026-01-15", ErrorCode::QueryDateMalformed, QUERY_ERROR),
        (
            "SignedHeaders=host",
            "SignedHeaders=host%3Bhost",
            ErrorCode::QuerySignedHeadersMalformed,
            QUERY_ERROR,
        ),
    ] {
        refuses(&presigned().replace(from, to), code, QUERY_ERROR, minio);
    }
    let region = verify_with(&presigned().replace("us-east-1", "eu-west-1"), options()).unwrap_err();
    assert_eq!(
        region.message(ErrorProfile::Aws),
        "Error parsing the X-Amz-Credential parameter; the region \"eu-west-1\" is wrong; expecting \"us-east-1\""
    );
    let upper = presigned();
    let signature = upper.target.rsplit('=').next().unwrap().to_owned();
    let upper = upper.replace(&signature, &signature.to_ascii_uppercase());
    refuses(&upper, ErrorCode::QuerySignatureForm, MISMATCH, MISMATCH);
}

#[test]
fn must_sign_the_host() {
    let wire = presigned().replace("SignedHeaders=host", "SignedHeaders=range");
    refuses(&wire, ErrorCode::HeadersNotSigned, ("AccessDenied", 403), ("AccessDenied", 400));
}

#[test]
fn leave_the_body_unsigned_unless_they_say_otherwise() {
    let mut wire = Signer::default().presign(&Draft::new("PUT", "/bucket/key"), "60");
    wire.body = Some(b"anything".to_vec());
    assert_eq!(verify_with(&wire, options()), Ok(Payload::Unsigned));
    // An unsigned header of that value says what is signed already.
    let wire = wire.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(verify_with(&wire, options()), Ok(Payload::Unsigned));
    // A header cannot turn an unsigned body into a chunked one.
    let mut wire = Signer::default()
        .presign(&Draft::new("PUT", "/bucket/key").query("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"), "60");
    assert_eq!(verify_with(&wire, options()), Ok(Payload::Unsigned));
    wire = wire.header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert_eq!(verify_with(&wire, options()), Ok(Payload::Unsigned));
    let chunked = presigned().header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert!(verify_with(&chunked, options()).is_err());
}
