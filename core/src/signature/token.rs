//! The session token of a request, and what it must be for the credential (spec: sigv4, section 3.3).

use super::headers::{Field, Headers};
use super::limits::MAX_TOKEN_BYTES;
use super::query::{Parameter, Query};
use super::scope::Scope;
use super::{Credential, Options, refusal};
use crate::bytes::same;
use crate::short::SmallVec;
use crate::{Error, ErrorCode, Timestamp};

/// A decoded token; it stays on the stack up to 2 KiB.
pub(super) type Token = SmallVec<[u8; 2048]>;

/// Finds the session token that a request carries; it stays empty if there is none. A token in two places is ambiguous and
/// refused.
pub(super) fn carried(
    headers: &Headers<'_>,
    query: &Query<'_>,
    scope: &Scope<'_>,
    token: &mut Token,
) -> Result<(), Error> {
    // Directory buckets have a token of their own kind; creating a session takes the ordinary one.
    let express = scope.is_express();
    let places = [
        (Field::SecurityToken, Parameter::SecurityToken, true),
        (Field::SessionToken, Parameter::SessionToken, express),
    ];
    for (field, parameter, _) in places.into_iter().filter(|(_, _, applies)| *applies) {
        let (in_header, in_query) = (headers.value(field), query.value(parameter));
        if in_header.is_none() && in_query.is_none() {
            continue;
        }
        if in_header.is_some_and(|value| value.len() > MAX_TOKEN_BYTES)
            || in_query.is_some_and(|value| value.is_longer_than(MAX_TOKEN_BYTES))
        {
            return Err(ErrorCode::TokenTooLarge.into());
        }
        if !token.is_empty() || (in_header.is_some() && in_query.is_some()) {
            return Err(ErrorCode::TokenInvalid.into());
        }
        if let Some(value) = in_header {
            token.extend_from_slice(value);
        }
        if let Some(value) = in_query {
            value.decode_into(|bytes| token.extend_from_slice(bytes));
        }
    }
    Ok(())
}

/// Checks a token against the credential, and the credential against the clock.
pub(super) fn check(
    token: &[u8],
    credential: &Credential<'_>,
    now: Timestamp,
    options: &Options,
) -> Result<(), Error> {
    match credential.session_token {
        Some(_) if token.is_empty() => {
            return Err(refusal::access_key(ErrorCode::TokenMissing, credential.access_key, options));
        }
        Some(expected) if !same(token, expected.as_bytes()) => {
            return Err(ErrorCode::TokenInvalid.into());
        }
        None if !token.is_empty() => return Err(ErrorCode::TokenInvalid.into()),
        _ => {}
    }
    match credential.expires {
        Some(expires) if expires <= now => Err(ErrorCode::TokenExpired.into()),
        _ => Ok(()),
    }
}
