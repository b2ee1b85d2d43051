//! Who asks, as policies of the AWS dialect speak of callers (`aws-evaluation` 5).

/// A caller. Names are ARNs unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller<'a> {
    /// Nobody who is known.
    Anonymous,
    /// The root user of an account.
    Root {
        /// `arn:aws:iam::111122223333:root`.
        arn: &'a str,
    },
    /// An IAM user.
    User {
        /// `arn:aws:iam::111122223333:user/path/name`.
        arn: &'a str,
    },
    /// A session of a role.
    RoleSession {
        /// `arn:aws:sts::111122223333:assumed-role/role/session`.
        arn: &'a str,
        /// `arn:aws:iam::111122223333:role/path/role`.
        role: &'a str,
    },
    /// A session that a user made for somebody else.
    FederatedUser {
        /// `arn:aws:sts::111122223333:federated-user/name`.
        arn: &'a str,
        /// The user who made it.
        user: Option<&'a str>,
    },
    /// A service of AWS.
    Service {
        /// Its name, such as `cloudtrail.amazonaws.com`.
        name: &'a str,
    },
    /// Somebody whom an identity provider vouches for, as trust policies see them.
    Federated {
        /// A domain such as `accounts.google.com`, or the ARN of an OIDC or SAML provider.
        provider: &'a str,
    },
}

impl<'a> Caller<'a> {
    /// The caller's own name; none if it is anonymous.
    pub fn name(&self) -> Option<&'a str> {
        match *self {
            Caller::Anonymous => None,
            Caller::Root { arn }
            | Caller::User { arn }
            | Caller::RoleSession { arn, .. }
            | Caller::FederatedUser { arn, .. } => Some(arn),
            Caller::Service { name } => Some(name),
            Caller::Federated { provider } => Some(provider),
        }
    }

    /// The account that the caller belongs to; none for those who belong to no account.
    pub fn account(&self) -> Option<&'a str> {
        match *self {
            Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } => None,
            Caller::Root { arn }
            | Caller::User { arn }
            | Caller::RoleSession { arn, .. }
            | Caller::FederatedUser { arn, .. } => arn.split(':').nth(4),
        }
    }
}
