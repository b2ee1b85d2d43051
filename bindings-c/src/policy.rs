//! Policies: read, compiled, asked.

use crate::error::s3iam_error;
use crate::findings::s3iam_findings;
use crate::options::{c_bool, s3iam_policy_options};
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::status::s3iam_status;
use crate::text::{s3iam_pair, s3iam_text};
use s3iam::facade::{
    ContextMap, Decision, Outcome, Policy, PolicyOptions, PolicySet, Query, Reason, StatementInfo,
    StatementRef, Status, Target, built_in, built_in_names,
};
use std::mem::MaybeUninit;

/// A policy, read and compiled. Immutable: any number of threads may ask it at once. Free with
/// `s3iam_policy_free`.
pub struct s3iam_policy(Policy);

/// Several policies that decide together, as those of a user and its groups do. Immutable: any number
/// of threads may ask it at once. Free with `s3iam_policy_set_free`.
pub struct s3iam_policy_set(PolicySet);

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
}

/// A question to a policy. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_query {
    /// `sizeof(s3iam_query)`.
    pub size: usize,
    /// The action, for example `s3:GetObject`.
    pub action: s3iam_text,
    /// What it is to be done on: an ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone.
    /// Either this, or `bucket` and `object`.
    pub resource: s3iam_text,
    /// The bucket; for KMS actions the key name.
    pub bucket: s3iam_text,
    /// The object key, decoded.
    pub object: s3iam_text,
    /// The account, as bucket policies match it; empty for anonymous.
    pub account: s3iam_text,
    /// Condition values, for example `aws:SourceIp`. A name given several times has several values.
    pub context: *const s3iam_pair,
    /// The number of condition values.
    pub context_len: usize,
    /// The caller owns the storage: allowed unless a Deny applies.
    pub is_owner: c_bool,
    /// Only an explicit Deny matters.
    pub deny_only: c_bool,
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

/// Reads and compiles a policy document. Refused are documents that cannot be read or are too large
/// and, unless `options` says `lenient`, those with a finding that stops them from being created;
/// `detail` then has all findings (`s3iam_error_findings`). `options` may be NULL for the defaults,
/// `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_parse(
    policy: s3iam_text,
    options: *const s3iam_policy_options,
    out: Option<&mut MaybeUninit<Box<s3iam_policy>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let out = given(out)?;
        let options = s3iam_policy_options::take(options)?;
        let policy = Policy::parse(policy.bytes()?, &options.read()?)?;
        out.write(Box::new(s3iam_policy(policy)));
        Ok(())
    })
}

/// Gives a built-in policy, which every directory has unless it has another of that name, for example
/// `readonly`. A name that is none is `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_built_in(
    name: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_policy>>>,
) -> s3iam_status {
    call(None, || {
        let text = built_in(name.utf8("the name")?);
        let text = text.ok_or(s3iam_error::argument("there is no built-in policy of that name"))?;
        let policy = Policy::parse(text.as_bytes(), &PolicyOptions::default())?;
        give(out, Box::new(s3iam_policy(policy)))
    })
}

/// The name of the built-in policy at `index`, counted from 0; empty if there are not that many. It
/// is valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_built_in_name(index: usize) -> s3iam_text {
    value(s3iam_text::EMPTY, || built_in_names().nth(index).map_or(s3iam_text::EMPTY, s3iam_text::of))
}

/// Gives the answer of a policy to a question.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_decide(
    policy: Option<&s3iam_policy>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<s3iam_decision>>,
) -> s3iam_status {
    call(None, || {
        let policy = &given(policy)?.0;
        let decision = s3iam_query::read(query, |query| policy.decide(query))?;
        give(out, s3iam_decision::of(&decision, |statement| policy.statement(statement)))
    })
}

/// The `Sid` of a statement; empty if it has none, if there is no such statement, or for NULL. It
/// belongs to the policy.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_sid(policy: Option<&s3iam_policy>, statement: u32) -> s3iam_text {
    value(
        s3iam_text::EMPTY,
        || sid(policy.and_then(|p| p.0.statement(StatementRef { policy: 0, statement }))),
    )
}

/// Gives everything that was found about a policy, warnings and advice included. The findings are
/// the caller's to free and outlive the policy.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_findings(
    policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<Box<s3iam_findings>>>,
) -> s3iam_status {
    call(None, || {
        let findings = given(policy)?.0.findings().to_vec();
        give(out, Box::new(s3iam_findings::new(Status::of(&findings), findings)))
    })
}

/// Frees a policy. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_free(policy: Option<Box<s3iam_policy>>) {
    value((), || drop(policy));
}

/// Compiles policies into a set that decides as their union: any Deny wins, else any Allow. The set
/// keeps nothing of the policies, which stay the caller's. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_new(
    policies: *const Option<&s3iam_policy>,
    policies_len: usize,
    out: Option<&mut MaybeUninit<Box<s3iam_policy_set>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let policies = pointer::slice(&policies, policies_len)?;
        let policies: Vec<&Policy> =
            policies.iter().map(|p| Ok(&given(*p)?.0)).collect::<Result<_, s3iam_error>>()?;
        give(out, Box::new(s3iam_policy_set(PolicySet::of(&policies)?)))
    })
}

/// Gives the answer of a set of policies to a question.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_decide(
    set: Option<&s3iam_policy_set>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<s3iam_decision>>,
) -> s3iam_status {
    call(None, || {
        let set = &given(set)?.0;
        let decision = s3iam_query::read(query, |query| set.decide(query))?;
        give(out, s3iam_decision::of(&decision, |statement| set.statement(statement)))
    })
}

/// The `Sid` of a statement of a set, as a decision names it; empty if it has none, if there is no
/// such statement, or for NULL. It belongs to the set.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_sid(
    set: Option<&s3iam_policy_set>,
    policy: u32,
    statement: u32,
) -> s3iam_text {
    value(s3iam_text::EMPTY, || sid(set.and_then(|set| set.0.statement(StatementRef { policy, statement }))))
}

/// Frees a set of policies. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_free(set: Option<Box<s3iam_policy_set>>) {
    value((), || drop(set));
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
    const ALL: [Reason; 7] = [
        Reason::NoStatement,
        Reason::Statement,
        Reason::Owner,
        Reason::DenyOnly,
        Reason::FactsMissing,
        Reason::PolicyBroken,
        Reason::NoPolicy,
    ];
    value(s3iam_text::EMPTY, || match ALL.get(reason as usize) {
        Some(reason) => s3iam_text::of(reason.name()),
        None if reason == s3iam_reason::S3IAM_REASON_OTHER as u32 => s3iam_text::of("other"),
        None => s3iam_text::EMPTY,
    })
}

impl s3iam_policy {
    /// The policy of the core.
    pub(crate) fn core(&self) -> &Policy {
        &self.0
    }
}

impl s3iam_query {
    /// Calls `ask` with the question that the caller filled in.
    pub(crate) fn read<R>(query: *const Self, ask: impl FnOnce(&Query<'_>) -> R) -> Result<R, s3iam_error> {
        let query: Self = pointer::sized(query)?;
        let mut context = ContextMap::new();
        for entry in pointer::slice(&query.context, query.context_len)? {
            context.add(entry.name.utf8("the name of a condition value")?, entry.value.bytes()?);
        }
        let resource = query.resource.utf8("the resource")?;
        let (bucket, object) = (query.bucket.utf8("the bucket")?, query.object.utf8("the object")?);
        let target = match (resource, bucket, object) {
            ("", bucket, object) => Target::Object { bucket, object },
            (resource, "", "") => Target::Resource(resource),
            _ => return Err(s3iam_error::argument("both a resource and a bucket or object are given")),
        };
        Ok(ask(&Query {
            context: &context,
            account: query.account.utf8("the account")?,
            is_owner: query.is_owner.is_set(),
            deny_only: query.deny_only.is_set(),
            ..Query::new(query.action.utf8("the action")?, target)
        }))
    }
}

impl s3iam_decision {
    /// The decision with the place of its statement.
    pub(crate) fn of<'a>(
        decision: &Decision,
        place: impl FnOnce(StatementRef) -> Option<StatementInfo<'a>>,
    ) -> Self {
        let statement = decision.statement;
        let span = statement.and_then(place).map(|info| info.span).unwrap_or_default();
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

impl From<Reason> for s3iam_reason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Statement => Self::S3IAM_REASON_STATEMENT,
            Reason::Owner => Self::S3IAM_REASON_OWNER,
            Reason::DenyOnly => Self::S3IAM_REASON_DENY_ONLY,
            Reason::NoStatement => Self::S3IAM_REASON_NO_STATEMENT,
            Reason::FactsMissing => Self::S3IAM_REASON_FACTS_MISSING,
            Reason::PolicyBroken => Self::S3IAM_REASON_POLICY_BROKEN,
            Reason::NoPolicy => Self::S3IAM_REASON_NO_POLICY,
            _ => Self::S3IAM_REASON_OTHER,
        }
    }
}
