//! The names of options, as users write them.

use crate::refusal::invalid_argument;
use s3iam::facade::{Error, ErrorProfile, Kind};

/// `identity`, `bucket` or `session`.
pub(crate) fn kind(name: &str) -> Result<Kind, Error> {
    match name {
        "identity" => Ok(Kind::Identity),
        "bucket" => Ok(Kind::Bucket),
        "session" => Ok(Kind::Session),
        _ => Err(invalid_argument("kind is 'identity', 'bucket' or 'session'")),
    }
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
        assert!(kind("role").is_err());
        assert!(error_profile("AWS").is_err());
    }
}
