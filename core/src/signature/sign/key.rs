//! What signs: one MAC key for each day, or one key pair for all.

use super::{SigningAlgorithm, SigningCredentials, invalid};
use crate::signature::SecretKey;
use crate::signature::canonical::StringToSign;
use crate::signature::chain::MAX_SIGNATURE;
use crate::signature::classify::{ALGORITHM, ALGORITHM_V4A};
use crate::signature::ecdsa_key;
use crate::signature::hash::Buffer;
use crate::signature::key::{KeyCache, SigningKey};
use crate::signature::scope::Scope;
use crate::signature::sink::{Sink, hex};
use crate::{Error, ErrorCode};
use p256::ecdsa::signature::Signer as _;

/// The keys of a signer.
pub(super) enum Keys {
    /// Those of SigV4, derived once a day.
    Mac { secret: SecretKey, days: KeyCache<SigningKey> },
    /// That of SigV4A.
    Ecdsa(p256::ecdsa::SigningKey),
}

/// Days whose keys are kept: around midnight two are in use.
const DAYS: usize = 2;

impl Keys {
    /// The keys of credentials.
    pub(super) fn of(credentials: &SigningCredentials, algorithm: &SigningAlgorithm) -> Result<Self, Error> {
        match algorithm {
            SigningAlgorithm::V4 => {
                Ok(Self::Mac { secret: credentials.secret_key.clone(), days: KeyCache::new(DAYS) })
            }
            SigningAlgorithm::V4a { .. } => {
                ecdsa_key::derive(&credentials.access_key, &credentials.secret_key)
                    .map(|key| Self::Ecdsa(key.into()))
                    .ok_or_else(|| invalid("no SigV4A key can be derived from these credentials; use others"))
            }
        }
    }

    /// The key for a credential of one day.
    pub(super) fn of_day(&self, credential: &str) -> Result<DayKey, Error> {
        let (secret, days) = match self {
            Self::Ecdsa(key) => return Ok(DayKey::Ecdsa(key.clone())),
            Self::Mac { secret, days } => (secret, days),
        };
        let scope = Scope::read(credential.as_bytes()).map_err(|_| Error::new(ErrorCode::InvalidArgument))?;
        let key = days.get(secret, 0, scope.text).unwrap_or_else(|| {
            let key = SigningKey::derive(secret, &scope);
            days.insert(secret, 0, scope.text, key.clone(), || true);
            key
        });
        Ok(DayKey::Mac(key))
    }
}

/// The key of one day.
#[derive(Clone)]
pub(super) enum DayKey {
    Mac(SigningKey),
    Ecdsa(p256::ecdsa::SigningKey),
}

impl DayKey {
    /// The name of its algorithm.
    pub(super) fn algorithm(&self) -> &'static [u8] {
        match self {
            Self::Mac(_) => ALGORITHM,
            Self::Ecdsa(_) => ALGORITHM_V4A,
        }
    }

    /// How many characters a signature takes up in a chunked body, where all are equally long.
    pub(super) fn signature_width(&self) -> usize {
        match self {
            Self::Mac(_) => 64,
            Self::Ecdsa(_) => MAX_SIGNATURE,
        }
    }

    /// Signs a request.
    pub(super) fn sign_request(&self, text: &StringToSign<'_>) -> String {
        match self {
            Self::Mac(key) => digits(hex(&key.sign(text, &mut Buffer::new()))),
            Self::Ecdsa(_) => {
                let mut out = Vec::new();
                text.write_for(self.algorithm(), &mut out);
                self.sign(&out)
            }
        }
    }

    /// Signs a text: the signature in hexadecimal digits.
    pub(super) fn sign(&self, text: &[u8]) -> String {
        match self {
            Self::Mac(key) => digits(hex(&key.mac(&mut Buffer::new(), |sink| sink.put(text)))),
            Self::Ecdsa(key) => {
                // The number that must never repeat comes from key and text (RFC 6979), so no randomness
                // is needed and the same text has the same signature.
                let signature: p256::ecdsa::Signature = key.sign(text);
                signature.to_der().as_bytes().iter().fold(
                    String::with_capacity(MAX_SIGNATURE),
                    |mut out, b| {
                        out.extend(
                            [b >> 4, b & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')),
                        );
                        out
                    },
                )
            }
        }
    }
}

/// Hexadecimal digits as text.
pub(super) fn digits(hex: [u8; 64]) -> String {
    hex.iter().copied().map(char::from).collect()
}
