//! Options of a verifier and of a directory, set one by one.

use crate::names::error_profile;
use crate::refusal::{invalid_argument, misuse};
use s3iam::facade::{self, Error};
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

    /// Sets an option by the name that users know it by. Its value is written as text; behind each
    /// entry of a list stands a line feed.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), JsValue> {
        self.try_set(name, value).map_err(|error| misuse(&error))
    }
}

impl Options {
    fn try_set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let (signature, hosting) = (&mut self.options.signature, &mut self.options.hosting);
        let wrong = || invalid_argument("there is no such option, or not with this value");
        let number = || value.parse::<u32>().map_err(|_| wrong());
        match name {
            "errorProfile" => signature.error_profile = error_profile(value)?,
            "region" => signature.region = value.to_owned(),
            "services" => signature.services = entries(value),
            "domains" => hosting.domains = entries(value),
            "maxSkewSeconds" => signature.max_skew_seconds = number()?,
            "cachedKeys" => signature.cached_keys = number()? as usize,
            "requireContentSha256" => signature.require_content_sha256 = value == "true",
            "requireSignedAmzHeaders" => signature.require_signed_amz_headers = value == "true",
            "requireScopeDateMatch" => signature.require_scope_date_match = value == "true",
            "acceptExpiresZero" => signature.accept_expires_zero = value == "true",
            #[cfg(feature = "complete")]
            "allowSigv2" => signature.allow_sigv2 = value == "true",
            #[cfg(feature = "complete")]
            "allowSigv4a" => signature.allow_sigv4a = value == "true",
            #[cfg(feature = "complete")]
            "requireMinChunk" => signature.require_min_chunk = value == "true",
            #[cfg(feature = "complete")]
            "maxChunkBytes" => signature.max_chunk_bytes = number()?,
            _ => return Err(wrong()),
        }
        Ok(())
    }
}

/// The entries of a list.
fn entries(mut list: &str) -> Vec<String> {
    let mut entries = Vec::new();
    while let Some((entry, rest)) = list.split_once('\n') {
        entries.push(entry.to_owned());
        list = rest;
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_set_by_name() {
        let mut options = Options::new();
        for (name, value) in [("services", "s3\nsts\n"), ("domains", ""), ("cachedKeys", "7")] {
            options.try_set(name, value).unwrap();
        }
        assert_eq!(options.options.signature.services, ["s3", "sts"]);
        assert!(options.options.hosting.domains.is_empty());
        assert_eq!(options.options.signature.cached_keys, 7);
        assert!(options.try_set("cachedKeys", "-1").is_err());
        assert!(options.try_set("cached_keys", "1").is_err());
    }
}
