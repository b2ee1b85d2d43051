//! SigV4 in the `Authorization` header.

use super::authorization::Authorization;
use super::claim::{Claim, SigningDate, check_scope};
use super::covered::Covered;
use super::headers::{Field, Headers};
use super::scope::Scope;
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
    let form = Form::HeaderV4;
    let parts = Authorization::read(authorization, options)?;
    let scope = Scope::read(parts.credential).map_err(|bad| refusal::credential(bad, form, options))?;
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
