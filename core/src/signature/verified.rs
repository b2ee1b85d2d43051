//! What a verified signature proves.

use crate::Timestamp;

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
}

/// What is known of the body from the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The body is not covered.
    Unsigned,
    /// The body must have this SHA-256; the gateway compares it when the body has arrived.
    Sha256([u8; 32]),
}

/// An identity whose signature was verified. Nothing outside this module can make one.
#[derive(Clone, Debug)]
pub struct Identity<'d> {
    pub(super) access_key: &'d str,
    pub(super) owner: u32,
    pub(super) form: Form,
    pub(super) payload: Payload,
    pub(super) signed_at: Timestamp,
    pub(super) temporary: bool,
}

impl<'d> Identity<'d> {
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
        self.payload
    }

    /// The time that the client signed.
    pub fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// Whether the credentials are temporary.
    pub fn is_temporary(&self) -> bool {
        self.temporary
    }
}

impl Form {
    /// `sigv4-header` or `sigv4-presigned`.
    pub fn name(self) -> &'static str {
        match self {
            Form::HeaderV4 => "sigv4-header",
            Form::PresignedV4 => "sigv4-presigned",
        }
    }

    /// The value of `s3:authType`.
    pub fn auth_type(self) -> &'static str {
        match self {
            Form::HeaderV4 => "REST-HEADER",
            Form::PresignedV4 => "REST-QUERY-STRING",
        }
    }

    /// The value of `s3:signatureversion`.
    pub fn signature_version(self) -> &'static str {
        "AWS4-HMAC-SHA256"
    }
}
