//! AWS signatures: classification, verification, and the identity that only verification can mint.
//!
//! Verification reads the request once, in this order, and the first check that fails is the answer
//! (spec: sigv4, section 3.5): which mechanism, its syntax and algorithm, its date, its scope, the
//! access key, its token, the payload hash, the list of signed headers, the signature, the body.
//! Nothing is believed before the signature is verified, and what is believed then is exactly what
//! it covered.

mod authorization;
mod body;
mod canonical;
mod claim;
mod classify;
mod covered;
mod credential;
mod encode;
mod hash;
mod header;
mod headers;
mod key;
mod key_ring;
mod limits;
#[cfg(test)]
mod midnight;
mod options;
mod presigned;
mod proof;
mod query;
mod refusal;
mod scope;
mod signed_headers;
mod sink;
mod token;
mod verified;

pub use credential::{Credential, CredentialState, Credentials, SecretKey};
pub(crate) use hash::sha256;
pub use key_ring::{KeyRing, NewKey};
pub use options::{Options, RepeatedQueryOrder};
pub use verified::{Form, Identity, Payload, Verified};

use crate::http::HttpRequest;
use crate::{Error, ErrorCode, Timestamp};
use body::Room;
use canonical::Path;
use claim::Claim;
use classify::{Mechanism, classify};
use covered::Covered;
use headers::Headers;
use key::KeyCache;
use proof::Proof;
use query::Query;
use token::Token;

/// Verifies request signatures: options and a bounded cache of signing keys. Shareable between
/// threads.
#[derive(Debug)]
pub struct Verifier {
    options: Options,
    keys: KeyCache,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Verifier {
    /// A verifier with these options and an empty key cache.
    pub fn new(options: Options) -> Self {
        let keys = KeyCache::new(options.cached_keys);
        Self { options, keys }
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Wipes the cached signing keys of all secrets but these, for when access keys were removed or got other
    /// secrets. Such a key is never found again, so this changes no answer; it takes from memory what could
    /// still sign until the end of the day.
    ///
    /// [`Iam::replace`](crate::authorize::Iam::replace) does this by itself.
    #[cfg(any(feature = "forms", not(target_family = "wasm")))]
    pub fn keep_only<'s>(&self, secrets: impl IntoIterator<Item = &'s SecretKey>) {
        self.keys.keep_only(secrets);
    }

    /// Verifies the authentication of a request at the time `now`.
    ///
    /// Answers who signed it, or that nobody did ([`Verified::Anonymous`]), or the error to send.
    /// Where `request.body` is given it is compared with the signed payload hash; services other
    /// than S3 sign the body's hash without sending it, so there it must be given.
    ///
    /// # Errors
    ///
    /// Codes 300 to 399 of the error table, [`ErrorCode::InvalidUri`] for broken percent-escapes, and
    /// [`ErrorCode::Unsupported`] for authentication forms that are recognised and not implemented.
    pub fn verify<'d>(
        &self,
        request: &HttpRequest<'_>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Verified<'d>, Error> {
        #[cfg(feature = "forms")]
        if request.target.len() > limits::MAX_TARGET_BYTES {
            return Err(ErrorCode::TargetTooLong.into());
        }
        let mut headers = Headers::default();
        headers.read(request.headers)?;
        let mut query = Query::default();
        let (path, text) = request.path_and_query();
        query.read(text, self.options.repeated_query_order)?;
        let path = Path::read(path, self.options.path_plus)?;
        let received = Received { request, headers: &headers, query: &query, path };
        match classify(request, &headers, &query)? {
            Mechanism::Anonymous => {
                body::check_anonymous(request, &headers, &self.options)?;
                Ok(Verified::Anonymous)
            }
            Mechanism::Header(text) => {
                let mut covered = Covered::default();
                let claim = header::claim(text, &headers, &mut covered, (&self.options, now))?;
                self.settle(&received, (&claim, &mut covered), credentials, now).map(Verified::Signed)
            }
            Mechanism::Presigned => {
                let mut parameters = presigned::Parameters::default();
                parameters.read(&query)?;
                let mut covered = Covered::default();
                let claim = parameters.claim(&headers, &mut covered, &self.options)?;
                self.settle(&received, (&claim, &mut covered), credentials, now).map(Verified::Signed)
            }
            #[cfg(feature = "forms")]
            Mechanism::Bearer => Err(ErrorCode::AuthFormUnsupported.into()),
            #[cfg(feature = "forms")]
            Mechanism::HeaderV4a(_) | Mechanism::HeaderV2(_) | Mechanism::PresignedV2 | Mechanism::Post => {
                Err(classify::unsupported())
            }
        }
    }

    /// Proves a claim or refuses it.
    fn settle<'d, 'c>(
        &self,
        received: &Received<'_, '_>,
        (claim, covered): (&Claim<'c>, &mut Covered<'c>),
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Identity<'d>, Error> {
        let options = &self.options;
        let credential = self.look_up(received, (claim, covered), credentials)?;
        if let Some(seconds) = claim.expires {
            presigned::check_window(&claim.date, seconds, now, options)?;
        }
        let mut token = Token::new();
        token::carried(received.headers, received.query, &claim.scope, &mut token)?;
        token::check(&token, &credential, now, options)?;
        let mut room = Room::new();
        let proof = Proof::prepare(received, claim, covered, &mut room, options)?;
        let key = self.keys.get(credential.secret, credential.generation, &claim.scope);
        let cached = key.is_some();
        let key = key.unwrap_or_else(|| key::SigningKey::derive(credential.secret, &claim.scope));
        if !proof.holds(&key, options) {
            return Err(proof.explain(&token, options));
        }
        if !cached {
            // Asked under the lock, so that whoever wipes keys afterwards finds this one.
            #[cfg(not(target_family = "wasm"))]
            let wanted = || !credentials.is_retired();
            #[cfg(target_family = "wasm")]
            let wanted = || true;
            self.keys.insert(credential.secret, credential.generation, &claim.scope, key, wanted);
        }
        Ok(Identity {
            access_key: credential.access_key,
            owner: credential.owner,
            form: claim.form,
            payload: proof.payload.verified(received.request, options)?,
            signed_at: claim.date.instant,
            temporary: credential.session_token.is_some(),
        })
    }

    /// Finds the credential of a claim, if it may be used.
    fn look_up<'d, 'c>(
        &self,
        received: &Received<'_, '_>,
        (claim, covered): (&Claim<'c>, &mut Covered<'c>),
        credentials: &'d dyn Credentials,
    ) -> Result<Credential<'d>, Error> {
        let access_key = claim.scope.access_key;
        let code = match credentials.find(access_key) {
            Some(found) if found.state == CredentialState::Enabled => return Ok(found),
            Some(_) => ErrorCode::DisabledAccessKey,
            None => ErrorCode::UnknownAccessKey,
        };
        // The work of a wrong signature, so that the time taken says no more than the code does.
        let decoy = b"a secret that signs nothing at all here!";
        let key = key::SigningKey::derive_from(decoy, &claim.scope);
        let mut room = Room::new();
        let proof = Proof::prepare(received, claim, covered, &mut room, &self.options);
        let proof = proof.map(|proof| {
            let explained = cfg!(not(target_family = "wasm")).then(|| proof.explain(&[], &self.options));
            (proof.holds(&key, &self.options), explained)
        });
        let _ = std::hint::black_box(proof);
        Err(refusal::access_key(code, access_key, &self.options))
    }
}

/// A request, read once.
struct Received<'a, 'r> {
    request: &'a HttpRequest<'r>,
    headers: &'a Headers<'r>,
    query: &'a Query<'r>,
    path: Path<'r>,
}
