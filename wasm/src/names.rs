//! The names of options, as users write them.

use crate::refusal::invalid_argument;
use s3iam::facade::{Error, ErrorProfile, Kind};

/// What a policy is attached to.
pub(crate) fn kind(name: &str) -> Result<Kind, Error> {
    Kind::named(name).ok_or_else(|| {
        invalid_argument("kind must be one of identity, bucket, session, trust, boundary, scp, rcp, endpoint")
    })
}

/// `aws` or `minio`.
pub(crate) fn error_profile(name: &str) -> Result<ErrorProfile, Error> {
    match name {
        "aws" => Ok(ErrorProfile::Aws),
        "minio" => Ok(ErrorProfile::Minio),
        _ => Err(invalid_argument("errorProfile is 'aws' or 'minio'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused() {
        assert_eq!(kind("bucket").unwrap(), Kind::Bucket);
        assert!(Kind::ALL.iter().all(|known| kind(known.name()) == Ok(*known)));
        let refused = kind("role").unwrap_err().to_string();
        assert!(refused.contains(&Kind::ALL.map(Kind::name).join(", ")), "{refused}");
        assert!(error_profile("AWS").is_err());
    }
}
