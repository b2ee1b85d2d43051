//! SigV4 and SigV4A in the query.

use super::claim::{Claim, Signature, SigningDate, check_scope};
use super::classify::{ALGORITHM, ALGORITHM_V4A};
use super::covered::Covered;
use super::headers::Headers;
use super::limits::MAX_EXPIRES_SECONDS;
use super::query::{Parameter, Query};
use super::scope::Scope;
#[cfg(feature = "forms")]
use super::v4a;
use super::verified::Form;
use super::{Options, refusal};
use crate::short::SmallVec;
use crate::{Error, ErrorCode, Timestamp};

/// The six parameters. It is filled where it lies, since it is too large to be passed around.
#[derive(Default)]
pub(super) struct Parameters<'q> {
    /// Those that stand for themselves.
    as_is: [Option<&'q [u8]>; 6],
    /// The others, one after another, decoded, and where each ends.
    decoded: SmallVec<[u8; 512]>,
    ends: [usize; 6],
    /// The regions of SigV4A.
    #[cfg(feature = "forms")]
    region_set: v4a::RegionSet,
}

const PARAMETERS: [Parameter; 6] = [
    Parameter::Algorithm,
    Parameter::Credential,
    Parameter::Date,
    Parameter::Expires,
    Parameter::SignedHeaders,
    Parameter::Signature,
];

impl<'q> Parameters<'q> {
    /// Decodes the parameters; all six must be there and not empty.
    pub(super) fn read(&mut self, query: &Query<'q>) -> Result<(), Error> {
        for ((parameter, as_is), end) in PARAMETERS.into_iter().zip(&mut self.as_is).zip(&mut self.ends) {
            let value = query.value(parameter).ok_or(ErrorCode::QueryParametersMissing)?;
            *as_is = value.as_is();
            if as_is.is_none() {
                value.decode_into(|bytes| self.decoded.extend_from_slice(bytes));
            }
            *end = self.decoded.len();
        }
        #[cfg(feature = "forms")]
        if self.values().first() == Some(&ALGORITHM_V4A) {
            v4a::read_region_set(query, &mut self.region_set)?;
        }
        Ok(())
    }

    /// Reads the claim and its list of signed headers, and checks all of it that needs no credential.
    pub(super) fn claim<'p>(
        &'p self,
        headers: &Headers<'_>,
        covered: &mut Covered<'p>,
        options: &Options,
    ) -> Result<Claim<'p>, Error> {
        let [algorithm, credential, date, expires, list, signature] = self.values();
        let (form, scope, signature) = match algorithm {
            ALGORITHM => (Form::PresignedV4, Scope::read(credential), Signature::read(signature)),
            #[cfg(feature = "forms")]
            ALGORITHM_V4A if !options.allow_sigv4a => return Err(ErrorCode::AuthFormUnsupported.into()),
            #[cfg(feature = "forms")]
            ALGORITHM_V4A => {
                // Regions in two places would be ambiguous.
                if self.region_set.is_empty() || v4a::region_set(headers)?.is_some() {
                    return Err(ErrorCode::QueryRegionSet.into());
                }
                let scope = Scope::read_v4a(credential, &self.region_set);
                (Form::PresignedV4a, scope, Signature::read_v4a(signature))
            }
            #[cfg(not(feature = "forms"))]
            ALGORITHM_V4A => return Err(super::classify::unsupported()),
            _ => return Err(ErrorCode::QueryAlgorithm.into()),
        };
        let scope = scope.map_err(|bad| refusal::credential(bad, form, options))?;
        covered.read(list, headers, form, options).map_err(|_| ErrorCode::QuerySignedHeadersMalformed)?;
        let date = SigningDate::basic(date).ok_or(ErrorCode::QueryDateMalformed)?;
        check_scope(&scope, &date, form, options)?;
        let expires = Some(seconds(expires, options.accept_expires_zero)?);
        Ok(Claim { form, scope, signature, date, expires })
    }

    fn values(&self) -> [&[u8]; 6] {
        let (mut values, mut start) = (self.as_is.map(Option::unwrap_or_default), 0);
        for (value, &end) in values.iter_mut().zip(&self.ends) {
            if end > start {
                *value = self.decoded.get(start..end).unwrap_or_default();
            }
            start = end;
        }
        values
    }
}

/// Reads `X-Amz-Expires`: decimal digits, 1 to 604800.
fn seconds(text: &[u8], accept_zero: bool) -> Result<u32, Error> {
    let all_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if text.strip_prefix(b"-").is_some_and(all_digits) {
        return Err(ErrorCode::ExpiresNegative.into());
    }
    if !all_digits(text) {
        return Err(ErrorCode::ExpiresNotNumber.into());
    }
    let seconds =
        text.iter().fold(0_u32, |sum, b| sum.saturating_mul(10).saturating_add(u32::from(b - b'0')));
    match seconds {
        0 if !accept_zero => Err(ErrorCode::ExpiresZero.into()),
        seconds if seconds > MAX_EXPIRES_SECONDS => Err(ErrorCode::ExpiresTooLong.into()),
        seconds => Ok(seconds),
    }
}

/// Checks that a presigned request is used in its time: not before it was signed, but for clocks that
/// differ, and not after the seconds it was signed for.
pub(super) fn check_window(
    date: &SigningDate,
    seconds: u32,
    now: Timestamp,
    options: &Options,
) -> Result<(), Error> {
    let signed = date.instant.unix_millis();
    if signed - now.unix_millis() > i64::from(options.max_skew_seconds) * 1000 {
        return Err(ErrorCode::PresignNotYetValid.into());
    }
    let end = Timestamp::from_unix_millis(signed + i64::from(seconds) * 1000);
    if now > end {
        return Err(refusal::expired(seconds, end, now, options));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expires_is_a_number_of_seconds_up_to_a_week() {
        let read = |text: &str| seconds(text.as_bytes(), false).map_err(|e| e.code());
        assert_eq!(read("1"), Ok(1));
        assert_eq!(read("604800"), Ok(604_800));
        assert_eq!(read("0060"), Ok(60));
        assert_eq!(read("604801"), Err(ErrorCode::ExpiresTooLong));
        assert_eq!(read("99999999999999999999999"), Err(ErrorCode::ExpiresTooLong));
        assert_eq!(read("0"), Err(ErrorCode::ExpiresZero));
        assert_eq!(read("-1"), Err(ErrorCode::ExpiresNegative));
        for text in ["abc", "", "+5", "5s", " 5", "1.5", "-", "0x10", "5\n"] {
            assert_eq!(read(text), Err(ErrorCode::ExpiresNotNumber), "{text:?}");
        }
        assert_eq!(seconds(b"0", true), Ok(0));
    }

    #[test]
    fn the_window_includes_both_ends() {
        let date = SigningDate::basic(b"20260115T120000Z").unwrap();
        let check = |offset_millis: i64| {
            let now = Timestamp::from_unix_millis(date.instant.unix_millis() + offset_millis);
            check_window(&date, 60, now, &Options::default()).map_err(|e| e.code())
        };
        assert_eq!(check(0), Ok(()));
        assert_eq!(check(60_000), Ok(()));
        assert_eq!(check(60_001), Err(ErrorCode::PresignExpired));
        assert_eq!(check(-900_000), Ok(()));
        assert_eq!(check(-900_001), Err(ErrorCode::PresignNotYetValid));
    }
}
