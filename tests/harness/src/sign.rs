//! A plain SigV4 signer, so that cases can hold requests and not signatures. It shares no line with
//! the verifier that it is used to test.

use crate::job::Http;
use hmac::{Hmac, KeyInit, Mac};
use s3iam::Timestamp;
use s3iam::http::{Plus, decode, query_pairs};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How a request is signed.
#[derive(Clone, Debug)]
pub struct Signer<'a> {
    /// The access key.
    pub access_key: &'a str,
    /// Its secret.
    pub secret_key: &'a str,
    /// The session token, sent and signed.
    pub session_token: Option<&'a str>,
    /// The region.
    pub region: &'a str,
    /// The time that is signed.
    pub at: Timestamp,
    /// Presigned for that many seconds; else signed in the header.
    pub expires: Option<u32>,
}

impl Signer<'_> {
    /// Adds date, payload hash and signature to a request. Every header that it has is signed.
    pub fn sign(&self, http: &mut Http) {
        match self.expires {
            None => self.sign_header(http),
            Some(seconds) => self.presign(http, seconds),
        }
    }

    fn sign_header(&self, http: &mut Http) {
        add_header(http, "X-Amz-Date", &self.date());
        if header(http, "x-amz-content-sha256").is_none() {
            let hash = sha256_hex(http.body.as_deref().unwrap_or_default());
            add_header(http, "X-Amz-Content-Sha256", &hash);
        }
        if let Some(token) = self.session_token {
            add_header(http, "X-Amz-Security-Token", token);
        }
        let signed = signed_headers(http);
        let payload = header(http, "x-amz-content-sha256").unwrap_or_default();
        let signature = self.signature(&canonical_request(http, &signed, &payload));
        let scope = self.scope();
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}",
            self.access_key
        );
        add_header(http, "Authorization", &value);
    }

    fn presign(&self, http: &mut Http, seconds: u32) {
        let signed = signed_headers(http);
        let mut parameters = vec![
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("X-Amz-Credential", format!("{}/{}", self.access_key, self.scope())),
            ("X-Amz-Date", self.date()),
            ("X-Amz-Expires", seconds.to_string()),
            ("X-Amz-SignedHeaders", signed.clone()),
        ];
        parameters.extend(self.session_token.map(|token| ("X-Amz-Security-Token", token.to_owned())));
        for (name, value) in parameters {
            add_parameter(http, name, &value);
        }
        let signature = self.signature(&canonical_request(http, &signed, "UNSIGNED-PAYLOAD"));
        add_parameter(http, "X-Amz-Signature", &signature);
    }

    fn date(&self) -> String {
        String::from_utf8_lossy(&self.at.basic()).into_owned()
    }

    fn scope(&self) -> String {
        let date = self.date();
        let region = if self.region.is_empty() { "us-east-1" } else { self.region };
        format!("{}/{region}/s3/aws4_request", date.get(..8).unwrap_or_default())
    }

    fn signature(&self, canonical_request: &str) -> String {
        let scope = self.scope();
        let hash = sha256_hex(canonical_request.as_bytes());
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hash}", self.date());
        let first = format!("AWS4{}", self.secret_key).into_bytes();
        let key = scope.split('/').fold(first, |key, part| mac(&key, part));
        hex(&mac(&key, &text))
    }
}

fn canonical_request(http: &Http, signed: &str, payload: &str) -> String {
    let (path, query) = split(&http.target);
    let mut parameters: Vec<(String, String)> = query_pairs(query)
        .map(|(name, value)| {
            (encode(&decoded(name, Plus::Space), b""), encode(&decoded(value, Plus::Space), b""))
        })
        .collect();
    parameters.sort();
    let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut out = format!(
        "{}\n{}\n{}\n",
        String::from_utf8_lossy(&http.method),
        encode(&decoded(path, Plus::Literal), b"/"),
        query.join("&")
    );
    for name in signed.split(';') {
        let _ = writeln!(out, "{name}:{}", header(http, name).unwrap_or_default());
    }
    let _ = write!(out, "\n{signed}\n{payload}");
    out
}

fn signed_headers(http: &Http) -> String {
    let mut names: Vec<String> = http
        .headers
        .iter()
        .map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase())
        .filter(|name| name != "authorization")
        .collect();
    names.sort();
    names.dedup();
    names.join(";")
}

/// The values of a header, joined, each with single spaces.
fn header(http: &Http, name: &str) -> Option<String> {
    let values: Vec<String> = http
        .headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
        .map(|(_, value)| {
            String::from_utf8_lossy(value).split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn add_header(http: &mut Http, name: &str, value: &str) {
    http.headers.push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
}

fn add_parameter(http: &mut Http, name: &str, value: &str) {
    let separator = if http.target.contains(&b'?') { '&' } else { '?' };
    let text = format!("{separator}{name}={}", encode(value.as_bytes(), b""));
    http.target.extend_from_slice(text.as_bytes());
}

fn split(target: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = target.splitn(2, |&byte| byte == b'?');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

fn decoded(text: &[u8], plus: Plus) -> Vec<u8> {
    decode(text, plus).map_or_else(|| text.to_vec(), |bytes| bytes.to_vec())
}

fn encode(bytes: &[u8], also: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, &byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The SHA-256 of some bytes, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(expires: Option<u32>) -> Signer<'static> {
        Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            session_token: None,
            region: "us-east-1",
            at: Timestamp::parse_basic(b"20130524T000000Z").unwrap(),
            expires,
        }
    }

    fn get(target: &str, headers: &[(&str, &str)]) -> Http {
        let mut http =
            Http { method: b"GET".to_vec(), target: target.as_bytes().to_vec(), ..Http::default() };
        headers.iter().for_each(|(name, value)| add_header(&mut http, name, value));
        http
    }

    /// The worked examples of the Amazon S3 API reference, "Authenticating requests".
    #[test]
    fn published_header_signatures() {
        let host = ("Host", "examplebucket.s3.amazonaws.com");
        let mut http = get("/test.txt", &[host, ("Range", "bytes=0-9")]);
        signer(None).sign(&mut http);
        let authorization = header(&http, "authorization").unwrap();
        assert!(
            authorization.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
            "{authorization}"
        );
        let mut http = get("/?max-keys=2&prefix=J", &[host]);
        signer(None).sign(&mut http);
        let authorization = header(&http, "authorization").unwrap();
        assert!(authorization.ends_with("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
    }

    #[test]
    fn the_published_presigned_signature() {
        let mut http = get("/test.txt", &[("Host", "examplebucket.s3.amazonaws.com")]);
        signer(Some(86400)).sign(&mut http);
        let target = String::from_utf8(http.target).unwrap();
        assert!(
            target.ends_with("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"),
            "{target}"
        );
    }
}
