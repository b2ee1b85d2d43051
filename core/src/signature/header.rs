//! SigV4 and SigV4A in the `Authorization` header.

use super::authorization::Authorization;
#[cfg(feature = "forms")]
use super::claim::Signature;
use super::claim::{Claim, SigningDate, check_scope};
use super::covered::Covered;
use super::headers::{Field, Headers};
use super::scope::{MalformedScope, Scope};
#[cfg(feature = "forms")]
use super::v4a;
use super::verified::Form;
use super::{Options, refusal};
use crate::{Error, ErrorCode, Timestamp};

/// Reads the claim and its list of signed headers, and checks all of it that needs no credential.
pub(super) fn claim<'r>(
    authorization: &'r [u8],
    headers: &Headers<'_>,
    covered: &mut Covered<'r>,
    (options, now): (&Options, Timestamp),
) -> Result<Claim<'r>, Error> {
    let parts = Authorization::read(authorization, options)?;
    let scope = Scope::read(parts.credential);
    finish(Form::HeaderV4, (parts, scope), headers, covered, (options, now))
}

/// Reads the claim of a SigV4A header in the same way.
#[cfg(feature = "forms")]
pub(super) fn claim_v4a<'r>(
    authorization: &'r [u8],
    headers: &Headers<'r>,
    covered: &mut Covered<'r>,
    (options, now): (&Options, Timestamp),
) -> Result<Claim<'r>, Error> {
    if !options.allow_sigv4a {
        return Err(ErrorCode::AuthFormUnsupported.into());
    }
    let mut parts = Authorization::read(authorization, options)?;
    parts.signature = Signature::read_v4a(parts.signature.text);
    let region_set = v4a::region_set(headers)?.filter(|_| !options.ignores(v4a::REGION_SET));
    let region_set = region_set.ok_or(ErrorCode::MissingRegionSet)?;
    let scope = Scope::read_v4a(parts.credential, region_set);
    finish(Form::HeaderV4a, (parts, scope), headers, covered, (options, now))
}

#[inline(always)]
fn finish<'r>(
    form: Form,
    (parts, scope): (Authorization<'r>, Result<Scope<'r>, MalformedScope<'r>>),
    headers: &Headers<'_>,
    covered: &mut Covered<'r>,
    (options, now): (&Options, Timestamp),
) -> Result<Claim<'r>, Error> {
    let scope = scope.map_err(|bad| refusal::credential(bad, form, options))?;
    covered
        .read(parts.signed_headers, headers, form, options)
        .map_err(|_| ErrorCode::SignedHeadersMalformed)?;
    let (date, sent) = date(headers)?;
    let skew = now.unix_millis().abs_diff(date.instant.unix_millis());
    if skew > u64::from(options.max_skew_seconds) * 1000 {
        return Err(refusal::skewed(sent, now, options));
    }
    check_scope(&scope, &date, form, options)?;
    Ok(Claim { form, scope, signature: parts.signature, date, expires: None })
}

/// The date of the request, and its text: `x-amz-date` in its one form, else `Date`, which botocore
/// sends where the caller set it.
fn date<'r>(headers: &Headers<'r>) -> Result<(SigningDate, &'r [u8]), Error> {
    let read = match headers.get(Field::AmzDate) {
        Some(b"") => return Err(ErrorCode::MissingDate.into()),
        Some(text) => SigningDate::basic(text).map(|date| (date, text)),
        None => {
            let text = headers.date()?.ok_or(ErrorCode::MissingDate)?;
            SigningDate::basic(text).or_else(|| SigningDate::http(text)).map(|date| (date, text))
        }
    };
    read.ok_or_else(|| ErrorCode::MalformedDate.into())
}
