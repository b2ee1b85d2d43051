//! Credentials as verification needs them, and where they are looked up.

use crate::Timestamp;
use std::fmt;
use zeroize::Zeroizing;

/// A secret access key. Wiped when dropped, and never shown by `Debug`.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<Vec<u8>>);

impl SecretKey {
    /// Takes a secret over.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// The secret's bytes, for deriving signing keys only.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(redacted)")
    }
}

/// Whether an access key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// It may.
    Enabled,
    /// It, or its user, is disabled.
    Disabled,
}

/// What verification needs to know of an access key.
#[derive(Clone, Copy, Debug)]
pub struct Credential<'d> {
    /// The access key.
    pub access_key: &'d str,
    /// Its secret.
    pub secret: &'d SecretKey,
    /// Whether it may be used.
    pub state: CredentialState,
    /// For temporary credentials, the session token that must accompany every request.
    pub session_token: Option<&'d str>,
    /// When it stops working; not valid at that instant any more.
    pub expires: Option<Timestamp>,
    /// Changes whenever the secret changes, so that no signing key outlives its secret.
    pub generation: u64,
    /// The directory's own number for the key; handed back in the verified [`Identity`](super::Identity).
    pub owner: u32,
}

/// Where access keys are looked up.
pub trait Credentials {
    /// The credential of an access key, or `None` if there is none.
    fn find(&self, access_key: &str) -> Option<Credential<'_>>;
}
