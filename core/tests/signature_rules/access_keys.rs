//! Access keys and session tokens.

use super::*;

fn ring(change: impl FnOnce(&mut NewKey)) -> KeyRing {
    let signer = Signer::default();
    let mut key = NewKey {
        access_key: signer.access_key,
        secret_key: SecretKey::new(signer.secret),
        session_token: None,
        expires: None,
        state: CredentialState::Enabled,
    };
    change(&mut key);
    let mut ring = KeyRing::new();
    ring.add(key).unwrap();
    ring
}

fn answer(wire: &Wire, ring: &KeyRing, profile: ErrorProfile) -> (ErrorCode, &'static str, u16) {
    let options = Options { error_profile: profile, ..options() };
    let error = verify_at(wire, options, ring, Signer::default().now()).unwrap_err();
    let answer = error.code().answer(profile);
    (error.code(), answer.code, answer.status)
}

fn refuses(
    wire: &Wire,
    ring: &KeyRing,
    code: ErrorCode,
    aws: (&'static str, u16),
    minio: (&'static str, u16),
) {
    assert_eq!(answer(wire, ring, ErrorProfile::Aws), (code, aws.0, aws.1));
    assert_eq!(answer(wire, ring, ErrorProfile::Minio), (code, minio.0, minio.1));
}

const NO_KEY: (&str, u16) = ("InvalidAccessKeyId", 403);
const BAD_TOKEN: (&str, u16) = ("InvalidTokenId", 403);

#[test]
fn must_exist_and_be_enabled() {
    for wire in [Signer::default().sign(&get()), Signer::default().presign(&get(), "60")] {
        refuses(&wire, &KeyRing::new(), ErrorCode::UnknownAccessKey, NO_KEY, NO_KEY);
        let disabled = ring(|key| key.state = CredentialState::Disabled);
        refuses(&wire, &disabled, ErrorCode::DisabledAccessKey, NO_KEY, NO_KEY);
    }
}

#[test]
fn stop_at_their_expiry_whatever_a_url_says() {
    let expiring = |seconds| ring(|key| key.expires = Some(seconds_later(seconds)));
    for wire in [Signer::default().sign(&get()), Signer::default().presign(&get(), "604800")] {
        verify_at(&wire, options(), &expiring(1), Signer::default().now()).unwrap();
        refuses(&wire, &expiring(0), ErrorCode::TokenExpired, ("ExpiredToken", 400), NO_KEY);
    }
}

#[test]
fn that_are_temporary_need_their_token() {
    let temporary = ring(|key| key.session_token = Some(TOKEN.to_owned()));
    let now = Signer::default().now();
    let signer = Signer::default();
    for (wire, answer) in [
        (signer.sign(&get()), Err(ErrorCode::TokenMissing)),
        (signer.sign(&get().header("x-amz-security-token", TOKEN)), Ok(())),
        (signer.sign(&get().header("x-amz-security-token", &TOKEN[1..])), Err(ErrorCode::TokenInvalid)),
        (signer.sign(&get().header("x-amz-security-token", "")), Err(ErrorCode::TokenMissing)),
        (signer.presign(&get(), "60"), Err(ErrorCode::TokenMissing)),
        (signer.presign(&get().query("X-Amz-Security-Token", TOKEN), "60"), Ok(())),
        (signer.presign(&get().query("X-Amz-Security-Token", "other"), "60"), Err(ErrorCode::TokenInvalid)),
    ] {
        let actual = verify_at(&wire, options(), &temporary, now).map(|_| ()).map_err(|e| e.code());
        assert_eq!(actual, answer, "{wire:?}");
    }
    refuses(&signer.sign(&get()), &temporary, ErrorCode::TokenMissing, NO_KEY, BAD_TOKEN);
    let wrong = signer.sign(&get().header("x-amz-security-token", "wrong"));
    refuses(&wrong, &temporary, ErrorCode::TokenInvalid, ("InvalidToken", 400), BAD_TOKEN);
}

#[test]
fn that_are_permanent_must_not_come_with_a_token() {
    let wire = Signer::default().sign(&get().header("x-amz-security-token", TOKEN));
    refuses(&wire, &ring(|_| ()), ErrorCode::TokenInvalid, ("InvalidToken", 400), BAD_TOKEN);
}

#[test]
fn have_their_token_in_one_place_and_signed() {
    let temporary = ring(|key| key.session_token = Some(TOKEN.to_owned()));
    let signer = Signer::default();
    let both = get().header("x-amz-security-token", TOKEN).query("X-Amz-Security-Token", TOKEN);
    for wire in [signer.sign(&both), signer.presign(&both, "60")] {
        refuses(&wire, &temporary, ErrorCode::TokenInvalid, ("InvalidToken", 400), BAD_TOKEN);
    }
    let added = signer.sign(&get()).header("x-amz-security-token", TOKEN);
    refuses(&added, &temporary, ErrorCode::HeadersNotSigned, ("AccessDenied", 403), ("AccessDenied", 400));
    let twice = signer
        .presign(&get().query("X-Amz-Security-Token", TOKEN).query("X-Amz-Security-Token", TOKEN), "60");
    assert_eq!(answer(&twice, &temporary, ErrorProfile::Aws).0, ErrorCode::RepeatedAuthParameter);
    let long = "t".repeat(8193);
    let long = signer.sign(&get().header("x-amz-security-token", &long));
    assert_eq!(answer(&long, &temporary, ErrorProfile::Aws).0, ErrorCode::TokenTooLarge);
}

#[test]
fn of_a_session_with_a_directory_bucket_have_a_token_of_another_name() {
    let temporary = ring(|key| key.session_token = Some(TOKEN.to_owned()));
    let signer = Signer { service: "s3express".to_owned(), ..Signer::default() };
    let express = || Options { services: vec!["s3express".to_owned()], ..options() };
    let check = |draft: &Draft| {
        verify_at(&signer.sign(draft), express(), &temporary, signer.now()).map(|_| ()).map_err(|e| e.code())
    };
    assert_eq!(check(&get().header("x-amz-s3session-token", TOKEN)), Ok(()));
    assert_eq!(check(&get().header("x-amz-security-token", TOKEN)), Ok(()));
    let both = get().header("x-amz-s3session-token", TOKEN).header("x-amz-security-token", TOKEN);
    assert_eq!(check(&both), Err(ErrorCode::TokenInvalid));
    assert_eq!(check(&get().header("x-amz-s3session-token", "other")), Err(ErrorCode::TokenInvalid));
    // On the ordinary service that name means nothing.
    let wire = Signer::default().sign(&get().header("x-amz-s3session-token", TOKEN));
    refuses(&wire, &temporary, ErrorCode::TokenMissing, NO_KEY, BAD_TOKEN);
}

#[test]
fn that_change_or_are_disabled_do_so_at_once() {
    let verifier = Verifier::new(options());
    let (signer, wire) = (Signer::default(), Signer::default().sign(&get()));
    let check = |ring: &KeyRing| wire.verify(&verifier, ring, signer.now()).map(|_| ()).map_err(|e| e.code());
    assert_eq!(check(&ring(|_| ())), Ok(()));
    assert_eq!(check(&ring(|_| ())), Ok(()));
    assert_eq!(check(&ring(|key| key.state = CredentialState::Disabled)), Err(ErrorCode::DisabledAccessKey));
    // A new ring counts its generations from the start again; the old secret must not come back.
    let changed = ring(|key| key.secret_key = SecretKey::new("another secret"));
    assert_eq!(check(&changed), Err(ErrorCode::SignatureDoesNotMatch));
    assert_eq!(check(&ring(|key| key.expires = Some(signer.now()))), Err(ErrorCode::TokenExpired));
    assert_eq!(check(&ring(|_| ())), Ok(()));
}
