//! Signing in the header, with the body as a whole or in chunks.

use super::chunks::{self, ChunkKind, ChunkSigner};
use super::key::digits;
use super::request::{Signing, leave_out_present, signed_headers};
use super::{Moment, SignedPayload, Signer, SigningAlgorithm, hash_of_body, invalid, text};
use crate::http::HttpRequest;
use crate::signature::body::UNSIGNED;
use crate::signature::chain::MAX_SIGNATURE;
use crate::signature::sink::hex;
use crate::signature::verified::Form;
use crate::{Error, Timestamp};
use std::borrow::Cow;

impl Signer {
    /// Signs a request in the header, and answers with the headers to add: `x-amz-date`,
    /// `x-amz-content-sha256` (S3 only), `x-amz-region-set` (SigV4A only), the session token's, and
    /// `authorization`, which is the last.
    ///
    /// A header that is there already with the very value that it has to have is signed and not added.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] for a request that is signed already, that carries one of these headers
    /// with another value, that has no host, a name that is no header name, a broken escape, or more than a
    /// server looks at; and for an unsigned payload of a service other than S3.
    ///
    /// See [`Signer`] for an example.
    pub fn sign(
        &self,
        request: &HttpRequest<'_>,
        payload: SignedPayload,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, Error> {
        let payload = match payload {
            SignedPayload::Body => Cow::Owned(hash_of_body(request)),
            SignedPayload::Sha256(hash) => Cow::Owned(digits(hex(&hash))),
            SignedPayload::Unsigned if self.is_s3() => Cow::Borrowed(text(UNSIGNED)),
            SignedPayload::Unsigned => {
                return Err(invalid("only S3 takes a body that is not signed; sign the body or its hash"));
            }
        };
        Ok(self.sign_header(request, &payload, &self.at(now)?)?.0)
    }

    /// Signs a request whose body is sent in chunks (aws-chunked), and answers with the headers to add, as
    /// [`Signer::sign`] does, and with what makes the body.
    ///
    /// The request must be a `PUT` to S3 and must have `x-amz-decoded-content-length`, the length of the data;
    /// `x-amz-trailer` names the trailers. It should have `content-encoding: aws-chunked`.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] as for [`Signer::sign`], and where what is said above is not so.
    ///
    /// ```
    /// use s3iam::http::HttpRequest;
    /// use s3iam::signature::{ChunkKind, SecretKey, Signer, SignerOptions, SigningCredentials};
    /// use s3iam::Timestamp;
    ///
    /// let signer = Signer::new(
    ///     SigningCredentials {
    ///         access_key: "AKIDEXAMPLEUSER00001".to_owned(),
    ///         secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ///         session_token: None,
    ///     },
    ///     SignerOptions::default(),
    /// )?;
    /// let kind = ChunkKind::UnsignedTrailer;
    /// let request = HttpRequest {
    ///     method: b"PUT",
    ///     target: b"/bucket/key",
    ///     headers: &[
    ///         (b"Host", b"s3.example.com"),
    ///         (b"Content-Encoding", b"aws-chunked"),
    ///         (b"x-amz-decoded-content-length", b"7"),
    ///         (b"x-amz-trailer", b"x-amz-checksum-crc32"),
    ///     ],
    ///     peer: None,
    ///     secure: true,
    ///     body: None,
    /// };
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let (add, mut chunks) = signer.sign_chunks(&request, kind, now)?;
    /// assert_eq!(add[1].1, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    ///
    /// let mut body = Vec::new();
    /// chunks.encode(b"payload", &mut body);
    /// chunks.finish(&[("x-amz-checksum-crc32", "QixqFQ==")], &mut body)?;
    /// assert_eq!(body, b"7\r\npayload\r\n0\r\nx-amz-checksum-crc32:QixqFQ==\r\n\r\n");
    /// assert_eq!(signer.encoded_length(kind, 7, 65536, &[("x-amz-checksum-crc32", 8)])?, body.len() as u64);
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn sign_chunks(
        &self,
        request: &HttpRequest<'_>,
        kind: ChunkKind,
        now: Timestamp,
    ) -> Result<(Vec<(String, String)>, ChunkSigner), Error> {
        if !self.is_s3() || request.method != b"PUT" {
            return Err(invalid("only S3 takes a body in chunks, and only with the method PUT"));
        }
        let declared = chunks::Declared::read(request, kind)?;
        let moment = self.at(now)?;
        let (headers, seed) = self.sign_header(request, text(kind.payload(&moment.key)), &moment)?;
        Ok((headers, ChunkSigner::new(kind, declared, moment, seed)))
    }

    /// How long a body in chunks becomes, which is its `content-length`: of so many bytes of data, cut into
    /// chunks of `chunk_bytes` but for the last, with trailers of which name and length of the value are given.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] for chunks of no bytes, for trailers of a kind that has none, and for a
    /// length that is out of range.
    ///
    /// See [`Signer::sign_chunks`] for an example.
    pub fn encoded_length(
        &self,
        kind: ChunkKind,
        data_bytes: u64,
        chunk_bytes: u64,
        trailers: &[(&str, usize)],
    ) -> Result<u64, Error> {
        let width = match self.options.algorithm {
            SigningAlgorithm::V4 => 64,
            SigningAlgorithm::V4a { .. } => MAX_SIGNATURE,
        };
        chunks::encoded_length(kind, width, (data_bytes, chunk_bytes), trailers)
    }

    /// Signs in the header: the headers to add, and the signature.
    fn sign_header(
        &self,
        request: &HttpRequest<'_>,
        payload: &str,
        moment: &Moment,
    ) -> Result<(Vec<(String, String)>, String), Error> {
        self.check_token(request)?;
        let mut add = vec![("x-amz-date", text(&moment.date))];
        // Other services know the hash without being told, but may be.
        if self.is_s3() || request.header("x-amz-content-sha256").is_some() {
            add.push(("x-amz-content-sha256", payload));
        }
        if let SigningAlgorithm::V4a { region_set } = &self.options.algorithm {
            add.push(("x-amz-region-set", region_set));
        }
        if let Some(token) = &self.credentials.session_token {
            add.push((self.token_names(request).0, token));
        }
        leave_out_present(&mut add, request)?;
        let added = add.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let lines: Vec<_> = request.headers.iter().copied().chain(added).collect();
        let signed = signed_headers(&lines)?;
        let signing = Signing {
            signed: &signed,
            payload: payload.as_bytes(),
            is_s3: self.is_s3(),
            form: if self.is_v4a() { Form::HeaderV4a } else { Form::HeaderV4 },
            reading: &self.reading,
        };
        let signature = signing.signature(request, &lines, moment)?;
        let authorization = [
            text(moment.key.algorithm()),
            " Credential=",
            &moment.credential,
            ", SignedHeaders=",
            &signed,
            ", Signature=",
            &signature,
        ]
        .concat();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut headers: Vec<(String, String)> = add.into_iter().map(owned).collect();
        headers.push(("authorization".to_owned(), authorization));
        Ok((headers, signature))
    }
}
