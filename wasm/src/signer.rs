//! Signing, for clients.

use crate::exchange::with_exchange;
use crate::question::pieces;
use crate::refusal::{invalid_argument, misuse};
use s3iam::facade::{
    self, Error, PackedRequest, SecretKey, SignerOptions, SigningAlgorithm, SigningCredentials, Timestamp,
    chunk_kind, encoded_length_packed, finish_packed, pairs_json, post_policy_packed, signed_payload,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Signs requests.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Signer {
    signer: facade::Signer,
}

#[wasm_bindgen]
impl Signer {
    /// A signer for SigV4, or with a region set for SigV4A.
    #[wasm_bindgen(constructor)]
    pub fn new(
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        region: String,
        service: String,
        region_set: Option<String>,
    ) -> Result<Signer, JsValue> {
        let secret_key = SecretKey::new(secret_key);
        let credentials = SigningCredentials { access_key, secret_key, session_token };
        let algorithm = match region_set {
            Some(region_set) => SigningAlgorithm::V4a { region_set },
            None => SigningAlgorithm::V4,
        };
        let options = SignerOptions { region, service, algorithm };
        let signer = facade::Signer::new(credentials, options).map_err(|error| misuse(&error))?;
        Ok(Self { signer })
    }

    /// The headers to add to the packed request in the exchange buffer, as JSON pairs.
    pub fn sign(&self, payload: &str, length: usize) -> Result<String, JsValue> {
        let headers = with_exchange(length, |buffer| {
            let request = PackedRequest::read(buffer)?;
            self.signer.sign(&request.http(), signed_payload(payload)?, request.now)
        });
        headers.map(|headers| pairs_json(&headers)).map_err(|error| misuse(&error))
    }

    /// The target of the packed request in the exchange buffer with its signature.
    pub fn presign(&self, expires_seconds: u32, length: usize) -> Result<String, JsValue> {
        let target = with_exchange(length, |buffer| {
            let request = PackedRequest::read(buffer)?;
            self.signer.presign(&request.http(), expires_seconds, request.now)
        });
        target.map_err(|error| misuse(&error))
    }

    /// Signs the packed request in the exchange buffer, whose body is sent in chunks.
    #[wasm_bindgen(js_name = signChunks)]
    pub fn sign_chunks(&self, kind: &str, length: usize) -> Result<ChunkSigner, JsValue> {
        let signed = with_exchange(length, |buffer| {
            let request = PackedRequest::read(buffer)?;
            self.signer.sign_chunks(&request.http(), chunk_kind(kind)?, request.now)
        });
        let (headers, chunks) = signed.map_err(|error| misuse(&error))?;
        Ok(ChunkSigner { headers: pairs_json(&headers), chunks: Some(chunks) })
    }

    /// How long a body in chunks becomes; the pieces of [`encoded_length_packed`] are in the exchange buffer.
    #[wasm_bindgen(js_name = encodedLength)]
    pub fn encoded_length(
        &self,
        kind: &str,
        data_bytes: f64,
        chunk_bytes: f64,
        length: usize,
        count: usize,
    ) -> Result<f64, JsValue> {
        let bytes = (data_bytes as u64, chunk_bytes as u64);
        let encoded = with_exchange(length, |buffer| {
            encoded_length_packed(&self.signer, chunk_kind(kind)?, bytes, pieces(buffer, count)?)
        });
        encoded.map(|length| length as f64).map_err(|error| misuse(&error))
    }

    /// The fields of a form, as JSON pairs; the pieces of [`post_policy_packed`] are in the exchange buffer.
    #[wasm_bindgen(js_name = postPolicy)]
    pub fn post_policy(&self, now: f64, length: usize, count: usize) -> Result<String, JsValue> {
        let now = Timestamp::from_unix_millis(now as i64);
        let fields =
            with_exchange(length, |buffer| post_policy_packed(&self.signer, pieces(buffer, count)?, now));
        fields.map_err(|error| misuse(&error))
    }
}

/// Writes a body in chunks.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ChunkSigner {
    headers: String,
    chunks: Option<facade::ChunkSigner>,
}

#[wasm_bindgen]
impl ChunkSigner {
    /// The headers to add, as JSON pairs.
    pub fn headers(&self) -> String {
        self.headers.clone()
    }

    /// One chunk.
    pub fn encode(&mut self, data: &[u8]) -> Result<Vec<u8>, JsValue> {
        let chunks = self.chunks.as_mut().ok_or_else(|| misuse(&ended()))?;
        let mut out = Vec::new();
        chunks.encode(data, &mut out);
        Ok(out)
    }

    /// The end of the body; the pieces of [`finish_packed`] are in the exchange buffer.
    pub fn finish(&mut self, length: usize, count: usize) -> Result<Vec<u8>, JsValue> {
        let chunks = self.chunks.take().ok_or_else(ended);
        let end = chunks
            .and_then(|chunks| with_exchange(length, |buffer| finish_packed(chunks, pieces(buffer, count)?)));
        end.map_err(|error| misuse(&error))
    }
}

fn ended() -> Error {
    invalid_argument("the body has ended already")
}
