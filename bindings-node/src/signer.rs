//! Signing.

use crate::ask::{pieces, thrown};
use crate::failure::invalid_argument;
use crate::request::packed;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use s3iam::facade::{
    self, ErrorProfile, SecretKey, SignerOptions, SigningAlgorithm, SigningCredentials, Timestamp,
    chunk_kind, encoded_length_packed, finish_packed, pairs_json, post_policy_packed, signed_payload,
};

/// Signs requests.
#[napi]
pub struct Signer {
    inner: facade::Signer,
}

/// Writes a body in chunks.
#[napi]
pub struct ChunkSigner {
    headers: String,
    /// Nothing once the body has ended.
    inner: Option<facade::ChunkSigner>,
}

#[napi]
impl Signer {
    /// A signer; with a set of regions, for SigV4A.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        region: String,
        service: String,
        region_set: Option<String>,
    ) -> napi::Result<Self> {
        let credentials =
            SigningCredentials { access_key, secret_key: SecretKey::new(secret_key), session_token };
        let algorithm = match region_set {
            Some(region_set) => SigningAlgorithm::V4a { region_set },
            None => SigningAlgorithm::V4,
        };
        let options = SignerOptions { region, service, algorithm };
        facade::Signer::new(credentials, options).map(|inner| Self { inner }).map_err(thrown)
    }

    /// The headers that sign a packed request, as JSON.
    #[napi(catch_unwind)]
    pub fn sign(&self, payload: String, request: &[u8], body: Option<&[u8]>) -> napi::Result<String> {
        let payload = signed_payload(&payload).map_err(thrown)?;
        let request = packed(request, body, ErrorProfile::Aws)?;
        let headers = self.inner.sign(&request.http(), payload, request.now).map_err(thrown)?;
        Ok(pairs_json(&headers))
    }

    /// The target of a packed request that is signed in its query.
    #[napi(catch_unwind)]
    pub fn presign(&self, expires: u32, request: &[u8], body: Option<&[u8]>) -> napi::Result<String> {
        let request = packed(request, body, ErrorProfile::Aws)?;
        self.inner.presign(&request.http(), expires, request.now).map_err(thrown)
    }

    /// Signs a packed request whose body is sent in chunks.
    #[napi(catch_unwind)]
    pub fn sign_chunks(
        &self,
        kind: String,
        request: &[u8],
        body: Option<&[u8]>,
    ) -> napi::Result<ChunkSigner> {
        let kind = chunk_kind(&kind).map_err(thrown)?;
        let request = packed(request, body, ErrorProfile::Aws)?;
        let (headers, chunks) = self.inner.sign_chunks(&request.http(), kind, request.now).map_err(thrown)?;
        Ok(ChunkSigner { headers: pairs_json(&headers), inner: Some(chunks) })
    }

    /// How long a body in chunks becomes.
    #[napi(catch_unwind)]
    pub fn encoded_length(
        &self,
        kind: String,
        data_bytes: f64,
        chunk_bytes: f64,
        text: &[u8],
        lengths: &[u32],
    ) -> napi::Result<f64> {
        let kind = chunk_kind(&kind).map_err(thrown)?;
        let bytes = (data_bytes as u64, chunk_bytes as u64);
        let length = encoded_length_packed(&self.inner, kind, bytes, pieces(text, lengths));
        length.map(|length| length as f64).map_err(thrown)
    }

    /// The fields of a form whose policy is signed, as JSON.
    #[napi(catch_unwind)]
    pub fn post_policy(&self, now: i64, text: &[u8], lengths: &[u32]) -> napi::Result<String> {
        post_policy_packed(&self.inner, pieces(text, lengths), Timestamp::from_unix_millis(now))
            .map_err(thrown)
    }
}

#[napi]
impl ChunkSigner {
    /// The headers that sign the request, as JSON.
    #[napi(catch_unwind)]
    pub fn headers(&self) -> String {
        self.headers.clone()
    }

    /// One chunk.
    #[napi(catch_unwind)]
    pub fn encode(&mut self, data: &[u8]) -> napi::Result<Buffer> {
        let chunks = self.inner.as_mut().ok_or_else(ended)?;
        let mut out = Vec::new();
        chunks.encode(data, &mut out);
        Ok(Buffer::from(out))
    }

    /// The end of the body.
    #[napi(catch_unwind)]
    pub fn finish(&mut self, text: &[u8], lengths: &[u32]) -> napi::Result<Buffer> {
        let chunks = self.inner.take().ok_or_else(ended)?;
        finish_packed(chunks, pieces(text, lengths)).map(Buffer::from).map_err(thrown)
    }
}

fn ended() -> napi::Error {
    invalid_argument("the body in chunks has ended already")
}
