//! The payload line of the canonical request, and the comparison of the body with it (spec: sigv4,
//! section 1.3).

use super::claim::Claim;
#[cfg(not(feature = "forms"))]
use super::classify::unsupported;
use super::hash::sha256;
use super::headers::{Field, Headers};
use super::key::Key;
use super::query::{Parameter, Query};
use super::scope::Scope;
use super::sink::{hex, unhex};
use super::verified::{Form, Payload};
use super::{Body, Options, Received, refusal};
#[cfg(feature = "forms")]
use super::{announced, verified::Chunking};
use crate::http::HttpRequest;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};

/// The payload line and what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct PayloadLine<'a> {
    /// The line.
    pub text: &'a [u8],
    /// What it says.
    pub meaning: Meaning,
}

/// Where a line is put that does not stand in the request as it is signed.
pub(super) type Room = SmallVec<[u8; 64]>;

/// What a payload line says of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This.
    Payload(Payload),
    /// The body is cut into chunks (aws-chunked), which this build does not decode.
    #[cfg(not(feature = "forms"))]
    Chunked,
}

/// The hash of nothing.
pub(super) const EMPTY: &[u8; 64] = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// What says that the body is not signed.
pub(super) const UNSIGNED: &[u8] = b"UNSIGNED-PAYLOAD";
#[cfg(not(feature = "forms"))]
const CHUNKED_UNSIGNED: &[u8] = b"STREAMING-UNSIGNED-PAYLOAD-TRAILER";
#[cfg(not(feature = "forms"))]
const CHUNKED_SIGNED: [&[u8]; 2] =
    [b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"];
#[cfg(not(feature = "forms"))]
const CHUNKED_V4A: [&[u8]; 2] =
    [b"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", b"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"];

impl<'a> PayloadLine<'a> {
    /// The payload line of a signed request.
    pub(super) fn of(
        request: &HttpRequest<'_>,
        headers: &'a Headers<'_>,
        query: &Query<'_>,
        (scope, form): (&Scope<'_>, Form),
        room: &'a mut Room,
        options: &Options,
    ) -> Result<Self, Error> {
        // In the query the value is signed as it stands there, so it has precedence; a header beside
        // it cannot change how the body is read.
        let in_query = query.get(Parameter::ContentSha256).filter(|_| form.is_presigned());
        if let Some(value) = in_query {
            value.decode_into(|bytes| room.extend_from_slice(bytes));
            return Self::given(room, request, scope.is_s3());
        }
        match headers.get(Field::ContentSha256) {
            Some(text) => Self::given(text, request, scope.is_s3()),
            None if !scope.is_s3() => Self::of_body(request, room),
            None if form.is_presigned() => {
                Ok(Self { text: UNSIGNED, meaning: Meaning::Payload(Payload::Unsigned) })
            }
            None if options.require_content_sha256 => Err(ErrorCode::MissingContentSha256.into()),
            None => Self::given(EMPTY, request, true),
        }
    }

    /// The payload of SigV2, which has no such line: a hash is covered as every `x-amz-*` header and parameter
    /// is, and chunks take a later version.
    #[cfg(feature = "forms")]
    pub(super) fn of_v2(hash: Option<&[u8]>) -> Result<Payload, Error> {
        match meaning(hash.unwrap_or(UNSIGNED))? {
            Meaning::Payload(Payload::Chunked(_)) => Err(ErrorCode::StreamingNotAllowed.into()),
            Meaning::Payload(payload) => Ok(payload),
        }
    }

    /// Checks that a chunked body fits its request: an object or a part is uploaded, and is signed as the chunks are.
    #[cfg(feature = "forms")]
    pub(super) fn check_upload(
        &self,
        request: &HttpRequest<'_>,
        query: &Query<'_>,
        form: Form,
    ) -> Result<(), Error> {
        match self.meaning {
            Meaning::Payload(Payload::Chunked(chunking))
                if !(chunking.fits(form) && announced::is_upload(request, query)) =>
            {
                Err(ErrorCode::StreamingNotAllowed.into())
            }
            Meaning::Payload(_) => Ok(()),
        }
    }

    fn given(text: &'a [u8], request: &HttpRequest<'_>, is_s3: bool) -> Result<Self, Error> {
        let meaning = meaning(text)?;
        // Only S3 leaves a body unsigned or cuts it into chunks, and only where an object is uploaded.
        let fits = match meaning {
            Meaning::Payload(Payload::Sha256(_)) => true,
            Meaning::Payload(Payload::Unsigned) => is_s3,
            #[cfg(feature = "forms")]
            Meaning::Payload(Payload::Chunked(_)) => is_s3,
            #[cfg(not(feature = "forms"))]
            Meaning::Chunked => is_s3 && request.method == b"PUT" && !CHUNKED_V4A.contains(&text),
        };
        if !fits {
            return Err(ErrorCode::StreamingNotAllowed.into());
        }
        if !is_s3 && request.body.is_none() {
            return Err(ErrorCode::BodyRequired.into());
        }
        Ok(Self { text, meaning })
    }

    /// Services other than S3 sign the hash of the body without sending it.
    fn of_body(request: &HttpRequest<'_>, room: &'a mut Room) -> Result<Self, Error> {
        let body = request.body.ok_or(ErrorCode::BodyRequired)?;
        let hash = sha256(&[body]);
        room.extend_from_slice(&hex(&hash));
        Ok(Self { text: room, meaning: Meaning::Payload(Payload::Sha256(hash)) })
    }

    /// The body, now that the signature is verified. Only S3 announces more of it than the payload line.
    #[cfg(feature = "forms")]
    pub(super) fn settle(
        &self,
        received: &Received<'_, '_>,
        claim: &Claim<'_>,
        options: &Options,
        key: &Key,
    ) -> Result<Body, Error> {
        let Meaning::Payload(payload) = self.meaning;
        if claim.scope.is_s3() {
            return announced::settle(received, payload, options, None, || Some(claim.chain(key.clone())));
        }
        compare(payload, received.request.body, options)?;
        Ok(Body::new(payload, None, options.error_profile))
    }

    /// The body, now that the signature is verified. One that is there already is compared.
    #[cfg(not(feature = "forms"))]
    pub(super) fn settle(
        &self,
        received: &Received<'_, '_>,
        _: &Claim<'_>,
        options: &Options,
        _: &Key,
    ) -> Result<Body, Error> {
        match self.meaning {
            Meaning::Payload(payload) => compare(payload, received.request.body, options).map(|()| payload),
            Meaning::Chunked => Err(unsupported()),
        }
    }
}

/// The body of a request without authentication: what is said of it must make sense without a signature. One that
/// is there already is compared.
#[cfg(feature = "forms")]
pub(super) fn anonymous(received: &Received<'_, '_>, options: &Options) -> Result<Body, Error> {
    let Received { request, headers, query, .. } = received;
    let Meaning::Payload(payload) = meaning(headers.get(Field::ContentSha256).unwrap_or(UNSIGNED))?;
    match payload {
        Payload::Chunked(Chunking::UnsignedTrailer) if announced::is_upload(request, query) => {}
        Payload::Chunked(Chunking::UnsignedTrailer) => return Err(ErrorCode::StreamingNotAllowed.into()),
        Payload::Chunked(_) => return Err(ErrorCode::StreamingWithoutSignature.into()),
        Payload::Unsigned | Payload::Sha256(_) => {}
    }
    announced::settle(received, payload, options, None, || None)
}

/// The same where chunks are not decoded.
#[cfg(not(feature = "forms"))]
pub(super) fn anonymous(received: &Received<'_, '_>, options: &Options) -> Result<Body, Error> {
    let Some(text) = received.headers.get(Field::ContentSha256) else { return Ok(Payload::Unsigned) };
    match meaning(text)? {
        Meaning::Payload(payload) => compare(payload, received.request.body, options).map(|()| payload),
        Meaning::Chunked if text == CHUNKED_UNSIGNED => Err(unsupported()),
        Meaning::Chunked => Err(ErrorCode::StreamingWithoutSignature.into()),
    }
}

fn meaning(text: &[u8]) -> Result<Meaning, Error> {
    if let Some(hash) = unhex(text, false) {
        return Ok(Meaning::Payload(Payload::Sha256(hash)));
    }
    #[cfg(feature = "forms")]
    if let Some(chunking) = Chunking::ALL.into_iter().find(|chunking| chunking.name().as_bytes() == text) {
        return Ok(Meaning::Payload(Payload::Chunked(chunking)));
    }
    match text {
        UNSIGNED => Ok(Meaning::Payload(Payload::Unsigned)),
        #[cfg(not(feature = "forms"))]
        CHUNKED_UNSIGNED => Ok(Meaning::Chunked),
        #[cfg(not(feature = "forms"))]
        _ if CHUNKED_SIGNED.contains(&text) || CHUNKED_V4A.contains(&text) => Ok(Meaning::Chunked),
        _ => Err(ErrorCode::InvalidContentSha256.into()),
    }
}

/// Compares a body that is there already with its hash.
pub(super) fn compare(payload: Payload, body: Option<&[u8]>, options: &Options) -> Result<(), Error> {
    let (Payload::Sha256(signed), Some(body)) = (payload, body) else { return Ok(()) };
    let computed = sha256(&[body]);
    if computed == signed {
        return Ok(());
    }
    Err(refusal::body_mismatch(&hex(&signed), &hex(&computed), options))
}
