//! What a request claims about its signature, read from the header or from the query in the same
//! terms. Nothing of it is proven yet.

#[cfg(feature = "forms")]
use super::chain::Chain;
#[cfg(feature = "forms")]
use super::key::Key;
use super::scope::Scope;
use super::sink::unhex;
#[cfg(feature = "forms")]
use super::v4a;
use super::verified::Form;
use super::{Options, refusal};
use crate::{Error, Timestamp};

/// A signature and what is said of it, but for the list of signed headers, which lies beside it.
pub(super) struct Claim<'r> {
    /// Where it was found.
    pub form: Form,
    /// The credential.
    pub scope: Scope<'r>,
    /// The signature.
    pub signature: Signature<'r>,
    /// When it was signed.
    pub date: SigningDate,
    /// For presigned requests, how many seconds from then on it is valid.
    pub expires: Option<u32>,
}

#[cfg(feature = "forms")]
impl Claim<'_> {
    /// The chain of signatures that begins with this one, once that is verified.
    pub(super) fn chain(&self, key: Key) -> Chain {
        Chain::new(key, self.date.text, self.scope.text, self.signature.text)
    }
}

/// A signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature<'r> {
    /// As sent.
    pub text: &'r [u8],
    /// What it stands for; nothing if it is malformed.
    pub value: Option<SignatureValue>,
}

/// What a signature stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureValue {
    /// The MAC of SigV4.
    Mac([u8; 32]),
    /// The numbers of SigV4A.
    #[cfg(feature = "forms")]
    Ecdsa(p256::ecdsa::Signature),
}

impl<'r> Signature<'r> {
    /// Reads a signature of SigV4: 64 hexadecimal digits in lower case.
    pub(super) fn read(text: &'r [u8]) -> Self {
        Self { text, value: unhex(text, true).map(SignatureValue::Mac) }
    }

    /// Reads a signature of SigV4A.
    #[cfg(feature = "forms")]
    pub(super) fn read_v4a(text: &'r [u8]) -> Self {
        Self { text, value: v4a::read_signature(text).map(SignatureValue::Ecdsa) }
    }
}

/// The time of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SigningDate {
    /// The instant.
    pub instant: Timestamp,
    /// Its basic form, as it stands in the string to sign.
    pub text: [u8; 16],
}

impl SigningDate {
    /// Reads the basic form.
    pub(super) fn basic(text: &[u8]) -> Option<Self> {
        let instant = Timestamp::parse_basic(text)?;
        Some(Self { instant, text: text.try_into().ok()? })
    }

    /// Reads an HTTP date; the string to sign has the basic form all the same.
    pub(super) fn http(text: &[u8]) -> Option<Self> {
        let instant = Timestamp::parse_http_date(text)?;
        Some(Self { instant, text: instant.basic() })
    }

    /// The day as it stands in a scope.
    fn day(&self) -> &[u8] {
        self.text.get(..8).unwrap_or_default()
    }
}

/// Checks that a scope is for this endpoint, and for the day of the request: a key derived for one day
/// must not be of use on another.
pub(super) fn check_scope(
    scope: &Scope<'_>,
    date: &SigningDate,
    form: Form,
    options: &Options,
) -> Result<(), Error> {
    if scope.terminal != b"aws4_request" {
        return Err(refusal::terminal(scope, form, options));
    }
    if !options.services.iter().any(|service| service.as_bytes() == scope.service) {
        return Err(refusal::service(scope, form, options));
    }
    #[cfg(feature = "forms")]
    let is_here =
        if form.is_v4a() { v4a::covers(scope.region, &options.region) } else { scope.is_in(&options.region) };
    #[cfg(not(feature = "forms"))]
    let is_here = scope.is_in(&options.region);
    if !is_here {
        return Err(refusal::region(scope, form, options));
    }
    if options.require_scope_date_match && scope.date != date.day() {
        return Err(refusal::scope_date(scope, &date.text, form, options));
    }
    Ok(())
}
