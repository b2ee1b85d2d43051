//! Identities that were never proven (8.1).

use super::*;
use s3iam::signature::{KeyRing, SecretKey};
use sha2::{Digest, Sha256};

#[test]
fn cve_2025_31489_unsigned_trailer_put_needs_a_signature() {
    let upload = put("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let wrong = Signer { secret: "any secret at all".to_owned(), ..Signer::default() };
    assert_eq!(code(&forged(&upload)), ErrorCode::SignatureDoesNotMatch);
    let signature = |wire: &Wire| wire.headers.last().unwrap().1.rsplit('=').next().unwrap().to_owned();
    let other =
        upload.clone().replace(&signature(&upload), &signature(&wrong.sign(&Draft::new("PUT", "/b/k"))));
    assert_eq!(code(&other), ErrorCode::SignatureDoesNotMatch);
    // No digit is free.
    for at in 0..64 {
        let mut wire = upload.clone();
        let value = wire.header_mut("Authorization");
        let at = value.len() - 64 + at;
        let other = if value.as_bytes()[at] == b'0' { "1" } else { "0" };
        value.replace_range(at..=at, other);
        assert_eq!(code(&wire), ErrorCode::SignatureDoesNotMatch);
    }
}

#[test]
fn cve_2026_40344_snowball_upload_needs_a_signature() {
    let upload = forged(&put("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
    let upload = upload.header("X-Amz-Meta-Snowball-Auto-Extract", "true");
    assert_eq!(code(&upload), ErrorCode::HeadersNotSigned);
    let signer = Signer::default();
    let draft = Draft::new("PUT", "/bucket/k.tar")
        .header("X-Amz-Date", &signer.date)
        .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        .header("X-Amz-Meta-Snowball-Auto-Extract", "true");
    let signed =
        signer.sign_as(&draft, &signing::names(&draft.headers), "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert_eq!(code(&forged(&signed)), ErrorCode::SignatureDoesNotMatch);
    // The archive is not unpacked for who may upload but has no such right either.
    let user = super::signer("user");
    let signed = user.sign_as(&draft, &signing::names(&draft.headers), "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert!(!authorize(&iam(&allow("s3:PutObject", "other/*")), &signed).allowed());
}

#[test]
fn cve_2026_41145_a_credential_in_the_query_is_no_identity() {
    let signer = Signer::default();
    for sentinel in SENTINELS {
        let mut upload = put(sentinel);
        upload.headers.retain(|(name, _)| name != "Authorization");
        upload.target +=
            &format!("?X-Amz-Credential={}%2F{}", signer.access_key, signer.scope().replace('/', "%2F"));
        assert_eq!(code(&upload), ErrorCode::QueryParametersMissing, "{sentinel}");
        upload.target += "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260115T120000Z&X-Amz-Expires=60\
            &X-Amz-SignedHeaders=host%3Bx-amz-content-sha256%3Bx-amz-date%3Bx-amz-decoded-content-length";
        assert_eq!(code(&upload), ErrorCode::QueryParametersMissing, "{sentinel}");
        upload.target += &format!("&X-Amz-Signature={}", "0".repeat(64));
        assert!(verify(&upload).is_err(), "{sentinel}");
    }
}

#[test]
fn seaweedfs_7912_no_payload_line_stands_for_a_signature() {
    for payload in SENTINELS.into_iter().chain(["UNSIGNED-PAYLOAD"]) {
        assert!(verify(&forged(&put(payload))).is_err(), "{payload}");
        let mut unsigned = put(payload);
        unsigned.headers.retain(|(name, _)| name != "Authorization");
        // At most nobody.
        if let Ok(who) = verify(&unsigned) {
            assert!(who.starts_with("Anonymous"), "{payload}: {who}");
        }
    }
}

#[test]
fn seaweedfs_2180_uploads_in_chunks_are_authorized_as_well() {
    let iam = iam(&allow("s3:GetObject", "bucket/*"));
    for sentinel in SENTINELS {
        let draft = Draft::new("PUT", "/bucket/key")
            .header("X-Amz-Date", &Signer::default().date)
            .header("x-amz-content-sha256", sentinel)
            .header("x-amz-decoded-content-length", "4");
        let names = signing::names(&draft.headers);
        for name in ["user", "nobody"] {
            let verdict = authorize(&iam, &signer(name).sign_as(&draft, &names, sentinel));
            assert!(!verdict.allowed() && verdict.error().is_some(), "{name} {sentinel}");
        }
    }
}

#[test]
fn cve_2020_11012_a_known_access_key_needs_its_own_secret() {
    for service in ["s3", "sts", "s3express"] {
        let good = Signer { service: service.to_owned(), ..Signer::default() };
        let services = vec!["s3".to_owned(), "sts".to_owned(), "s3express".to_owned()];
        let verifier = Verifier::new(SignatureOptions { services, ..Default::default() });
        let draft = Draft::new("GET", "/minio/admin/v3/list-users");
        let ring = good.ring();
        assert!(good.sign(&draft).verify(&verifier, &ring, good.now()).is_ok(), "{service}");
        for secret in ["", "x", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEy", &good.access_key] {
            let wrong = Signer { secret: secret.to_owned(), ..good.clone() };
            for wire in [wrong.sign(&draft), wrong.presign(&draft, "60")] {
                let error = wire.verify(&verifier, &ring, good.now()).unwrap_err();
                assert_eq!(error.code(), ErrorCode::SignatureDoesNotMatch, "{service} {secret:?}");
            }
        }
    }
}

#[test]
fn cve_2025_68671_a_captured_request_cannot_be_replayed() {
    let (signer, get) = (Signer::default(), Draft::new("GET", "/bucket/key"));
    let header = signer.sign(&get);
    for seconds in [901, 3600, 86_400, 30 * 86_400, 10 * 365 * 86_400, -901, -86_400] {
        let error = verify_at(&header, seconds_later(seconds)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RequestTimeTooSkewed, "{seconds}");
    }
    assert!(verify_at(&header, seconds_later(900)).is_ok());
    let presigned = signer.presign(&get, "60");
    for (seconds, expected) in [
        (61, ErrorCode::PresignExpired),
        (30 * 86_400, ErrorCode::PresignExpired),
        (-901, ErrorCode::PresignNotYetValid),
    ] {
        assert_eq!(verify_at(&presigned, seconds_later(seconds)).unwrap_err().code(), expected, "{seconds}");
    }
    // The time of the request cannot be moved along with the clock.
    let moved = header.replace("20260115T120000Z", "20260115T130000Z");
    assert_eq!(verify_at(&moved, seconds_later(3600)).unwrap_err().code(), ErrorCode::SignatureDoesNotMatch);
}

#[test]
fn s3s_616_and_771_the_http_date_is_held_against_the_clock_as_well() {
    let signer = Signer::default();
    let hash = signing::EMPTY;
    let draft = Draft::new("GET", "/bucket/key")
        .header("Date", "Thu, 15 Jan 2026 12:00:00 GMT")
        .header("x-amz-content-sha256", hash);
    let wire = signer.sign_as(&draft, &signing::names(&draft.headers), hash);
    assert!(verify_at(&wire, seconds_later(-900)).is_ok());
    for seconds in [901, -901, 3600, 86_400] {
        let error = verify_at(&wire, seconds_later(seconds)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RequestTimeTooSkewed, "{seconds}");
    }
}

#[test]
fn cve_2026_55873_a_service_name_chooses_no_identity() {
    let iam = iam(&allow("s3:*", "*"));
    for service in ["s3tables", "iam", "admin", "execute-api", "S3", "", "s3 "] {
        let other = Signer { service: service.to_owned(), ..signer("nobody") };
        for wire in
            [other.sign(&Draft::new("GET", "/bucket/key")), other.presign(&Draft::new("GET", "/"), "60")]
        {
            let verdict = authorize(&iam, &wire);
            assert!(verdict.user().is_none(), "{service}");
            let code = verdict.error().unwrap().code();
            assert!(
                [ErrorCode::WrongService, ErrorCode::QueryWrongService].contains(&code),
                "{service}: {code:?}"
            );
        }
    }
}

#[test]
fn ghsa_c667_rgrv_99vj_a_signature_binds_method_path_and_time() {
    let wire = Signer::default().sign(&Draft::new("GET", "/bucket/key"));
    for other in [
        Wire { method: "DELETE".to_owned(), ..wire.clone() },
        Wire { target: "/bucket/other".to_owned(), ..wire.clone() },
        Wire { target: "/bucket/key?acl".to_owned(), ..wire.clone() },
        wire.clone().replace("20260115T120000Z", "20260115T120001Z"),
    ] {
        assert_eq!(code(&other), ErrorCode::SignatureDoesNotMatch);
    }
}

#[test]
fn seaweedfs_8878_a_plain_hash_is_no_signature() {
    let signer = Signer::default();
    let wire = signer.presign(&Draft::new("GET", "/bucket/key"), "60");
    let error = verify(&forged(&wire)).unwrap_err();
    let string_to_sign = &error.details().iter().find(|(name, _)| *name == "StringToSign").unwrap().1;
    let genuine = wire.target.rsplit('=').next().unwrap().to_owned();
    let (key, text) = (signer.signing_key(), string_to_sign.as_bytes());
    let secret = signer.secret.as_bytes();
    for parts in [
        vec![text],
        vec![secret, text],
        vec![text, secret],
        vec![b"AWS4", secret, text],
        vec![&key, text],
        vec![text, &key],
        vec![&key],
    ] {
        let hash: String = Sha256::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(code(&wire.clone().replace(&genuine, &hash)), ErrorCode::SignatureDoesNotMatch);
    }
    // And the published signature is the one that is accepted.
    assert_eq!(verify(&wire).unwrap(), signer.access_key);
}

#[test]
fn seaweedfs_11383_a_session_token_is_nothing_but_that() {
    let signer = Signer::default();
    let token = "IQoJb3JpZ2luX2VjEXAMPLE";
    let ring = signer.ring_with(Some(token), None);
    let get = Draft::new("GET", "/bucket/key");
    let verifier = Verifier::default();
    let believed =
        |wire: &Wire| matches!(wire.verify(&verifier, &ring, signer.now()), Ok(Verified::Signed(_)));
    assert!(believed(&signer.sign(&get.clone().header("x-amz-security-token", token))));
    let bare =
        Wire { method: "GET".to_owned(), target: "/bucket/key".to_owned(), headers: vec![], body: None };
    let bare = bare.header("Host", "s3.example.com");
    for wire in [
        bare.clone().header("Authorization", &format!("Bearer {token}")),
        bare.clone().header("Authorization", &format!("AWS4-HMAC-SHA256 {token}")),
        bare.clone().header("x-amz-security-token", token),
        Wire { target: format!("/bucket/key?X-Amz-Security-Token={token}"), ..bare.clone() },
        // Neither is it a secret, nor an access key.
        Signer { secret: token.to_owned(), ..signer.clone() }
            .sign(&get.clone().header("x-amz-security-token", token)),
        Signer { access_key: token.to_owned(), ..signer.clone() }.sign(&get),
    ] {
        assert!(!believed(&wire), "{wire:?}");
    }
}

#[test]
fn localstack_11409_what_looks_like_a_signature_proves_nothing() {
    let signer = Signer::default();
    let credential = format!("{}/{}", signer.access_key, signer.scope());
    let zeros = "0".repeat(64);
    for authorization in [
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature="),
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature={zeros}"),
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=, Signature={zeros}"),
        format!("AWS4-HMAC-SHA256 Credential={credential}"),
        "AWS4-HMAC-SHA256".to_owned(),
        format!("AWS {}:AAAAAAAAAAAAAAAAAAAAAAAAAAA=", signer.access_key),
        format!("Bearer {}", signer.access_key),
        format!("Basic {}", signer.access_key),
        signer.access_key.clone(),
        String::new(),
    ] {
        let wire = Wire { method: "GET".to_owned(), target: "/b/k".to_owned(), headers: vec![], body: None };
        let wire = wire
            .header("Host", "s3.example.com")
            .header("X-Amz-Date", &signer.date)
            .header("x-amz-content-sha256", signing::EMPTY)
            .header("Authorization", &authorization);
        assert!(verify(&wire).is_err(), "{authorization}");
    }
}

#[test]
fn cve_2026_72920_nobody_is_somebody_without_a_signature() {
    // Identities come from verification alone, and an anonymous request may do nothing.
    let iam = iam(&allow("s3:*", "*"));
    for target in ["/", "/bucket", "/bucket/key", "/minio/admin/v3/add-user", "/?Action=CreateUser"] {
        let wire = Wire { method: "GET".to_owned(), target: target.to_owned(), headers: vec![], body: None };
        let verdict = authorize(&iam, &wire.header("Host", "s3.example.com"));
        assert!(!verdict.allowed() && verdict.user().is_none(), "{target}");
    }
}

#[test]
fn cve_2025_68926_there_is_no_key_that_was_not_given() {
    let empty = KeyRing::new();
    let directory = Iam::load(br#"{"version": 1}"#, Options::default()).unwrap();
    for (access_key, secret) in [
        ("rustfs rpc", "rustfs rpc"),
        ("rustfsadmin", "rustfsadmin"),
        ("minioadmin", "minioadmin"),
        ("minio", "minio123"),
        ("admin", "admin"),
        ("test", "test"),
        ("root", ""),
        ("", ""),
    ] {
        let signer =
            Signer { access_key: access_key.to_owned(), secret: secret.to_owned(), ..Signer::default() };
        let wire = signer.sign(&Draft::new("GET", "/bucket/key"));
        assert!(wire.verify(&Verifier::default(), &empty, signer.now()).is_err(), "{access_key}");
        assert!(!authorize(&directory, &wire).allowed(), "{access_key}");
        let bearer = Wire { headers: vec![], ..wire }.header("Authorization", &format!("Bearer {secret}"));
        assert!(bearer.verify(&Verifier::default(), &empty, signer.now()).is_err(), "{access_key}");
    }
}

#[test]
fn ghsa_r5qv_rc46_hv8q_the_owner_has_no_well_known_secret() {
    let load = |access_key: &str, secret: &str| {
        let document = format!(
            r#"{{"version": 1, "root": {{"access_key": "{access_key}", "secret_key": "{secret}"}}}}"#
        );
        Iam::load(document.as_bytes(), Options::default())
    };
    for (access_key, secret) in [
        ("minioadmin", "minioadmin"),
        ("rustfsadmin", "rustfsadmin"),
        ("minio", "minio123"),
        ("administrator", "administrator"),
        ("admin", "password"),
        ("admin", "short"),
        ("admin", ""),
    ] {
        // There is an owner then, or none, but none with this secret.
        let owner =
            Signer { access_key: access_key.to_owned(), secret: secret.to_owned(), ..Signer::default() };
        let get = owner.sign(&Draft::new("GET", "/bucket/key"));
        assert!(
            !load(access_key, secret).is_ok_and(|iam| authorize(&iam, &get).allowed()),
            "{access_key} {secret}"
        );
    }
    let owner = Signer {
        access_key: "admin".to_owned(),
        secret: "a secret of its own".to_owned(),
        ..Signer::default()
    };
    let iam = load("admin", "a secret of its own").unwrap();
    assert!(authorize(&iam, &owner.sign(&Draft::new("GET", "/bucket/key"))).allowed());
    // Nor can a secret be empty where keys are handed over one by one.
    let key = s3iam::signature::NewKey {
        access_key: "admin".to_owned(),
        secret_key: SecretKey::new(""),
        session_token: None,
        expires: None,
        state: s3iam::signature::CredentialState::Enabled,
    };
    assert!(KeyRing::new().add(key).is_err());
}
