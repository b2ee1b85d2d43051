//! Credentials as verification needs them, and where they are looked up.

use super::hash::sha256;
use crate::Timestamp;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A secret access key. Wiped when dropped, and never shown by `Debug`.
#[derive(Clone)]
pub struct SecretKey {
    bytes: Zeroizing<Vec<u8>>,
    fingerprint: [u8; 16],
}

impl SecretKey {
    /// Takes a secret over.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        let bytes = Zeroizing::new(secret.into());
        let mut fingerprint = [0; 16];
        for (to, from) in fingerprint.iter_mut().zip(sha256(&[b"s3iam secret fingerprint\n", &bytes])) {
            *to = from;
        }
        Self { bytes, fingerprint }
    }

    /// A secret that signs nothing, to do the work of a wrong signature with. It costs no hash, as one that is
    /// looked up costs none.
    pub(super) fn decoy() -> Self {
        Self {
            bytes: Zeroizing::new(b"a secret that signs nothing at all here!".to_vec()),
            fingerprint: [0; 16],
        }
    }

    /// The secret's bytes, for deriving signing keys only.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Tells secrets apart without comparing them: a cached signing key is found only for the
    /// secret that it was derived from, whatever a directory does with its generations.
    pub(crate) fn fingerprint(&self) -> &[u8; 16] {
        &self.fingerprint
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.fingerprint.zeroize();
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
#[derive(Clone, Copy)]
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

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("access_key", &self.access_key)
            .field("state", &self.state)
            .field("temporary", &self.session_token.is_some())
            .field("expires", &self.expires)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}

/// Where access keys are looked up.
pub trait Credentials {
    /// The credential of an access key, or `None` if there is none.
    fn find(&self, access_key: &str) -> Option<Credential<'_>>;

    /// Whether others took their place already. Requests that are under way finish with these, and what they
    /// sign with is not kept.
    #[cfg(not(target_family = "wasm"))]
    fn is_retired(&self) -> bool {
        false
    }
}
