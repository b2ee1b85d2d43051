//! What verification insists on. The defaults are strict; each laxer behaviour is named here.

use crate::error::ErrorProfile;
use crate::http::Plus;
#[cfg(feature = "forms")]
use crate::operation::Hosting;

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
    /// Refuse S3 requests signed in the header without `x-amz-content-sha256`. Without this they
    /// are taken as having an empty body, and refused if they have another.
    pub require_content_sha256: bool,
    /// Refuse requests with an `x-amz-*` header that is not signed (except `x-amz-content-sha256`).
    /// Without this only unsigned `x-amz-meta-*` headers of presigned requests are refused.
    pub require_signed_amz_headers: bool,
    /// Refuse scopes whose date is not the date of `x-amz-date`.
    pub require_scope_date_match: bool,
    /// Accept `X-Amz-Expires=0`, as MinIO does.
    pub accept_expires_zero: bool,
    /// Accept SigV2, which signs with SHA-1 and covers neither all headers nor the body. MinIO does.
    #[cfg(feature = "forms")]
    pub allow_sigv2: bool,
    /// Where buckets are looked for in a request. Of all signatures only SigV2 needs it, which signs the
    /// bucket of the host together with the path. It must be what requests are routed by: else what was
    /// signed for one bucket may reach another. An [`Iam`](crate::Iam) takes its own.
    #[cfg(feature = "forms")]
    pub hosting: Hosting,
    /// Accept SigV4A, as multi-region access points use it. MinIO does not.
    #[cfg(feature = "forms")]
    pub allow_sigv4a: bool,
    /// Refuse chunks of less than 8192 bytes that are not the last, as AWS does.
    #[cfg(feature = "forms")]
    pub require_min_chunk: bool,
    /// The largest chunk of a signed body, in bytes: so much is kept until its signature is known to be right.
    #[cfg(feature = "forms")]
    pub max_chunk_bytes: u32,
    /// What `+` means in the path of an S3 request. Whoever decodes the object key must read the
    /// path in the same way.
    pub path_plus: Plus,
    /// How query parameters of one name are ordered before they are signed.
    pub repeated_query_order: RepeatedQueryOrder,
    /// Lower-case names of `x-amz-*` headers that infrastructure adds after signing, such as
    /// `x-amz-cf-id`. They are treated as absent, and the gateway must treat them so as well.
    pub ignored_amz_headers: Vec<String>,
    /// Values of `host` that clients may have signed where a proxy replaced the header. Tried in
    /// order, and only after the request's own value did not verify.
    pub host_candidates: Vec<String>,
    /// Values of `accept-encoding` that clients may have signed where a proxy replaced the header.
    /// Tried in order, and only after the request's own value did not verify.
    pub accept_encoding_candidates: Vec<String>,
    /// How many signing keys are kept.
    pub cached_keys: usize,
}

/// The order of query parameters that share a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RepeatedQueryOrder {
    /// By value, as AWS documents it.
    #[default]
    Value,
    /// As they arrived, as MinIO does.
    Arrival,
}

impl Options {
    /// Whether a header is one of [`ignored_amz_headers`](Options::ignored_amz_headers). What is
    /// ignored here must not be acted upon either.
    pub fn ignores(&self, name: &[u8]) -> bool {
        self.ignored_amz_headers.iter().any(|ignored| name.eq_ignore_ascii_case(ignored.as_bytes()))
    }
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
            #[cfg(feature = "forms")]
            allow_sigv2: false,
            #[cfg(feature = "forms")]
            hosting: Hosting::default(),
            #[cfg(feature = "forms")]
            allow_sigv4a: true,
            #[cfg(feature = "forms")]
            require_min_chunk: false,
            #[cfg(feature = "forms")]
            max_chunk_bytes: 16 * 1024 * 1024,
            path_plus: Plus::Literal,
            repeated_query_order: RepeatedQueryOrder::Value,
            ignored_amz_headers: Vec::new(),
            host_candidates: Vec::new(),
            accept_encoding_candidates: Vec::new(),
            cached_keys: 4096,
        }
    }
}
