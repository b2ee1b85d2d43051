//! Verification: `cargo bench -p s3iam --bench verify`.
//!
//! The floor beside each row is the hashing alone: SHA-256 over exactly the canonical request and
//! HMAC over exactly the string to sign of that request, with the key schedule ready, or with the
//! signing key derived, as the row has it. Of SigV4A it is SHA-256 over both texts and the bare
//! verification of the crate `p256`, with the public key ready or derived.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod measure;
#[path = "../tests/signing/mod.rs"]
mod signing;

use hmac::{Hmac, KeyInit, Mac};
use measure::{head, measure, row};
use s3iam::http::Header;
use s3iam::signature::{Options, Verified, Verifier};
use sha2::{Digest, Sha256};
use signing::{Draft, Signer, Wire};

fn main() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/01/cat.jpg").header("User-Agent", "a-client/1.0");
    let typical = Draft::new("GET", "/bucket/photos/2026/01/a%20cat.jpg")
        .query("versionId", "3sL4kqtJlcpXroDTDmJ-rmSpXd3dIbrHY-MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo")
        .query("partNumber", "2")
        .header("Range", "bytes=0-1048575")
        .header("Content-Type", "application/octet-stream");
    let mut many = Draft::new("PUT", "/bucket/key");
    for n in 0..40 {
        many = many.header(&format!("x-amz-meta-h{n:02}"), "some value of ordinary length");
    }
    let token = "IQoJb3JpZ2luX2VjE".repeat(20);
    let with_token = get.clone().query("X-Amz-Security-Token", &token);
    head("verify");
    for (name, wire, token) in [
        ("header GET, three signed headers", signer.sign(&get), None),
        ("header GET, five signed headers, two parameters", signer.sign(&typical), None),
        ("presigned GET", signer.presign(&get_without_agent(), "3600"), None),
        ("presigned GET, session token", signer.presign(&with_token, "3600"), Some(&*token)),
        ("header PUT, 43 signed headers", signer.sign(&many), None),
    ] {
        for cached in [true, false] {
            case(name, &signer, &wire, token, cached);
        }
    }
    #[cfg(feature = "forms")]
    signing_rows::all(&signer, &get);
    #[cfg(feature = "forms")]
    asymmetric::run(&signer, &get, &get_without_agent());
}

/// Signing, with the key of the day ready; the floor is that of verifying the same.
#[cfg(feature = "forms")]
mod signing_rows {
    use super::signing::{Draft, Signer};
    use super::{Header, floor, get_without_agent, measure, row, texts};
    use s3iam::signature::{
        self, SecretKey, SignedPayload, SignerOptions, SigningAlgorithm, SigningCredentials,
    };
    use sha2::{Digest, Sha256};

    fn signer(of: &Signer, algorithm: SigningAlgorithm) -> signature::Signer {
        let credentials = SigningCredentials {
            access_key: of.access_key.clone(),
            secret_key: SecretKey::new(of.secret.as_str()),
            session_token: None,
        };
        signature::Signer::new(credentials, SignerOptions { algorithm, ..SignerOptions::default() }).unwrap()
    }

    pub fn all(plain: &Signer, get: &Draft) {
        let v4 = signer(plain, SigningAlgorithm::V4);
        let v4a = signer(plain, SigningAlgorithm::V4a { region_set: "*".to_owned() });
        let now = plain.now();
        let hash: [u8; 32] = Sha256::digest(b"").into();
        for (name, draft, presigned) in [
            ("header GET, three signed headers", get.clone(), false),
            ("presigned GET", get_without_agent(), true),
        ] {
            let wire = if presigned { plain.presign(&draft, "3600") } else { plain.sign(&draft) };
            let (canonical, to_sign) = texts(plain, &wire, None);
            let floor = floor(plain, &canonical, &to_sign, true);
            let unsigned = wire.target.split('?').next().unwrap().to_owned();
            let headers: Vec<Header<'_>> =
                draft.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
            let mut request = wire.request(&headers);
            request.target = unsigned.as_bytes();
            let ours = measure(|| match presigned {
                true => v4.presign(&request, 3600, now).unwrap().len(),
                false => v4.sign(&request, SignedPayload::Sha256(hash), now).unwrap().len(),
            });
            let of_floor = format!("{:.2} x the floor", ours.least / floor.least);
            row(&format!("{name}, key cached: sign"), ours, &of_floor);
            if !presigned {
                let ours = measure(|| v4a.sign(&request, SignedPayload::Sha256(hash), now).unwrap().len());
                row(&format!("{name}: sign with SigV4A"), ours, "one ECDSA signature");
            }
        }
    }
}

fn get_without_agent() -> Draft {
    Draft::new("GET", "/bucket/photos/2026/01/cat.jpg")
}

/// SigV4A.
#[cfg(feature = "forms")]
mod asymmetric {
    use super::*;
    use p256::ecdsa::signature::Signer as _;
    use p256::ecdsa::signature::hazmat::PrehashVerifier;
    use p256::ecdsa::{Signature, VerifyingKey};

    pub fn run(signer: &Signer, header: &Draft, presigned: &Draft) {
        head("verify SigV4A");
        let header = signer.sign_v4a(header, "*");
        let presigned = signer.presign_v4a(presigned, "us-*,eu-west-1", "3600");
        for (name, wire) in [("header GET", &header), ("presigned GET", &presigned)] {
            for cached in [true, false] {
                let ours = time_of(signer, wire, cached);
                let floor = floor(signer, wire, cached);
                let key = if cached { "key cached" } else { "key derived" };
                row(&format!("SigV4A {name}, {key}: p256 and hashing"), floor, "");
                let times = format!("{:.3} x the floor", ours.least / floor.least);
                row(&format!("SigV4A {name}, {key}: verify"), ours, &times);
            }
        }
    }

    fn time_of(signer: &Signer, wire: &Wire, cached: bool) -> measure::Timing {
        let (ring, now) = (signer.ring(), signer.now());
        let cached_keys = if cached { 4096 } else { 0 };
        let region = signer.region.clone();
        let verifier = Verifier::new(Options { region, cached_keys, ..Options::default() });
        let headers: Vec<Header<'_>> =
            wire.headers.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let request = s3iam::http::HttpRequest { body: None, ..wire.request(&headers) };
        measure(|| match verifier.verify(&request, &ring, now) {
            Ok(Verified::Signed(identity)) => identity.owner(),
            other => panic!("{other:?}"),
        })
    }

    fn floor(signer: &Signer, wire: &Wire, cached: bool) -> measure::Timing {
        // Who has another secret is told what was hashed.
        let other = Signer { secret: "another secret".to_owned(), ..signer.clone() };
        let error = wire.verify(&Verifier::default(), &other.ring(), signer.now()).unwrap_err();
        let detail = |name| &error.details().iter().find(|(n, _)| *n == name).unwrap().1;
        let (canonical, to_sign) = (detail("CanonicalRequest"), detail("StringToSign"));
        let key = signer.key_v4a();
        let signature: Signature = key.sign(to_sign.as_bytes());
        let public = VerifyingKey::from(&key);
        measure(|| {
            let hash = Sha256::digest(canonical);
            let derived = (!cached).then(|| VerifyingKey::from(&signer.key_v4a()));
            let public = derived.as_ref().unwrap_or(&public);
            public.verify_prehash(&Sha256::digest(to_sign), &signature).unwrap();
            hash
        })
    }
}

fn case(name: &str, signer: &Signer, wire: &Wire, token: Option<&str>, cached: bool) {
    let ring = signer.ring_with(token, None);
    let cached_keys = if cached { 4096 } else { 0 };
    let options = Options { region: signer.region.clone(), cached_keys, ..Options::default() };
    let verifier = Verifier::new(options);
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let mut request = wire.request(&headers);
    request.body = None;
    let now = signer.now();
    let ours = measure(|| match verifier.verify(&request, &ring, now) {
        Ok(Verified::Signed(identity)) => identity.owner(),
        other => panic!("{other:?}"),
    });
    let (canonical, to_sign) = texts(signer, wire, token);
    let floor = floor(signer, &canonical, &to_sign, cached);
    let key = if cached { "key cached" } else { "key derived" };
    row(
        &format!("{name}, {key}: hashing floor"),
        floor,
        &format!("{} + {} bytes", canonical.len(), to_sign.len()),
    );
    row(&format!("{name}, {key}: verify"), ours, &format!("{:.2} x the floor", ours.least / floor.least));
}

/// The canonical request and the string to sign.
fn texts(signer: &Signer, wire: &Wire, token: Option<&str>) -> (String, String) {
    // A wrong signature is answered with both; only the session token is left out of it.
    let signature = wire.target.rsplit("X-Amz-Signature=").next().filter(|rest| rest.len() == 64);
    let signature = signature
        .map_or_else(|| wire.headers.last().unwrap().1.rsplit('=').next().unwrap().to_owned(), str::to_owned);
    let wrong = wire.clone().replace(&signature, &"0".repeat(64));
    let error = wrong
        .verify(&Verifier::new(Options::default()), &signer.ring_with(token, None), signer.now())
        .unwrap_err();
    let detail = |name| error.details().iter().find(|(n, _)| *n == name).unwrap().1.clone();
    let hidden = token.unwrap_or_default();
    (detail("CanonicalRequest").replace("(session token)", hidden), detail("StringToSign"))
}

fn floor(signer: &Signer, canonical: &str, to_sign: &str, cached: bool) -> measure::Timing {
    let key = Hmac::<Sha256>::new_from_slice(&signer.signing_key()).unwrap();
    let parts: Vec<String> = signer.scope().split('/').map(str::to_owned).collect();
    let secret = format!("AWS4{}", signer.secret);
    measure(|| {
        let hash = Sha256::digest(canonical);
        let mut mac = if cached {
            key.clone()
        } else {
            parts.iter().fold(keyed(secret.as_bytes()), |mut mac, part| {
                mac.update(part.as_bytes());
                keyed(&mac.finalize().into_bytes())
            })
        };
        mac.update(to_sign.as_bytes());
        (hash, mac.finalize().into_bytes())
    })
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap()
}
