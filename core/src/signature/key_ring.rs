//! A plain list of access keys, for gateways that only verify signatures.

use super::limits::MAX_ACCESS_KEY_BYTES;
use super::{Credential, CredentialState, Credentials, SecretKey};
use crate::numbers::Numbers;
use crate::{Error, ErrorCode, Timestamp};
use std::fmt;
use std::mem;
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
///
/// When a key is replaced or removed, the ring hands its secret back: hand it on to `Verifier::forget`, which
/// wipes the signing keys that were derived from it.
#[derive(Debug, Default)]
pub struct KeyRing {
    keys: Vec<Kept>,
    /// Where each key is among them.
    places: Numbers,
    added: u64,
}

#[derive(Debug)]
struct Kept {
    key: NewKey,
    generation: u64,
    owner: u32,
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

    /// Adds a key, or replaces the one of that name, whose secret it answers (but not in WebAssembly without
    /// the feature `forms`, where there is no `Verifier::forget`). A replaced key keeps its owner number; no
    /// other key is given that number.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for an access key or secret that no request could be signed with.
    pub fn add(&mut self, key: NewKey) -> Result<Option<SecretKey>, Error> {
        check(&key.access_key, &key.secret_key, key.session_token.as_deref())?;
        self.added += 1;
        let place = self.places.get(key.access_key.as_str()).copied();
        if let Some(kept) = place.and_then(|place| self.keys.get_mut(place as usize)) {
            kept.generation = self.added;
            if cfg!(all(not(feature = "forms"), target_family = "wasm")) {
                // The smallest module wipes no signing keys, and is the smaller for it.
                kept.key = key;
                return Ok(None);
            }
            return Ok(Some(mem::replace(&mut kept.key, key).secret_key));
        }
        self.places.insert(Arc::from(key.access_key.as_str()), self.keys.len() as u32);
        self.keys.push(Kept { key, generation: self.added, owner: self.added as u32 });
        Ok(None)
    }

    /// Removes a key and answers its secret, or `None` if there is no key of that name.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub fn remove(&mut self, access_key: &str) -> Option<SecretKey> {
        let place = self.places.remove(access_key)?;
        let at = place as usize;
        let removed = (at < self.keys.len()).then(|| self.keys.swap_remove(at))?;
        // The last key is in its place now.
        let moved = self.keys.get(at).map(|kept| kept.key.access_key.as_str());
        if let Some(moved) = moved.and_then(|access_key| self.places.get_mut(access_key)) {
            *moved = place;
        }
        Some(removed.key.secret_key)
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
        let place = *self.places.get(access_key)?;
        let Kept { key, generation, owner } = self.keys.get(place as usize)?;
        Some(Credential {
            access_key: &key.access_key,
            secret: &key.secret_key,
            state: key.state,
            session_token: key.session_token.as_deref(),
            expires: key.expires,
            generation: *generation,
            owner: *owner,
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
    fn a_replaced_key_hands_its_secret_back() {
        let mut ring = KeyRing::new();
        assert!(ring.add(key("first", "one")).unwrap().is_none());
        let replaced = ring.add(key("first", "other")).unwrap();
        assert_eq!(replaced.as_ref().map(SecretKey::bytes), Some(&b"one"[..]));
        // What is refused replaces nothing.
        assert!(ring.add(key("first", "")).is_err());
        assert_eq!(ring.find("first").unwrap().secret.bytes(), b"other");
    }

    #[test]
    fn a_removed_key_is_gone_and_the_others_stay() {
        const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];
        for gone in NAMES {
            let mut ring = KeyRing::new();
            for name in NAMES {
                ring.add(key(name, name)).unwrap();
            }
            let owners = NAMES.map(|name| ring.find(name).unwrap().owner);
            let removed = ring.remove(gone);
            assert_eq!(removed.as_ref().map(SecretKey::bytes), Some(gone.as_bytes()));
            assert!(ring.find(gone).is_none() && ring.remove(gone).is_none());
            for (name, owner) in NAMES.iter().zip(owners).filter(|(name, _)| **name != gone) {
                let found = ring.find(name).unwrap();
                assert_eq!((found.secret.bytes(), found.owner), (name.as_bytes(), owner), "{name} of {gone}");
            }
            // Whoever comes later is somebody else, also under the same name.
            ring.add(key(gone, "again")).unwrap();
            let again = ring.find(gone).unwrap();
            assert_eq!(again.secret.bytes(), b"again");
            assert!(!owners.contains(&again.owner), "{gone}");
        }
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
