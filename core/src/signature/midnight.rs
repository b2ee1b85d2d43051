//! Midnight, when the signing keys of a new day are not cached yet: many threads at once derive few keys, and
//! none waits for a derivation.

use super::sink::hex;
use super::*;
use crate::http::Header;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::cell::RefCell;
use std::sync::{Arc, Barrier};

/// What a thread does whenever it derives a key.
type Watch = Box<dyn FnMut()>;

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
    static DERIVED: RefCell<usize> = const { RefCell::new(0) };
}

/// Called whenever a key is derived.
pub(super) fn derived() {
    DERIVED.with_borrow_mut(|count| *count += 1);
    WATCH.with_borrow_mut(|watch| watch.iter_mut().for_each(|watch| watch()));
}

/// How many keys this thread derives meanwhile.
fn derivations(call: impl FnOnce()) -> usize {
    let before = DERIVED.with_borrow(|count| *count);
    call();
    DERIVED.with_borrow(|count| *count) - before
}

const BEFORE: &str = "20260115T235959Z";
const AFTER: &str = "20260116T000000Z";
const KEYS: [&str; 4] = ["first", "second", "third", "fourth"];

/// Verifies a request that this access key signed at that time; it must be accepted.
fn verify(verifier: &Verifier, ring: &dyn Credentials, access_key: &str, date: &str) {
    let secret = ring.find(access_key).unwrap().secret;
    let scope = format!("{}/us-east-1/s3/aws4_request", &date[..8]);
    let text = format!(
        "GET\n/bucket/key\n\nhost:h\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:{date}\n\n\
        host;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD"
    );
    let hash = String::from_utf8(hex(&sha256(&[text.as_bytes()])).to_vec()).unwrap();
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
    let mac = |key: Vec<u8>, text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(text.as_bytes());
        <[u8; 32]>::from(mac.finalize().into_bytes()).to_vec()
    };
    let key = scope.split('/').fold([b"AWS4", secret.bytes()].concat(), mac);
    let signature = String::from_utf8(hex(&mac(key, &text).try_into().unwrap()).to_vec()).unwrap();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={access_key}/{scope}, \
        SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
    );
    let headers: [Header<'_>; 4] = [
        (b"host", b"h"),
        (b"x-amz-content-sha256", b"UNSIGNED-PAYLOAD"),
        (b"x-amz-date", date.as_bytes()),
        (b"authorization", authorization.as_bytes()),
    ];
    let request = HttpRequest {
        method: b"GET",
        target: b"/bucket/key",
        headers: &headers,
        peer: None,
        secure: true,
        body: None,
    };
    let now = Timestamp::parse_basic(AFTER.as_bytes()).unwrap();
    assert!(matches!(verifier.verify(&request, ring, now), Ok(Verified::Signed(_))));
}

fn ring() -> KeyRing {
    let mut ring = KeyRing::new();
    for name in KEYS {
        let secret_key = SecretKey::new(format!("secret of {name}"));
        let (access_key, state) = (name.to_owned(), CredentialState::Enabled);
        ring.add(NewKey { access_key, secret_key, session_token: None, expires: None, state }).unwrap();
    }
    ring
}

#[test]
fn each_thread_derives_a_key_of_the_new_day_at_most_once() {
    const THREADS: usize = 8;
    let (verifier, ring, start) = (Verifier::default(), ring(), Barrier::new(THREADS));
    let all = |date| KEYS.iter().for_each(|key| verify(&verifier, &ring, key, date));
    assert_eq!(derivations(|| all(BEFORE)), KEYS.len());
    assert_eq!(derivations(|| all(BEFORE)), 0);
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let work = || {
            derivations(|| {
                start.wait();
                (0..20).for_each(|_| all(AFTER));
            })
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(counts.iter().all(|&count| count <= KEYS.len()), "{counts:?}");
    assert!(counts.iter().sum::<usize>() >= KEYS.len(), "somebody has to");
    // Requests of either side of midnight find their keys.
    assert_eq!(derivations(|| [BEFORE, AFTER].into_iter().for_each(all)), 0);
}

#[test]
fn no_lock_is_held_while_a_key_is_derived() {
    let (verifier, ring) = (Arc::new(Verifier::default()), ring());
    let watched = Arc::clone(&verifier);
    let free = move || assert!(watched.keys.is_free(), "somebody would wait");
    WATCH.with_borrow_mut(|watch| *watch = Some(Box::new(free)));
    for date in [BEFORE, AFTER] {
        let count = derivations(|| KEYS.iter().for_each(|key| verify(&verifier, &ring, key, date)));
        assert_eq!(count, KEYS.len());
    }
    WATCH.with_borrow_mut(Option::take);
}

/// Credentials that others have replaced.
struct Replaced(KeyRing);

impl Credentials for Replaced {
    fn find(&self, access_key: &str) -> Option<Credential<'_>> {
        self.0.find(access_key)
    }

    fn is_retired(&self) -> bool {
        true
    }
}

#[test]
fn nothing_is_kept_for_credentials_that_were_replaced() {
    let (verifier, old) = (Verifier::default(), Replaced(ring()));
    for _ in 0..2 {
        assert_eq!(derivations(|| verify(&verifier, &old, "first", AFTER)), 1);
    }
    let current = ring();
    assert_eq!(derivations(|| verify(&verifier, &current, "first", AFTER)), 1);
    // What is cached is used all the same, by either.
    assert_eq!(derivations(|| verify(&verifier, &old, "first", AFTER)), 0);
    verifier.keep_only(current.secrets());
    assert_eq!(derivations(|| verify(&verifier, &current, "first", AFTER)), 0);
    verifier.keep_only([]);
    assert_eq!(derivations(|| verify(&verifier, &current, "first", AFTER)), 1);
}

#[test]
fn nothing_is_kept_of_a_secret_that_was_replaced_or_removed() {
    let (verifier, mut ring) = (Verifier::default(), ring());
    KEYS.iter().for_each(|key| verify(&verifier, &ring, key, AFTER));
    let secrets = KEYS.map(|name| SecretKey::new(format!("secret of {name}")));
    assert!(secrets.iter().all(|secret| verifier.keys.has_key_of(secret)));
    let (access_key, secret_key) = ("first".to_owned(), SecretKey::new("another"));
    let state = CredentialState::Enabled;
    let key = NewKey { access_key, secret_key, session_token: None, expires: None, state };
    let gone = [ring.add(key).unwrap(), ring.remove("second")];
    gone.iter().flatten().for_each(|secret| verifier.forget(secret));
    assert_eq!(secrets.map(|secret| verifier.keys.has_key_of(&secret)), [false, false, true, true]);
    let others = || KEYS.iter().skip(2).for_each(|key| verify(&verifier, &ring, key, AFTER));
    assert_eq!(derivations(others), 0);
    assert_eq!(derivations(|| verify(&verifier, &ring, "first", AFTER)), 1);
}
