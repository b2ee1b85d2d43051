//! A plain signer of forms, which shares no code with the verifier.

use super::signing::Signer;
use hmac::{Hmac, KeyInit, Mac};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{KeyRing, Options, PostForm, PostUpload, Verifier};
use s3iam::{Error, Timestamp};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

/// The headers of every form.
pub const HEADERS: [Header<'static>; 2] =
    [(b"Host", b"s3.example.com"), (b"Content-Type", b"multipart/form-data; boundary=x")];

/// A form and where it is posted to.
#[derive(Clone, Debug)]
pub struct Draft {
    pub bucket: String,
    pub fields: Vec<(String, String)>,
    pub file_name: Option<String>,
    pub file_length: Option<u64>,
}

/// Which version signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    V4,
    V2,
}

impl Draft {
    /// A form with these fields to the bucket `photos`.
    pub fn new(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { bucket: "photos".to_owned(), fields, file_name: None, file_length: None }
    }

    /// A condition of the exact form for each field.
    pub fn exactly(&self) -> Vec<Value> {
        self.fields.iter().map(|(name, value)| json!(["eq", format!("${name}"), value])).collect()
    }

    /// Signs the form with these conditions, to which those for the bucket and the signature come.
    pub fn sign(&self, signer: &Signer, version: Version, conditions: &[Value]) -> Self {
        let mut signed = self.clone();
        let mut conditions = conditions.to_vec();
        conditions.push(json!({"bucket": self.bucket}));
        if version == Version::V4 {
            let credential = format!("{}/{}", signer.access_key, signer.scope());
            for (name, value) in [
                ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
                ("x-amz-credential", &*credential),
                ("x-amz-date", &*signer.date),
            ] {
                conditions.push(json!({name: value}));
                signed.fields.push((name.to_owned(), value.to_owned()));
            }
        }
        let end = Timestamp::from_unix_seconds(signer.now().unix_seconds() + 3600);
        let end = String::from_utf8(end.rfc3339().to_vec()).unwrap();
        let policy = base64(json!({"expiration": end, "conditions": conditions}).to_string().as_bytes());
        match version {
            Version::V4 => signed.fields.push(("x-amz-signature".to_owned(), signature(signer, &policy))),
            Version::V2 => {
                signed.fields.push(("AWSAccessKeyId".to_owned(), signer.access_key.clone()));
                let mut mac = Hmac::<Sha1>::new_from_slice(signer.secret.as_bytes()).unwrap();
                mac.update(policy.as_bytes());
                signed.fields.push(("signature".to_owned(), base64(&mac.finalize().into_bytes())));
            }
        }
        signed.fields.push(("policy".to_owned(), policy));
        signed
    }

    /// The form with another field.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.fields.push((name.to_owned(), value.to_owned()));
        other
    }

    /// Gives the form as the gateway has read it.
    pub fn read<T>(&self, f: impl FnOnce(&HttpRequest<'_>, &PostForm<'_>) -> T) -> T {
        let fields: Vec<(&[u8], &[u8])> =
            self.fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let target = format!("/{}", self.bucket);
        let request = HttpRequest {
            method: b"POST",
            target: target.as_bytes(),
            headers: &HEADERS,
            peer: None,
            secure: true,
            body: None,
        };
        let form = PostForm {
            fields: &fields,
            file_name: self.file_name.as_deref().map(str::as_bytes),
            file_length: self.file_length,
        };
        f(&request, &form)
    }

    /// Verifies the form and gives the upload to `f`.
    pub fn verify<T>(
        &self,
        verifier: &Verifier,
        ring: &KeyRing,
        now: Timestamp,
        f: impl FnOnce(Result<PostUpload<'_, '_>, Error>) -> T,
    ) -> T {
        self.read(|request, form| f(verifier.verify_post(request, self.bucket.as_bytes(), form, ring, now)))
    }
}

/// A verifier for the forms of a signer.
pub fn verifier(signer: &Signer, cached_keys: usize) -> Verifier {
    let region = signer.region.clone();
    Verifier::new(Options { region, allow_sigv2: true, cached_keys, ..Options::default() })
}

fn signature(signer: &Signer, policy: &str) -> String {
    let mac = |key: &[u8], text: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text);
        mac.finalize().into_bytes()
    };
    let key = format!("AWS4{}", signer.secret).into_bytes();
    let scope = signer.scope();
    let key = scope.split('/').fold(key, |key, part| mac(&key, part.as_bytes()).to_vec());
    mac(&key, policy.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Base64, padded.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().chain(&[0, 0]).take(3).fold(0_usize, |bits, &b| bits << 8 | usize::from(b));
        for digit in 0..4 {
            let letter = ALPHABET[bits >> (18 - 6 * digit) & 63];
            out.push(if digit > group.len() { '=' } else { char::from(letter) });
        }
    }
    out
}
