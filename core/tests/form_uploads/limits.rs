//! What is bounded before anything is believed, and what a refused sender is shown.

use super::draft::{Draft, Version, verifier};
use super::signing::Signer;
use s3iam::{Error, ErrorCode};
use serde_json::json;

fn answer(signer: &Signer, form: &Draft) -> Result<(), Error> {
    let ring = signer.ring();
    form.verify(&verifier(signer, 4), &ring, signer.now(), |answer| answer.map(|_| ()))
}

fn code(form: &Draft) -> Option<ErrorCode> {
    answer(&Signer::default(), form).err().map(|error| error.code())
}

fn signed() -> Draft {
    let draft = Draft::new(&[("key", "k")]);
    draft.sign(&Signer::default(), Version::V4, &draft.exactly())
}

#[test]
fn a_form_has_at_most_a_thousand_parts() {
    let mut form = signed();
    while form.fields.len() < 999 {
        form = form.with(&format!("x-ignore-{}", form.fields.len()), "");
    }
    assert_eq!(code(&form), None);
    assert_eq!(code(&form.with("x-ignore-", "")), Some(ErrorCode::FormTooLarge));
}

#[test]
fn its_fields_have_at_most_256_kib_together() {
    let form = signed().with("x-ignore-a", "");
    let used: usize = form.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    let filled = |length: usize| {
        let mut form = form.clone();
        form.fields.last_mut().unwrap().1 = "a".repeat(length);
        code(&form)
    };
    assert_eq!(filled(256 * 1024 - used), None);
    assert_eq!(filled(256 * 1024 - used + 1), Some(ErrorCode::FormTooLarge));
}

#[test]
fn a_policy_has_at_most_64_kib() {
    let draft = Draft::new(&[("key", "k")]);
    let policy = |length: usize| {
        let mut conditions = draft.exactly();
        conditions.push(json!(["starts-with", "$x-ignore-a", "a".repeat(length)]));
        let form = draft.with("x-ignore-a", &"a".repeat(length));
        form.sign(&Signer::default(), Version::V4, &conditions)
    };
    let length = |form: &Draft| form.fields.last().unwrap().1.len();
    let fitting = (48_000..).find(|&more| length(&policy(more)) > 64 * 1024).unwrap() - 1;
    assert_eq!(code(&policy(fitting)), None);
    assert_eq!(code(&policy(fitting + 1)), Some(ErrorCode::FormTooLarge));
}

#[test]
fn a_key_is_not_put_together_beyond_its_limit() {
    let template = "${filename}".repeat(20_000);
    let mut draft = Draft::new(&[("key", &*template)]);
    draft.file_name = Some("a".repeat(100_000));
    assert_eq!(code(&draft), Some(ErrorCode::KeyTooLong));
    draft.file_name = Some("a".to_owned());
    assert_eq!(code(&draft), Some(ErrorCode::KeyTooLong));
}

#[test]
fn a_session_token_has_at_most_8_kib() {
    let form = signed().with("x-amz-security-token", &"a".repeat(8 * 1024 + 1));
    assert_eq!(code(&form), Some(ErrorCode::TokenTooLarge));
}

#[test]
fn a_wrong_signature_is_explained_by_the_policy() {
    let other = Signer { secret: "another".to_owned(), ..Signer::default() };
    let draft = Draft::new(&[("key", "k")]);
    for version in [Version::V4, Version::V2] {
        let form = draft.sign(&other, version, &draft.exactly());
        let field = |name: &str| form.fields.iter().find(|(n, _)| n == name).unwrap().1.clone();
        let error = answer(&Signer::default(), &form).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SignatureDoesNotMatch);
        let detail = |name| error.details().iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        assert_eq!(detail("StringToSign"), Some(field("policy")));
        let provided = field(if version == Version::V4 { "x-amz-signature" } else { "signature" });
        assert_eq!(detail("SignatureProvided"), Some(provided));
        assert_eq!(detail("AWSAccessKeyId"), Some(other.access_key.clone()));
        assert_eq!(detail("CanonicalRequest"), None);
    }
}

#[test]
fn no_error_shows_a_token() {
    let signer = Signer { secret: "another".to_owned(), ..Signer::default() };
    let draft = Draft::new(&[("key", "k"), ("x-amz-security-token", "the-token")]);
    let form = draft.sign(&signer, Version::V4, &draft.exactly());
    let ring = Signer::default().ring_with(Some("the-token"), None);
    let error = form.verify(&verifier(&signer, 4), &ring, signer.now(), |answer| answer.unwrap_err());
    assert_eq!(error.code(), ErrorCode::SignatureDoesNotMatch);
    assert!(error.details().iter().all(|(name, _)| !name.starts_with("StringToSign")));
    assert!(!format!("{error:?}").contains("the-token"));
    let wrong = draft.sign(&Signer::default(), Version::V4, &[json!({"x-amz-security-token": "a-token"})]);
    let error = wrong.verify(&verifier(&signer, 4), &ring, signer.now(), |answer| answer.unwrap_err());
    assert_eq!(error.code(), ErrorCode::FormConditionFailed);
    assert!(!format!("{error:?}").contains("a-token"), "{error:?}");
    let good = draft.sign(&Signer::default(), Version::V4, &draft.exactly());
    let shown =
        good.verify(&verifier(&signer, 4), &ring, signer.now(), |answer| format!("{:?}", answer.unwrap()));
    assert!(shown.contains("PostUpload") && !shown.contains("the-token"), "{shown}");
    let shown = good.read(|_, form| format!("{form:?}"));
    assert!(shown.contains("x-amz-security-token") && !shown.contains("the-token"), "{shown}");
}
