//! Signatures without a directory: a verifier with its own keys.

use crate::body::s3iam_body_reader;
use crate::error::s3iam_error;
use crate::identity::s3iam_identity;
use crate::options::{c_bool, s3iam_options};
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::{
    Authentication, CredentialState, Error, ErrorCode, ErrorProfile, HttpRequest, KeyRing, NewKey, SecretKey,
    Timestamp, Verified, Verifier,
};
use std::mem::MaybeUninit;
use std::sync::RwLock;

/// Verifies signatures with keys of its own. Any number of threads may use it at once, also while
/// keys are added and removed. Free with `s3iam_verifier_free`, which wipes the secrets.
pub struct s3iam_verifier {
    verifier: Verifier,
    keys: RwLock<KeyRing>,
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

/// Adds an access key, or replaces the one of that name; what is kept of the replaced secret is wiped. `detail`
/// may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_add_key(
    verifier: Option<&s3iam_verifier>,
    key: *const s3iam_key,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (verifier, key) = (given(verifier)?, s3iam_key::read(key)?);
        let mut keys = verifier.keys.write().map_err(|_| ErrorCode::Internal)?;
        keys.add(key)?.iter().for_each(|secret| verifier.verifier.forget(secret));
        Ok(())
    })
}

/// Removes an access key, so that requests signed with it are refused, and wipes what is kept of its secret, also
/// the signing keys made from it. `removed`, which may be NULL, is whether there was such a key; that there was none
/// is no failure. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_remove_key(
    verifier: Option<&s3iam_verifier>,
    access_key: s3iam_text,
    removed: Option<&mut MaybeUninit<bool>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (verifier, access_key) = (given(verifier)?, access_key.utf8("the access key")?);
        let mut keys = verifier.keys.write().map_err(|_| ErrorCode::Internal)?;
        let secret = keys.remove(access_key);
        secret.iter().for_each(|secret| verifier.verifier.forget(secret));
        if let Some(removed) = removed {
            removed.write(secret.is_some());
        }
        Ok(())
    })
}

/// Verifies the authentication of a request and gives who signed it. A request without any
/// authentication is no failure: its identity is anonymous (`s3iam_identity_anonymous`). Every other
/// request that is not properly signed is refused with a status of its own; `detail`, which may be
/// NULL, then has the S3 error to answer with.
///
/// A body that is not given with the request is not looked at here: it is to be read through
/// `s3iam_identity_body_reader`, or `s3iam_verifier_anonymous_body`, before anything is done with it.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_verify(
    verifier: Option<&s3iam_verifier>,
    request: *const s3iam_http_request,
    out: Option<&mut MaybeUninit<Box<s3iam_identity>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (verifier, out) = (given(verifier)?, given(out)?);
        let profile = verifier.profile();
        out.write(verifier.with(request, |verifier, keys, http, now| {
            let verified = verifier.verify(http, keys, now)?;
            let signer = match &verified {
                Verified::Signed(identity) => Some(identity),
                Verified::Anonymous => None,
            };
            Ok(s3iam_identity::new(signer, profile))
        })?);
        Ok(())
    })
}

/// Gives a reader for the body of a request without any authentication, which checks the hash, the checksum
/// or the chunks that the request announces. It is the caller's to free and outlives the verifier. A request
/// with authentication is `S3IAM_ERROR_INVALID_ARGUMENT`: its reader comes from its identity. `detail` may be
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_anonymous_body(
    verifier: Option<&s3iam_verifier>,
    request: *const s3iam_http_request,
    out: Option<&mut MaybeUninit<Box<s3iam_body_reader>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (verifier, out) = (given(verifier)?, given(out)?);
        let reader = verifier.with(request, |verifier, _, http, _| verifier.anonymous_body(http))?;
        out.write(s3iam_body_reader::new(reader, verifier.profile()));
        Ok(())
    })
}

/// Frees a verifier and wipes its secrets. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_free(verifier: Option<Box<s3iam_verifier>>) {
    value((), || drop(verifier));
}

/// Gives the name of the authentication that a request claims to have, of which nothing is verified:
/// `anonymous`, `bearer`, or the name of a form as `s3iam_form_name` has it. The fields of a browser form say
/// which version signed it, so all of them are `post-policy` here. A request with several of them, or with one
/// that S3 does not know, is refused with the status that verification answers. The text is valid for ever.
/// `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_classify(
    request: *const s3iam_http_request,
    out: Option<&mut MaybeUninit<s3iam_text>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let out = given(out)?;
        let found = s3iam_http_request::read(request, |http, _, _| Authentication::of(http))?;
        out.write(s3iam_text::of(found?.name()));
        Ok(())
    })
}

impl s3iam_verifier {
    /// In whose wording errors are told.
    pub(crate) fn profile(&self) -> ErrorProfile {
        self.verifier.options().error_profile
    }

    /// Calls `work` with the verifier, its keys as they are now, and the request that the caller filled in.
    pub(crate) fn with<R>(
        &self,
        request: *const s3iam_http_request,
        work: impl FnOnce(&Verifier, &KeyRing, &HttpRequest<'_>, Timestamp) -> Result<R, Error>,
    ) -> Result<R, s3iam_error> {
        let keys = self.keys.read().map_err(|_| ErrorCode::Internal)?;
        let done = s3iam_http_request::read(request, |http, _, now| work(&self.verifier, &keys, http, now))?;
        done.map_err(|error| s3iam_error::from(error).told_as(self.profile()))
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
