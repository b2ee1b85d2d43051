//! What a plain signer signs is accepted, and nothing that differs from it.

use super::draft::{Draft, Version, base64, verifier};
use super::signing::Signer;
use proptest::collection::vec;
use proptest::prelude::*;
use s3iam::Timestamp;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{Form, Options, PostForm, Verifier};
use serde_json::{Value, json};

fn signer() -> impl Strategy<Value = Signer> {
    ("[A-Za-z0-9/._ -]{2,30}[A-Za-z0-9]", "[ -~]{1,100}", "[a-z]{2}-[a-z]{4}-[1-9]", 0_i64..4_000_000_000)
        .prop_map(|(access_key, secret, region, seconds)| Signer {
            access_key,
            secret,
            region,
            date: String::from_utf8(Timestamp::from_unix_seconds(seconds).basic().to_vec()).unwrap(),
            ..Signer::default()
        })
}

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V4), Just(Version::V2)]
}

/// Values of fields, and after how many characters a condition stops comparing.
type Fields = Vec<(String, String, Option<usize>)>;

/// Fields whose names differ, a key among them.
fn fields() -> impl Strategy<Value = Fields> {
    let name = prop_oneof![
        "(?i)(acl|cache-control|content-type|expires|success_action_status|custom)",
        "(?i)x-amz-meta-[a-z0-9]{1,8}"
    ];
    let value = prop_oneof!["[a-zA-Z0-9 /=_.-]{0,24}", "[à-ü\"\\\\\n\t]{0,6}"];
    let field = (name, value, proptest::option::of(0_usize..24));
    ("[a-z0-9][a-z0-9/_-]{0,20}", proptest::option::of(0_usize..8), vec(field, 0..6)).prop_map(
        |(key, stop, others)| {
            let mut fields: Fields = vec![("key".to_owned(), key, stop)];
            for field in others {
                if fields.iter().all(|(name, ..)| !name.eq_ignore_ascii_case(&field.0)) {
                    fields.push(field);
                }
            }
            fields
        },
    )
}

/// How a value begins, and that is as much as is compared.
fn compared(value: &str, stop: Option<usize>) -> String {
    value.chars().take(stop.unwrap_or(usize::MAX)).collect()
}

fn draft(fields: &Fields) -> (Draft, Vec<Value>) {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value, _)| (&**name, &**value)).collect();
    let condition = |(name, value, stop): &(String, String, Option<usize>)| {
        let operator = if stop.is_some() { "starts-with" } else { "eq" };
        json!([operator, format!("${name}"), compared(value, *stop)])
    };
    (Draft::new(&pairs), fields.iter().map(condition).collect())
}

/// Texts that differ from this one in one character.
fn one_off(text: &str) -> impl Iterator<Item = String> + '_ {
    text.char_indices().map(|(at, c)| {
        let other = if c == 'z' { "y" } else { "z" };
        [&text[..at], other, &text[at + c.len_utf8()..]].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_signed_is_accepted(signer in signer(), version in version(), fields in fields(), ignored in "[a-z]{0,4}") {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let (draft, conditions) = draft(&fields);
        let signed = draft.sign(&signer, version, &conditions).with(&format!("X-Ignore-{ignored}"), "anything");
        for _ in 0..2 {
            signed.verify(&verifier, &ring, signer.now(), |answer| {
                let upload = answer.unwrap();
                let identity = upload.identity().unwrap();
                assert_eq!(identity.access_key(), signer.access_key);
                assert_eq!(identity.form(), if version == Version::V4 { Form::PostV4 } else { Form::PostV2 });
                assert_eq!(upload.key(), fields[0].1.as_bytes());
                assert_eq!(upload.check_length(u64::MAX, true), Ok(()));
            });
        }
    }

    #[test]
    fn the_cache_changes_no_answer(signer in signer(), fields in fields(), wrong in any::<bool>()) {
        let (draft, conditions) = draft(&fields);
        let mut signed = draft.sign(&signer, Version::V4, &conditions);
        if wrong {
            signed.fields.last_mut().unwrap().1.insert(0, 'A');
        }
        let ring = signer.ring();
        let (with, without) = (verifier(&signer, 64), verifier(&signer, 0));
        for _ in 0..3 {
            let error = |verifier| signed.verify(verifier, &ring, signer.now(), |answer| answer.err());
            prop_assert_eq!(error(&with), error(&without));
            prop_assert_eq!(error(&with).is_some(), wrong);
        }
    }

    #[test]
    fn another_key_region_day_or_service_signs_nothing(signer in signer(), fields in fields()) {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let (draft, conditions) = draft(&fields);
        let other_day = if signer.date.starts_with("20260115") { "20260116" } else { "20260115" };
        let others = [
            Signer { secret: signer.secret.clone() + "x", ..signer.clone() },
            Signer { access_key: signer.access_key.clone() + "x", ..signer.clone() },
            Signer { region: "xx-xxxx-9".to_owned(), ..signer.clone() },
            Signer { service: "sts".to_owned(), ..signer.clone() },
            Signer { scope_day: Some(other_day.to_owned()), ..signer.clone() },
        ];
        for other in others {
            let signed = draft.sign(&other, Version::V4, &conditions);
            prop_assert!(signed.verify(&verifier, &ring, signer.now(), |answer| answer.is_err()));
        }
        let other = Signer { secret: signer.secret.clone() + "x", ..signer.clone() };
        let signed = draft.sign(&other, Version::V2, &conditions);
        prop_assert!(signed.verify(&verifier, &ring, signer.now(), |answer| answer.is_err()));
    }

    #[test]
    fn no_form_outlives_its_policy(signer in signer(), version in version(), fields in fields(), late in 0_i64..1_000_000) {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let (draft, conditions) = draft(&fields);
        let signed = draft.sign(&signer, version, &conditions);
        let at = |seconds: i64| Timestamp::from_unix_seconds(signer.now().unix_seconds() + seconds);
        prop_assert!(signed.verify(&verifier, &ring, at(3599), |answer| answer.is_ok()));
        prop_assert!(signed.verify(&verifier, &ring, at(3600 + late), |answer| answer.is_err()));
    }

    #[test]
    fn random_forms_are_refused_without_a_panic(
        fields in vec(
            (
                prop_oneof![
                    "(?i)(key|policy|signature|awsaccesskeyid|acl|bucket|file|x-amz-(algorithm|credential|date|signature|security-token))".prop_map(String::into_bytes),
                    vec(any::<u8>(), 0..12),
                ],
                prop_oneof![
                    vec(any::<u8>(), 0..40),
                    Just(b"AWS4-HMAC-SHA256".to_vec()),
                    Just(b"AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request".to_vec()),
                    Just(b"20260115T120000Z".to_vec()),
                    "[{}\\[\\]\",:a-z$]{0,60}".prop_map(|text| base64(text.as_bytes()).into_bytes()),
                ],
            ),
            0..12,
        ),
        file_name in proptest::option::of(vec(any::<u8>(), 0..20)),
        bucket in vec(any::<u8>(), 0..8),
    ) {
        let signer = Signer::default();
        let fields: Vec<(&[u8], &[u8])> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let form = PostForm { fields: &fields, file_name: file_name.as_deref(), file_length: Some(1) };
        let headers: [Header<'_>; 1] = [(b"content-type", b"multipart/form-data; boundary=x")];
        let request =
            HttpRequest { method: b"POST", target: b"/b", headers: &headers, peer: None, secure: false, body: None };
        let ring = signer.ring();
        let answer = verifier(&signer, 4).verify_post(&request, &bucket, &form, &ring, signer.now());
        prop_assert!(!answer.is_ok_and(|upload| upload.identity().is_some()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_byte_can_be_changed(signer in signer(), version in version(), fields in fields()) {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let (draft, conditions) = draft(&fields);
        let signed = draft.sign(&signer, version, &conditions);
        let refused = |form: &Draft| form.verify(&verifier, &ring, signer.now(), |answer| answer.is_err());
        prop_assert!(!refused(&signed));
        for at in 0..signed.fields.len() {
            // Of a field that is compared by its beginning the rest is free.
            let counts = fields.get(at).map_or(usize::MAX, |(_, value, stop)| compared(value, *stop).chars().count());
            for value in one_off(&signed.fields[at].1).take(counts) {
                let mut other = signed.clone();
                other.fields[at].1 = value;
                prop_assert!(refused(&other), "{:?}", other.fields[at]);
            }
            let names = one_off(&signed.fields[at].0);
            for name in names.filter(|name| !name.eq_ignore_ascii_case(&signed.fields[at].0)) {
                let mut other = signed.clone();
                other.fields[at].0 = name;
                prop_assert!(refused(&other), "{:?}", other.fields[at]);
            }
            let mut other = signed.clone();
            let (name, _) = other.fields.remove(at);
            prop_assert!(refused(&other), "without {name}");
        }
        for bucket in one_off(&signed.bucket) {
            let elsewhere = Draft { bucket, ..signed.clone() };
            prop_assert!(refused(&elsewhere));
        }
    }

    #[test]
    fn nothing_can_be_added(signer in signer(), version in version(), fields in fields(), name in "(?i)(x-amz-)?[a-z_-]{0,20}|x-ignor[a-z]-", value in "[a-z]{0,8}") {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let (draft, conditions) = draft(&fields);
        let signed = draft.sign(&signer, version, &conditions);
        let known = ["file", "bucket", "policy", "signature", "AWSAccessKeyId", "x-amz-signature", "x-amz-security-token", "KEY"];
        for name in known.into_iter().chain([&*name]) {
            let ignored = name.to_ascii_lowercase().starts_with("x-ignore-");
            let refused = signed.with(name, &value).verify(&verifier, &ring, signer.now(), |answer| answer.is_err());
            prop_assert_eq!(refused, !ignored, "{}", name);
        }
    }

    #[test]
    fn conditions_are_held_against_what_is_uploaded(signer in signer(), name in "[a-z.]{1,12}", folder in "[a-z]{1,8}") {
        prop_assume!(name.bytes().any(|b| b != b'.'));
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let template = format!("{folder}/${{filename}}");
        let mut draft = Draft::new(&[("key", &*template)]);
        draft.file_name = Some(format!("C:\\x\\{name}"));
        let key = format!("{folder}/{name}");
        let signed = draft.sign(&signer, Version::V4, &[json!({"key": key})]);
        let got = signed.verify(&verifier, &ring, signer.now(), |answer| answer.map(|upload| upload.key().to_vec()));
        prop_assert_eq!(got, Ok(key.into_bytes()));
        let template = draft.sign(&signer, Version::V4, &[json!({"key": template})]);
        prop_assert!(template.verify(&verifier, &ring, signer.now(), |answer| answer.is_err()));
    }
}

/// Options that lie beside the forms change nothing about them.
#[test]
fn version_2_is_off_by_default() {
    let signer = Signer::default();
    let draft = Draft::new(&[("key", "k")]);
    let signed = draft.sign(&signer, Version::V2, &draft.exactly());
    let ring = signer.ring();
    let code = |verifier: &Verifier| {
        signed.verify(verifier, &ring, signer.now(), |answer| answer.err().map(|e| e.code().name()))
    };
    assert_eq!(code(&Verifier::new(Options::default())), Some("auth-form-unsupported"));
    assert_eq!(code(&verifier(&signer, 1)), None);
}
