//! A form upload: no input is accepted without its signature, and none that was signed means anything but
//! what its policy says.
//!
//! The input is lines, `name=value` for a field. The lines `@policy=`, `@file=`, `@length=` and `@bucket=` give the
//! policy as text, the name of the file, its length and the bucket of the URL.

use s3iam::Timestamp;
use s3iam::http::{Header, HttpRequest};
use s3iam::json::{self, Value};
use s3iam::signature::{CredentialState, KeyRing, NewKey, Options, PostForm, SecretKey, Verifier};

const ACCESS_KEY: &str = "AKIDEXAMPLEUSER00001";
const CREDENTIAL: &[u8] = b"AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request";
const DATE: &[u8] = b"20260115T120000Z";
const HEADERS: [Header<'static>; 1] = [(b"Content-Type", b"multipart/form-data; boundary=x")];

/// Fields in the order of the form.
type Fields<'a> = Vec<(&'a [u8], &'a [u8])>;

/// Checks an input.
pub fn check(data: &[u8]) {
    let (mut fields, mut policy, mut file_name, mut length, mut bucket) =
        (Fields::new(), None, None, None, &b"bucket"[..]);
    for line in data.split(|&b| b == b'\n') {
        let at = line.iter().position(|&b| b == b'=').unwrap_or(line.len());
        let (name, value) = (&line[..at], line.get(at + 1..).unwrap_or_default());
        match name {
            b"@policy" => policy = Some(value),
            b"@file" => file_name = Some(value),
            b"@length" => length = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()),
            b"@bucket" => bucket = value,
            _ => fields.push((name, value)),
        }
    }
    let now = Timestamp::parse_basic(DATE).expect("a date");
    let mut ring = KeyRing::new();
    let secret_key = SecretKey::new("secret");
    let key = NewKey {
        access_key: ACCESS_KEY.to_owned(),
        secret_key,
        session_token: None,
        expires: None,
        state: CredentialState::Enabled,
    };
    ring.add(key).expect("a good key");
    let verifier = Verifier::new(Options { allow_sigv2: true, ..Options::default() });
    let target = b"/bucket".as_slice();
    let request =
        HttpRequest { method: b"POST", target, headers: &HEADERS, peer: None, secure: true, body: None };
    let form = PostForm { fields: &fields, file_name, file_length: length };
    // Whoever cannot sign is nobody.
    if let Ok(upload) = verifier.verify_post(&request, bucket, &form, &ring, now) {
        assert!(upload.identity().is_none(), "accepted without a signature");
    }
    // With a signature over whatever policy there is, only its conditions are left.
    let Some(policy) = policy else { return };
    let encoded = base64(policy);
    let signature = sign(encoded.as_bytes());
    let mut signed = fields.clone();
    signed.push((b"x-amz-algorithm", b"AWS4-HMAC-SHA256"));
    signed.push((b"x-amz-credential", CREDENTIAL));
    signed.push((b"x-amz-date", DATE));
    signed.push((b"policy", encoded.as_bytes()));
    signed.push((b"x-amz-signature", signature.as_bytes()));
    let form = PostForm { fields: &signed, ..form };
    let Ok(upload) = verifier.verify_post(&request, bucket, &form, &ring, now) else { return };
    assert_eq!(upload.identity().map(|identity| identity.access_key()), Some(ACCESS_KEY));
    assert!(upload.headers().count() <= signed.len());
    let allowed = Allowed { fields: &signed, key: upload.key(), bucket, now };
    allowed.check(policy);
    if let Some(length) = length {
        assert!(upload.check_length(length, true).is_ok(), "a length outside the range");
    }
}

/// What was accepted, to be held against the policy once more, plainly.
struct Allowed<'a> {
    fields: &'a Fields<'a>,
    key: &'a [u8],
    bucket: &'a [u8],
    now: Timestamp,
}

impl Allowed<'_> {
    fn value(&self, name: &str) -> &[u8] {
        match name {
            "key" => self.key,
            "bucket" => self.bucket,
            _ => {
                let field = self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes()));
                field.expect("a condition on a field that is not there").1
            }
        }
    }

    fn check(&self, policy: &[u8]) {
        let reading = json::read(policy, policy.len(), 10);
        assert_eq!(reading.problems, []);
        let root = reading.root.expect("an accepted policy is JSON").value;
        let Value::Object(object) = root else { panic!("an accepted policy is an object") };
        assert_eq!(object.members.len(), 2);
        let mut named = Vec::new();
        for member in &object.members {
            match (&*member.name, &member.value.value) {
                ("expiration", Value::String(text)) => {
                    assert!(Timestamp::parse_rfc3339(text.as_bytes()) > Some(self.now));
                }
                ("conditions", Value::List(conditions)) => {
                    named.extend(conditions.iter().filter_map(|condition| self.check_one(&condition.value)));
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(named.contains(&"bucket".to_owned()));
        for (name, _) in self.fields {
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            let free = matches!(&*name, "policy" | "x-amz-signature") || name.starts_with("x-ignore-");
            assert!(free || named.contains(&name), "{name} is not covered");
        }
    }

    /// Holds one condition, and gives the field that it covers.
    fn check_one(&self, condition: &Value<'_>) -> Option<String> {
        match condition {
            Value::Object(object) => {
                let [member] = &object.members[..] else { panic!("a condition on several fields") };
                let Value::String(value) = &member.value.value else { panic!("a value that is no string") };
                let name = member.name.to_ascii_lowercase();
                assert_eq!(self.value(&name), value.as_bytes());
                Some(name)
            }
            Value::List(entries) => {
                let texts: Vec<&str> = entries
                    .iter()
                    .map(|entry| match &entry.value {
                        Value::String(text) => &**text,
                        Value::Number(text) => text,
                        other => panic!("{other:?}"),
                    })
                    .collect();
                let [operator, one, other] = texts[..] else { panic!("{texts:?}") };
                let name = one.strip_prefix('$').unwrap_or(one).to_ascii_lowercase();
                match &*operator.to_ascii_lowercase() {
                    "content-length-range" => return None,
                    "eq" => assert_eq!(self.value(&name), other.as_bytes()),
                    "starts-with" => assert!(self.value(&name).starts_with(other.as_bytes())),
                    operator => panic!("{operator}"),
                }
                Some(name)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The signature of version 4: HMAC as RFC 2104 has it, over a plain SHA-256.
fn sign(text: &[u8]) -> String {
    let key = b"AWS4secret".to_vec();
    let parts: [&[u8]; 4] = [b"20260115", b"us-east-1", b"s3", b"aws4_request"];
    let key = parts.iter().fold(key, |key, part| mac(&key, part).to_vec());
    mac(&key, text).iter().map(|b| format!("{b:02x}")).collect()
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize().into()
}

fn base64(bytes: &[u8]) -> String {
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
