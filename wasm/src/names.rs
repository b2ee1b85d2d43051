//! The names of options, as users write them.

use crate::refusal::invalid_argument;
use s3iam::facade::{Dialect, Error, ErrorProfile, Kind, PolicyOptions};

/// How a policy is to be read: `dialect` is `minio` or `aws`, `kind` is `identity`, `bucket` or `session`.
pub(crate) fn policy_options(
    dialect: &str,
    kind: &str,
    lenient: bool,
) -> Result<PolicyOptions<'static>, Error> {
    let dialect = match dialect {
        "minio" => Dialect::Minio,
        "aws" => Dialect::Aws,
        _ => return Err(invalid_argument(format!("dialect is 'minio' or 'aws', not `{dialect}`"))),
    };
    let kind = match kind {
        "identity" => Kind::Identity,
        "bucket" => Kind::Bucket,
        "session" => Kind::Session,
        _ => {
            return Err(invalid_argument(format!("kind is 'identity', 'bucket' or 'session', not `{kind}`")));
        }
    };
    Ok(PolicyOptions { dialect, kind, lenient, ..PolicyOptions::default() })
}

/// `aws` or `minio`.
pub(crate) fn error_profile(name: &str) -> Result<ErrorProfile, Error> {
    match name {
        "aws" => Ok(ErrorProfile::Aws),
        "minio" => Ok(ErrorProfile::Minio),
        _ => Err(invalid_argument(format!("errorProfile is 'aws' or 'minio', not `{name}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused() {
        assert_eq!(policy_options("aws", "bucket", true).unwrap().kind, Kind::Bucket);
        assert!(policy_options("gcp", "bucket", true).is_err());
        assert!(policy_options("aws", "role", true).is_err());
        assert!(error_profile("AWS").is_err());
    }
}
