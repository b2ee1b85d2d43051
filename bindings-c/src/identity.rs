//! Who signed a request.

use crate::body::s3iam_body_reader;
use crate::error::s3iam_error;
use crate::panic::{call, give, given, value};
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::{Body, ErrorProfile, Form, Identity, Payload, Timestamp};
use std::mem::MaybeUninit;

/// Who signed a request, as verification found it. Immutable; free with `s3iam_identity_free`.
pub struct s3iam_identity {
    signer: Option<Signer>,
    profile: ErrorProfile,
}

/// A verified signer, with nothing borrowed from the keys.
struct Signer {
    access_key: String,
    form: Form,
    payload: Payload,
    body: Body,
    signed_at: Timestamp,
    temporary: bool,
}

/// How a request was authenticated.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_form {
    /// Not at all: the request is anonymous.
    S3IAM_FORM_ANONYMOUS = 0,
    /// SigV4 in the `Authorization` header.
    S3IAM_FORM_SIGV4_HEADER = 1,
    /// SigV4 in the query.
    S3IAM_FORM_SIGV4_PRESIGNED = 2,
    /// SigV4A in the `Authorization` header.
    S3IAM_FORM_SIGV4A_HEADER = 3,
    /// SigV4A in the query.
    S3IAM_FORM_SIGV4A_PRESIGNED = 4,
    /// SigV2 in the `Authorization` header.
    S3IAM_FORM_SIGV2_HEADER = 5,
    /// SigV2 in the query.
    S3IAM_FORM_SIGV2_PRESIGNED = 6,
    /// A browser form whose policy is signed with SigV4.
    S3IAM_FORM_POST_V4 = 7,
    /// A browser form whose policy is signed with SigV2.
    S3IAM_FORM_POST_V2 = 8,
    /// In a form that this version of the library has no name for.
    S3IAM_FORM_OTHER = 9,
}

/// Whether nobody signed. NULL gives true.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_anonymous(identity: Option<&s3iam_identity>) -> bool {
    value(true, || signer(identity).is_none())
}

/// The access key that signed; empty if nobody did, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_access_key(identity: Option<&s3iam_identity>) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        signer(identity).map_or(s3iam_text::EMPTY, |signer| s3iam_text::of(&signer.access_key))
    })
}

/// How the request was authenticated. NULL gives `S3IAM_FORM_ANONYMOUS`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_form(identity: Option<&s3iam_identity>) -> s3iam_form {
    value(s3iam_form::S3IAM_FORM_ANONYMOUS, || {
        let Some(signer) = signer(identity) else { return s3iam_form::S3IAM_FORM_ANONYMOUS };
        let found = s3iam_form::SIGNED.into_iter().find(|(_, form)| *form == signer.form);
        found.map_or(s3iam_form::S3IAM_FORM_OTHER, |(form, _)| form)
    })
}

/// Whether the credentials are temporary. NULL gives false.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_temporary(identity: Option<&s3iam_identity>) -> bool {
    value(false, || signer(identity).is_some_and(|signer| signer.temporary))
}

/// The time that the client signed, in milliseconds since 1970 UTC. 0 if nobody signed, for
/// `S3IAM_FORM_SIGV2_PRESIGNED`, which does not say it, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_signed_at_ms(identity: Option<&s3iam_identity>) -> i64 {
    value(0, || signer(identity).map_or(0, |signer| signer.signed_at.unix_millis()))
}

/// What the signature says of the body: `unsigned`, `sha256`, or for a body in chunks the value of
/// `x-amz-content-sha256`, which begins with `STREAMING-`. Such a body is not the object: what
/// `s3iam_identity_body_reader` releases is. Empty if nobody signed, and for NULL. It is valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_payload(identity: Option<&s3iam_identity>) -> s3iam_text {
    value(s3iam_text::EMPTY, || payload_name(signer(identity).map(|signer| signer.payload)))
}

/// Whether the signature covers the body by its SHA-256. If so its 32 bytes are written to `out`; the
/// gateway must compare them with the body that arrives, as the reader of `s3iam_identity_body_reader`
/// does, unless the request was verified with it. If not, and for NULL, nothing is written.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_payload_sha256(
    identity: Option<&s3iam_identity>,
    out: Option<&mut MaybeUninit<[u8; 32]>>,
) -> bool {
    value(false, || give_sha256(signer(identity).map(|signer| signer.payload), out))
}

/// Gives a reader for the body of the request, which checks it while it arrives, and decodes it if it is in
/// chunks. It is the caller's to free and outlives the identity. Of an anonymous request there is none
/// (`S3IAM_ERROR_INVALID_ARGUMENT`): `s3iam_verifier_anonymous_body` gives it. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_body_reader(
    identity: Option<&s3iam_identity>,
    out: Option<&mut MaybeUninit<Box<s3iam_body_reader>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let identity = given(identity)?;
        let signer = identity.signer.as_ref();
        let signer = signer.ok_or(s3iam_error::argument(
            "nobody signed the request: s3iam_verifier_anonymous_body gives its reader",
        ))?;
        give(out, s3iam_body_reader::new(signer.body.reader(), identity.profile))
    })
}

/// Frees an identity. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_free(identity: Option<Box<s3iam_identity>>) {
    value((), || drop(identity));
}

/// `anonymous`, `sigv4-header`, `sigv4-presigned`, `sigv4a-header`, `sigv4a-presigned`, `sigv2-header`,
/// `sigv2-presigned`, `post-policy`, `post-policy-v2` or `other`; empty for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_form_name(form: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || match form {
        form if form == s3iam_form::S3IAM_FORM_ANONYMOUS as u32 => s3iam_text::of("anonymous"),
        form if form == s3iam_form::S3IAM_FORM_OTHER as u32 => s3iam_text::of("other"),
        form => {
            let found = s3iam_form::SIGNED.into_iter().find(|(number, _)| *number as u32 == form);
            found.map_or(s3iam_text::EMPTY, |(_, form)| s3iam_text::of(form.name()))
        }
    })
}

/// The name of what a signature says of the body.
pub(crate) fn payload_name(payload: Option<Payload>) -> s3iam_text {
    match payload {
        Some(Payload::Unsigned) => s3iam_text::of("unsigned"),
        Some(Payload::Sha256(_)) => s3iam_text::of("sha256"),
        Some(Payload::Chunked(chunking)) => s3iam_text::of(chunking.name()),
        _ => s3iam_text::EMPTY,
    }
}

/// Writes the hash that a payload must have, if it must have one.
pub(crate) fn give_sha256(payload: Option<Payload>, out: Option<&mut MaybeUninit<[u8; 32]>>) -> bool {
    match (payload, out) {
        (Some(Payload::Sha256(hash)), Some(out)) => {
            out.write(hash);
            true
        }
        _ => false,
    }
}

fn signer(identity: Option<&s3iam_identity>) -> Option<&Signer> {
    identity?.signer.as_ref()
}

impl s3iam_identity {
    /// An identity of the core, or nobody. Errors of the body are told in the wording of `profile`.
    pub(crate) fn new(identity: Option<&Identity<'_>>, profile: ErrorProfile) -> Box<Self> {
        let signer = identity.map(|identity| Signer {
            access_key: identity.access_key().to_owned(),
            form: identity.form(),
            payload: identity.payload(),
            body: identity.body().clone(),
            signed_at: identity.signed_at(),
            temporary: identity.is_temporary(),
        });
        Box::new(Self { signer, profile })
    }
}

impl s3iam_form {
    const SIGNED: [(Self, Form); 8] = [
        (Self::S3IAM_FORM_SIGV4_HEADER, Form::HeaderV4),
        (Self::S3IAM_FORM_SIGV4_PRESIGNED, Form::PresignedV4),
        (Self::S3IAM_FORM_SIGV4A_HEADER, Form::HeaderV4a),
        (Self::S3IAM_FORM_SIGV4A_PRESIGNED, Form::PresignedV4a),
        (Self::S3IAM_FORM_SIGV2_HEADER, Form::HeaderV2),
        (Self::S3IAM_FORM_SIGV2_PRESIGNED, Form::PresignedV2),
        (Self::S3IAM_FORM_POST_V4, Form::PostV4),
        (Self::S3IAM_FORM_POST_V2, Form::PostV2),
    ];
}
