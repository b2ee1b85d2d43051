//! The proof of a claim: the signature that the server computes over what it received.

use super::body::{PayloadLine, Room};
use super::canonical::{CanonicalRequest, StringToSign};
use super::claim::Claim;
use super::covered::{Covered, Substitutes, Uncovered};
use super::hash::Buffer;
use super::key::Key;
use super::refusal::{self, Mismatch};
use super::{Options, Received};
use crate::{Error, ErrorCode};

/// A claim with everything that its signature covers.
pub(super) struct Proof<'a, 'r, 'c> {
    /// The payload line.
    pub payload: PayloadLine<'a>,
    received: &'a Received<'a, 'r>,
    claim: &'a Claim<'c>,
    covered: &'a Covered<'c>,
}

impl<'a, 'r, 'c> Proof<'a, 'r, 'c> {
    /// Reads the payload line, and checks that everything is signed that must be.
    pub(super) fn prepare(
        received: &'a Received<'a, 'r>,
        claim: &'a Claim<'c>,
        covered: &'a mut Covered<'c>,
        room: &'a mut Room,
        options: &Options,
    ) -> Result<Self, Error> {
        let Received { request, headers, query, .. } = received;
        let payload = PayloadLine::of(request, headers, query, (&claim.scope, claim.form), room, options)?;
        #[cfg(feature = "forms")]
        payload.check_upload(request, query, claim.form)?;
        covered.check(headers, claim.form, options).map_err(|uncovered| match uncovered {
            Uncovered::NoHost => ErrorCode::MissingHost.into(),
            Uncovered::NotSigned(names) => refusal::not_signed(names, options),
            Uncovered::Absent => Error::new(ErrorCode::SignedHeaderAbsent),
        })?;
        Ok(Self { payload, received, claim, covered })
    }

    /// Whether the claim's signature is the one that this key makes.
    pub(super) fn holds(&self, key: &Key, options: &Options) -> bool {
        if self.holds_with(key, Substitutes::default()) {
            return true;
        }
        fn candidates(values: &[String]) -> impl Iterator<Item = Option<&[u8]>> {
            std::iter::once(None).chain(values.iter().map(|value| Some(value.as_bytes())))
        }
        // All combinations but the first, which has failed already.
        candidates(&options.host_candidates)
            .flat_map(|host| {
                candidates(&options.accept_encoding_candidates)
                    .map(move |accept_encoding| Substitutes { host, accept_encoding })
            })
            .skip(1)
            .any(|substitutes| self.holds_with(key, substitutes))
    }

    fn holds_with(&self, key: &Key, with: Substitutes<'_>) -> bool {
        let mut buffer = Buffer::new();
        let request = self.canonical_request().hash(with, &mut buffer);
        key.verifies(&self.string_to_sign(&request), &self.claim.signature, &mut buffer)
    }

    /// The refusal of a signature that does not hold, with what a client needs to find its mistake.
    pub(super) fn explain(&self, token: &[u8], options: &Options) -> Error {
        let code = match (self.claim.signature.value, self.claim.form.is_presigned()) {
            (Some(_), _) => ErrorCode::SignatureDoesNotMatch,
            (None, false) => ErrorCode::SignatureForm,
            (None, true) => ErrorCode::QuerySignatureForm,
        };
        let request = self.canonical_request();
        let (mut canonical_request, mut string_to_sign) = (Vec::new(), Vec::new());
        request.write(Substitutes::default(), &mut canonical_request);
        let hash = request.hash(Substitutes::default(), &mut Buffer::new());
        let text = self.string_to_sign(&hash);
        match self.claim.form {
            #[cfg(feature = "forms")]
            form if form.is_v4a() => text.write_v4a(&mut string_to_sign),
            _ => text.write(&mut string_to_sign),
        }
        let mismatch = Mismatch {
            code,
            access_key: self.claim.scope.access_key,
            provided: self.claim.signature.text,
            string_to_sign,
            canonical_request,
            token,
        };
        refusal::mismatch(mismatch, options)
    }

    fn canonical_request(&self) -> CanonicalRequest<'_, 'r, 'c> {
        CanonicalRequest {
            method: self.received.request.method,
            path: self.received.path,
            is_s3: self.claim.scope.is_s3(),
            query: &self.received.query,
            headers: &self.received.headers,
            covered: self.covered,
            payload: self.payload.text,
        }
    }

    fn string_to_sign<'s>(&'s self, request: &'s [u8; 64]) -> StringToSign<'s> {
        StringToSign { date: &self.claim.date.text, scope: self.claim.scope.text, request }
    }
}
