//! Form uploads: a browser posts an object with a policy that somebody signed for it (spec: sigv4,
//! section 5).
//!
//! What is signed is the text of the policy and nothing else, so the policy must say something of every
//! field, and of the bucket. The checks come in the order of section 3.5: mechanism, fields, algorithm,
//! date, scope, access key, token, signature; then the policy that is known to be the signer's, field by
//! field, and the length of the file.

mod condition;
mod document;
mod form;
mod refusal;
mod upload;

pub use upload::{LengthRange, PostUpload};

use super::body_reader::Body;
use super::claim::{Claim, Signature, SignatureValue, SigningDate};
use super::classify::{ALGORITHM, Mechanism};
use super::hash::Buffer;
use super::key::Key;
use super::limits::{MAX_ACCESS_KEY_BYTES, MAX_EXPIRES_SECONDS};
use super::received::Received;
use super::scope::Scope;
use super::sink::Sink;
use super::verified::{Form, Payload};
use super::{Credential, Credentials, Identity, Options, SecretKey, Verifier, derive, token, v2};
use crate::bytes::same;
use crate::http::HttpRequest;
use crate::{Error, ErrorCode, Timestamp};
use condition::Condition;
use document::Document;
use form::Fields;
use std::fmt;

/// A form upload as the gateway read it from the body, up to the file.
///
/// Reading `multipart/form-data` is the gateway's: it refuses a broken body with
/// [`ErrorCode::FormMalformed`] and one without a file with [`ErrorCode::FormFileMissing`]. The file is
/// the part named `file`; whatever follows it is ignored.
#[derive(Clone, Copy)]
pub struct PostForm<'a> {
    /// The fields before the file in the order of the form: name and value as sent.
    pub fields: &'a [(&'a [u8], &'a [u8])],
    /// The `filename` of the file, if it has one.
    pub file_name: Option<&'a [u8]>,
    /// The length of the file in bytes, if it is known already. It is then checked at once; else
    /// [`PostUpload::check_length`] is to be asked while the file arrives.
    pub file_length: Option<u64>,
}

/// Without the values of the fields: a session token is among them.
impl fmt::Debug for PostForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| String::from_utf8_lossy(name)).collect();
        f.debug_struct("PostForm")
            .field("fields", &names)
            .field("file_name", &self.file_name.map(String::from_utf8_lossy))
            .field("file_length", &self.file_length)
            .finish()
    }
}

/// How a form is signed, by the fields that it has.
enum Version {
    V4,
    V2,
}

impl Verifier {
    /// Verifies a form upload to `bucket` at the time `now`.
    ///
    /// `bucket` is the one that the URL addresses, decoded; no field can name another. A form without any
    /// field of a signature is anonymous: its upload has no identity, and nothing but its key was checked.
    /// A signature proves who signed, not what they may do.
    ///
    /// Every condition of the policy must hold, there must be one for the bucket, and one for each field
    /// but the signature, the policy, and those named `x-ignore-…`. The signing date must not lie in the
    /// future nor more than a week back, with the skew that the options allow; within that the policy's
    /// expiration decides.
    ///
    /// # Errors
    ///
    /// Codes 600 to 639 of the error table for what is wrong with the form, and those of
    /// [`Verifier::verify`] for the access key, the token, the date and the signature.
    pub fn verify_post<'a, 'd>(
        &self,
        request: &HttpRequest<'_>,
        bucket: &[u8],
        form: &PostForm<'a>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<PostUpload<'a, 'd>, Error> {
        self.check_form(request)?;
        self.verify_fields(request, bucket, form, credentials, now)
    }

    /// Verifies the fields of a form, for a request that was checked to be one ([`Verifier::check_form`]).
    pub(crate) fn verify_fields<'a, 'd>(
        &self,
        request: &HttpRequest<'_>,
        bucket: &[u8],
        form: &PostForm<'a>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<PostUpload<'a, 'd>, Error> {
        let fields = Fields::read(form, &self.options)?;
        let (identity, (min, max)) = match version(&fields)? {
            None => (None, (0, u64::MAX)),
            Some(version) => {
                let policy = fields.get("policy").unwrap_or_default();
                let identity = match version {
                    Version::V4 => self.prove_v4(request, &fields, credentials, now)?,
                    Version::V2 => self.prove_v2(request, &fields, credentials, now)?,
                };
                let document = Document::read(policy, &self.options)?;
                if document.expiration <= now {
                    return Err(ErrorCode::FormPolicyExpired.into());
                }
                (Some(identity), hold(&document.conditions, &fields, bucket, &version, &self.options)?)
            }
        };
        let length_range = LengthRange { min, max, profile: self.options.error_profile };
        if let Some(length) = form.file_length {
            length_range.check_length(length, true)?;
        }
        Ok(PostUpload { identity, key: fields.key, length_range, form: *form })
    }

    /// Checks that a request is a form upload and nothing else: a form is authenticated by its fields.
    pub(crate) fn check_form(&self, request: &HttpRequest<'_>) -> Result<(), Error> {
        match Received::new(request).classify()? {
            Mechanism::Post => check_content_type(request, &self.options),
            Mechanism::Anonymous => Err(refusal::not_multipart(&self.options)),
            _ => Err(ErrorCode::SeveralMechanisms.into()),
        }
    }

    fn prove_v4<'d>(
        &self,
        request: &HttpRequest<'_>,
        fields: &Fields<'_>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Identity<'d>, Error> {
        let options = &self.options;
        let policy = fields.required("policy", options)?;
        let claim = claim_v4(fields, now, options)?;
        let holds = |key: &Key| {
            let Key::Mac(key) = key else { return false };
            let computed = key.mac(&mut Buffer::new(), |sink| sink.put(policy));
            matches!(claim.signature.value, Some(SignatureValue::Mac(claimed)) if same(&computed, &claimed))
        };
        let access_key = claim.scope.access_key;
        let credential = self.look_up(access_key, credentials, |decoy| {
            std::hint::black_box(holds(&derive(decoy, &claim)));
        })?;
        let token = fields.token(claim.scope.is_express())?;
        check_carried(request, token, &credential, now, options)?;
        self.with_key(&credential, &claim, credentials, |key| match holds(key) {
            true => Ok(()),
            false => Err(refusal::mismatch(access_key, claim.signature.text, policy, token, options)),
        })?;
        Ok(Identity::new(&credential, claim.form, claim.date.instant, body(options)))
    }

    fn prove_v2<'d>(
        &self,
        request: &HttpRequest<'_>,
        fields: &Fields<'_>,
        credentials: &'d dyn Credentials,
        now: Timestamp,
    ) -> Result<Identity<'d>, Error> {
        let options = &self.options;
        if !options.allow_sigv2 {
            return Err(ErrorCode::AuthFormUnsupported.into());
        }
        let policy = fields.required("policy", options)?;
        let access_key = fields.required("AWSAccessKeyId", options)?;
        let provided = fields.required("signature", options)?;
        let access_key = match std::str::from_utf8(access_key) {
            Ok(text) if !text.is_empty() && text.len() <= MAX_ACCESS_KEY_BYTES => text,
            _ => return Err(ErrorCode::UnknownAccessKey.into()),
        };
        let claimed = v2::read_signature(provided);
        let holds = |secret: &SecretKey| {
            let computed = v2::sign(secret, policy);
            claimed.is_some_and(|claimed| same(&computed, &claimed))
        };
        let credential = self.look_up(access_key, credentials, |decoy| {
            std::hint::black_box(holds(decoy));
        })?;
        let token = fields.token(false)?;
        check_carried(request, token, &credential, now, options)?;
        if !holds(credential.secret) {
            return Err(refusal::mismatch(access_key, provided, policy, token, options));
        }
        // Version 2 signs no time; the policy was good until now.
        Ok(Identity::new(&credential, Form::PostV2, now, body(options)))
    }
}

/// The one content type of the request is `multipart/form-data` with a boundary.
fn check_content_type(request: &HttpRequest<'_>, options: &Options) -> Result<(), Error> {
    let mut lines = request.header_values("content-type");
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(ErrorCode::FormMalformed.into());
    };
    let mut pieces = line.split(|&b| b == b';').map(<[u8]>::trim_ascii);
    if !pieces.next().is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/form-data")) {
        return Err(refusal::not_multipart(options));
    }
    let is_boundary = |piece: &[u8]| {
        let name = b"boundary=";
        piece.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && piece.get(name.len()..).is_some_and(|value| !matches!(value, b"" | b"\"\""))
    };
    if pieces.filter(|piece| is_boundary(piece)).count() == 1 {
        return Ok(());
    }
    Err(ErrorCode::FormMalformed.into())
}

/// Which signature the form has, if any. One field of it makes a form signed.
fn version(fields: &Fields<'_>) -> Result<Option<Version>, Error> {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
    let v4 = has(&["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"]);
    let v2 = has(&["awsaccesskeyid", "signature"]);
    match (v4, v2) {
        (true, true) => Err(ErrorCode::SeveralMechanisms.into()),
        (false, true) => Ok(Some(Version::V2)),
        (false, false) if !has(&["policy"]) => Ok(None),
        _ => Ok(Some(Version::V4)),
    }
}

/// Reads the fields of the signature, and checks all of them that needs no credential.
fn claim_v4<'a>(fields: &Fields<'a>, now: Timestamp, options: &Options) -> Result<Claim<'a>, Error> {
    let required = |name| fields.required(name, options);
    let algorithm = required("x-amz-algorithm")?;
    let sent = required("x-amz-credential")?;
    let sent_date = required("x-amz-date")?;
    let signature = Signature::read(required("x-amz-signature")?);
    if algorithm != ALGORITHM {
        return Err(refusal::argument(ErrorCode::FormAlgorithm, b"x-amz-algorithm", algorithm, options));
    }
    let scope = Scope::read(sent).map_err(|bad| refusal::credential(bad, sent, options))?;
    let date = SigningDate::basic(sent_date)
        .ok_or_else(|| refusal::argument(ErrorCode::FormDateMalformed, b"x-amz-date", sent_date, options))?;
    let skew = i64::from(options.max_skew_seconds) * 1000;
    let age = now.unix_millis() - date.instant.unix_millis();
    if age < -skew || age > i64::from(MAX_EXPIRES_SECONDS) * 1000 + skew {
        return Err(super::refusal::skewed(sent_date, now, options));
    }
    let wrong = match () {
        () if scope.terminal != b"aws4_request" => ErrorCode::FormWrongTerminal,
        () if !options.services.iter().any(|service| service.as_bytes() == scope.service) => {
            ErrorCode::FormWrongService
        }
        () if !scope.is_in(&options.region) => ErrorCode::FormWrongRegion,
        () if options.require_scope_date_match && !date.text.starts_with(scope.date) => {
            ErrorCode::FormScopeDateMismatch
        }
        () => return Ok(Claim { form: Form::PostV4, scope, signature, date, expires: None }),
    };
    Err(refusal::scope(wrong, &scope, sent, options))
}

/// Checks the token, and that no header of the request asks for anything: the policy cannot cover it.
fn check_carried(
    request: &HttpRequest<'_>,
    token: &[u8],
    credential: &Credential<'_>,
    now: Timestamp,
    options: &Options,
) -> Result<(), Error> {
    token::check(token, credential, now, options)?;
    let asks = |name: &[u8]| {
        let is_amz = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-"));
        is_amz && !name.eq_ignore_ascii_case(b"x-amz-content-sha256") && !options.ignores(name)
    };
    let names = request.headers.iter().map(|(name, _)| *name).filter(|name| asks(name));
    let names: Vec<String> = names.map(|name| super::refusal::text(name).to_ascii_lowercase()).collect();
    if names.is_empty() || !options.require_signed_amz_headers {
        return Ok(());
    }
    Err(super::refusal::not_signed(names.join(", "), options))
}

/// The body of a form upload, of which nothing is signed: the gateway reads it.
fn body(options: &Options) -> Body {
    Body::new(Payload::Unsigned, None, options.error_profile)
}

/// Checks that all conditions hold and that every field has one. Gives the least and the most bytes that
/// the file may have.
fn hold(
    conditions: &[Condition],
    fields: &Fields<'_>,
    bucket: &[u8],
    version: &Version,
    options: &Options,
) -> Result<(u64, u64), Error> {
    let (mut least, mut most) = (0, u64::MAX);
    let mut covered = vec![false; fields.all().len()];
    let mut covers_bucket = false;
    for condition in conditions {
        let name = match condition {
            Condition::Length { min, max } => {
                (least, most) = (least.max(*min), most.min(*max));
                continue;
            }
            Condition::Equals(field) | Condition::StartsWith(field) => field.name.as_str(),
        };
        let at = fields.at(name.as_bytes());
        if let Some(covered) = at.and_then(|at| covered.get_mut(at)) {
            *covered = true;
        }
        let sent = at.and_then(|at| fields.all().get(at)).map(|(_, value)| *value);
        let holds = match name {
            // The bucket is that of the URL. A field of that name may say the same, and nothing else.
            "bucket" => {
                covers_bucket = true;
                condition.holds_for(bucket) && sent.is_none_or(|sent| sent == bucket)
            }
            "key" => condition.holds_for(&fields.key),
            _ => sent.is_some_and(|sent| condition.holds_for(sent)),
        };
        if !holds {
            return Err(refusal::condition(condition));
        }
    }
    if !covers_bucket {
        return Err(refusal::not_covered(b"bucket", options));
    }
    let needs_none = |name: &[u8]| {
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        let of_signature = match version {
            Version::V4 => is("x-amz-signature"),
            Version::V2 => is("awsaccesskeyid") || is("signature"),
        };
        let ignored = name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"x-ignore-"));
        of_signature || is("policy") || ignored
    };
    let mut each = fields.all().iter().zip(covered);
    match each.find(|((name, _), covered)| !covered && !needs_none(name)) {
        Some(((name, _), _)) => Err(refusal::not_covered(name, options)),
        None => Ok((least, most)),
    }
}
