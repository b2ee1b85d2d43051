//! Options of a verifier and of a directory, set one by one.

use crate::names::error_profile;
use crate::refusal::misuse;
use s3iam::facade;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Options with their defaults, until set otherwise.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Options {
    pub(crate) options: facade::Options,
}

#[wasm_bindgen]
impl Options {
    /// The defaults.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Options {
        Self::default()
    }

    /// Whose error codes and wording are sent: `aws` or `minio`.
    #[wasm_bindgen(js_name = errorProfile)]
    pub fn error_profile(&mut self, name: &str) -> Result<(), JsValue> {
        self.options.signature.error_profile = error_profile(name).map_err(|error| misuse(&error))?;
        Ok(())
    }

    /// The region that scopes must name; empty accepts any.
    pub fn region(&mut self, region: String) {
        self.options.signature.region = region;
    }

    /// The services whose scopes are accepted.
    pub fn services(&mut self, services: Vec<String>) {
        self.options.signature.services = services;
    }

    /// The domains under which `<bucket>.<domain>` names a bucket.
    pub fn domains(&mut self, domains: Vec<String>) {
        self.options.hosting.domains = domains;
    }

    /// How far the request's time may be from the server's, in seconds.
    #[wasm_bindgen(js_name = maxSkewSeconds)]
    pub fn max_skew_seconds(&mut self, seconds: u32) {
        self.options.signature.max_skew_seconds = seconds;
    }

    /// Refuse requests signed in the header without `x-amz-content-sha256`.
    #[wasm_bindgen(js_name = requireContentSha256)]
    pub fn require_content_sha256(&mut self, required: bool) {
        self.options.signature.require_content_sha256 = required;
    }

    /// Refuse requests with an unsigned `x-amz-*` header.
    #[wasm_bindgen(js_name = requireSignedAmzHeaders)]
    pub fn require_signed_amz_headers(&mut self, required: bool) {
        self.options.signature.require_signed_amz_headers = required;
    }

    /// Refuse scopes whose date is not the request's.
    #[wasm_bindgen(js_name = requireScopeDateMatch)]
    pub fn require_scope_date_match(&mut self, required: bool) {
        self.options.signature.require_scope_date_match = required;
    }

    /// Accept `X-Amz-Expires=0`.
    #[wasm_bindgen(js_name = acceptExpiresZero)]
    pub fn accept_expires_zero(&mut self, accepted: bool) {
        self.options.signature.accept_expires_zero = accepted;
    }

    /// How many signing keys are kept.
    #[wasm_bindgen(js_name = cachedKeys)]
    pub fn cached_keys(&mut self, count: usize) {
        self.options.signature.cached_keys = count;
    }
}
