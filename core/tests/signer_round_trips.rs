//! What the signer makes of bodies in chunks, of SigV4A and of browser forms is what verification takes, for generated
//! requests; and a changed byte of it is not taken.
#![cfg(feature = "forms")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::prelude::*;
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    BodyReader, ChunkKind, CredentialState, Form, KeyRing, NewKey, Options, PolicyCondition, PolicyDraft,
    PolicyKey, PostForm, SecretKey, SignedPayload, Signer, SignerOptions, SigningAlgorithm,
    SigningCredentials, Verified, Verifier,
};
use s3iam::{Error, Timestamp};

/// Who signs.
#[derive(Clone, Debug)]
struct Who {
    access_key: String,
    secret: String,
    token: Option<String>,
    v4a: bool,
}

fn who() -> impl Strategy<Value = Who> {
    ("[A-Za-z0-9/._-]{3,30}", "[ -~]{1,80}", proptest::option::of("[!-~]{1,60}"), any::<bool>())
        .prop_map(|(access_key, secret, token, v4a)| Who { access_key, secret, token, v4a })
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_768_478_400)
}

impl Who {
    fn signer(&self) -> Signer {
        let credentials = SigningCredentials {
            access_key: self.access_key.clone(),
            secret_key: SecretKey::new(self.secret.as_str()),
            session_token: self.token.clone(),
        };
        let algorithm = match self.v4a {
            true => SigningAlgorithm::V4a { region_set: "us-*,eu-west-1".to_owned() },
            false => SigningAlgorithm::V4,
        };
        Signer::new(credentials, SignerOptions { algorithm, ..SignerOptions::default() }).unwrap()
    }

    fn ring(&self) -> KeyRing {
        let mut ring = KeyRing::new();
        ring.add(NewKey {
            access_key: self.access_key.clone(),
            secret_key: SecretKey::new(self.secret.as_str()),
            session_token: self.token.clone(),
            expires: None,
            state: CredentialState::Enabled,
        })
        .unwrap();
        ring
    }
}

fn verifier() -> Verifier {
    Verifier::new(Options { region: "us-east-1".to_owned(), ..Options::default() })
}

fn request<'a>(method: &'a str, target: &'a str, headers: &'a [Header<'a>]) -> HttpRequest<'a> {
    let (method, target) = (method.as_bytes(), target.as_bytes());
    HttpRequest { method, target, headers, peer: None, secure: true, body: None }
}

fn lines(headers: &[(String, String)]) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

/// A request as it is sent.
#[derive(Clone, Debug)]
struct Sent {
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    /// The form, and what the reader releases of the body.
    fn verify(&self, who: &Who, piece: usize) -> Result<(Form, Vec<u8>), Error> {
        let (headers, ring) = (lines(&self.headers), who.ring());
        let verified = verifier().verify(&request("PUT", &self.target, &headers), &ring, now())?;
        let Verified::Signed(identity) = verified else { panic!("anonymous") };
        Ok((identity.form(), read(identity.body_reader(), &self.body, piece)?))
    }
}

fn read(mut reader: BodyReader, body: &[u8], piece: usize) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for mut rest in body.chunks(piece) {
        while !rest.is_empty() {
            let pushed = reader.push(rest)?;
            out.extend_from_slice(pushed.released);
            rest = &rest[pushed.taken..];
        }
    }
    reader.finish()?;
    Ok(out)
}

/// The CRC32 of data in base64, bit by bit.
fn crc32(data: &[u8]) -> String {
    let crc = data.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    s3iam::condition::value::to_base64(&(!crc).to_be_bytes())
}

/// Signs an upload of this data in chunks of at most so many bytes.
fn upload(who: &Who, kind: ChunkKind, target: &str, data: &[u8], chunk: usize) -> Sent {
    let mut headers = vec![
        ("Host".to_owned(), "s3.example.com".to_owned()),
        ("X-Amz-Decoded-Content-Length".to_owned(), data.len().to_string()),
    ];
    let trailer = crc32(data);
    let trailers: &[(&str, &str)] = match kind {
        ChunkKind::Signed => &[],
        _ => {
            headers.push(("x-amz-trailer".to_owned(), "x-amz-checksum-crc32".to_owned()));
            &[("x-amz-checksum-crc32", &trailer)]
        }
    };
    let signer = who.signer();
    let (added, mut chunks) =
        signer.sign_chunks(&request("PUT", target, &lines(&headers)), kind, now()).unwrap();
    headers.extend(added);
    let mut body = Vec::new();
    data.chunks(chunk).for_each(|data| chunks.encode(data, &mut body));
    chunks.finish(trailers, &mut body).unwrap();
    let sizes: Vec<(&str, usize)> = trailers.iter().map(|(name, value)| (*name, value.len())).collect();
    let length = signer.encoded_length(kind, data.len() as u64, chunk as u64, &sizes).unwrap();
    assert_eq!(length, body.len() as u64);
    Sent { target: target.to_owned(), headers, body }
}

fn kind() -> impl Strategy<Value = ChunkKind> {
    prop_oneof![Just(ChunkKind::Signed), Just(ChunkKind::SignedTrailer), Just(ChunkKind::UnsignedTrailer)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn sigv4a_is_accepted_in_the_header_and_in_the_query(who in who(), path in "(/[a-zA-Z0-9._~ä-]{0,9}){1,4}", expires in 1_u32..=604_800) {
        let (who, host): (Who, Header<'_>) = (Who { v4a: true, ..who }, (b"Host", b"s3.example.com"));
        let path: String = path.replace('ä', "%C3%A4");
        let signer = who.signer();
        let headers = [host];
        let plain = request("PUT", &path, &headers);
        let mut signed = vec![("Host".to_owned(), "s3.example.com".to_owned())];
        signed.extend(signer.sign(&plain, SignedPayload::Unsigned, now()).unwrap());
        let sent = Sent { target: path.clone(), headers: signed, body: b"anything".to_vec() };
        prop_assert_eq!(sent.verify(&who, 3).unwrap(), (Form::HeaderV4a, b"anything".to_vec()));
        let target = signer.presign(&plain, expires, now()).unwrap();
        let sent = Sent { target, headers: vec![("Host".to_owned(), "s3.example.com".to_owned())], body: Vec::new() };
        prop_assert_eq!(sent.verify(&who, 1).unwrap().0, Form::PresignedV4a);
        let other = Who { secret: who.secret.clone() + "x", ..who };
        prop_assert!(sent.verify(&other, 1).is_err());
    }

    #[test]
    fn chunks_are_put_together_again_in_whatever_pieces_they_arrive(
        who in who(), kind in kind(), data in vec(any::<u8>(), 0..700), chunk in 1_usize..300, piece in 1_usize..400,
    ) {
        let sent = upload(&who, kind, "/bucket/key", &data, chunk);
        let form = if who.v4a { Form::HeaderV4a } else { Form::HeaderV4 };
        prop_assert_eq!(sent.verify(&who, piece).unwrap(), (form, data));
    }

    #[test]
    fn a_changed_byte_of_a_signed_body_is_refused(
        who in who(), trailer in any::<bool>(), data in vec(any::<u8>(), 1..90), chunk in 20_usize..60, at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        let kind = if trailer { ChunkKind::SignedTrailer } else { ChunkKind::Signed };
        let who = Who { v4a: false, ..who };
        let mut sent = upload(&who, kind, "/bucket/key", &data, chunk);
        let at = at.index(sent.body.len());
        sent.body[at] ^= 1 << bit;
        // A size may be written with capital letters, and so may the name of a trailer.
        let original = sent.body[at] ^ 1 << bit;
        let same_letter = bit == 5 && original.is_ascii_alphabetic();
        match sent.verify(&who, 7) {
            Err(_) => {}
            Ok((_, released)) => prop_assert!(same_letter && released == data, "byte {at}, bit {bit}"),
        }
    }

    #[test]
    fn forms_are_accepted_with_what_their_policy_allows(
        who in who(), prefix in "([a-z]{1,4}/){0,2}", file in "[a-z]{1,6}[.]png", acl in "[a-z-]{1,12}", length in 0_u64..100,
    ) {
        let who = Who { v4a: false, ..who };
        let conditions = [
            PolicyCondition::Equals { field: "acl", value: &acl },
            PolicyCondition::StartsWith { field: "Content-Type", prefix: "image/" },
            PolicyCondition::ContentLength { least: 10, most: 50 },
        ];
        let draft = PolicyDraft {
            bucket: "bucket",
            key: PolicyKey::Prefix(&prefix),
            conditions: &conditions,
            expiration: Timestamp::from_unix_seconds(now().unix_seconds() + 60),
        };
        let mut fields = who.signer().post_policy(&draft, now()).unwrap();
        fields.push(("Content-Type".to_owned(), "image/png".to_owned()));
        let headers: [Header<'_>; 2] =
            [(b"Host", b"s3.example.com"), (b"Content-Type", b"multipart/form-data; boundary=b")];
        let request = request("POST", "/bucket", &headers);
        let verify = |fields: &[(String, String)], now| {
            let form = PostForm { fields: &lines(fields), file_name: Some(file.as_bytes()), file_length: Some(length) };
            let ring = who.ring();
            verifier().verify_post(&request, b"bucket", &form, &ring, now).map(|upload| {
                (upload.identity().unwrap().access_key().to_owned(), upload.key().to_vec())
            })
        };
        let answer = verify(&fields, now());
        if (10..=50).contains(&length) {
            let key = format!("{prefix}{file}");
            let key = key.into_bytes();
            prop_assert_eq!(answer.unwrap(), (who.access_key.clone(), key));
        } else {
            prop_assert!(answer.is_err());
        }
        prop_assert!(verify(&fields, Timestamp::from_unix_seconds(now().unix_seconds() + 60)).is_err());
        for (name, value) in [("Content-Type", "text/html"), ("acl", "other"), ("x-amz-meta-more", "1")] {
            let mut changed: Vec<(String, String)> =
                fields.iter().filter(|(field, _)| !field.eq_ignore_ascii_case(name)).cloned().collect();
            changed.push((name.to_owned(), value.to_owned()));
            prop_assert!(acl == "other" && name == "acl" || verify(&changed, now()).is_err(), "{name}");
        }
    }
}
