//! What must hold for every request that can be sent: signed, it is accepted, and it is signed as a plain signer
//! signs it.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod signing;

use proptest::collection::vec;
use proptest::prelude::*;
use s3iam::Timestamp;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    CredentialState, Form, KeyRing, NewKey, Options, Payload, SecretKey, SignedPayload, Signer,
    SignerOptions, SigningCredentials, Verified, Verifier,
};
use sha2::{Digest, Sha256};
use signing::{Draft, escape};

/// A request as it goes over the wire, and who signs it.
#[derive(Clone, Debug)]
struct Drawn {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    access_key: String,
    secret: String,
    token: Option<String>,
    service: &'static str,
    now: Timestamp,
    expires: u32,
}

/// Text of an object key or of a parameter: unicode, what is reserved, and any bytes.
fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-zA-Z0-9._~-]{0,12}".prop_map(String::into_bytes),
        3 => "[ -~]{0,12}".prop_map(String::into_bytes),
        2 => "\\PC{0,6}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..8),
    ]
}

/// A text as clients spell it: encoded, or with what is reserved as it is, or with needless escapes.
fn spelt(keep_slash: bool) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any_text().prop_map(move |text| escape(&text, keep_slash)),
        1 => "[a-z!$'()*,:@;+=/.]{0,12}",
        1 => "(%[46][1-9a-f]|[a-z]){0,6}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    vec(spelt(true), 1..4).prop_map(|segments| {
        let path: String =
            segments.iter().map(|segment| format!("/{}", segment.replace(['?', '#'], ""))).collect();
        path
    })
}

/// Parameters, some of them repeated, empty or without a value.
fn query() -> impl Strategy<Value = String> {
    let pair = (spelt(false), prop_oneof![3 => spelt(false).prop_map(Some), 1 => Just(None)]).prop_map(
        |(name, value)| {
            let name = name.replace('=', "%3D");
            match value {
                Some(value) => format!("{name}={value}"),
                None => name,
            }
        },
    );
    (vec(pair, 0..6), any::<bool>(), any::<bool>()).prop_map(|(mut pairs, repeat, empty)| {
        if repeat && let Some(first) = pairs.first().cloned() {
            pairs.push(first.clone() + "x");
            pairs.push(first);
        }
        if empty {
            pairs.push(String::new());
        }
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    })
}

fn header() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        "[Xx]-[Aa]mz-[Mm]eta-[a-zA-Z0-9_.-]{0,12}",
        "(Range|content-type|Content-Language|If-Match|Cache-Control|Content-Length)",
        // Not signed.
        "(User-Agent|Expect|Connection|TE|traceparent|Proxy-Foo|X-Amzn-Trace-Id|Transfer-Encoding)",
        "[A-Za-z!#$%&'*+.^_`|~-]{1,10}q",
    ];
    let value =
        prop_oneof!["[ -~]{0,40}", "[ \t]{0,3}[a-z \t]{0,20}[ \t]{0,3}", "[äöü€ ]{0,6}", Just(String::new())];
    (name, value)
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let request = (
        "(GET|PUT|POST|DELETE|HEAD|OPTIONS|[A-Z]{1,12})",
        path(),
        query(),
        vec(header(), 0..8),
        vec(any::<u8>(), 0..60),
    );
    let signer = (
        "[A-Za-z0-9/._ -]{2,30}[A-Za-z0-9]",
        "[ -~]{1,100}",
        prop_oneof![Just(None), "[!-~]{1,200}".prop_map(Some)],
        prop_oneof![3 => Just("s3"), 1 => Just("s3express"), 1 => Just("sts")],
        0_i64..4_000_000_000,
        1_u32..=604_800,
    );
    (request, signer).prop_map(
        |(
            (method, path, query, mut headers, body),
            (access_key, secret, token, service, seconds, expires),
        )| {
            headers.insert(headers.len() / 2, ("hOst".to_owned(), "bucket.s3.example.com:9000".to_owned()));
            Drawn {
                method,
                target: path + &query,
                headers,
                body,
                access_key,
                secret,
                token,
                service,
                now: Timestamp::from_unix_seconds(seconds),
                expires,
            }
        },
    )
}

impl Drawn {
    fn signer(&self) -> Signer {
        let credentials = SigningCredentials {
            access_key: self.access_key.clone(),
            secret_key: SecretKey::new(self.secret.as_str()),
            session_token: self.token.clone(),
        };
        let options = SignerOptions { service: self.service.to_owned(), ..SignerOptions::default() };
        Signer::new(credentials, options).unwrap()
    }

    fn with_request<R>(
        &self,
        target: &str,
        more: &[(String, String)],
        ask: impl FnOnce(&HttpRequest<'_>) -> R,
    ) -> R {
        let headers = self.headers.iter().chain(more);
        let headers: Vec<Header<'_>> =
            headers.map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        ask(&HttpRequest {
            method: self.method.as_bytes(),
            target: target.as_bytes(),
            headers: &headers,
            peer: None,
            secure: true,
            body: Some(&self.body),
        })
    }

    /// What a server answers to the request.
    fn verify(&self, target: &str, more: &[(String, String)]) -> Result<(Form, Payload), s3iam::Error> {
        let mut ring = KeyRing::new();
        ring.add(NewKey {
            access_key: self.access_key.clone(),
            secret_key: SecretKey::new(self.secret.as_str()),
            session_token: self.token.clone(),
            expires: None,
            state: CredentialState::Enabled,
        })
        .unwrap();
        let verifier = Verifier::new(Options {
            region: "us-east-1".to_owned(),
            services: vec![self.service.to_owned()],
            ..Options::default()
        });
        self.with_request(target, more, |request| match verifier.verify(request, &ring, self.now)? {
            Verified::Signed(identity) => {
                assert_eq!(identity.access_key(), self.access_key);
                assert_eq!(identity.signed_at(), self.now);
                assert_eq!(identity.is_temporary(), self.token.is_some());
                Ok((identity.form(), identity.payload()))
            }
            Verified::Anonymous => panic!("anonymous"),
        })
    }
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted(drawn in drawn()) {
        let signer = drawn.signer();
        let hash: [u8; 32] = Sha256::digest(&drawn.body).into();
        let mut payloads = vec![(SignedPayload::Body, Payload::Sha256(hash)), (SignedPayload::Sha256(hash), Payload::Sha256(hash))];
        if drawn.service != "sts" {
            payloads.push((SignedPayload::Unsigned, Payload::Unsigned));
        }
        for (payload, expected) in payloads {
            let added = drawn.with_request(&drawn.target, &[], |request| signer.sign(request, payload, drawn.now)).unwrap();
            prop_assert_eq!(drawn.verify(&drawn.target, &added).unwrap(), (Form::HeaderV4, expected));
            // It is this very request that was signed.
            let other = Drawn { method: drawn.method.clone() + "X", ..drawn.clone() };
            prop_assert!(other.verify(&drawn.target, &added).is_err());
        }
    }

    #[test]
    fn what_is_presigned_is_accepted(drawn in drawn()) {
        let signer = drawn.signer();
        let presign = |request: &HttpRequest<'_>| signer.presign(request, drawn.expires, drawn.now);
        let target = drawn.with_request(&drawn.target, &[], presign).unwrap();
        prop_assert!(target.starts_with(&drawn.target));
        let (form, _) = drawn.verify(&target, &[]).unwrap();
        prop_assert_eq!(form, Form::PresignedV4);
        let later = |seconds: i64| Timestamp::from_unix_seconds(drawn.now.unix_seconds() + seconds);
        let at = |now| Drawn { now, ..drawn.clone() };
        prop_assert!(at(later(i64::from(drawn.expires) + 1)).verify(&target, &[]).is_err());
        // A URL is the same with scheme and host before it.
        let url = format!("https://h{}", drawn.target);
        let url = drawn.with_request(&url, &[], presign).unwrap();
        prop_assert_eq!(url.strip_prefix("https://h"), Some(target.as_str()));
    }

    #[test]
    fn a_plain_signer_gives_the_same(drawn in drawn(), path in any_text(), pairs in vec((any_text(), any_text()), 0..5)) {
        let plain = signing::Signer {
            access_key: drawn.access_key.clone(),
            secret: drawn.secret.clone(),
            date: String::from_utf8(drawn.now.basic().to_vec()).unwrap(),
            ..signing::Signer::default()
        };
        let signed = |name: &str| ["host", "range", "content-type", "x-amz-meta-"].iter().any(|n| name.to_ascii_lowercase().starts_with(n));
        let draft = Draft {
            method: drawn.method.clone(),
            path: [b"/", &path[..]].concat(),
            query: pairs,
            headers: drawn.headers.iter().filter(|(name, _)| signed(name)).cloned().collect(),
            body: drawn.body.clone(),
        };
        let wire = plain.sign(&draft);
        let ours = Drawn { headers: draft.headers.clone(), token: None, service: "s3", ..drawn };
        let target = wire.target.as_str();
        let added = ours.with_request(target, &[], |request| ours.signer().sign(request, SignedPayload::Body, ours.now)).unwrap();
        prop_assert_eq!(&added.last().unwrap().1, &wire.headers.last().unwrap().1);
    }

    #[test]
    fn no_input_makes_signing_panic(
        method in vec(any::<u8>(), 0..5),
        target in vec(any::<u8>(), 0..60),
        headers in vec((vec(any::<u8>(), 0..12), vec(any::<u8>(), 0..20)), 0..6),
        expires in any::<u32>(),
        millis in any::<i64>(),
        token in proptest::option::of("[!-~]{1,9}"),
    ) {
        let credentials = SigningCredentials {
            access_key: "AK".to_owned(),
            secret_key: SecretKey::new("secret"),
            session_token: token,
        };
        let signer = Signer::new(credentials, SignerOptions::default()).unwrap();
        let host: Header<'_> = (b"host", b"h");
        let headers: Vec<Header<'_>> =
            headers.iter().map(|(name, value)| (&name[..], &value[..])).chain([host]).collect();
        let request = HttpRequest { method: &method, target: &target, headers: &headers, peer: None, secure: false, body: None };
        let now = Timestamp::from_unix_millis(millis);
        for answer in [signer.sign(&request, SignedPayload::Body, now).map(|_| ()), signer.presign(&request, expires, now).map(|_| ())] {
            if let Err(error) = answer {
                prop_assert_eq!(error.code(), s3iam::ErrorCode::InvalidArgument);
            }
        }
    }
}
