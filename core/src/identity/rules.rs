//! The rules for names and secrets.

use crate::signature::{SecretKey, sha256};

const MIN_ACCESS_KEY: usize = 3;
const MIN_SECRET_KEY: usize = 8;
/// No signed request can carry a longer one.
const MAX_NAME: usize = 1024;

/// Secrets that installations come with. Whoever finds the server tries these first.
const WELL_KNOWN_SECRETS: [&str; 10] = [
    "minioadmin",
    "minio123",
    "minio-secret",
    "miniosecret",
    "password",
    "changeme",
    "changeit",
    "rustfsadmin",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "zuf+tfteSlswRu7BJ86wekitnifILbZam1KYY3TG",
];

/// What is wrong with an access key, which for users is also the name.
pub(super) fn access_key_fault(name: &str) -> Option<&'static str> {
    if name.len() < MIN_ACCESS_KEY {
        return Some("is shorter than 3 bytes");
    }
    name_fault(name)
}

/// What is wrong with the name of a user or group.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    if name.contains(['=', ',']) {
        return Some("contains `=` or `,`");
    }
    policy_name_fault(name)
}

/// What is wrong with the name of a policy.
pub(super) fn policy_name_fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.len() > MAX_NAME {
        Some("is longer than 1024 bytes")
    } else if name.trim() != name {
        Some("begins or ends with white space")
    } else if name.contains(',') {
        Some("contains `,`")
    } else {
        None
    }
}

/// What is wrong with a secret. The answer says nothing of what the secret is.
pub(super) fn secret_fault(secret: &str) -> Option<&'static str> {
    if secret.len() < MIN_SECRET_KEY {
        return Some("is shorter than 8 bytes");
    }
    (secret.len() > MAX_NAME).then_some("is longer than 1024 bytes")
}

/// Whether a secret is one that installations come with, or the access key itself.
pub(super) fn is_well_known(access_key: &str, secret: &str) -> bool {
    secret == access_key || WELL_KNOWN_SECRETS.contains(&secret)
}

/// A number that changes whenever the secret does: part of a hash of it, so that it gives nothing
/// away, and the same in every snapshot, so that unchanged secrets keep their cached signing keys.
pub(super) fn generation(secret: &SecretKey) -> u64 {
    let hash = sha256(&[b"s3iam secret generation\0", secret.bytes()]);
    hash.iter().take(8).fold(0, |n, &b| n << 8 | u64::from(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_secrets_have_minio_s_limits() {
        for name in ["bob", "a b", "user@example.com", "a/b", "\u{e9}\u{e9}"] {
            assert_eq!(access_key_fault(name), None, "{name}");
        }
        for name in ["", "ab", "a=b", "a,b", " bob", "bob ", "bob\u{a0}", &"a".repeat(1025)] {
            assert!(access_key_fault(name).is_some(), "{name}");
        }
        assert_eq!(policy_name_fault("a=b"), None);
        assert!(policy_name_fault("a,b").is_some());
        assert_eq!(secret_fault("12345678"), None);
        assert!(secret_fault("1234567").is_some());
    }

    #[test]
    fn a_generation_follows_the_secret() {
        let of = |secret: &str| generation(&SecretKey::new(secret));
        assert_eq!(of("correct horse"), of("correct horse"));
        assert_ne!(of("correct horse"), of("correct horsf"));
    }
}
