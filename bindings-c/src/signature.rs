//! Signatures without a directory: a verifier with its own keys.

use crate::error::s3iam_error;
use crate::options::{c_bool, s3iam_options};
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::{
    CredentialState, ErrorCode, Form, KeyRing, NewKey, Payload, SecretKey, Timestamp, Verified, Verifier,
};
use std::mem::MaybeUninit;
use std::sync::RwLock;

/// Verifies signatures with keys of its own. Any number of threads may use it at once, also while
/// keys are added. Free with `s3iam_verifier_free`, which wipes the secrets.
pub struct s3iam_verifier {
    verifier: Verifier,
    keys: RwLock<KeyRing>,
}

/// Who signed a request, as verification found it. Immutable; free with `s3iam_identity_free`.
pub struct s3iam_identity {
    signer: Option<Signer>,
}

/// A verified signer, with nothing borrowed from the keys.
struct Signer {
    access_key: String,
    form: Form,
    payload: Payload,
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
    /// In a form that this version of the library has no name for.
    S3IAM_FORM_OTHER = 3,
}

/// An access key to add to a verifier. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_key {
    /// `sizeof(s3iam_key)`.
    pub size: usize,
    /// The access key.
    pub access_key: s3iam_text,
    /// Its secret. The library keeps a copy of its own and wipes it when it is done.
    pub secret_key: s3iam_text,
    /// The session token that must come with every request, if `has_session_token`.
    pub session_token: s3iam_text,
    /// When it stops working, in milliseconds since 1970 UTC, if `has_expiry`.
    pub expires_ms: i64,
    /// Whether the credentials are temporary and `session_token` is given.
    pub has_session_token: c_bool,
    /// Whether `expires_ms` is given.
    pub has_expiry: c_bool,
    /// Whether requests signed with it are refused.
    pub disabled: c_bool,
}

/// Makes a verifier without keys. `options` may be NULL for the defaults, `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_new(
    options: *const s3iam_options,
    out: Option<&mut MaybeUninit<Box<s3iam_verifier>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let verifier = Verifier::new(s3iam_options::read(options)?.signature);
        give(out, Box::new(s3iam_verifier { verifier, keys: RwLock::new(KeyRing::new()) }))
    })
}

/// Adds an access key, or replaces the one of that name. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_add_key(
    verifier: Option<&s3iam_verifier>,
    key: *const s3iam_key,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let key = s3iam_key::read(key)?;
        let mut keys = given(verifier)?.keys.write().map_err(|_| ErrorCode::Internal)?;
        Ok(keys.add(key)?)
    })
}

/// Verifies the authentication of a request and gives who signed it. A request without any
/// authentication is no failure: its identity is anonymous (`s3iam_identity_anonymous`). Every other
/// request that is not properly signed is refused with a status of its own; `detail`, which may be
/// NULL, then has the S3 error to answer with.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_verify(
    verifier: Option<&s3iam_verifier>,
    request: *const s3iam_http_request,
    out: Option<&mut MaybeUninit<Box<s3iam_identity>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (s3iam_verifier { verifier, keys }, out) = (given(verifier)?, given(out)?);
        let keys = keys.read().map_err(|_| ErrorCode::Internal)?;
        let verified = s3iam_http_request::read(request, |http, _, now| {
            verifier
                .verify(http, &*keys, now)
                .map(|verified| s3iam_identity { signer: Signer::of(&verified) })
        })?;
        let profile = verifier.options().error_profile;
        out.write(Box::new(verified.map_err(|error| s3iam_error::from(error).told_as(profile))?));
        Ok(())
    })
}

/// Frees a verifier and wipes its secrets. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_free(verifier: Option<Box<s3iam_verifier>>) {
    value((), || drop(verifier));
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
    use s3iam_form::*;
    value(S3IAM_FORM_ANONYMOUS, || match signer(identity).map(|signer| signer.form) {
        None => S3IAM_FORM_ANONYMOUS,
        Some(Form::HeaderV4) => S3IAM_FORM_SIGV4_HEADER,
        Some(Form::PresignedV4) => S3IAM_FORM_SIGV4_PRESIGNED,
        #[allow(unreachable_patterns, reason = "the core will know more forms")]
        Some(_) => S3IAM_FORM_OTHER,
    })
}

/// Whether the credentials are temporary. NULL gives false.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_temporary(identity: Option<&s3iam_identity>) -> bool {
    value(false, || signer(identity).is_some_and(|signer| signer.temporary))
}

/// The time that the client signed, in milliseconds since 1970 UTC. 0 if nobody signed, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_signed_at_ms(identity: Option<&s3iam_identity>) -> i64 {
    value(0, || signer(identity).map_or(0, |signer| signer.signed_at.unix_millis()))
}

/// Whether the signature covers the body by its SHA-256. If so its 32 bytes are written to `out`; the
/// gateway must compare them with the body that arrives, unless the request was verified with it. If
/// not, and for NULL, nothing is written.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_payload_sha256(
    identity: Option<&s3iam_identity>,
    out: Option<&mut MaybeUninit<[u8; 32]>>,
) -> bool {
    value(false, || give_sha256(signer(identity).map(|signer| signer.payload), out))
}

/// Frees an identity. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_identity_free(identity: Option<Box<s3iam_identity>>) {
    value((), || drop(identity));
}

/// `anonymous`, `sigv4-header`, `sigv4-presigned` or `other`; empty for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_form_name(form: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let all = ["anonymous", Form::HeaderV4.name(), Form::PresignedV4.name(), "other"];
        all.get(form as usize).map_or(s3iam_text::EMPTY, s3iam_text::of)
    })
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

impl Signer {
    fn of(verified: &Verified<'_>) -> Option<Self> {
        match verified {
            Verified::Anonymous => None,
            Verified::Signed(identity) => Some(Self {
                access_key: identity.access_key().to_owned(),
                form: identity.form(),
                payload: identity.payload(),
                signed_at: identity.signed_at(),
                temporary: identity.is_temporary(),
            }),
        }
    }
}

impl s3iam_key {
    /// What the caller filled in.
    fn read(key: *const Self) -> Result<NewKey, s3iam_error> {
        let key: Self = pointer::sized(key)?;
        let (has_token, has_expiry) = (key.has_session_token.is_set(), key.has_expiry.is_set());
        if !has_token && key.session_token.len > 0 || !has_expiry && key.expires_ms != 0 {
            return Err(s3iam_error::argument(
                "a session token or an expiry is given without has_session_token or has_expiry",
            ));
        }
        let token = key.session_token.utf8("the session token")?;
        Ok(NewKey {
            access_key: key.access_key.utf8("the access key")?.to_owned(),
            secret_key: SecretKey::new(key.secret_key.bytes()?),
            session_token: has_token.then(|| token.to_owned()),
            expires: has_expiry.then(|| Timestamp::from_unix_millis(key.expires_ms)),
            state: if key.disabled.is_set() { CredentialState::Disabled } else { CredentialState::Enabled },
        })
    }
}
