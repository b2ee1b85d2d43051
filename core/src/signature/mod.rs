//! AWS signatures: classification, verification, and the identity that only verification can mint.
//!
//! Verification reads the request once, in this order, and the first check that fails is the answer
//! (spec: sigv4, section 3.5): which mechanism, its syntax and algorithm, its date, its scope, the
//! access key, its token, the payload hash, the list of signed headers, the signature, the body.
//! Nothing is believed before the signature is verified, and what is believed then is exactly what
//! it covered.

#[cfg(feature = "forms")]
mod announced;
#[cfg(feature = "forms")]
mod authentication;
mod authorization;
#[cfg(feature = "forms")]
mod base64;
mod body;
#[cfg(feature = "forms")]
mod body_reader;
mod canonical;
#[cfg(feature = "forms")]
mod chain;
#[cfg(feature = "forms")]
mod checksum;
#[cfg(feature = "forms")]
mod chunk;
mod claim;
mod classify;
mod covered;
#[cfg(feature = "forms")]
mod crc;
mod credential;
#[cfg(feature = "forms")]
mod diagnose;
#[cfg(feature = "forms")]
mod ecdsa_key;
mod encode;
mod hash;
mod header;
mod headers;
mod key;
mod key_ring;
mod limits;
#[cfg(feature = "forms")]
mod line;
#[cfg(test)]
mod midnight;
mod options;
#[cfg(feature = "forms")]
mod post;
mod presigned;
mod proof;
mod query;
mod received;
mod refusal;
mod scope;
#[cfg(feature = "forms")]
mod sign;
mod signed_headers;
mod sink;
mod token;
#[cfg(feature = "forms")]
mod trailer;
#[cfg(feature = "forms")]
mod v2;
#[cfg(feature = "forms")]
mod v4a;
mod verified;

#[cfg(feature = "forms")]
pub use authentication::Authentication;
#[cfg(feature = "forms")]
pub use body_reader::{Body, BodyReader, BodySummary, Pushed, stored_content_encoding};
#[cfg(feature = "forms")]
pub use checksum::{Checksum, ChecksumAlgorithm};
pub use credential::{Credential, CredentialState, Credentials, SecretKey};
#[cfg(feature = "forms")]
pub use diagnose::{Cause, Checked, ClientSide, Diagnosis, Difference, ForClient};
pub(crate) use hash::sha256;
pub use key_ring::{KeyRing, NewKey};
pub use options::{Options, RepeatedQueryOrder};
#[cfg(feature = "forms")]
pub use post::{LengthRange, PostForm, PostUpload};
#[cfg(feature = "forms")]
pub use sign::{
    ChunkKind, ChunkSigner, PolicyCondition, PolicyDraft, PolicyKey, SignedPayload, Signer, SignerOptions,
    SigningAlgorithm, SigningCredentials,
};
#[cfg(feature = "forms")]
pub use verified::Chunking;
pub use verified::{Form, Identity, Payload, Verified};

use crate::http::HttpRequest;
use crate::{Error, ErrorCode, Timestamp};
use body::Room;
use claim::Claim;
use classify::Mechanism;
use covered::Covered;
use key::{Key, KeyCache, SigningKey};
use proof::Proof;
use received::Received;
use token::Token;
#[cfg(feature = "forms")]
use v4a::EcdsaKey;
#[cfg(not(feature = "forms"))]
use verified::Body;

/// Verifies request signatures: options and bounded caches of keys. Shareable between threads.
#[derive(Debug)]
pub struct Verifier {
    options: Options,
    keys: KeyCache<SigningKey>,
    /// The public keys of SigV4A.
    #[cfg(feature = "forms")]
    points: KeyCache<EcdsaKey>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Verifier {
    /// A verifier with these options and an empty key cache.
    pub fn new(options: Options) -> Self {
        Self {
            keys: KeyCache::new(options.cached_keys),
            #[cfg(feature = "forms")]
            points: KeyCache::new(options.cached_keys),
            options,
        }
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Wipes the cached signing keys of all secrets but these, for when access keys were removed or got other
    /// secrets. Such a key is never found again, so this changes no answer; it takes from memory what could
    /// still sign until the end of the day.
    ///
    /// [`Iam::replace`](crate::authorize::Iam::replace) does this by itself. Of a single secret it is
    /// [`Verifier::forget`].
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub fn keep_only<'s>(&self, secrets: impl IntoIterator<Item = &'s SecretKey> + Clone) {
        #[cfg(feature = "forms")]
        self.points.keep_only(secrets.clone());
        self.keys.keep_only(secrets);
    }

    /// Wipes the cached signing keys of a secret: of one that [`KeyRing::add`] or [`KeyRing::remove`] handed
    /// back. As with [`Verifier::keep_only`] this changes no answer; a secret that is still in use costs a
    /// derivation more.
    ///
    /// Call it when no request is verified with the old key any more, for example under the lock that the ring
    /// is changed under: a request that is under way may bring the signing key back.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub fn forget(&self, secret: &SecretKey) {
        #[cfg(feature = "forms")]
        self.points.forget(secret);
        self.keys.forget(secret);
    }

    /// Verifies the authentication of a request at the time `now`.
    ///
    /// Answers who signed it, or that nobody did ([`Verified::Anonymous`]), or the error to send.
    /// Where `request.body` is given it is compared with the signed payload hash; services other
    /// than S3 sign the body's hash without sending it, so there it must be given.
    ///
    /// # Errors
    ///
    /// Codes 300 to 399 of the error table, [`ErrorCode::InvalidUri`] for broken percent-escapes, and for SigV2
    /// [`ErrorCode::RepeatedParameter`] and [`ErrorCode::AmbiguousOperation`]. A form upload is verified together
    /// with its fields, by `verify_post`, and refused here; what this build does not have is
    /// [`ErrorCode::Unsupported`].
    pub fn verify<'d>(
        &self,
        request: &HttpRequest<'_>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Verified<'d>, Error> {
        let mut parameters = presigned::Parameters::default();
        let mut covered = Covered::default();
        let mut received = Received::new(request);
        let claim = match received.read(&self.options)? {
            Mechanism::Anonymous => {
                return body::anonymous(&received, &self.options).map(|_| Verified::Anonymous);
            }
            Mechanism::Header(text) => {
                header::claim(text, &received.headers, &mut covered, (&self.options, now))?
            }
            Mechanism::Presigned => {
                parameters.read(&received.query)?;
                parameters.claim(&received.headers, &mut covered, &self.options)?
            }
            #[cfg(feature = "forms")]
            Mechanism::HeaderV4a(text) => {
                header::claim_v4a(text, &received.headers, &mut covered, (&self.options, now))?
            }
            #[cfg(feature = "forms")]
            Mechanism::HeaderV2(text) => {
                let claim = v2::Claim::header(text, &received.headers, (&self.options, now))?;
                return self.settle_v2(&received, &claim, credentials, now).map(Verified::Signed);
            }
            #[cfg(feature = "forms")]
            Mechanism::PresignedV2 => {
                let claim = v2::Claim::presigned(&received.query, &self.options)?;
                return self.settle_v2(&received, &claim, credentials, now).map(Verified::Signed);
            }
            #[cfg(feature = "forms")]
            Mechanism::Bearer => return Err(ErrorCode::AuthFormUnsupported.into()),
            #[cfg(feature = "forms")]
            Mechanism::Post => return Err(ErrorCode::FormFieldsNeeded.into()),
        };
        self.settle(&received, (&claim, &mut covered), credentials, now).map(Verified::Signed)
    }

    /// Proves a claim or refuses it.
    #[inline(never)]
    fn settle<'d, 'c>(
        &self,
        received: &Received<'_, '_>,
        (claim, covered): (&Claim<'c>, &mut Covered<'c>),
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Identity<'d>, Error> {
        let options = &self.options;
        let credential = self.look_up(claim.scope.access_key, credentials, |decoy| {
            let (key, mut room) = (derive(decoy, claim), Room::new());
            let proof = Proof::prepare(received, claim, covered, &mut room, options);
            let proof = proof.map(|proof| {
                let explained = cfg!(not(target_family = "wasm")).then(|| proof.explain(&[], options));
                (proof.holds(&key, options), explained)
            });
            let _ = std::hint::black_box(proof);
        })?;
        if let Some(seconds) = claim.expires {
            presigned::check_window(&claim.date, seconds, now, options)?;
        }
        let mut token = Token::new();
        token::carried(&received.headers, &received.query, &claim.scope, &mut token)?;
        token::check(&token, &credential, now, options)?;
        let mut room = Room::new();
        let proof = Proof::prepare(received, claim, covered, &mut room, options)?;
        let body = self.with_key(&credential, claim, credentials, |key| {
            if !proof.holds(key, options) {
                return Err(proof.explain(&token, options));
            }
            proof.payload.settle(received, claim, options, key)
        })?;
        Ok(Identity::new(&credential, claim.form, claim.date.instant, body))
    }

    /// A reader for the body of a request without any authentication, which checks the hash, the checksum or
    /// the chunks that the request announces.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a request with authentication, whose reader comes from
    /// [`Verified::body_reader`]; else what [`Verifier::verify`] answers.
    #[cfg(feature = "forms")]
    pub fn anonymous_body(&self, request: &HttpRequest<'_>) -> Result<BodyReader, Error> {
        let mut received = Received::new(request);
        if received.read(&self.options)? != Mechanism::Anonymous {
            let message = "The request is not anonymous: its reader comes from its verification.";
            return Err(Error::with_message(ErrorCode::InvalidArgument, message));
        }
        body::anonymous(&received, &self.options).map(|body| body.reader())
    }

    /// Gives the key of a claim to `prove`, which fails if the signature is not of this key. A new one is kept once
    /// it has verified a signature.
    #[cfg_attr(
        target_family = "wasm",
        expect(unused_variables, reason = "nothing retires credentials there")
    )]
    fn with_key<T>(
        &self,
        credential: &Credential<'_>,
        claim: &Claim<'_>,
        credentials: &dyn Credentials,
        prove: impl FnOnce(&Key) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (secret, generation, scope) = (credential.secret, credential.generation, &claim.scope);
        let kept = match claim.form {
            #[cfg(feature = "forms")]
            form if form.is_v4a() => {
                self.points.get(secret, generation, scope.access_key.as_bytes()).map(Key::Ecdsa)
            }
            _ => self.keys.get(secret, generation, scope.text).map(Key::Mac),
        };
        let is_new = kept.is_none();
        let key = kept.unwrap_or_else(|| derive(secret, claim));
        let proven = prove(&key)?;
        if is_new {
            // Asked under the lock, so that whoever wipes keys afterwards finds this one.
            #[cfg(not(target_family = "wasm"))]
            let wanted = || !credentials.is_retired();
            #[cfg(target_family = "wasm")]
            let wanted = || true;
            match key {
                Key::Mac(key) => self.keys.insert(secret, generation, scope.text, key, wanted),
                #[cfg(feature = "forms")]
                Key::Ecdsa(key) => {
                    self.points.insert(secret, generation, scope.access_key.as_bytes(), key, wanted);
                }
            }
        }
        Ok(proven)
    }

    /// Finds the credential of an access key, if it may be used. If not, `verify` is called with a secret, to do the
    /// work of a wrong signature.
    fn look_up<'d>(
        &self,
        access_key: &str,
        credentials: &'d dyn Credentials,
        verify: impl FnOnce(&SecretKey),
    ) -> Result<Credential<'d>, Error> {
        let code = match credentials.find(access_key) {
            Some(found) if found.state == CredentialState::Enabled => return Ok(found),
            Some(_) => ErrorCode::DisabledAccessKey,
            None => ErrorCode::UnknownAccessKey,
        };
        // So the time taken says no more than the code does.
        verify(&SecretKey::decoy());
        Err(refusal::access_key(code, access_key, &self.options))
    }
}

/// Derives the key of a claim.
fn derive(secret: &SecretKey, claim: &Claim<'_>) -> Key {
    match claim.form {
        #[cfg(feature = "forms")]
        form if form.is_v4a() => Key::Ecdsa(EcdsaKey::derive(secret, claim.scope.access_key)),
        _ => Key::Mac(SigningKey::derive(secret, &claim.scope)),
    }
}
