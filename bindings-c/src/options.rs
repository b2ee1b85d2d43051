//! Options: structs that the caller fills, in which zero always means the strict default.

use crate::error::s3iam_error;
use crate::panic::value;
use crate::pointer;
use crate::text::s3iam_text;
use s3iam::facade::{Dialect, ErrorProfile, Hosting, Kind, Limits, Options, PolicyOptions, SignatureOptions};

/// A `bool` of C in a struct that the caller fills: any byte, of which zero is false.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct c_bool(u8);

/// Whose rules a policy follows.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_dialect {
    /// MinIO's policy engine.
    S3IAM_DIALECT_MINIO = 0,
    /// AWS.
    S3IAM_DIALECT_AWS = 1,
}

/// What a policy is attached to. Only the AWS dialect tells all of them apart: to MinIO's, whatever is not a
/// bucket policy is an identity policy.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_kind {
    /// A user or a group.
    S3IAM_KIND_IDENTITY = 0,
    /// A bucket.
    S3IAM_KIND_BUCKET = 1,
    /// A session.
    S3IAM_KIND_SESSION = 2,
    /// A role: its trust policy.
    S3IAM_KIND_TRUST = 3,
    /// A user or a role: its permissions boundary.
    S3IAM_KIND_BOUNDARY = 4,
    /// An organisation, unit or account: a service control policy.
    S3IAM_KIND_SCP = 5,
    /// An organisation, unit or account: a resource control policy.
    S3IAM_KIND_RCP = 6,
    /// A VPC endpoint.
    S3IAM_KIND_ENDPOINT = 7,
}

/// Whose codes and wording S3 errors have.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_error_profile {
    /// Those of AWS.
    S3IAM_ERROR_PROFILE_AWS = 0,
    /// Those of MinIO.
    S3IAM_ERROR_PROFILE_MINIO = 1,
}

/// How a policy is read. Members that are zero have their defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_policy_options {
    /// `sizeof(s3iam_policy_options)`.
    pub size: usize,
    /// An `s3iam_dialect`: whose rules it follows.
    pub dialect: u32,
    /// An `s3iam_kind`: what it is attached to.
    pub kind: u32,
    /// The largest document, in bytes; 0 for 20 KiB.
    pub max_bytes: usize,
    /// The deepest nesting of objects and arrays; 0 for 8.
    pub max_depth: usize,
    /// Take a policy whatever is wrong with it, as stored policies are taken. One that cannot be read denies
    /// everything, with `S3IAM_REASON_POLICY_BROKEN`.
    pub lenient: c_bool,
    /// The bucket that a bucket policy is put on: then a resource that cannot be of this bucket is an
    /// error.
    pub bucket: s3iam_text,
}

/// How signatures are verified and where buckets are looked for. Members that are zero have their
/// defaults: what weakens a check has to be asked for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_options {
    /// `sizeof(s3iam_options)`.
    pub size: usize,
    /// An `s3iam_error_profile`: whose codes and wording S3 errors have.
    pub error_profile: u32,
    /// How far the time of a request may be from the server's, in seconds; 0 for 900.
    pub max_skew_seconds: u32,
    /// The region that requests must be signed for; empty for any.
    pub region: s3iam_text,
    /// The services that requests may be signed for; none for `s3` alone.
    pub services: *const s3iam_text,
    /// The number of services.
    pub services_len: usize,
    /// The domains under which `<bucket>.<domain>` names a bucket; none if only the path does.
    pub domains: *const s3iam_text,
    /// The number of domains.
    pub domains_len: usize,
    /// How many signing keys are kept; 0 for 4096.
    pub cached_keys: usize,
    /// Take requests signed in the header without `x-amz-content-sha256`.
    pub allow_missing_content_sha256: c_bool,
    /// Take requests with an `x-amz-*` header that is not signed.
    pub allow_unsigned_amz_headers: c_bool,
    /// Take signing scopes whose date is not the date of `x-amz-date`.
    pub allow_scope_date_mismatch: c_bool,
    /// Take `X-Amz-Expires=0`.
    pub allow_expires_zero: c_bool,
    /// Take SigV2, which signs with SHA-1 and covers neither all headers nor the body. `domains` say where
    /// the bucket that it signs is looked for.
    pub allow_sigv2: c_bool,
    /// Refuse SigV4A, as MinIO does.
    pub refuse_sigv4a: c_bool,
    /// Refuse chunks of less than 8192 bytes that are not the last, as AWS does.
    pub require_min_chunk: c_bool,
    /// The largest chunk of a signed body, in bytes, for so much is kept until its signature is known to be
    /// right; 0 for 16 MiB.
    pub max_chunk_bytes: u32,
}

/// `identity`, `bucket`, `session`, `trust`, `boundary`, `scp`, `rcp` or `endpoint`; empty for a number that is
/// none of them.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_kind_name(kind: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        s3iam_kind::read(kind).map_or(s3iam_text::EMPTY, |kind| s3iam_text::of(kind.name()))
    })
}

impl c_bool {
    /// Whether it is true.
    pub(crate) fn is_set(self) -> bool {
        self.0 != 0
    }
}

// C may put any number where an enum is meant, so enums are taken as numbers and looked up.

impl s3iam_dialect {
    fn read(number: u32) -> Result<Dialect, s3iam_error> {
        match number {
            n if n == Self::S3IAM_DIALECT_MINIO as u32 => Ok(Dialect::Minio),
            n if n == Self::S3IAM_DIALECT_AWS as u32 => Ok(Dialect::Aws),
            _ => Err(s3iam_error::argument("the dialect is not an s3iam_dialect")),
        }
    }
}

impl s3iam_kind {
    const ALL: [(Self, Kind); 8] = [
        (Self::S3IAM_KIND_IDENTITY, Kind::Identity),
        (Self::S3IAM_KIND_BUCKET, Kind::Bucket),
        (Self::S3IAM_KIND_SESSION, Kind::Session),
        (Self::S3IAM_KIND_TRUST, Kind::Trust),
        (Self::S3IAM_KIND_BOUNDARY, Kind::Boundary),
        (Self::S3IAM_KIND_SCP, Kind::Scp),
        (Self::S3IAM_KIND_RCP, Kind::Rcp),
        (Self::S3IAM_KIND_ENDPOINT, Kind::Endpoint),
    ];

    fn read(number: u32) -> Result<Kind, s3iam_error> {
        let found = Self::ALL.into_iter().find(|(kind, _)| *kind as u32 == number);
        found.map(|(_, kind)| kind).ok_or_else(|| s3iam_error::argument("the kind is not an s3iam_kind"))
    }
}

impl s3iam_error_profile {
    fn read(number: u32) -> Result<ErrorProfile, s3iam_error> {
        match number {
            n if n == Self::S3IAM_ERROR_PROFILE_AWS as u32 => Ok(ErrorProfile::Aws),
            n if n == Self::S3IAM_ERROR_PROFILE_MINIO as u32 => Ok(ErrorProfile::Minio),
            _ => Err(s3iam_error::argument("the error profile is not an s3iam_error_profile")),
        }
    }
}

impl s3iam_policy_options {
    /// What the caller filled in; NULL is the defaults.
    pub(crate) fn take(options: *const Self) -> Result<Self, s3iam_error> {
        pointer::sized_or_default(options)
    }

    /// The core's options.
    pub(crate) fn read(&self) -> Result<PolicyOptions<'_>, s3iam_error> {
        let limits = Limits::default();
        Ok(PolicyOptions {
            dialect: s3iam_dialect::read(self.dialect)?,
            kind: s3iam_kind::read(self.kind)?,
            bucket: Some(self.bucket.utf8("the bucket")?).filter(|bucket| !bucket.is_empty()),
            lenient: self.lenient.is_set(),
            limits: Limits {
                document_bytes: or_default(self.max_bytes, limits.document_bytes),
                depth: or_default(self.max_depth, limits.depth),
            },
        })
    }
}

impl s3iam_options {
    /// What the caller filled in; NULL is the defaults.
    pub(crate) fn read(options: *const Self) -> Result<Options, s3iam_error> {
        let options = pointer::sized_or_default(options)?;
        let default = SignatureOptions::default();
        let hosting = Hosting { domains: texts(&options.domains, options.domains_len, "a domain")? };
        let services = texts(&options.services, options.services_len, "a service")?;
        let signature = SignatureOptions {
            error_profile: s3iam_error_profile::read(options.error_profile)?,
            region: options.region.utf8("the region")?.to_owned(),
            services: if services.is_empty() { default.services } else { services },
            max_skew_seconds: or_default(options.max_skew_seconds, default.max_skew_seconds),
            require_content_sha256: !options.allow_missing_content_sha256.is_set(),
            require_signed_amz_headers: !options.allow_unsigned_amz_headers.is_set(),
            require_scope_date_match: !options.allow_scope_date_mismatch.is_set(),
            accept_expires_zero: options.allow_expires_zero.is_set(),
            allow_sigv2: options.allow_sigv2.is_set(),
            allow_sigv4a: !options.refuse_sigv4a.is_set(),
            require_min_chunk: options.require_min_chunk.is_set(),
            max_chunk_bytes: or_default(options.max_chunk_bytes, default.max_chunk_bytes),
            hosting: hosting.clone(),
            cached_keys: or_default(options.cached_keys, default.cached_keys),
            ..default
        };
        Ok(Options { signature, hosting })
    }
}

fn texts(data: &*const s3iam_text, len: usize, what: &'static str) -> Result<Vec<String>, s3iam_error> {
    pointer::slice(data, len)?.iter().map(|text| text.utf8(what).map(str::to_owned)).collect()
}

fn or_default<T: PartialEq + Default>(value: T, default: T) -> T {
    if value == T::default() { default } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_core_has_a_number() {
        assert_eq!(s3iam_kind::ALL.map(|(_, kind)| kind), Kind::ALL);
    }
}
