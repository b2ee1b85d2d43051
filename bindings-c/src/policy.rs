//! Policies: read, compiled, asked.

use crate::access::s3iam_access;
use crate::ask;
use crate::decision::{s3iam_decision, sid};
use crate::error::s3iam_error;
use crate::findings::s3iam_findings;
use crate::names::s3iam_names;
use crate::options::{c_bool, s3iam_policy_options};
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::query::s3iam_query;
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{Policy, PolicyOptions, PolicySet, StatementRef, Status, built_in, built_in_names};
use std::mem::MaybeUninit;

/// A policy, read and compiled. Immutable: any number of threads may ask it at once. Free with
/// `s3iam_policy_free`.
pub struct s3iam_policy(Policy);

/// Several policies that decide together, as those of a user and its groups do. Immutable: any number
/// of threads may ask it at once. Free with `s3iam_policy_set_free`.
pub struct s3iam_policy_set(PolicySet);

/// Reads and compiles a policy document. Refused are documents that are too large and, unless `options`
/// says `lenient`, those that cannot be read and those with a finding that stops them from being created;
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
    call(None, || ask::decide(given(policy)?.core(), query, out))
}

/// Gives the answers of a policy to `len` questions, in their order, into an array of `len` decisions:
/// each is the one that `s3iam_policy_decide` gives. All questions have the same `size`. If one of them
/// fails nothing is written, and `detail`, which may be NULL, names it: `query 3: ...` is the fourth. More
/// than 100000 questions are `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_decide_many(
    policy: Option<&s3iam_policy>,
    queries: *const s3iam_query,
    len: usize,
    out: *mut MaybeUninit<s3iam_decision>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::decide_many(given(policy)?.core(), queries, len, out))
}

/// Gives the answer of a policy to a question with the reasons for it, as JSON text:
///
/// `{"decision", "sentence", "layers": [{"layer", "level", "decision", "sentence"}], "statements": [...]}`.
///
/// A decision is `{"outcome", "allowed", "reason", "statement": {"policy", "policyIndex", "index", "sid",
/// "start", "end"}}`, its statement null if none decided; of accounts and layers it has `"layer"` as well, and
/// of the layers `scp` and `rcp` `"level"`. Policies that stand alone have no layers. A statement is
/// `{"layer", "level", "policy", "policyIndex", "index", "sid", "effect", "applies", "start", "end",
/// "elements"}`, without the first two where there are no layers; an element of it is `{"element", "holds",
/// "detail", "missingKeys", "start", "end"}`. `applies` and `holds` are true, false, or null where it depends
/// on a value that was not given. Places are bytes of the policy's text.
///
/// The string is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_explain(
    policy: Option<&s3iam_policy>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::explain(given(policy)?.core(), query, out))
}

/// Gives the names of the actions that a policy allows on the resource, or bucket and object, of a query,
/// sorted; the query's action is not looked at. Candidates are the actions of the dialect's catalogue that
/// are about such a resource, and those that the policy names in full. The list is the caller's to free.
/// `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_allowed_actions(
    policy: Option<&s3iam_policy>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_names>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::allowed_actions(given(policy)?.core(), query, out))
}

/// Gives the resources on which a policy allows the action of a query; the query's resource, bucket and
/// object are not looked at. With `complete` its context is all there is; else values that it does not
/// have may still come, and answers that depend on them are `S3IAM_TRUTH_UNKNOWN`. Whether the caller is the
/// owner, or only an explicit Deny matters, is not looked at. The access is the caller's to free. `detail`
/// may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_access(
    policy: Option<&s3iam_policy>,
    query: *const s3iam_query,
    complete: c_bool,
    out: Option<&mut MaybeUninit<Box<s3iam_access>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::access(given(policy)?.core(), query, complete.is_set(), out))
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

/// Whether it is a public policy, as Block Public Access has it: it is to be put on no bucket where
/// `block_public_policy` is set. Only policies of a bucket in the AWS dialect can be public, and one that
/// cannot be read is. NULL gives true.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_is_public(policy: Option<&s3iam_policy>) -> bool {
    value(true, || policy.is_none_or(|policy| policy.0.is_public()))
}

/// Whether the statement at `statement`, counted from 0, is one of those that make a policy public; false
/// for NULL, and if there are not that many.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_is_public_statement(policy: Option<&s3iam_policy>, statement: u32) -> bool {
    value(false, || policy.is_some_and(|policy| policy.0.public_statements().contains(&statement)))
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
        let policies = s3iam_policy::list(&policies, policies_len)?;
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
    call(None, || ask::decide(&given(set)?.0, query, out))
}

/// Gives the answers of a set of policies to `len` questions, as `s3iam_policy_decide_many` does.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_decide_many(
    set: Option<&s3iam_policy_set>,
    queries: *const s3iam_query,
    len: usize,
    out: *mut MaybeUninit<s3iam_decision>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::decide_many(&given(set)?.0, queries, len, out))
}

/// Gives the answer of a set of policies to a question with the reasons for it, as JSON text like that of
/// `s3iam_policy_explain`. The string is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_explain(
    set: Option<&s3iam_policy_set>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::explain(&given(set)?.0, query, out))
}

/// Gives the names of the actions that a set of policies allows on the resource of a query, as
/// `s3iam_policy_allowed_actions` does. The list is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_allowed_actions(
    set: Option<&s3iam_policy_set>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_names>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::allowed_actions(&given(set)?.0, query, out))
}

/// Gives the resources on which a set of policies allows the action of a query, as `s3iam_policy_access`
/// does. The access is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_policy_set_access(
    set: Option<&s3iam_policy_set>,
    query: *const s3iam_query,
    complete: c_bool,
    out: Option<&mut MaybeUninit<Box<s3iam_access>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::access(&given(set)?.0, query, complete.is_set(), out))
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

impl s3iam_policy {
    /// The policy of the core.
    pub(crate) fn core(&self) -> &Policy {
        &self.0
    }

    /// The policies of a list that the caller handed over.
    pub(crate) fn list<'a>(
        policies: &'a *const Option<&'a Self>,
        len: usize,
    ) -> Result<Vec<&'a Policy>, s3iam_error> {
        pointer::slice(policies, len)?.iter().map(|policy| Ok(given(*policy)?.core())).collect()
    }
}
