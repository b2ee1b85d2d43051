//! What verification insists on. The defaults are strict; each laxer behaviour is named here.

use crate::error::ErrorProfile;

/// Options of a [`Verifier`](super::Verifier); spec: sigv4, section 10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whose error codes and wording are sent.
    pub error_profile: ErrorProfile,
    /// The region that scopes must name; empty accepts any. `US` is taken as `us-east-1`.
    pub region: String,
    /// The services whose scopes are accepted: `s3` on an S3 endpoint, `sts`, `s3express`.
    pub services: Vec<String>,
    /// How far the request's time may be from the server's, in seconds; exactly that far is accepted.
    pub max_skew_seconds: u32,
    /// Refuse S3 requests signed in the header without `x-amz-content-sha256`.
    pub require_content_sha256: bool,
    /// Refuse requests with an `x-amz-*` header that is not signed (except `x-amz-content-sha256`).
    pub require_signed_amz_headers: bool,
    /// Refuse scopes whose date is not the date of `x-amz-date`.
    pub require_scope_date_match: bool,
    /// Accept `X-Amz-Expires=0`, as MinIO does.
    pub accept_expires_zero: bool,
    /// How many signing keys are kept.
    pub cached_keys: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            error_profile: ErrorProfile::Aws,
            region: String::new(),
            services: vec!["s3".to_owned()],
            max_skew_seconds: 900,
            require_content_sha256: true,
            require_signed_amz_headers: true,
            require_scope_date_match: true,
            accept_expires_zero: false,
            cached_keys: 4096,
        }
    }
}
