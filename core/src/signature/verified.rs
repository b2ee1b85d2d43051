//! What a verified signature proves.

#[cfg(feature = "forms")]
use super::body_reader::{Body, BodyReader};
use super::credential::Credential;
use crate::Timestamp;

/// Of a body that is neither decoded nor summed its payload line is all there is to know.
#[cfg(not(feature = "forms"))]
pub(super) type Body = Payload;

/// The answer of verification.
#[derive(Clone, Debug)]
pub enum Verified<'d> {
    /// The request carries no authentication at all.
    Anonymous,
    /// The request was signed by this identity.
    Signed(Identity<'d>),
}

/// How a request was authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// SigV4 in the `Authorization` header.
    HeaderV4,
    /// SigV4 in the query.
    PresignedV4,
    /// SigV4A (ECDSA over P-256) in the `Authorization` header.
    #[cfg(feature = "forms")]
    HeaderV4a,
    /// SigV4A in the query.
    #[cfg(feature = "forms")]
    PresignedV4a,
    /// SigV2 in the `Authorization` header.
    #[cfg(feature = "forms")]
    HeaderV2,
    /// SigV2 in the query.
    #[cfg(feature = "forms")]
    PresignedV2,
    /// A browser form whose policy is signed with SigV4.
    #[cfg(feature = "forms")]
    PostV4,
    /// A browser form whose policy is signed with SigV2.
    #[cfg(feature = "forms")]
    PostV2,
}

/// What is known of the body from the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload {
    /// The body is not covered.
    Unsigned,
    /// The body must have this SHA-256; the gateway compares it when the body has arrived.
    Sha256([u8; 32]),
    /// The body is cut into chunks (aws-chunked), which [`BodyReader`] decodes: as it arrives it is not the object.
    #[cfg(feature = "forms")]
    Chunked(Chunking),
}

/// How a chunked body is covered.
#[cfg(feature = "forms")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunking {
    /// Each chunk is signed.
    Signed,
    /// Each chunk is signed, and so are trailers.
    SignedTrailer,
    /// Chunks are not signed; trailers may follow.
    UnsignedTrailer,
    /// Each chunk is signed with SigV4A.
    SignedV4a,
    /// Each chunk is signed with SigV4A, and so are trailers.
    SignedV4aTrailer,
}

#[cfg(feature = "forms")]
impl Chunking {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Signed, Self::SignedTrailer, Self::UnsignedTrailer, Self::SignedV4a, Self::SignedV4aTrailer];

    /// The value of `x-amz-content-sha256` that says so.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Self::SignedV4a => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            Self::SignedV4aTrailer => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        }
    }

    /// Whether this is what a request of this form may sign: a chain of signatures begins with the one in its header.
    pub(super) fn fits(self, form: Form) -> bool {
        match self {
            Self::UnsignedTrailer => true,
            Self::Signed | Self::SignedTrailer => form == Form::HeaderV4,
            Self::SignedV4a | Self::SignedV4aTrailer => form == Form::HeaderV4a,
        }
    }
}

/// An identity whose signature was verified. Nothing outside this module can make one:
///
/// ```compile_fail
/// s3iam::signature::Identity {
///     access_key: "admin",
///     owner: 0,
///     form: todo!(),
///     body: todo!(),
///     signed_at: todo!(),
///     temporary: false,
/// };
/// ```
#[derive(Clone, Debug)]
pub struct Identity<'d> {
    access_key: &'d str,
    owner: u32,
    form: Form,
    body: Body,
    signed_at: Timestamp,
    temporary: bool,
}

#[cfg(feature = "forms")]
impl Verified<'_> {
    /// A reader for the body of a signed request. Of an anonymous one
    /// [`Verifier::anonymous_body`](super::Verifier::anonymous_body) reads the body.
    pub fn body_reader(&self) -> Option<BodyReader> {
        match self {
            Verified::Signed(identity) => Some(identity.body_reader()),
            Verified::Anonymous => None,
        }
    }
}

impl<'d> Identity<'d> {
    /// The identity of a credential whose signature was verified.
    pub(super) fn new(credential: &Credential<'d>, form: Form, signed_at: Timestamp, body: Body) -> Self {
        Self {
            access_key: credential.access_key,
            owner: credential.owner,
            form,
            body,
            signed_at,
            temporary: credential.session_token.is_some(),
        }
    }

    /// The access key that signed.
    pub fn access_key(&self) -> &'d str {
        self.access_key
    }

    /// The directory's number for the key.
    pub fn owner(&self) -> u32 {
        self.owner
    }

    /// How the request was authenticated.
    pub fn form(&self) -> Form {
        self.form
    }

    /// What the signature says of the body.
    pub fn payload(&self) -> Payload {
        #[cfg(feature = "forms")]
        return self.body.payload();
        #[cfg(not(feature = "forms"))]
        self.body
    }

    /// The time that the client signed. A presigned SigV2 request does not say it; for that it is
    /// 1970-01-01T00:00:00Z, so that the signature is too old for every policy that limits its age.
    pub fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// A reader that checks the body, and decodes it if it is chunked.
    #[cfg(feature = "forms")]
    pub fn body_reader(&self) -> BodyReader {
        self.body.reader()
    }

    /// The body, for whoever reads it when the identity is gone.
    #[cfg(feature = "forms")]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Whether the credentials are temporary.
    pub fn is_temporary(&self) -> bool {
        self.temporary
    }
}

impl Form {
    /// `sigv4-header`, `sigv4-presigned`, `sigv4a-header`, `sigv4a-presigned`, `sigv2-header`,
    /// `sigv2-presigned`, `post-policy` or `post-policy-v2`.
    pub fn name(self) -> &'static str {
        match self {
            Form::HeaderV4 => "sigv4-header",
            Form::PresignedV4 => "sigv4-presigned",
            #[cfg(feature = "forms")]
            Form::HeaderV4a => "sigv4a-header",
            #[cfg(feature = "forms")]
            Form::PresignedV4a => "sigv4a-presigned",
            #[cfg(feature = "forms")]
            Form::HeaderV2 => "sigv2-header",
            #[cfg(feature = "forms")]
            Form::PresignedV2 => "sigv2-presigned",
            #[cfg(feature = "forms")]
            Form::PostV4 => "post-policy",
            #[cfg(feature = "forms")]
            Form::PostV2 => "post-policy-v2",
        }
    }

    /// Whether it is SigV4A.
    #[cfg(feature = "forms")]
    pub(super) fn is_v4a(self) -> bool {
        matches!(self, Form::HeaderV4a | Form::PresignedV4a)
    }

    /// Whether the signature stands in the query.
    pub fn is_presigned(self) -> bool {
        match self {
            Form::PresignedV4 => true,
            #[cfg(feature = "forms")]
            Form::PresignedV4a | Form::PresignedV2 => true,
            _ => false,
        }
    }

    /// The value of `s3:authType`.
    pub fn auth_type(self) -> &'static str {
        match self {
            #[cfg(feature = "forms")]
            Form::PostV4 | Form::PostV2 => "POST",
            _ if self.is_presigned() => "REST-QUERY-STRING",
            _ => "REST-HEADER",
        }
    }

    /// The value of `s3:signatureversion`.
    pub fn signature_version(self) -> &'static str {
        match self {
            #[cfg(feature = "forms")]
            Form::HeaderV2 | Form::PresignedV2 | Form::PostV2 => "AWS",
            #[cfg(feature = "forms")]
            Form::HeaderV4a | Form::PresignedV4a => "AWS4-ECDSA-P256-SHA256",
            _ => "AWS4-HMAC-SHA256",
        }
    }
}
