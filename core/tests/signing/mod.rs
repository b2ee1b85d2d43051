//! A plain signer, written from the published description and sharing no code with the verifier: it
//! builds every string in full. Tests and benches sign with it.

#[cfg(feature = "forms")]
pub mod v2;
#[cfg(feature = "forms")]
pub mod v4a;

use hmac::{Hmac, KeyInit, Mac};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{CredentialState, Credentials, KeyRing, NewKey, SecretKey, Verified, Verifier};
use s3iam::{Error, Timestamp};
use sha2::{Digest, Sha256};

/// The hash of an empty body.
pub const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who signs, and for what.
#[derive(Clone, Debug)]
pub struct Signer {
    pub access_key: String,
    pub secret: String,
    pub region: String,
    pub service: String,
    /// `yyyymmddThhmmssZ`.
    pub date: String,
    /// The day of the scope, if it is not the date's.
    pub scope_day: Option<String>,
}

/// A request before it is signed: everything decoded.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub method: String,
    pub path: Vec<u8>,
    pub query: Vec<(Vec<u8>, Vec<u8>)>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A request as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl Default for Signer {
    fn default() -> Self {
        Self {
            access_key: "AKIDEXAMPLEUSER00001".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            region: "us-east-1".to_owned(),
            service: "s3".to_owned(),
            date: "20260115T120000Z".to_owned(),
            scope_day: None,
        }
    }
}

impl Signer {
    /// A ring with the signer's key.
    pub fn ring(&self) -> KeyRing {
        self.ring_with(None, None)
    }

    /// A ring with the signer's key as a temporary one.
    pub fn ring_with(&self, session_token: Option<&str>, expires: Option<Timestamp>) -> KeyRing {
        let mut ring = KeyRing::new();
        ring.add(NewKey {
            access_key: self.access_key.clone(),
            secret_key: SecretKey::new(self.secret.as_str()),
            session_token: session_token.map(str::to_owned),
            expires,
            state: CredentialState::Enabled,
        })
        .unwrap();
        ring
    }

    /// The instant of signing.
    pub fn now(&self) -> Timestamp {
        Timestamp::parse_basic(self.date.as_bytes()).unwrap()
    }

    /// The scope without the access key.
    pub fn scope(&self) -> String {
        let day = self.scope_day.as_deref().unwrap_or(&self.date[..8]);
        format!("{day}/{}/{}/aws4_request", self.region, self.service)
    }

    /// Signs in the header, with `x-amz-date` and the hash of the body.
    pub fn sign(&self, draft: &Draft) -> Wire {
        let mut draft = draft.clone();
        draft.headers.push(("X-Amz-Date".to_owned(), self.date.clone()));
        let hash = hex(&Sha256::digest(&draft.body));
        draft.headers.push(("x-amz-content-sha256".to_owned(), hash.clone()));
        self.sign_as(&draft, &names(&draft.headers), &hash)
    }

    /// Signs in the header exactly these names with this payload line.
    pub fn sign_as(&self, draft: &Draft, signed: &[String], payload: &str) -> Wire {
        let canonical = self.canonical(draft, &query(&draft.query), signed, payload);
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
            self.access_key,
            self.scope(),
            signed.join(";"),
            self.signature(&canonical),
        );
        let mut headers = draft.headers.clone();
        headers.push(("Authorization".to_owned(), authorization));
        wire(draft, &query(&draft.query), headers)
    }

    /// Signs in the query; all headers of the draft are signed.
    pub fn presign(&self, draft: &Draft, expires: &str) -> Wire {
        let signed = names(&draft.headers);
        let mut draft = draft.clone();
        for (name, value) in [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", &format!("{}/{}", self.access_key, self.scope())),
            ("X-Amz-Date", &self.date),
            ("X-Amz-Expires", expires),
            ("X-Amz-SignedHeaders", &signed.join(";")),
        ] {
            draft.query.push((name.into(), value.into()));
        }
        let query = query(&draft.query);
        let payload = match self.service.as_str() {
            "s3" | "s3express" => "UNSIGNED-PAYLOAD".to_owned(),
            _ => hex(&Sha256::digest(&draft.body)),
        };
        let signature = self.signature(&self.canonical(&draft, &query, &signed, &payload));
        wire(&draft, &format!("{query}&X-Amz-Signature={signature}"), draft.headers.clone())
    }

    fn canonical(&self, draft: &Draft, query: &str, signed: &[String], payload: &str) -> String {
        let mut headers = String::new();
        for name in signed {
            let values: Vec<String> = draft
                .headers
                .iter()
                .filter(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
                .collect();
            headers += &format!("{name}:{}\n", values.join(","));
        }
        let mut path = escape(&draft.path, true);
        if !self.service.starts_with("s3") {
            path = path.replace('%', "%25");
        }
        format!("{}\n{path}\n{query}\n{headers}\n{}\n{payload}", draft.method, signed.join(";"))
    }

    /// The string to sign of a canonical request.
    pub fn string_to_sign(&self, canonical: &str) -> String {
        format!("AWS4-HMAC-SHA256\n{}\n{}\n{}", self.date, self.scope(), hex(&Sha256::digest(canonical)))
    }

    fn signature(&self, canonical: &str) -> String {
        hex(&mac(&self.signing_key(), self.string_to_sign(canonical).as_bytes()))
    }

    /// The key that signs.
    pub fn signing_key(&self) -> Vec<u8> {
        self.scope()
            .split('/')
            .fold(format!("AWS4{}", self.secret).into_bytes(), |key, part| mac(&key, part.as_bytes()))
    }
}

impl Draft {
    /// A request without a body.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.into(),
            headers: vec![("Host".to_owned(), "s3.example.com".to_owned())],
            ..Self::default()
        }
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// With a body.
    pub fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }
}

impl Wire {
    /// Verifies the request.
    pub fn verify<'d>(
        &self,
        verifier: &Verifier,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Verified<'d>, Error> {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        verifier.verify(&self.request(&headers), credentials, now)
    }

    /// The request with these header lines.
    pub fn request<'a>(&'a self, headers: &'a [Header<'a>]) -> HttpRequest<'a> {
        HttpRequest {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            headers,
            peer: None,
            secure: true,
            body: self.body.as_deref(),
        }
    }

    /// The value of a header.
    pub fn header_mut(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)).unwrap().1
    }

    /// With a text replaced wherever it occurs; it must occur.
    pub fn replace(mut self, from: &str, to: &str) -> Self {
        let before = self.clone();
        self.target = self.target.replace(from, to);
        for (_, value) in &mut self.headers {
            *value = value.replace(from, to);
        }
        assert_ne!(self, before, "{from} does not occur");
        self
    }

    /// With one more header line.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The names of headers as they are signed.
pub fn names(headers: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    names
}

fn wire(draft: &Draft, query: &str, headers: Vec<(String, String)>) -> Wire {
    let path = escape(&draft.path, true);
    let target = if query.is_empty() { path } else { format!("{path}?{query}") };
    Wire { method: draft.method.clone(), target, headers, body: Some(draft.body.clone()) }
}

fn query(pairs: &[(Vec<u8>, Vec<u8>)]) -> String {
    let mut pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| (escape(name, false), escape(value, false))).collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but the unreserved bytes.
pub fn escape(bytes: &[u8], keep_slash: bool) -> String {
    bytes
        .iter()
        .map(|&b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            b'/' if keep_slash => "/".to_owned(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// HMAC-SHA256.
pub fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
