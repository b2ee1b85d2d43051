//! Answers: what was decided, why, and by whom.

use crate::error::s3iam_error;
use crate::panic::value;
use crate::text::s3iam_text;
use s3iam::facade::{Answer, Decision, ErrorCode, Layer, Outcome, PolicyLayer, Reason, StatementInfo};

/// What a policy answers. Zero is a denial.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_outcome {
    /// Nothing allows it.
    S3IAM_OUTCOME_IMPLICIT_DENY = 0,
    /// A Deny statement applies.
    S3IAM_OUTCOME_EXPLICIT_DENY = 1,
    /// A statement allows it and none denies it.
    S3IAM_OUTCOME_ALLOW = 2,
}

/// Why a policy answers what it answers.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_reason {
    /// No statement applies.
    S3IAM_REASON_NO_STATEMENT = 0,
    /// The statement that the decision names applies.
    S3IAM_REASON_STATEMENT = 1,
    /// The caller owns the storage.
    S3IAM_REASON_OWNER = 2,
    /// Only an explicit Deny was asked for, and none applies.
    S3IAM_REASON_DENY_ONLY = 3,
    /// A Deny statement depends on a value that was not given, so it is taken to apply.
    S3IAM_REASON_FACTS_MISSING = 4,
    /// A policy of the caller cannot be evaluated, so everything is denied.
    S3IAM_REASON_POLICY_BROKEN = 5,
    /// The caller has no policies.
    S3IAM_REASON_NO_POLICY = 6,
    /// A reason that this version of the library has no name for.
    S3IAM_REASON_OTHER = 7,
    /// A grant of an access control list applies.
    S3IAM_REASON_ACL_GRANT = 8,
    /// The object belongs to an account that is not the bucket's owner, and that grants nothing.
    S3IAM_REASON_OTHER_OWNER = 9,
    /// Block Public Access ignores what is granted.
    S3IAM_REASON_PUBLIC_ACCESS_BLOCKED = 10,
}

/// Whose answer a decision about an account or about layers is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_layer {
    /// The policies of the user, or of the parent or the role, and of the groups.
    S3IAM_LAYER_IDENTITY = 0,
    /// The session policies or the embedded policy.
    S3IAM_LAYER_SESSION = 1,
    /// The bucket policy, of an account.
    S3IAM_LAYER_BUCKET = 2,
    /// The caller owns the storage, so no policy was asked.
    S3IAM_LAYER_OWNER = 3,
    /// The permissions boundary.
    S3IAM_LAYER_BOUNDARY = 4,
    /// The service control policies of a level of the organisation.
    S3IAM_LAYER_SCP = 5,
    /// The resource control policies of a level of the organisation.
    S3IAM_LAYER_RCP = 6,
    /// The resource's policy, of layers.
    S3IAM_LAYER_RESOURCE = 7,
    /// The VPC endpoint's policy.
    S3IAM_LAYER_ENDPOINT = 8,
    /// Access control lists of S3.
    S3IAM_LAYER_ACL = 9,
    /// Block Public Access of S3.
    S3IAM_LAYER_PUBLIC_ACCESS_BLOCK = 10,
}

/// What a policy answers to a question, and because of which statement. This struct does not change
/// within one soname.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct s3iam_decision {
    /// Allowed if and only if this is `S3IAM_OUTCOME_ALLOW`.
    pub outcome: s3iam_outcome,
    /// Why.
    pub reason: s3iam_reason,
    /// Whether a statement decided; the members below are 0 if none did.
    pub has_statement: bool,
    /// The policy: its position in the set, or among the policies of the caller, from 0.
    pub policy: u32,
    /// The statement: its position in the policy's `Statement` list, from 0.
    pub statement: u32,
    /// Where the statement begins in the policy's text, in bytes.
    pub start: u32,
    /// Where it ends: one past its last byte.
    pub end: u32,
}

/// What an account or layers answer. This struct does not change within one soname.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct s3iam_layered_decision {
    /// The decision; its statement is one of the layer's policies.
    pub decision: s3iam_decision,
    /// Who decided.
    pub layer: s3iam_layer,
    /// The level of an organisation's layer (`S3IAM_LAYER_SCP`, `S3IAM_LAYER_RCP`), 0 at its root; 0 for
    /// the other layers.
    pub level: u32,
}

/// `allow`, `explicit_deny` or `implicit_deny`; empty for a number that is none of them.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_outcome_name(outcome: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let all = [Outcome::ImplicitDeny, Outcome::ExplicitDeny, Outcome::Allow];
        all.get(outcome as usize).map_or(s3iam_text::EMPTY, |outcome| s3iam_text::of(outcome.name()))
    })
}

/// The stable name of a reason, for example `no-statement`; empty for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_reason_name(reason: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let known = s3iam_reason::ALL.into_iter().find(|(known, _)| *known as u32 == reason);
        match known {
            Some((_, reason)) => s3iam_text::of(reason.name()),
            None if reason == s3iam_reason::S3IAM_REASON_OTHER as u32 => s3iam_text::of("other"),
            None => s3iam_text::EMPTY,
        }
    })
}

/// `identity`, `session`, `bucket`, `owner`, `boundary`, `scp`, `rcp`, `resource`, `endpoint`, `acl` or
/// `public_access_block`; empty for a number that is none of them.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layer_name(layer: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        s3iam_layer::numbered(layer).map_or(s3iam_text::EMPTY, |layer| s3iam_text::of(layer.name()))
    })
}

/// A decision as C sees it, made of an answer of the core.
pub(crate) trait OfAnswer: Sized {
    /// The decision.
    fn of(answer: &Answer<'_>) -> Result<Self, s3iam_error>;
}

impl OfAnswer for s3iam_decision {
    fn of(answer: &Answer<'_>) -> Result<Self, s3iam_error> {
        Ok(Self::new(&answer.decision, answer.statement))
    }
}

impl OfAnswer for s3iam_layered_decision {
    fn of(answer: &Answer<'_>) -> Result<Self, s3iam_error> {
        let layer = answer.layer.and_then(s3iam_layer::named).ok_or(ErrorCode::Internal)?;
        Ok(Self { decision: s3iam_decision::of(answer)?, layer, level: answer.level })
    }
}

impl s3iam_decision {
    /// The decision with the place of its statement.
    pub(crate) fn new(decision: &Decision, statement: Option<StatementInfo<'_>>) -> Self {
        let span = statement.map(|info| info.span).unwrap_or_default();
        let statement = decision.statement;
        Self {
            outcome: decision.outcome.into(),
            reason: decision.reason.into(),
            has_statement: statement.is_some(),
            policy: statement.map_or(0, |s| s.policy),
            statement: statement.map_or(0, |s| s.statement),
            start: span.start,
            end: span.end,
        }
    }
}

impl s3iam_layer {
    const ALL: [Self; 11] = [
        Self::S3IAM_LAYER_IDENTITY,
        Self::S3IAM_LAYER_SESSION,
        Self::S3IAM_LAYER_BUCKET,
        Self::S3IAM_LAYER_OWNER,
        Self::S3IAM_LAYER_BOUNDARY,
        Self::S3IAM_LAYER_SCP,
        Self::S3IAM_LAYER_RCP,
        Self::S3IAM_LAYER_RESOURCE,
        Self::S3IAM_LAYER_ENDPOINT,
        Self::S3IAM_LAYER_ACL,
        Self::S3IAM_LAYER_PUBLIC_ACCESS_BLOCK,
    ];

    /// The layer of that number.
    pub(crate) fn numbered(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// Its name. Accounts and layers have two of them in common, under the same name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::S3IAM_LAYER_IDENTITY => Layer::Identity.name(),
            Self::S3IAM_LAYER_SESSION => Layer::Session.name(),
            Self::S3IAM_LAYER_BUCKET => Layer::Bucket.name(),
            Self::S3IAM_LAYER_OWNER => Layer::Owner.name(),
            Self::S3IAM_LAYER_BOUNDARY => PolicyLayer::Boundary.name(),
            Self::S3IAM_LAYER_SCP => PolicyLayer::Scp.name(),
            Self::S3IAM_LAYER_RCP => PolicyLayer::Rcp.name(),
            Self::S3IAM_LAYER_RESOURCE => PolicyLayer::Resource.name(),
            Self::S3IAM_LAYER_ENDPOINT => PolicyLayer::Endpoint.name(),
            Self::S3IAM_LAYER_ACL => PolicyLayer::Acl.name(),
            Self::S3IAM_LAYER_PUBLIC_ACCESS_BLOCK => PolicyLayer::PublicAccessBlock.name(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

/// The `Sid` of a statement, or the empty text.
pub(crate) fn sid(statement: Option<StatementInfo<'_>>) -> s3iam_text {
    statement.and_then(|info| info.sid).map_or(s3iam_text::EMPTY, s3iam_text::of)
}

impl From<Outcome> for s3iam_outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Allow => Self::S3IAM_OUTCOME_ALLOW,
            Outcome::ExplicitDeny => Self::S3IAM_OUTCOME_EXPLICIT_DENY,
            Outcome::ImplicitDeny => Self::S3IAM_OUTCOME_IMPLICIT_DENY,
        }
    }
}

impl s3iam_reason {
    const ALL: [(Self, Reason); 10] = [
        (Self::S3IAM_REASON_NO_STATEMENT, Reason::NoStatement),
        (Self::S3IAM_REASON_STATEMENT, Reason::Statement),
        (Self::S3IAM_REASON_OWNER, Reason::Owner),
        (Self::S3IAM_REASON_DENY_ONLY, Reason::DenyOnly),
        (Self::S3IAM_REASON_FACTS_MISSING, Reason::FactsMissing),
        (Self::S3IAM_REASON_POLICY_BROKEN, Reason::PolicyBroken),
        (Self::S3IAM_REASON_NO_POLICY, Reason::NoPolicy),
        (Self::S3IAM_REASON_ACL_GRANT, Reason::AclGrant),
        (Self::S3IAM_REASON_OTHER_OWNER, Reason::OtherOwner),
        (Self::S3IAM_REASON_PUBLIC_ACCESS_BLOCKED, Reason::PublicAccessBlocked),
    ];
}

impl From<Reason> for s3iam_reason {
    fn from(reason: Reason) -> Self {
        let known = Self::ALL.into_iter().find(|(_, known)| *known == reason);
        known.map_or(Self::S3IAM_REASON_OTHER, |(known, _)| known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_of_the_core_has_a_number() {
        let of_accounts = [Layer::Owner, Layer::Identity, Layer::Session, Layer::Bucket].map(Layer::name);
        for name in of_accounts.into_iter().chain(PolicyLayer::ALL.map(PolicyLayer::name)) {
            assert!(s3iam_layer::named(name).is_some(), "{name}");
        }
        for (number, layer) in s3iam_layer::ALL.into_iter().enumerate() {
            assert_eq!(layer as usize, number);
            assert_eq!(s3iam_layer::named(layer.name()), Some(layer));
        }
    }
}
