//! `Principal` and `NotPrincipal` of the AWS dialect (`aws-evaluation` 3.1 and 5).

use crate::evaluate::{Caller, Truth};
use crate::policy::{Kind, Principal, PrincipalType, Statement};

/// What a statement says of the caller; nothing is said of a statement without a principal.
#[derive(Clone, Debug)]
pub(super) struct Principals {
    /// `Principal`.
    named: Option<Names>,
    /// `NotPrincipal`.
    not_named: Option<Names>,
    is_deny: bool,
}

/// The callers that an element names.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    everyone: bool,
    /// Account numbers.
    accounts: Box<[Box<str>]>,
    /// Users, roles and sessions.
    arns: Box<[Box<str>]>,
    services: Box<[Box<str>]>,
    providers: Box<[Box<str>]>,
    /// Accounts by their canonical ids; nobody knows which account an id means.
    has_canonical: bool,
}

/// How directly a resource's policy grants something to a caller of the same account, which says what
/// else must allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grant {
    /// To the account, which leaves it to its identity policies.
    Account,
    /// To the role or user behind the session: identity policies need not allow it, boundary and session
    /// must.
    Role,
    /// To the caller itself, or to everyone: nothing else need allow it.
    Direct,
}

impl Principals {
    /// What a statement says; `None` if it speaks of everyone because it names nobody. In a policy of a
    /// resource that is a mistake, and an Allow is then for nobody.
    pub(super) fn of(statement: &Statement, is_deny: bool, kind: Kind) -> Option<Self> {
        let named = statement.principal.as_ref().map(Names::of);
        let not_named = statement.not_principal.as_ref().map(Names::of);
        match (named, not_named) {
            (None, None) if is_deny || !kind.is_of_a_resource() => None,
            (None, None) => Some(Self { named: Some(Names::default()), not_named: None, is_deny }),
            (named, not_named) => Some(Self { named, not_named, is_deny }),
        }
    }

    /// Whether the statement speaks of the caller, and how directly. Without a caller nobody can say.
    pub(super) fn matches(&self, caller: Option<&Caller<'_>>, has_boundary: bool) -> (Truth, Grant) {
        let Some(caller) = caller else { return (Truth::Unknown, Grant::Account) };
        let (named, grant) = match &self.named {
            Some(names) => names.names(caller),
            None => (Truth::True, Grant::Direct),
        };
        let is_meant = named.and(|| match &self.not_named {
            None => Truth::True,
            // A Deny spares only those who are named with all that they are, and nobody with a boundary.
            Some(names) if self.is_deny => (has_boundary || !names.names_wholly(caller)).into(),
            Some(names) => !names.names(caller).0,
        });
        (is_meant, grant)
    }
}

impl Names {
    fn of(principal: &Principal) -> Self {
        let mut names = Self { everyone: principal.everyone, ..Self::default() };
        let (mut accounts, mut arns) = (Vec::new(), Vec::new());
        for value in &principal.aws {
            match value.text.as_str() {
                "*" => names.everyone = true,
                text => match account(text) {
                    Some(number) => accounts.push(number.into()),
                    None => arns.push(text.into()),
                },
            }
        }
        let of_type = |wanted| {
            let others = principal.others.iter().filter(move |(kind, _)| *kind == wanted);
            others.map(|(_, value)| value.text.as_str().into()).collect()
        };
        names.services = of_type(PrincipalType::Service);
        names.providers = of_type(PrincipalType::Federated);
        names.has_canonical = principal.others.iter().any(|(kind, _)| *kind == PrincipalType::CanonicalUser);
        (names.accounts, names.arns) = (accounts.into(), arns.into());
        names
    }

    /// Whether the caller is named, and how directly.
    fn names(&self, caller: &Caller<'_>) -> (Truth, Grant) {
        match self.grant(caller) {
            Some(grant) => (Truth::True, grant),
            None if self.has_canonical && caller.account().is_some() => (Truth::Unknown, Grant::Account),
            None => (Truth::False, Grant::Account),
        }
    }

    /// The most direct way in which the caller is named.
    fn grant(&self, caller: &Caller<'_>) -> Option<Grant> {
        let of_account = || {
            let is_named = caller.account().is_some_and(|account| names(&self.accounts, account));
            is_named.then_some(Grant::Account)
        };
        if self.everyone {
            return Some(Grant::Direct);
        }
        let (own, behind) = match *caller {
            Caller::Anonymous => return None,
            Caller::Service { name } => return names(&self.services, name).then_some(Grant::Direct),
            Caller::Federated { provider } => {
                return names(&self.providers, provider).then_some(Grant::Direct);
            }
            Caller::Root { .. } => return of_account(),
            Caller::User { arn } => (arn, None),
            Caller::RoleSession { arn, role } => (arn, Some(role)),
            Caller::FederatedUser { arn, user } => (arn, user),
        };
        if names(&self.arns, own) {
            return Some(Grant::Direct);
        }
        match behind {
            Some(behind) if names(&self.arns, behind) => Some(Grant::Role),
            _ => of_account(),
        }
    }

    /// Whether the caller is named with everything that it is: itself, what is behind it, its account.
    fn names_wholly(&self, caller: &Caller<'_>) -> bool {
        let account = || caller.account().is_some_and(|account| names(&self.accounts, account));
        self.everyone
            || match *caller {
                Caller::Anonymous => false,
                Caller::Service { name } => names(&self.services, name),
                Caller::Federated { provider } => names(&self.providers, provider),
                Caller::Root { .. } => account(),
                Caller::User { arn } | Caller::FederatedUser { arn, .. } => {
                    names(&self.arns, arn) && account()
                }
                Caller::RoleSession { arn, role } => {
                    names(&self.arns, arn) && names(&self.arns, role) && account()
                }
            }
    }
}

fn names(list: &[Box<str>], name: &str) -> bool {
    list.iter().any(|entry| **entry == *name)
}

/// The account that a principal means: twelve digits, or the ARN of an account's root.
fn account(text: &str) -> Option<&str> {
    let number = match text.strip_prefix("arn:") {
        Some(rest) => {
            let (_, rest) = rest.split_once(":iam::").filter(|(partition, _)| !partition.contains(':'))?;
            rest.strip_suffix(":root")?
        }
        None => text,
    };
    (number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}
