//! Signing in the query.

use super::request::{Signing, append_query, signed_headers};
use super::{Signer, SigningAlgorithm, hash_of_body, invalid, text};
use crate::http::{HttpRequest, Plus, decode, query_pairs};
use crate::signature::body::UNSIGNED;
use crate::signature::limits::MAX_EXPIRES_SECONDS;
use crate::signature::sink::unhex;
use crate::signature::verified::Form;
use crate::{Error, Timestamp};
use std::borrow::Cow;

impl Signer {
    /// Signs a request in the query, valid for so many seconds from now on, and answers with its target:
    /// `request.target` with the parameters that sign it, the signature last. An absolute target stays one, so
    /// a whole URL may be given.
    ///
    /// All headers of the request are signed that [`Signer::sign`] signs, so whoever uses the target has to
    /// send just those; most often there is none but `host`. The body is not covered, unless
    /// `X-Amz-Content-Sha256` is there, as a parameter or a header. For services other than S3 it is always
    /// covered.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] as for [`Signer::sign`], and for a time that is not 1 to 604800 seconds.
    ///
    /// ```
    /// use s3iam::http::HttpRequest;
    /// use s3iam::signature::{SecretKey, Signer, SignerOptions, SigningCredentials};
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
    /// let request = HttpRequest {
    ///     method: b"GET",
    ///     target: b"https://s3.example.com/bucket/photos/cat.jpg",
    ///     headers: &[(b"Host", b"s3.example.com")],
    ///     peer: None,
    ///     secure: true,
    ///     body: None,
    /// };
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let url = signer.presign(&request, 3600, now)?;
    /// assert!(url.starts_with(
    ///     "https://s3.example.com/bucket/photos/cat.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    /// ));
    /// assert!(signer.presign(&request, 604_801, now).is_err());
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn presign(
        &self,
        request: &HttpRequest<'_>,
        expires_seconds: u32,
        now: Timestamp,
    ) -> Result<String, Error> {
        if !(1..=MAX_EXPIRES_SECONDS).contains(&expires_seconds) {
            return Err(invalid("a presigned request is valid for 1 to 604800 seconds"));
        }
        self.check_token(request)?;
        let payload = self.presigned_payload(request)?;
        let moment = self.at(now)?;
        let mut target = match request.target {
            b"" => "/".to_owned(),
            target => std::str::from_utf8(target)
                .map_err(|_| invalid("the target must be UTF-8; write other bytes as escapes"))?
                .to_owned(),
        };
        let signed = signed_headers(request.headers)?;
        let expires = expires_seconds.to_string();
        let mut parameters = vec![
            ("X-Amz-Algorithm", text(moment.key.algorithm())),
            ("X-Amz-Credential", moment.credential.as_str()),
            ("X-Amz-Date", text(&moment.date)),
            ("X-Amz-Expires", &expires),
        ];
        if let SigningAlgorithm::V4a { region_set } = &self.options.algorithm {
            parameters.push(("X-Amz-Region-Set", region_set));
        }
        parameters.push(("X-Amz-SignedHeaders", &signed));
        if let Some(token) = &self.credentials.session_token {
            parameters.push((self.token_names(request).1, token));
        }
        for (name, _) in query_pairs(request.query()) {
            let name = decode(name, Plus::Space).unwrap_or_default();
            if name.as_slice() == b"X-Amz-Signature"
                || parameters.iter().any(|(n, _)| n.as_bytes() == name.as_slice())
            {
                return Err(invalid("the query has a parameter already that signing adds; leave it out"));
            }
        }
        append_query(&mut target, &parameters);
        let presigned = HttpRequest { target: target.as_bytes(), ..*request };
        let signing = Signing {
            signed: &signed,
            payload: &payload,
            is_s3: self.is_s3(),
            form: if self.is_v4a() { Form::PresignedV4a } else { Form::PresignedV4 },
            reading: &self.reading,
        };
        let signature = signing.signature(&presigned, request.headers, &moment)?;
        append_query(&mut target, &[("X-Amz-Signature", &signature)]);
        Ok(target)
    }

    /// The payload line of a presigned request.
    fn presigned_payload<'r>(&self, request: &HttpRequest<'r>) -> Result<Cow<'r, [u8]>, Error> {
        let in_query = query_pairs(request.query())
            .find(|(name, _)| {
                decode(name, Plus::Space).is_some_and(|n| n.as_slice() == b"X-Amz-Content-Sha256")
            })
            .and_then(|(_, value)| decode(value, Plus::Space))
            .map(|value| Cow::Owned(value.to_vec()));
        let in_header = request.header("x-amz-content-sha256").map(|value| Cow::Borrowed(value.trim_ascii()));
        match in_query.or(in_header) {
            Some(given) if unhex(&given, false).is_some() => Ok(given),
            Some(given) if self.is_s3() && *given == *UNSIGNED => Ok(given),
            Some(_) => Err(invalid(
                "x-amz-content-sha256 must be the SHA-256 of the body or, for S3, UNSIGNED-PAYLOAD",
            )),
            None if self.is_s3() => Ok(Cow::Borrowed(UNSIGNED)),
            None => Ok(Cow::Owned(hash_of_body(request).into_bytes())),
        }
    }
}
