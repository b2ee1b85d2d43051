//! Secrets that were shown (8.1, 8.4).

use super::*;
use s3iam::error::{ErrorProfile, error_xml};
use s3iam::signature::{CredentialState, Credentials, KeyRing, NewKey, SecretKey};

const TOKEN: &str = "token-that-nobody-sees";

#[test]
fn cve_2023_30610_no_secret_is_in_debug_output() {
    let signer = Signer::default();
    let key = NewKey {
        access_key: signer.access_key.clone(),
        secret_key: SecretKey::new(signer.secret.as_str()),
        session_token: Some(TOKEN.to_owned()),
        expires: None,
        state: CredentialState::Enabled,
    };
    let mut ring = KeyRing::new();
    ring.add(key.clone()).unwrap();
    let verifier = Verifier::default();
    let wire = signer.sign(&Draft::new("GET", "/b/k").header("x-amz-security-token", TOKEN));
    let verified = wire.verify(&verifier, &ring, signer.now()).unwrap();
    let iam = iam(&allow("s3:GetObject", "bucket/*"));
    let verdict = authorize(&iam, &super::signer("user").sign(&Draft::new("GET", "/bucket/k")));
    assert!(verdict.allowed());
    let shown = format!(
        "{key:?} {ring:?} {:?} {:?} {verifier:?} {verified:?} {iam:?} {verdict:?} {:?}",
        ring.find(&signer.access_key),
        key.secret_key,
        iam.directory()
    );
    for secret in [&*signer.secret, "secret-of-", TOKEN] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    // Bytes of a secret as a list of numbers are the secret as well.
    let numbers = format!("{:?}", &signer.secret.as_bytes()[..6]);
    assert!(!shown.contains(numbers.trim_matches(['[', ']'])), "{shown}");
}

#[test]
fn cve_2023_28432_no_answer_holds_a_secret_or_the_expected_signature() {
    let signer = Signer::default();
    let ring = signer.ring_with(Some(TOKEN), None);
    let good = signer.sign(&Draft::new("GET", "/b/k").header("x-amz-security-token", TOKEN));
    let expected = good.headers.last().unwrap().1.rsplit('=').next().unwrap().to_owned();
    for profile in [ErrorProfile::Aws, ErrorProfile::Minio] {
        let verifier = Verifier::new(SignatureOptions { error_profile: profile, ..Default::default() });
        let forgeries = [
            forged(&good),
            good.clone().replace("/us-east-1/", "/us-east-2/"),
            good.clone().replace(TOKEN, "other-token"),
            Wire { method: "PUT".to_owned(), ..good.clone() },
        ];
        for wire in forgeries {
            let error = wire.verify(&verifier, &ring, signer.now()).unwrap_err();
            let shown = format!("{error} {error:?} {}", error_xml(&error, profile, "/b/k", "R1"));
            assert!(!shown.contains(&signer.secret) && !shown.contains(TOKEN), "{shown}");
            // What the client sent may be shown, and where it changed its request it sent the genuine one.
            let sent = wire.headers.last().unwrap().1.contains(&expected);
            assert!(sent || !shown.contains(&expected), "{shown}");
        }
    }
}

#[test]
fn cve_2024_43784_a_user_of_the_same_name_revives_no_key() {
    let directory = |users: &str| format!(r#"{{"version": 1, "users": {{{users}}}}}"#);
    let first = directory(
        r#""alice": {"secret_key": "secret-of-alice", "policies": ["readwrite"],
            "access_keys": [{"access_key": "alice-key", "secret_key": "secret-of-alice-key"}]}"#,
    );
    let iam = Iam::load(first.as_bytes(), Options::default()).unwrap();
    let get = |name: &str| signer(name).sign(&Draft::new("GET", "/bucket/key"));
    assert!(authorize(&iam, &get("alice")).allowed());
    assert!(authorize(&iam, &get("alice-key")).allowed(), "{:?}", iam.problems());
    iam.replace(directory("").as_bytes()).unwrap();
    let again = directory(r#""alice": {"secret_key": "another-secret", "policies": ["readwrite"]}"#);
    iam.replace(again.as_bytes()).unwrap();
    for name in ["alice", "alice-key"] {
        assert!(!authorize(&iam, &get(name)).allowed(), "{name}");
    }
    let fresh = Signer { secret: "another-secret".to_owned(), ..signer("alice") };
    assert!(authorize(&iam, &fresh.sign(&Draft::new("GET", "/bucket/key"))).allowed());
}
