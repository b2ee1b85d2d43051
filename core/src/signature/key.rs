//! Keys: derived from a secret, for one day, region and service where it is SigV4's, and kept in a bounded
//! cache.

use super::SecretKey;
use super::canonical::StringToSign;
use super::claim::{Signature, SignatureValue};
#[cfg(feature = "forms")]
use super::hash::Hashing;
use super::hash::{self, Buffer, KeyBlock, MacKey};
use super::scope::Scope;
#[cfg(feature = "forms")]
use super::v4a::EcdsaKey;
use crate::bytes::same;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroize;

/// What the signature of a request is checked with.
#[derive(Clone)]
pub(super) enum Key {
    /// The signing key of SigV4.
    Mac(SigningKey),
    /// The public key of SigV4A.
    #[cfg(feature = "forms")]
    Ecdsa(EcdsaKey),
}

impl Key {
    /// Whether the signature is one of this text; never if it is malformed or of the other kind.
    #[inline]
    pub(super) fn verifies(
        &self,
        text: &StringToSign<'_>,
        signature: &Signature<'_>,
        buffer: &mut Buffer,
    ) -> bool {
        match (self, &signature.value) {
            // What is malformed costs as much as what is wrong.
            (Key::Mac(key), value) => {
                let computed = key.sign(text, buffer);
                matches!(value, Some(SignatureValue::Mac(claimed)) if same(&computed, claimed))
            }
            #[cfg(feature = "forms")]
            (Key::Ecdsa(key), Some(SignatureValue::Ecdsa(claimed))) => key.holds(text, claimed, buffer),
            #[cfg(feature = "forms")]
            (Key::Ecdsa(_), _) => false,
        }
    }
}

#[cfg(feature = "forms")]
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// A signing key. Wiped when dropped.
#[derive(Clone, Zeroize)]
pub(super) struct SigningKey(MacKey);

impl SigningKey {
    /// Derives the key of a scope.
    pub(super) fn derive(secret: &SecretKey, scope: &Scope<'_>) -> Self {
        #[cfg(test)]
        super::midnight::derived();
        Self(hash::derive(
            KeyBlock::new(b"AWS4", secret.bytes()),
            [scope.date, scope.region, scope.service, b"aws4_request"],
        ))
    }

    /// The signature of a string to sign.
    #[inline]
    pub(super) fn sign(&self, text: &StringToSign<'_>, buffer: &mut Buffer) -> [u8; 32] {
        self.0.mac(buffer, |sink| text.write(sink))
    }

    /// The MAC of another text under this key.
    #[cfg(feature = "forms")]
    pub(super) fn mac(&self, buffer: &mut Buffer, write: impl FnOnce(&mut Hashing<'_>)) -> [u8; 32] {
        self.0.mac(buffer, write)
    }
}

/// How many keys share a lock and compete for the same places.
const WAYS: usize = 8;
/// More sets than any server has use for.
const MAX_SETS: usize = 1 << 16;

/// A bounded cache of keys of one kind. A key is found only for the very secret, generation and text (of
/// SigV4 the scope, of SigV4A the access key) it was derived from, so the cache can neither revive an
/// old secret nor skip a check of the credential.
///
/// - Keys are derived outside the locks, which are held for a look at a few entries. At midnight UTC, when
///   no key of the new day is there, each thread derives at most one key of an access key for itself, and
///   nobody waits for another's.
/// - Where there is no room, keys of an earlier day go first.
/// - [`KeyCache::keep_only`] and [`KeyCache::forget`] wipe the keys of secrets that are no more. Requests that
///   began with such a secret do not bring its key back.
pub(super) struct KeyCache<K> {
    sets: Box<[Mutex<Set<K>>]>,
    ways: usize,
}

struct Set<K> {
    entries: Vec<Entry<K>>,
    uses: u64,
}

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self { entries: Vec::new(), uses: 0 }
    }
}

struct Entry<K> {
    fingerprint: [u8; 16],
    generation: u64,
    text: Box<[u8]>,
    key: K,
    used: u64,
}

impl<K> Drop for Entry<K> {
    fn drop(&mut self) {
        self.fingerprint.zeroize();
    }
}

impl<K: Clone + Zeroize> KeyCache<K> {
    /// A cache for at most so many keys.
    pub(super) fn new(capacity: usize) -> Self {
        let ways = capacity.min(WAYS);
        let sets = capacity.checked_div(ways).map_or(0, |sets| 1_usize << sets.ilog2());
        Self { sets: (0..sets.min(MAX_SETS)).map(|_| Mutex::default()).collect(), ways }
    }

    /// The key of a secret, a generation of it and a text.
    pub(super) fn get(&self, secret: &SecretKey, generation: u64, text: &[u8]) -> Option<K> {
        let mut set = self.set(secret, text)?.lock().unwrap_or_else(PoisonError::into_inner);
        set.uses += 1;
        let uses = set.uses;
        let entry = set.entries.iter_mut().find(|entry| entry.is(secret, generation, text))?;
        entry.used = uses;
        Some(entry.key.clone())
    }

    /// Keeps a key that has verified a signature, in place of the one that is worth least, if it is still
    /// wanted.
    pub(super) fn insert(
        &self,
        secret: &SecretKey,
        generation: u64,
        text: &[u8],
        key: K,
        wanted: impl FnOnce() -> bool,
    ) {
        let Some(set) = self.set(secret, text) else { return };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        if !wanted() || set.entries.iter().any(|entry| entry.is(secret, generation, text)) {
            return;
        }
        set.uses += 1;
        let entry =
            Entry { fingerprint: *secret.fingerprint(), generation, text: text.into(), key, used: set.uses };
        if set.entries.len() < self.ways {
            // At once for all ways: a growing list would leave copies of keys behind.
            let missing = self.ways - set.entries.len();
            set.entries.reserve_exact(missing);
            set.entries.push(entry);
        } else if let Some(oldest) = set.entries.iter_mut().min_by_key(|entry| entry.worth()) {
            *oldest = entry;
        }
    }

    /// Wipes the keys of all secrets but these. Each set is locked twice, for as long as its few entries take.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub(super) fn keep_only<'s>(&self, secrets: impl IntoIterator<Item = &'s SecretKey>) {
        let sets = || self.sets.iter().map(|set| set.lock().unwrap_or_else(PoisonError::into_inner));
        // There may be many more secrets than cached keys.
        let mut cached = zeroize::Zeroizing::new(Vec::with_capacity(self.sets.len() * self.ways));
        for set in sets() {
            let room = cached.capacity() - cached.len();
            cached.extend(set.entries.iter().take(room).map(|entry| entry.fingerprint));
        }
        cached.sort_unstable();
        let mut kept = vec![false; cached.len()];
        // Equal fingerprints lie side by side.
        let mut keep = |fingerprint: &[u8; 16]| {
            let first = cached.partition_point(|other| other < fingerprint);
            let same = cached.iter().skip(first).take_while(|other| *other == fingerprint).count();
            kept.iter_mut().skip(first).take(same).for_each(|kept| *kept = true);
        };
        secrets.into_iter().for_each(|secret| keep(secret.fingerprint()));
        self.wipe(|fingerprint| {
            let at = cached.binary_search(fingerprint);
            at.is_ok_and(|at| kept.get(at) == Some(&false))
        });
    }

    /// Wipes the keys of a secret.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub(super) fn forget(&self, secret: &SecretKey) {
        self.wipe(|fingerprint| fingerprint == secret.fingerprint());
    }

    /// Wipes the keys of those secrets whose fingerprints are gone.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    fn wipe(&self, is_gone: impl Fn(&[u8; 16]) -> bool) {
        for set in &self.sets {
            let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
            set.entries.iter_mut().filter(|entry| is_gone(&entry.fingerprint)).for_each(Entry::wipe);
        }
    }

    fn set(&self, secret: &SecretKey, text: &[u8]) -> Option<&Mutex<Set<K>>> {
        // The fingerprint is uniform already; the text is stirred in word by word, the last of which
        // may overlap the one before it.
        let stir = |hash: u64, word: &[u8; 8]| {
            (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        };
        let words = text.as_chunks().0.iter().chain(text.last_chunk());
        let hash = words.fold(stir(0, secret.fingerprint().first_chunk()?), stir);
        // The number of sets is a power of two; the high bits are the best stirred.
        let mask = self.sets.len().checked_sub(1)?;
        self.sets.get((hash >> 40) as usize & mask)
    }

    /// Whether no set is locked.
    #[cfg(test)]
    pub(super) fn is_free(&self) -> bool {
        self.sets.iter().all(|set| set.try_lock().is_ok())
    }

    /// Whether there is a key of a secret.
    #[cfg(test)]
    pub(super) fn has_key_of(&self, secret: &SecretKey) -> bool {
        let has = |set: &Mutex<Set<K>>| {
            set.lock().unwrap().entries.iter().any(|entry| entry.fingerprint == *secret.fingerprint())
        };
        self.sets.iter().any(has)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.sets.iter().map(|set| set.lock().unwrap().entries.len()).sum()
    }
}

impl<K: Zeroize> Entry<K> {
    /// Keys of an earlier day go first, since nobody can sign with them for long, then those unused for longest.
    fn worth(&self) -> (u64, u64) {
        // The wasm module is to be small first, and one day's keys are as good as another's.
        let day = if cfg!(target_family = "wasm") { None } else { self.text.first_chunk() };
        (day.map_or(0, |day| u64::from_be_bytes(*day)), self.used)
    }

    /// Leaves an entry that is found for no secret and goes first. Taking it out would move others and leave
    /// copies of them behind.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    fn wipe(&mut self) {
        self.fingerprint.zeroize();
        self.key.zeroize();
        self.text = Box::default();
        self.used = 0;
    }

    fn is(&self, secret: &SecretKey, generation: u64, text: &[u8]) -> bool {
        self.fingerprint == *secret.fingerprint() && self.generation == generation && *self.text == *text
    }
}

impl<K> fmt::Debug for KeyCache<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCache({} places)", self.sets.len() * self.ways)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::hex;
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    fn scope(text: &str) -> Scope<'_> {
        Scope::read(text.as_bytes()).unwrap()
    }

    fn sign(key: &SigningKey) -> String {
        let text = StringToSign { date: b"20150830T123600Z", scope: b"s", request: &[b'0'; 64] };
        String::from_utf8(hex(&key.sign(&text, &mut Buffer::new())).to_vec()).unwrap()
    }

    #[test]
    fn derivation_is_the_published_chain() {
        // HMAC over the same chain, spelt out.
        let mac = |key: &[u8], text: &[u8]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
            mac.update(text);
            <[u8; 32]>::from(mac.finalize().into_bytes())
        };
        for length in [1, 40, 60, 61, 64, 65, 200] {
            let secret = "s".repeat(length);
            let mut key = mac(format!("AWS4{secret}").as_bytes(), b"20150830");
            for part in ["us-east-1", "iam", "aws4_request"] {
                key = mac(&key, part.as_bytes());
            }
            let derived =
                SigningKey::derive(&SecretKey::new(secret), &scope("AK/20150830/us-east-1/iam/aws4_request"));
            let text = format!("AWS4-HMAC-SHA256\n20150830T123600Z\ns\n{}", "0".repeat(64));
            assert_eq!(sign(&derived).as_bytes(), hex(&mac(&key, text.as_bytes())), "{length}");
        }
    }

    #[test]
    fn a_key_is_found_only_for_its_secret_generation_and_scope() {
        let cache = KeyCache::new(64);
        let (secret, other) = (SecretKey::new("one"), SecretKey::new("two"));
        let day = scope("AK/20260115/us-east-1/s3/aws4_request");
        let key = SigningKey::derive(&secret, &day);
        cache.insert(&secret, 1, day.text, key.clone(), || true);
        cache.insert(&secret, 1, day.text, key.clone(), || true);
        assert_eq!(cache.len(), 1);
        assert_eq!(cache.get(&secret, 1, day.text).map(|k| sign(&k)), Some(sign(&key)));
        assert!(cache.get(&other, 1, day.text).is_none());
        assert!(cache.get(&secret, 2, day.text).is_none());
        for text in [
            "AK/20260116/us-east-1/s3/aws4_request",
            "AK/20260115/us-east-2/s3/aws4_request",
            "AK/20260115/us-east-1/sts/aws4_request",
        ] {
            assert!(cache.get(&secret, 1, scope(text).text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_cache_is_bounded_and_drops_what_is_unused_for_longest() {
        for capacity in [0, 1, 3, 8, 20, 64] {
            let cache = KeyCache::new(capacity);
            for n in 0..200 {
                let text = format!("AK/20260115/r{n}/s3/aws4_request");
                let (secret, scope) = (SecretKey::new("s"), scope(&text));
                cache.insert(&secret, 0, scope.text, SigningKey::derive(&secret, &scope), || true);
                assert_eq!(cache.get(&secret, 0, scope.text).is_some(), capacity > 0);
            }
            assert!(cache.len() <= capacity, "{} of {capacity}", cache.len());
        }
        let cache = KeyCache::new(2);
        let secret = SecretKey::new("s");
        let texts = ["a", "b", "c"].map(|region| format!("AK/20260115/{region}/s3/aws4_request"));
        let [a, b, c] = texts.each_ref().map(|text| scope(text));
        let insert = |scope: &Scope<'_>| {
            cache.insert(&secret, 0, scope.text, SigningKey::derive(&secret, scope), || true);
        };
        insert(&a);
        insert(&b);
        assert!(cache.get(&secret, 0, a.text).is_some());
        insert(&c);
        assert!(cache.get(&secret, 0, a.text).is_some());
        assert!(cache.get(&secret, 0, b.text).is_none());
    }

    #[test]
    fn keys_of_an_earlier_day_go_first() {
        let cache = KeyCache::new(2);
        let secret = SecretKey::new("s");
        let texts = ["20260115/a", "20260116/b", "20260116/c", "20260115/d"];
        let texts = texts.map(|text| format!("AK/{text}/s3/aws4_request"));
        let [old, b, c, old_again] = texts.each_ref().map(|text| scope(text));
        let insert = |scope: &Scope<'_>| {
            cache.insert(&secret, 0, scope.text, SigningKey::derive(&secret, scope), || true);
        };
        let has = |scope: &Scope<'_>| cache.get(&secret, 0, scope.text).is_some();
        insert(&old);
        insert(&b);
        assert!(has(&old), "which is now the one used last");
        insert(&c);
        assert!(!has(&old) && has(&b) && has(&c));
        insert(&old_again);
        insert(&b);
        assert!(!has(&old_again), "a key of an old day is no match for one of the new");
    }

    #[test]
    fn keys_of_secrets_that_are_gone_are_wiped() {
        let cache = KeyCache::new(64);
        let secrets = ["stays", "goes", "stays too"].map(SecretKey::new);
        let texts = ["a", "b", "c"].map(|region| format!("AK/20260115/{region}/s3/aws4_request"));
        let scopes = texts.each_ref().map(|text| scope(text));
        for secret in &secrets {
            for scope in &scopes {
                cache.insert(secret, 0, scope.text, SigningKey::derive(secret, scope), || true);
            }
        }
        let [first, gone, third] = &secrets;
        let lying = || -> Vec<String> {
            let sets = cache.sets.iter().map(|set| set.lock().unwrap());
            sets.flat_map(|set| set.entries.iter().map(|entry| sign(&entry.key)).collect::<Vec<_>>())
                .collect()
        };
        let signatures = |secret| scopes.each_ref().map(|scope| sign(&SigningKey::derive(secret, scope)));
        assert!(signatures(gone).iter().all(|signature| lying().contains(signature)));
        cache.keep_only([third, first, &SecretKey::new("never seen")]);
        assert!(!signatures(gone).iter().any(|signature| lying().contains(signature)), "it lies in memory");
        for scope in &scopes {
            assert!(cache.get(gone, 0, scope.text).is_none());
            assert!(cache.get(first, 0, scope.text).is_some() && cache.get(third, 0, scope.text).is_some());
        }
        // Whoever still has the secret gets its key, which is not kept where it is not wanted.
        let [scope, ..] = &scopes;
        cache.insert(gone, 0, scope.text, SigningKey::derive(gone, scope), || false);
        assert!(cache.get(gone, 0, scope.text).is_none());
        cache.insert(gone, 0, scope.text, SigningKey::derive(gone, scope), || true);
        assert!(cache.get(gone, 0, scope.text).is_some());
        // One secret by itself.
        cache.forget(first);
        assert!(!signatures(first).iter().any(|signature| lying().contains(signature)), "it lies in memory");
        assert!(!cache.has_key_of(first) && cache.has_key_of(gone) && cache.has_key_of(third));
        cache.keep_only([]);
        assert!(secrets.iter().all(|secret| cache.get(secret, 0, scope.text).is_none()));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", KeyCache::<SigningKey>::new(20)), "KeyCache(16 places)");
    }
}
