//! AWS signatures: classification, verification, and the identity that only verification can mint.

mod credential;
mod key_ring;
mod options;
mod verified;

pub use credential::{Credential, CredentialState, Credentials, SecretKey};
pub use key_ring::{KeyRing, NewKey};
pub use options::Options;
pub use verified::{Form, Identity, Payload, Verified};

use crate::http::HttpRequest;
use crate::{Error, ErrorCode, Timestamp};

/// Verifies request signatures: options and a bounded cache of signing keys. Shareable between
/// threads.
#[derive(Debug, Default)]
pub struct Verifier {
    options: Options,
}

impl Verifier {
    /// A verifier with these options and an empty key cache.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Verifies the authentication of a request at the time `now`.
    ///
    /// Answers who signed it, or that nobody did ([`Verified::Anonymous`]), or the error to send.
    /// Where `request.body` is given it is compared with the signed payload hash.
    pub fn verify<'d>(
        &self,
        request: &HttpRequest<'_>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Verified<'d>, Error> {
        let _ = (request, credentials, now);
        Err(ErrorCode::Unsupported.into())
    }
}
