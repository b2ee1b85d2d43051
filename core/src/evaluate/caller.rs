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
    /// The caller of a kind, by the kind's name: `anonymous`, `root`, `user`, `role-session`,
    /// `federated-user`, `service` or `federated`. `behind` is the ARN of the role of a role session and, if
    /// known, of the user of a federated user; others have none. `None` where this does not go together.
    pub fn named(kind: &str, name: &'a str, behind: Option<&'a str>) -> Option<Self> {
        let caller = match (kind, behind) {
            ("anonymous", None) => return name.is_empty().then_some(Caller::Anonymous),
            ("role-session", Some(role)) => Caller::RoleSession { arn: name, role },
            ("federated-user", user) => Caller::FederatedUser { arn: name, user },
            ("root", None) => Caller::Root { arn: name },
            ("user", None) => Caller::User { arn: name },
            ("service", None) => Caller::Service { name },
            ("federated", None) => Caller::Federated { provider: name },
            _ => return None,
        };
        (!name.is_empty()).then_some(caller)
    }

    /// The name of its kind, as [`Caller::named`] takes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Caller::Anonymous => "anonymous",
            Caller::Root { .. } => "root",
            Caller::User { .. } => "user",
            Caller::RoleSession { .. } => "role-session",
            Caller::FederatedUser { .. } => "federated-user",
            Caller::Service { .. } => "service",
            Caller::Federated { .. } => "federated",
        }
    }

    /// Who is behind it: the role of a role session, the user of a federated user.
    pub fn behind(&self) -> Option<&'a str> {
        match *self {
            Caller::RoleSession { role, .. } => Some(role),
            Caller::FederatedUser { user, .. } => user,
            _ => None,
        }
    }

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

    /// The account that the caller belongs to, empty if its ARN names none; none for those who belong to no
    /// account.
    pub fn account(&self) -> Option<&'a str> {
        match *self {
            Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } => None,
            Caller::Root { arn }
            | Caller::User { arn }
            | Caller::RoleSession { arn, .. }
            | Caller::FederatedUser { arn, .. } => Some(arn.split(':').nth(4).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_back() {
        let callers = [
            ("anonymous", "", None),
            ("root", "arn:aws:iam::111122223333:root", None),
            ("user", "arn:aws:iam::111122223333:user/a", None),
            (
                "role-session",
                "arn:aws:sts::111122223333:assumed-role/r/s",
                Some("arn:aws:iam::111122223333:role/r"),
            ),
            ("federated-user", "arn:aws:sts::111122223333:federated-user/f", None),
            (
                "federated-user",
                "arn:aws:sts::111122223333:federated-user/f",
                Some("arn:aws:iam::111122223333:user/a"),
            ),
            ("service", "cloudtrail.amazonaws.com", None),
            ("federated", "accounts.google.com", None),
        ];
        for (kind, name, behind) in callers {
            let caller = Caller::named(kind, name, behind).unwrap();
            let back = (caller.kind(), caller.name().unwrap_or_default(), caller.behind());
            assert_eq!(back, (kind, name, behind));
        }
    }

    #[test]
    fn what_does_not_go_together_is_no_caller() {
        for (kind, name, behind) in [
            ("User", "arn:aws:iam::111122223333:user/a", None),
            ("user", "", None),
            ("user", "arn:aws:iam::111122223333:user/a", Some("arn:aws:iam::111122223333:role/r")),
            ("role-session", "arn:aws:sts::111122223333:assumed-role/r/s", None),
            ("anonymous", "arn:aws:iam::111122223333:user/a", None),
        ] {
            assert_eq!(Caller::named(kind, name, behind), None, "{kind} {name}");
        }
    }
}
