//! The credential scope: access key, date, region, service and terminal.

use super::limits::MAX_ACCESS_KEY_BYTES;
use crate::time::is_day;

/// A credential: `access-key/yyyymmdd/region/service/aws4_request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope<'r> {
    /// The access key; it may contain `/`.
    pub access_key: &'r str,
    /// Eight digits, a date that exists.
    pub date: &'r [u8],
    /// The region; of SigV4A the region set, which does not stand in the scope.
    pub region: &'r [u8],
    /// The service.
    pub service: &'r [u8],
    /// `aws4_request`, once checked.
    pub terminal: &'r [u8],
    /// Everything after the access key, as it stands in the string to sign.
    pub text: &'r [u8],
}

/// What is wrong with a credential's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MalformedScope<'r> {
    /// It does not have five parts, or an access key that cannot be one.
    Parts,
    /// This is no date.
    Date(&'r [u8]),
}

impl<'r> Scope<'r> {
    /// Reads a credential. The scope is split off from the right, since MinIO's access keys may
    /// contain `/`.
    pub(super) fn read(credential: &'r [u8]) -> Result<Self, MalformedScope<'r>> {
        let (rest, terminal) = match credential.strip_suffix(b"/aws4_request") {
            Some(rest) => (rest, &b"aws4_request"[..]),
            None => split_last(credential).ok_or(MalformedScope::Parts)?,
        };
        let (rest, service) = split_last(rest).ok_or(MalformedScope::Parts)?;
        let (rest, region) = split_last(rest).ok_or(MalformedScope::Parts)?;
        Self::of_parts(credential, rest, region, service, terminal)
    }

    /// Reads a credential of SigV4A, whose scope has no region: `access-key/yyyymmdd/service/aws4_request`.
    #[cfg(feature = "forms")]
    pub(super) fn read_v4a(credential: &'r [u8], region_set: &'r [u8]) -> Result<Self, MalformedScope<'r>> {
        let (rest, terminal) = split_last(credential).ok_or(MalformedScope::Parts)?;
        let (rest, service) = split_last(rest).ok_or(MalformedScope::Parts)?;
        Self::of_parts(credential, rest, region_set, service, terminal)
    }

    #[inline(always)]
    fn of_parts(
        credential: &'r [u8],
        rest: &'r [u8],
        region: &'r [u8],
        service: &'r [u8],
        terminal: &'r [u8],
    ) -> Result<Self, MalformedScope<'r>> {
        let (access_key, date) = match rest.split_last_chunk::<8>() {
            Some(([access_key @ .., b'/'], date)) => (access_key, date.as_slice()),
            _ => split_last(rest).ok_or(MalformedScope::Parts)?,
        };
        if access_key.is_empty() || access_key.len() > MAX_ACCESS_KEY_BYTES {
            return Err(MalformedScope::Parts);
        }
        let access_key = std::str::from_utf8(access_key).map_err(|_| MalformedScope::Parts)?;
        if !is_day(date) {
            return Err(MalformedScope::Date(date));
        }
        let text = credential.get(access_key.len() + 1..).unwrap_or_default();
        Ok(Self { access_key, date, region, service, terminal, text })
    }

    /// Whether the payload line and the path follow the rules of S3.
    pub(super) fn is_s3(&self) -> bool {
        is_s3(self.service)
    }

    /// Whether it is for a directory bucket, whose sessions have a token of their own.
    pub(super) fn is_express(&self) -> bool {
        self.service == b"s3express"
    }

    /// Whether the region is the configured one; an empty configuration takes any region that has a name.
    pub(super) fn is_in(&self, configured: &str) -> bool {
        // MinIO's old name of the default region.
        fn alias(region: &[u8]) -> &[u8] {
            if region == b"US" { b"us-east-1" } else { region }
        }
        match configured.as_bytes() {
            b"" => !self.region.is_empty(),
            configured => alias(self.region) == alias(configured),
        }
    }
}

/// Whether a service follows the rules of S3.
pub(super) fn is_s3(service: &[u8]) -> bool {
    ["s3", "s3express", "s3-object-lambda", "s3-outposts"].iter().any(|s| s.as_bytes() == service)
}

fn split_last(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().rposition(|&b| b == b'/')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_has_five_parts_counted_from_the_right() {
        let scope = Scope::read(b"team/svc/key 1/20260115/us-east-1/s3/aws4_request").unwrap();
        assert_eq!(scope.access_key, "team/svc/key 1");
        assert_eq!(scope.date, b"20260115");
        assert_eq!((scope.region, scope.service), (&b"us-east-1"[..], &b"s3"[..]));
        assert_eq!(scope.terminal, b"aws4_request");
        assert_eq!(scope.text, b"20260115/us-east-1/s3/aws4_request");
        let long = [&[b'a'; 257][..], b"/20260115/r/s3/aws4_request"].concat();
        for malformed in [
            &b"AK/20260115/us-east-1/aws4_request"[..],
            b"/20260115/r/s3/t",
            b"\xff/20260115/r/s3/t",
            b"",
            &long,
        ] {
            assert_eq!(Scope::read(malformed), Err(MalformedScope::Parts));
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for number in (0..=99_991_231_u32).step_by(9973).chain(20_240_200..20_240_320) {
            let day = format!("{number:08}");
            let instant = crate::Timestamp::parse_basic(format!("{day}T000000Z").as_bytes());
            assert_eq!(is_day(day.as_bytes()), instant.is_some(), "{day}");
        }
    }

    #[test]
    fn the_date_must_exist() {
        for date in ["20260230", "2026011", "202601150", "2026-1-1", "", "20261301", "2026011a"] {
            let credential = format!("AK/{date}/r/s3/aws4_request");
            assert_eq!(Scope::read(credential.as_bytes()), Err(MalformedScope::Date(date.as_bytes())));
        }
        // A slash too many shifts every part.
        let shifted = Scope::read(b"AK/20260115/us-east-1/s3/aws4_request/");
        assert_eq!(shifted, Err(MalformedScope::Date(b"us-east-1")));
    }

    #[test]
    fn regions_are_equal_or_aliases() {
        let scope = |region: &'static [u8]| Scope {
            region,
            ..Scope::read(b"AK/20260115/us-east-1/s3/aws4_request").unwrap()
        };
        assert!(scope(b"us-east-1").is_in("us-east-1"));
        assert!(scope(b"US").is_in("us-east-1"));
        assert!(scope(b"us-east-1").is_in("US"));
        assert!(scope(b"anything").is_in(""));
        assert!(!scope(b"").is_in(""));
        assert!(!scope(b"us").is_in("us-east-1"));
        assert!(!scope(b"eu-west-1").is_in("us-east-1"));
    }
}
