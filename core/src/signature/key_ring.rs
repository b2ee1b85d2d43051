//! A plain list of access keys, for gateways that only verify signatures.

use super::limits::MAX_ACCESS_KEY_BYTES;
use super::{Credential, CredentialState, Credentials, SecretKey};
use crate::numbers::Numbers;
use crate::{Error, ErrorCode, Timestamp};
use std::fmt;
use std::sync::Arc;

/// A key to add to a [`KeyRing`].
#[derive(Clone)]
pub struct NewKey {
    /// The access key: 1 to 256 bytes, without `=`, `,` and control characters.
    pub access_key: String,
    /// Its secret; not empty.
    pub secret_key: SecretKey,
    /// For temporary credentials, the session token.
    pub session_token: Option<String>,
    /// When it stops working.
    pub expires: Option<Timestamp>,
    /// Whether it may be used.
    pub state: CredentialState,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("access_key", &self.access_key)
            .field("temporary", &self.session_token.is_some())
            .field("expires", &self.expires)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Access keys and their secrets. Secrets are wiped when dropped.
#[derive(Debug, Default)]
pub struct KeyRing {
    /// In the order of the owner numbers.
    keys: Vec<Kept>,
    owners: Numbers,
    added: u64,
}

#[derive(Debug)]
struct Kept {
    key: NewKey,
    generation: u64,
}

impl KeyRing {
    /// An empty ring.
    pub fn new() -> Self {
        Self::default()
    }

    /// The secrets, for [`Verifier::keep_only`](super::Verifier::keep_only).
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub fn secrets(&self) -> impl Iterator<Item = &SecretKey> + Clone {
        self.keys.iter().map(|kept| &kept.key.secret_key)
    }

    /// Adds a key, or replaces the one of that name. A replaced key keeps its owner number.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for an access key or secret that no request could be signed with.
    pub fn add(&mut self, key: NewKey) -> Result<(), Error> {
        check(&key.access_key, &key.secret_key, key.session_token.as_deref())?;
        self.added += 1;
        let owner = self.owners.get(key.access_key.as_str()).copied();
        let access_key = Arc::from(key.access_key.as_str());
        let kept = Kept { key, generation: self.added };
        match owner.and_then(|owner| self.keys.get_mut(owner as usize)) {
            Some(place) => *place = kept,
            None => {
                self.owners.insert(access_key, self.keys.len() as u32);
                self.keys.push(kept);
            }
        }
        Ok(())
    }
}

/// Checks that requests can be signed with this.
pub(super) fn check(
    access_key: &str,
    secret_key: &SecretKey,
    session_token: Option<&str>,
) -> Result<(), Error> {
    let invalid = |what: &'static str| Err(Error::with_message(ErrorCode::InvalidArgument, what));
    if access_key.is_empty() || access_key.len() > MAX_ACCESS_KEY_BYTES {
        return invalid("the access key must be 1 to 256 bytes long");
    }
    if access_key.bytes().any(|b| matches!(b, b'=' | b',') || b.is_ascii_control()) {
        return invalid("the access key must not contain '=', ',' or control characters");
    }
    if secret_key.bytes().is_empty() {
        return invalid("the secret key must not be empty");
    }
    if session_token == Some("") {
        return invalid("the session token of a temporary key must not be empty");
    }
    Ok(())
}

impl Credentials for KeyRing {
    fn find(&self, access_key: &str) -> Option<Credential<'_>> {
        let owner = *self.owners.get(access_key)?;
        let Kept { key, generation } = self.keys.get(owner as usize)?;
        Some(Credential {
            access_key: &key.access_key,
            secret: &key.secret_key,
            state: key.state,
            session_token: key.session_token.as_deref(),
            expires: key.expires,
            generation: *generation,
            owner,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(access_key: &str, secret: &str) -> NewKey {
        NewKey {
            access_key: access_key.to_owned(),
            secret_key: SecretKey::new(secret),
            session_token: None,
            expires: None,
            state: CredentialState::Enabled,
        }
    }

    #[test]
    fn a_replaced_key_keeps_its_owner_and_changes_its_generation() {
        let mut ring = KeyRing::new();
        ring.add(key("first", "one")).unwrap();
        ring.add(key("second", "two")).unwrap();
        let before = ring.find("first").map(|c| (c.owner, c.generation)).unwrap();
        ring.add(key("first", "other")).unwrap();
        let after = ring.find("first").unwrap();
        assert_eq!(after.owner, before.0);
        assert_ne!(after.generation, before.1);
        assert_eq!(after.secret.bytes(), b"other");
        assert_ne!(ring.find("second").unwrap().owner, after.owner);
        assert!(ring.find("third").is_none());
    }

    #[test]
    fn keys_that_cannot_be_used_are_refused() {
        let mut ring = KeyRing::new();
        for (access_key, secret) in
            [("", "s"), ("a=b", "s"), ("a,b", "s"), ("a\n", "s"), (&*"a".repeat(257), "s"), ("ok", "")]
        {
            let error = ring.add(key(access_key, secret)).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidArgument, "{access_key:?}");
        }
        assert!(ring.add(NewKey { session_token: Some(String::new()), ..key("ok", "s") }).is_err());
    }

    #[test]
    fn debug_shows_neither_secret_nor_token() {
        let mut ring = KeyRing::new();
        ring.add(NewKey { session_token: Some("TOKEN-TEXT".to_owned()), ..key("visible", "SECRET-TEXT") })
            .unwrap();
        let shown = format!("{ring:?} {:?}", ring.find("visible"));
        assert!(shown.contains("visible"));
        assert!(!shown.contains("TEXT"), "{shown}");
    }
}
