//! Options as JavaScript objects.

use crate::failure::invalid_argument;
use napi_derive::napi;
use s3iam::facade::{Dialect, ErrorProfile, Hosting, Kind, Options, PolicyOptions, SignatureOptions};

/// How a policy is read.
#[napi(object, object_to_js = false)]
pub struct PolicyChoices {
    pub dialect: Option<String>,
    pub kind: Option<String>,
    pub bucket: Option<String>,
    pub lenient: Option<bool>,
}

impl PolicyChoices {
    /// The core's options.
    pub fn read(&self) -> napi::Result<PolicyOptions<'_>> {
        let dialect = match self.dialect.as_deref() {
            None => Dialect::Minio,
            Some(name) => Dialect::named(name)
                .ok_or_else(|| invalid_argument("dialect must be \"minio\" or \"aws\""))?,
        };
        let kind = match self.kind.as_deref() {
            None => Kind::Identity,
            Some(name) => Kind::named(name).ok_or_else(|| {
                let names = Kind::ALL.map(Kind::name).join(", ");
                invalid_argument(format!("kind must be one of {names}"))
            })?,
        };
        let (bucket, lenient) = (self.bucket.as_deref(), self.lenient.unwrap_or(false));
        Ok(PolicyOptions { dialect, kind, bucket, lenient, ..Default::default() })
    }
}

/// What signature verification insists on, and where buckets are looked for.
#[napi(object, object_to_js = false)]
pub struct IamChoices {
    pub error_profile: Option<String>,
    pub region: Option<String>,
    pub services: Option<Vec<String>>,
    pub max_skew_seconds: Option<u32>,
    pub require_content_sha256: Option<bool>,
    pub require_signed_amz_headers: Option<bool>,
    pub require_scope_date_match: Option<bool>,
    pub accept_expires_zero: Option<bool>,
    pub allow_sigv2: Option<bool>,
    /// Named by hand: of a word with a digit in it every case is guessed.
    #[napi(js_name = "allowSigv4a")]
    pub allow_sigv4a: Option<bool>,
    pub require_min_chunk: Option<bool>,
    pub max_chunk_bytes: Option<u32>,
    pub cached_keys: Option<u32>,
    pub domains: Option<Vec<String>>,
}

impl IamChoices {
    /// The core's options; what is left out keeps the core's default.
    pub fn read(self) -> napi::Result<Options> {
        let default = SignatureOptions::default();
        let error_profile = error_profile(self.error_profile.as_deref())?;
        let hosting = Hosting { domains: self.domains.unwrap_or_default() };
        let signature = SignatureOptions {
            error_profile,
            region: self.region.unwrap_or(default.region),
            services: self.services.unwrap_or(default.services),
            max_skew_seconds: self.max_skew_seconds.unwrap_or(default.max_skew_seconds),
            require_content_sha256: self.require_content_sha256.unwrap_or(default.require_content_sha256),
            require_signed_amz_headers: self
                .require_signed_amz_headers
                .unwrap_or(default.require_signed_amz_headers),
            require_scope_date_match: self
                .require_scope_date_match
                .unwrap_or(default.require_scope_date_match),
            accept_expires_zero: self.accept_expires_zero.unwrap_or(default.accept_expires_zero),
            allow_sigv2: self.allow_sigv2.unwrap_or(default.allow_sigv2),
            allow_sigv4a: self.allow_sigv4a.unwrap_or(default.allow_sigv4a),
            require_min_chunk: self.require_min_chunk.unwrap_or(default.require_min_chunk),
            max_chunk_bytes: self.max_chunk_bytes.unwrap_or(default.max_chunk_bytes),
            hosting: hosting.clone(),
            cached_keys: self.cached_keys.map_or(default.cached_keys, |n| n as usize),
            ..default
        };
        Ok(Options { signature, hosting })
    }
}

/// The profile of that name; left out, the default.
pub fn error_profile(name: Option<&str>) -> napi::Result<ErrorProfile> {
    match name {
        None => Ok(ErrorProfile::default()),
        Some("aws") => Ok(ErrorProfile::Aws),
        Some("minio") => Ok(ErrorProfile::Minio),
        Some(_) => Err(invalid_argument("errorProfile must be \"aws\" or \"minio\"")),
    }
}
