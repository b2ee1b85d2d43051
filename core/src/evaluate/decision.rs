//! What a policy answers.

/// The three outcomes of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// A statement allows it and none denies it.
    Allow,
    /// A Deny statement applies.
    ExplicitDeny,
    /// Nothing allows it.
    ImplicitDeny,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 3] = [Outcome::Allow, Outcome::ExplicitDeny, Outcome::ImplicitDeny];

    /// The outcome of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// `allow`, `explicit_deny` or `implicit_deny`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::ExplicitDeny => "explicit_deny",
            Outcome::ImplicitDeny => "implicit_deny",
        }
    }
}

/// Why the outcome is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Reason {
    /// The statement named by [`Decision::statement`] applies.
    Statement,
    /// The caller owns the storage.
    Owner,
    /// Only a Deny matters here, and none applies.
    DenyOnly,
    /// No statement applies.
    NoStatement,
    /// A Deny statement depends on a value that was not given, so it is taken to apply.
    FactsMissing,
    /// A policy of the caller cannot be evaluated, so everything is denied.
    PolicyBroken,
    /// The caller has no policies.
    NoPolicy,
    /// A grant of an access control list applies.
    AclGrant,
    /// The object belongs to an account that is not the bucket's owner, and that grants nothing.
    OtherOwner,
    /// Block Public Access ignores what is granted.
    PublicAccessBlocked,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 10] = [
        Reason::Statement,
        Reason::Owner,
        Reason::DenyOnly,
        Reason::NoStatement,
        Reason::FactsMissing,
        Reason::PolicyBroken,
        Reason::NoPolicy,
        Reason::AclGrant,
        Reason::OtherOwner,
        Reason::PublicAccessBlocked,
    ];

    /// The reason of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The stable text form, in the form of the error codes.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Statement => "statement",
            Reason::Owner => "owner",
            Reason::DenyOnly => "deny-only",
            Reason::NoStatement => "no-statement",
            Reason::FactsMissing => "facts-missing",
            Reason::PolicyBroken => "policy-broken",
            Reason::NoPolicy => "no-policy",
            Reason::AclGrant => "acl-grant",
            Reason::OtherOwner => "other-owner",
            Reason::PublicAccessBlocked => "public-access-blocked",
        }
    }
}

/// A statement of a program: which policy, counted from 0 in the order in which the policies were
/// compiled, and which statement of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StatementRef {
    /// The policy's position among the compiled policies.
    pub policy: u32,
    /// The statement's position in the policy's `Statement` list.
    pub statement: u32,
}

/// A decision: outcome, reason and the statement that decided, if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decision {
    /// Allow, explicit deny or implicit deny.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The deciding statement.
    pub statement: Option<StatementRef>,
}

impl Decision {
    /// Whether the request is allowed.
    pub fn allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }
}
