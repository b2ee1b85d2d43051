//! Chunked bodies with the requests that announce them, written from the published description and sharing no
//! code with the reader. Tests and benches read them.

use super::signing::{Draft, EMPTY, Signer, Wire, hex, mac, names};
use s3iam::http::Header;
use s3iam::signature::{BodyReader, ChecksumAlgorithm, KeyRing, Options, Verifier};
use sha2::{Digest, Sha256};

/// How a body is chunked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Signed,
    Unsigned,
}

/// A request and its body.
pub struct Chunked {
    pub wire: Wire,
    pub body: Vec<u8>,
    verifier: Verifier,
    ring: KeyRing,
    signer: Signer,
}

impl Chunked {
    /// A body of these chunks. A trailer is declared and sent with the value zero.
    pub fn new<'d>(
        mode: Mode,
        trailer: Option<ChecksumAlgorithm>,
        chunks: impl Iterator<Item = &'d [u8]>,
    ) -> Self {
        let chunks: Vec<&[u8]> = chunks.collect();
        let length: usize = chunks.iter().map(|chunk| chunk.len()).sum();
        let payload = match mode {
            Mode::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Mode::Unsigned => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        };
        let signer = Signer::default();
        let mut draft = Draft::new("PUT", "/bucket/key")
            .header("x-amz-date", &signer.date)
            .header("x-amz-content-sha256", payload)
            .header("x-amz-decoded-content-length", &length.to_string());
        if let Some(algorithm) = trailer {
            draft = draft.header("x-amz-trailer", algorithm.header());
        }
        let wire = signer.sign_as(&draft, &names(&draft.headers), payload);
        let mut previous = wire.headers.last().unwrap().1.rsplit('=').next().unwrap().to_owned();
        let key = signer.signing_key();
        let mut body = Vec::with_capacity(length + chunks.len() * 100 + 200);
        for chunk in chunks.iter().copied().chain([&b""[..]]) {
            body.extend_from_slice(format!("{:x}", chunk.len()).as_bytes());
            if mode == Mode::Signed {
                let (date, scope, hash) = (&signer.date, signer.scope(), hex(&Sha256::digest(chunk)));
                let text = format!("AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{EMPTY}\n{hash}");
                previous = hex(&mac(&key, text.as_bytes()));
                body.extend_from_slice(format!(";chunk-signature={previous}").as_bytes());
            }
            body.extend_from_slice(b"\r\n");
            if !chunk.is_empty() {
                body.extend_from_slice(chunk);
                body.extend_from_slice(b"\r\n");
            }
        }
        if let Some(algorithm) = trailer {
            let value = s3iam::condition::value::to_base64(&vec![0; algorithm.size()]);
            body.extend_from_slice(format!("{}:{value}\r\n", algorithm.header()).as_bytes());
        }
        body.extend_from_slice(b"\r\n");
        let ring = signer.ring();
        Self {
            wire: Wire { body: None, ..wire },
            body,
            verifier: Verifier::new(Options::default()),
            ring,
            signer,
        }
    }

    /// A reader for the body.
    pub fn reader(&self) -> BodyReader {
        let headers: Vec<Header<'_>> =
            self.wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let request = self.wire.request(&headers);
        self.verifier.verify(&request, &self.ring, self.signer.now()).unwrap().body_reader().unwrap()
    }
}
