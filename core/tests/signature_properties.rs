//! What must hold for every request: what a plain signer signs is accepted, and nothing else is.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod signing;

use proptest::collection::vec;
use proptest::prelude::*;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{Form, Options, Payload, Verified, Verifier};
use s3iam::{ErrorCode, Timestamp};
use sha2::{Digest, Sha256};
use signing::{Draft, Signer, Wire};

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

fn header() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        "x-amz-meta-[a-zA-Z0-9-]{0,20}",
        "X-AMZ-[A-Z]{1,12}",
        "[A-Z][a-z]{3,12}-[a-z0-9]{1,8}",
        Just("Range".to_owned()),
    ];
    let value = prop_oneof!["[ -~]{0,40}", "[a-z \t]{0,20}", "[!-~]{30,100}", Just(String::new())];
    (name, value)
}

fn draft() -> impl Strategy<Value = Draft> {
    let method = prop_oneof![Just("GET"), Just("PUT"), Just("POST"), Just("DELETE"), Just("HEAD")];
    let text =
        || prop_oneof![vec(any::<u8>(), 0..12), "[a-zA-Z0-9/ +=&;%~.-]{0,20}".prop_map(String::into_bytes)];
    let path = vec(prop_oneof![4 => "[a-zA-Z0-9]{1,8}".prop_map(String::into_bytes), 1 => text()], 1..5);
    (method, path, vec((text(), text()), 0..6), vec(header(), 0..8), vec(any::<u8>(), 0..100)).prop_map(
        |(method, path, query, mut headers, body)| {
            // These names would make it another request altogether.
            headers.retain(|(name, _)| !["X-AMZ-DATE", "X-AMZ-CONTENT-SHA"].contains(&name.as_str()));
            headers.insert(headers.len() / 2, ("Host".to_owned(), "bucket.s3.example.com:9000".to_owned()));
            Draft {
                method: method.to_owned(),
                path: path.iter().fold(Vec::new(), |path, segment| [&path, &b"/"[..], segment].concat()),
                query,
                headers,
                body,
            }
        },
    )
}

/// Spells the target of a request otherwise, without changing what it means: escapes of either case,
/// needless ones, and parameters in another order.
fn respell(wire: &Wire, choices: &[u8]) -> Wire {
    let mut choices = choices.iter().cycle();
    let mut choose = move || *choices.next().unwrap();
    let (path, query) = wire.target.split_once('?').unwrap_or((&wire.target, ""));
    let mut text = |text: &str| {
        let mut out = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match (c, choose() % 4) {
                ('%', 0) => {
                    out += &format!("%{}", rest.by_ref().take(2).collect::<String>().to_ascii_lowercase());
                }
                ('%', _) => out += &format!("%{}", rest.by_ref().take(2).collect::<String>()),
                (c, 1) if c.is_ascii_alphanumeric() => out += &format!("%{:02x}", c as u32),
                (c, _) => out.push(c),
            }
        }
        out
    };
    let path = path.split('/').map(&mut text).collect::<Vec<_>>().join("/");
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').map(&mut text).collect::<Vec<_>>().join("="))
        .collect();
    let by = usize::from(choose());
    if !pairs.is_empty() {
        let middle = by % pairs.len();
        pairs.rotate_left(middle);
    }
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&&")) };
    Wire { target: path + &query, ..wire.clone() }
}

fn verifier(signer: &Signer, cached_keys: usize) -> Verifier {
    let region = signer.region.clone();
    Verifier::new(Options {
        region,
        services: vec![signer.service.clone()],
        cached_keys,
        ..Options::default()
    })
}

fn accepted(answer: &Result<Verified<'_>, s3iam::Error>, signer: &Signer, form: Form) {
    match answer {
        Ok(Verified::Signed(identity)) => {
            assert_eq!(identity.access_key(), signer.access_key);
            assert_eq!(identity.form(), form);
            assert_eq!(identity.signed_at(), signer.now());
        }
        other => panic!("{other:?}"),
    }
}

/// Every request that differs from this one in one byte of what is signed. The new byte is no
/// hexadecimal digit, no white space and no separator, so none of them means the same.
fn one_byte_off(wire: &Wire) -> Vec<Wire> {
    let change = |text: &str| -> Vec<String> {
        (0..text.len())
            .filter(|&at| text.is_char_boundary(at) && text.is_char_boundary(at + 1))
            .map(|at| {
                let other = if &text[at..=at] == "z" { "y" } else { "z" };
                [&text[..at], other, &text[at + 1..]].concat()
            })
            .collect()
    };
    let mut all: Vec<Wire> = Vec::new();
    all.extend(change(&wire.method).into_iter().map(|method| Wire { method, ..wire.clone() }));
    all.extend(change(&wire.target).into_iter().map(|target| Wire { target, ..wire.clone() }));
    for at in 0..wire.headers.len() {
        let (name, value) = &wire.headers[at];
        let with = |line: (String, String)| {
            let mut other = wire.clone();
            other.headers[at] = line;
            other
        };
        all.extend(change(value).into_iter().map(|value| with((name.clone(), value))));
        let names = change(name).into_iter().filter(|other| !other.eq_ignore_ascii_case(name));
        all.extend(names.map(|name| with((name, value.clone()))));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_signed_in_the_header_is_accepted(signer in signer(), draft in draft(), choices in vec(any::<u8>(), 20)) {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let wire = signer.sign(&draft);
        for wire in [&wire, &respell(&wire, &choices), &wire] {
            let answer = wire.verify(&verifier, &ring, signer.now());
            accepted(&answer, &signer, Form::HeaderV4);
            let Ok(Verified::Signed(identity)) = answer else { unreachable!() };
            prop_assert_eq!(identity.payload(), Payload::Sha256(Sha256::digest(&draft.body).into()));
        }
    }

    #[test]
    fn what_is_presigned_is_accepted(signer in signer(), draft in draft(), expires in 1_u32..=604_800, choices in vec(any::<u8>(), 20)) {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let wire = signer.presign(&draft, &expires.to_string());
        let end = Timestamp::from_unix_seconds(signer.now().unix_seconds() + i64::from(expires));
        for (wire, now) in [(&wire, signer.now()), (&respell(&wire, &choices), end), (&wire, end)] {
            accepted(&wire.verify(&verifier, &ring, now), &signer, Form::PresignedV4);
        }
        let late = Timestamp::from_unix_millis(end.unix_millis() + 1);
        prop_assert_eq!(wire.verify(&verifier, &ring, late).unwrap_err().code(), ErrorCode::PresignExpired);
    }

    #[test]
    fn other_services_sign_the_escaped_path_and_the_body(mut signer in signer(), mut draft in draft()) {
        signer.service = "execute-api".to_owned();
        // Dot segments and empty ones are normalised away; the plain signer does not do that.
        draft.path = draft.path.iter().copied().filter(|&b| b != b'.').collect();
        while let Some(at) = draft.path.windows(2).position(|pair| pair == b"//") {
            draft.path.remove(at);
        }
        let ring = signer.ring();
        let verifier = verifier(&signer, 64);
        accepted(&signer.sign(&draft).verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV4);
        let wire = signer.presign(&draft, "60");
        accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, Form::PresignedV4);
        let without_body = Wire { body: None, ..wire };
        let answer = without_body.verify(&verifier, &ring, signer.now());
        prop_assert_eq!(answer.unwrap_err().code(), ErrorCode::BodyRequired);
    }

    #[test]
    fn the_cache_changes_no_answer(signer in signer(), draft in draft(), wrong in any::<bool>()) {
        let mut wire = signer.sign(&draft);
        if wrong {
            wire.method += "X";
        }
        let ring = signer.ring();
        let (with, without) = (verifier(&signer, 64), verifier(&signer, 0));
        for _ in 0..3 {
            let code = |verifier| wire.verify(verifier, &ring, signer.now()).err();
            prop_assert_eq!(code(&with), code(&without));
        }
    }

    #[test]
    fn another_key_region_day_or_service_signs_nothing(signer in signer(), draft in draft()) {
        let ring = signer.ring();
        let verifier = verifier(&signer, 64);
        accepted(&signer.sign(&draft).verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV4);
        let other_day = if signer.date.starts_with("20260115") { "20260116" } else { "20260115" };
        for other in [
            Signer { secret: signer.secret.clone() + "x", ..signer.clone() },
            Signer { access_key: signer.access_key.clone() + "x", ..signer.clone() },
            Signer { region: "xx-xxxx-9".to_owned(), ..signer.clone() },
            Signer { service: "sts".to_owned(), ..signer.clone() },
            Signer { scope_day: Some(other_day.to_owned()), ..signer.clone() },
        ] {
            prop_assert!(other.sign(&draft).verify(&verifier, &ring, signer.now()).is_err());
            prop_assert!(other.presign(&draft, "60").verify(&verifier, &ring, signer.now()).is_err());
        }
    }

    #[test]
    fn random_input_is_refused_without_a_panic(
        method in vec(any::<u8>(), 0..8),
        target in prop_oneof![vec(any::<u8>(), 0..80), "/[a-z]{0,3}[?](X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature)=[A-Za-z0-9/%;+-]{0,24}&){0,7}".prop_map(String::into_bytes)],
        lines in vec(
            (
                prop_oneof!["(?i)(authorization|host|date|x-amz-(date|content-sha256|security-token|meta-a))".prop_map(String::into_bytes), vec(any::<u8>(), 0..20)],
                prop_oneof![
                    vec(any::<u8>(), 0..60),
                    "AWS4-HMAC-SHA256 Credential=[A-Z/0-9a-z_]{0,60}, ?SignedHeaders=[a-z;-]{0,30}, ?Signature=[0-9a-f]{0,65}".prop_map(String::into_bytes),
                    "AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request".prop_map(String::into_bytes),
                    "20260115T120000Z".prop_map(String::into_bytes),
                ],
            ),
            0..8,
        ),
    ) {
        let signer = Signer::default();
        let headers: Vec<Header<'_>> = lines.iter().map(|(n, v)| (n.as_slice(), v.as_slice())).collect();
        let request =
            HttpRequest { method: &method, target: &target, headers: &headers, peer: None, secure: false, body: None };
        let ring = signer.ring();
        let answer = verifier(&signer, 4).verify(&request, &ring, signer.now());
        prop_assert!(!matches!(answer, Ok(Verified::Signed(_))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_byte_can_be_changed(signer in signer(), mut draft in draft(), presigned in any::<bool>()) {
        draft.body.clear();
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        let wire = if presigned { signer.presign(&draft, "60") } else { signer.sign(&draft) };
        let form = if presigned { Form::PresignedV4 } else { Form::HeaderV4 };
        accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, form);
        for other in one_byte_off(&wire) {
            let answer = other.verify(&verifier, &ring, signer.now());
            prop_assert!(!matches!(answer, Ok(Verified::Signed(_))), "accepted {other:?}");
        }
    }

    #[test]
    fn nothing_can_be_added(signer in signer(), draft in draft(), name in "x-amz-[a-z-]{1,20}", value in "[a-z]{0,8}") {
        let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
        prop_assume!(name != "x-amz-content-sha256");
        prop_assume!(!draft.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(&name)));
        for wire in [signer.sign(&draft), signer.presign(&draft, "60")] {
            let with_header = wire.clone().header(&name, &value);
            prop_assert!(with_header.verify(&verifier, &ring, signer.now()).is_err());
            let separator = if wire.target.contains('?') { "&" } else { "?" };
            let target = format!("{}{separator}{name}={value}", wire.target);
            let with_parameter = Wire { target, ..wire };
            prop_assert!(with_parameter.verify(&verifier, &ring, signer.now()).is_err());
        }
    }
}

/// SigV4A and SigV2.
#[cfg(feature = "forms")]
mod versions {
    use super::*;
    use s3iam::signature::{Credential, CredentialState, Credentials, SecretKey};

    fn verifier_v2() -> Verifier {
        Verifier::new(Options { allow_sigv2: true, ..Options::default() })
    }

    fn refused(wire: &Wire, verifier: &Verifier, signer: &Signer) -> bool {
        wire.verify(verifier, &signer.ring(), signer.now()).is_err()
    }

    /// Access keys of SigV2 in the header have no space.
    fn signer_v2() -> impl Strategy<Value = Signer> {
        signer().prop_map(|signer| Signer { access_key: signer.access_key.replace(' ', "_"), ..signer })
    }

    /// Requests of SigV2: their parameters are those that are signed, each once.
    fn draft_v2() -> impl Strategy<Value = Draft> {
        let value = "[a-zA-Z0-9/ +=;%~.-]{0,12}";
        let chosen = vec(proptest::option::weighted(0.4, value), signing::v2::SIGNED.len());
        (draft(), chosen, proptest::option::of("[a-z]{1,8}/[a-z]{1,8}")).prop_map(
            |(mut draft, values, kind)| {
                let named = signing::v2::SIGNED.into_iter().zip(values);
                draft.query = named.filter_map(|(name, value)| Some((name.into(), value?.into()))).collect();
                draft.headers.extend(kind.map(|kind| ("Content-Type".to_owned(), kind)));
                draft
            },
        )
    }

    /// What of a request SigV2 does not cover: a host that names no bucket, and other headers.
    fn without_what_is_not_covered(wire: Wire) -> (Wire, Vec<(String, String)>) {
        let is_covered = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.starts_with("x-amz-") || ["date", "authorization", "content-type"].contains(&&*name)
        };
        let (headers, rest) = wire.headers.into_iter().partition(|(name, _)| is_covered(name));
        (Wire { headers, ..wire }, rest)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_signed_asymmetrically_is_accepted(signer in signer(), draft in draft(), choices in vec(any::<u8>(), 20), cached_keys in prop_oneof![Just(0_usize), Just(64)]) {
            let (ring, verifier) = (signer.ring(), verifier(&signer, cached_keys));
            for region_set in ["*", &signer.region, &format!("mars-1,{}*", &signer.region[..4])] {
                let wire = signer.sign_v4a(&draft, region_set);
                accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV4a);
                let wire = respell(&wire, &choices);
                accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV4a);
            }
            let wire = respell(&signer.presign_v4a(&draft, "*", "60"), &choices);
            let end = Timestamp::from_unix_seconds(signer.now().unix_seconds() + 60);
            accepted(&wire.verify(&verifier, &ring, end), &signer, Form::PresignedV4a);
            let late = Timestamp::from_unix_millis(end.unix_millis() + 1);
            prop_assert_eq!(wire.verify(&verifier, &ring, late).unwrap_err().code(), ErrorCode::PresignExpired);
        }

        #[test]
        fn another_key_region_set_day_or_service_signs_nothing_asymmetrically(signer in signer(), draft in draft()) {
            let verifier = verifier(&signer, 64);
            let ring = signer.ring();
            let wire = signer.sign_v4a(&draft, "*");
            accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV4a);
            let other_day = if signer.date.starts_with("20260115") { "20260116" } else { "20260115" };
            for other in [
                Signer { secret: signer.secret.clone() + "x", ..signer.clone() },
                Signer { access_key: signer.access_key.clone() + "x", ..signer.clone() },
                Signer { service: "sts".to_owned(), ..signer.clone() },
                Signer { scope_day: Some(other_day.to_owned()), ..signer.clone() },
            ] {
                prop_assert!(refused(&other.sign_v4a(&draft, "*"), &verifier, &signer));
                prop_assert!(refused(&other.presign_v4a(&draft, "*", "60"), &verifier, &signer));
                // With the access key of the one and the signature of the other.
                let taken = other.sign_v4a(&draft, "*");
                let taken = Wire { headers: taken.headers.iter().map(|(n, v)| (n.clone(), v.replace(&other.access_key, &signer.access_key))).collect(), ..taken };
                prop_assert!(refused(&taken, &verifier, &signer));
            }
            for region_set in ["mars-1", "mars-*,x", &signer.region[1..], "?*", ""] {
                prop_assert!(refused(&signer.sign_v4a(&draft, region_set), &verifier, &signer));
                prop_assert!(refused(&signer.presign_v4a(&draft, region_set, "60"), &verifier, &signer));
                // A set that was not signed.
                let mut wire = signer.sign_v4a(&draft, region_set);
                "*".clone_into(wire.header_mut("x-amz-region-set"));
                prop_assert!(refused(&wire, &verifier, &signer));
            }
        }

        #[test]
        fn nothing_can_be_added_to_other_versions(signer in signer_v2(), draft in draft_v2(), name in "x-amz-[a-z-]{1,20}", value in "[a-z]{0,8}") {
            prop_assume!(name != "x-amz-content-sha256");
            prop_assume!(!draft.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(&name)));
            let (strict, v2) = (verifier(&signer, 64), verifier_v2());
            let end = signer.now().unix_seconds();
            for (wire, verifier) in [
                (signer.sign_v4a(&draft, "*"), &strict),
                (signer.presign_v4a(&draft, "*", "60"), &strict),
                (signer.sign_v2(&draft), &v2),
                (signer.presign_v2(&draft, end), &v2),
            ] {
                prop_assert!(!refused(&wire, verifier, &signer));
                prop_assert!(refused(&wire.clone().header(&name, &value), verifier, &signer));
                let separator = if wire.target.contains('?') { "&" } else { "?" };
                let with = |more: &str| Wire { target: format!("{}{separator}{more}", wire.target), ..wire.clone() };
                let hoisted = format!("{name}={value}");
                prop_assert!(refused(&with(&hoisted), verifier, &signer));
                for more in ["delete", "tagging", "legal-hold", "publicAccessBlock", "renameObject=x"] {
                    prop_assert!(refused(&with(more), verifier, &signer), "{}", more);
                }
            }
        }

        #[test]
        fn the_cache_of_public_keys_changes_no_answer(signer in signer(), draft in draft(), wrong in any::<bool>()) {
            let mut wire = signer.sign_v4a(&draft, "*");
            if wrong {
                wire.method += "X";
            }
            let ring = signer.ring();
            let (with, without) = (verifier(&signer, 64), verifier(&signer, 0));
            for _ in 0..3 {
                let code = |verifier| wire.verify(verifier, &ring, signer.now()).err();
                prop_assert_eq!(code(&with), code(&without));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4))]

        #[test]
        fn no_byte_can_be_changed_in_sigv4a(signer in signer(), mut draft in draft(), presigned in any::<bool>()) {
            draft.body.clear();
            let (ring, verifier) = (signer.ring(), verifier(&signer, 64));
            let (wire, form) = match presigned {
                true => (signer.presign_v4a(&draft, &signer.region, "60"), Form::PresignedV4a),
                false => (signer.sign_v4a(&draft, &signer.region), Form::HeaderV4a),
            };
            accepted(&wire.verify(&verifier, &ring, signer.now()), &signer, form);
            for other in one_byte_off(&wire) {
                let answer = other.verify(&verifier, &ring, signer.now());
                prop_assert!(!matches!(answer, Ok(Verified::Signed(_))), "accepted {other:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn what_is_signed_with_sigv2_is_accepted(signer in signer_v2(), draft in draft_v2(), seconds in 0_i64..10_000_000) {
            let (ring, verifier) = (signer.ring(), verifier_v2());
            accepted(&signer.sign_v2(&draft).verify(&verifier, &ring, signer.now()), &signer, Form::HeaderV2);
            let end = signer.now().unix_seconds() + seconds;
            let wire = signer.presign_v2(&draft, end);
            match wire.verify(&verifier, &ring, Timestamp::from_unix_seconds(end)) {
                Ok(Verified::Signed(identity)) => {
                    prop_assert_eq!(identity.form(), Form::PresignedV2);
                    // It does not say when it was signed, so it is old.
                    prop_assert_eq!(identity.signed_at(), Timestamp::from_unix_seconds(0));
                }
                other => panic!("{other:?}"),
            }
            let late = Timestamp::from_unix_millis(end * 1000 + 1);
            prop_assert_eq!(wire.verify(&verifier, &ring, late).unwrap_err().code(), ErrorCode::PresignExpired);
            let strict = Verifier::default();
            prop_assert_eq!(wire.verify(&strict, &ring, signer.now()).unwrap_err().code(), ErrorCode::AuthFormUnsupported);
            for other in [
                Signer { secret: signer.secret.clone() + "x", ..signer.clone() },
                Signer { access_key: signer.access_key.clone() + "x", ..signer.clone() },
            ] {
                prop_assert!(refused(&other.sign_v2(&draft), &verifier, &signer));
                prop_assert!(refused(&other.presign_v2(&draft, end), &verifier, &signer));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn no_byte_can_be_changed_of_what_sigv2_covers(signer in signer_v2(), mut draft in draft_v2(), presigned in any::<bool>()) {
            draft.body.clear();
            let (ring, verifier) = (signer.ring(), verifier_v2());
            let wire = if presigned { signer.presign_v2(&draft, signer.now().unix_seconds()) } else { signer.sign_v2(&draft) };
            prop_assert!(!refused(&wire, &verifier, &signer));
            let (covered, rest) = without_what_is_not_covered(wire);
            for mut other in one_byte_off(&covered) {
                other.headers.extend(rest.iter().cloned());
                let answer = other.verify(&verifier, &ring, signer.now());
                prop_assert!(!matches!(answer, Ok(Verified::Signed(_))), "accepted {other:?}");
            }
        }
    }

    /// One access key whose secret can be replaced.
    struct One {
        secret: SecretKey,
        generation: u64,
    }

    impl Credentials for One {
        fn find(&self, access_key: &str) -> Option<Credential<'_>> {
            (access_key == Signer::default().access_key).then_some(Credential {
                access_key: "AKIDEXAMPLEUSER00001",
                secret: &self.secret,
                state: CredentialState::Enabled,
                session_token: None,
                expires: None,
                generation: self.generation,
                owner: 0,
            })
        }
    }

    #[test]
    fn a_public_key_does_not_outlive_its_secret() {
        let (old, verifier) = (Signer::default(), Verifier::default());
        let new = Signer { secret: "another secret".to_owned(), ..old.clone() };
        let draft = Draft::new("GET", "/bucket/key");
        let verify = |signer: &Signer, secret: &str, generation: u64| {
            let one = One { secret: SecretKey::new(secret), generation };
            signer.sign_v4a(&draft, "*").verify(&verifier, &one, signer.now()).is_ok()
        };
        assert!(verify(&old, &old.secret, 1));
        for generation in [1, 2] {
            assert!(!verify(&old, &new.secret, generation));
            assert!(verify(&new, &new.secret, generation));
        }
        assert!(verify(&old, &old.secret, 1));
    }
}
